using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node;
using Ledger.Node.Ordering;
using Ledger.Node.Peers;
using Ledger.Simulation.Banks;
using Ledger.Simulation.Checkers;
using Ledger.Simulation.Founding;
using Ledger.Simulation.Machine;
using Ledger.Simulation.Order;

namespace Ledger.Simulation;

/// <summary>
/// Some banks, their order and the network between them, on one thread and out of one seed. Trouble comes, and everything that the ledger promises is held against it at every step; trouble ends,
/// and the ledger must go on within a bounded time.
/// </summary>
sealed class Cluster
{
    /// <summary>Within so many milliseconds after trouble ended an act is final at every bank: patience, everybody's turn to end the epoch, and the same once more.</summary>
    public const long MustGoOnWithin = 240_000;

    /// <summary>So many have a name.</summary>
    public const int KindsOfTrouble = 11;

    const int ClientsAskAgain = 7_000;
    const int Troubles = 17;
    const int OrderGoesBack = 12;

    readonly Scenario scenario;
    readonly Liar? liar;
    readonly Council? council;
    readonly bool[,] links;
    bool isStormy;
    ulong changeSeen;
    ulong seen;

    public Cluster(Scenario scenario, LeftOut left = LeftOut.Nothing)
    {
        (this.scenario, Left) = (scenario, left);
        Chance = new(scenario.Seed);

        // Those who keep the rules come first, of them the one that founds nothing last, and behind them who keeps none.
        var all = scenario.Banks + (scenario.Decides ? 1 : 0);
        var honest = scenario.HasLiar ? all - 1 : all;
        Consortium = new(all, scenario.Decides ? honest - 1 : null);
        Trace = new(Clock);
        Order = new(all, Chance);
        Board = new(Clock, Order, Weather, Chance, all) { Shows = Show };
        Auditor = new(Consortium.Genesis);
        var lies = scenario.HasLiar ? Consortium.Banks[^1] : default(PartyId?);
        Watch = new(lies, Auditor);
        Business = new(Consortium, Chance);
        links = new bool[all, all];
        Banks = [.. Enumerable.Range(0, honest).Select(number => new SimBank(this, number))];
        if (scenario.HasLiar) liar = new(this, honest, scenario.EndsFalsely);
        if (scenario.Decides) council = new(this, lies, scenario.Pace);
    }

    public LeftOut Left { get; }

    public Random Chance { get; }

    public Clockwork Clock { get; } = new();

    public Weather Weather { get; } = new();

    public Consortium Consortium { get; }

    public Trace Trace { get; }

    public SimOrder Order { get; }

    public SimBoard Board { get; }

    public Auditor Auditor { get; }

    public VoteWatch Watch { get; }

    public Business Business { get; }

    public Figures Figures { get; } = new();

    /// <summary>Those who keep the rules.</summary>
    public IReadOnlyList<SimBank> Banks { get; }

    /// <summary>What a story keeps from a bank.</summary>
    public Func<int, Posted, bool>? Hides { get; set; }

    /// <summary>The certificate of the longest branch that the liar saw a quorum prepare, of whatever epoch.</summary>
    public Certificate? Longest => liar?.Longest;

    public Timestamp Now => new(Clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Comes back with what was gone through; throws where a promise was broken.</summary>
    public Figures Run() => Run(GoThrough);

    /// <summary>The same, of a story instead of what chance brings.</summary>
    public Figures Run(Action story)
    {
        try
        {
            foreach (var bank in Banks) bank.Found();
            foreach (var bank in Banks)
            {
                bank.IsAway = !bank.IsFounder && Chance.Next(2) == 0;
                bank.Start();
            }

            story();
            Auditor.Balance();
        }
        catch (Exception broken)
        {
            throw new BrokenPromise(
                $"""
                {broken.Message}
                To see it again: LEDGER_SIMULATION="{scenario}" artifacts/bin/Ledger.Simulation/debug/Ledger.Simulation --filter-method '*One_run_again'
                At step {Clock.Steps}, {Clock.Now / 1000.0:F3} s:
                {string.Join('\n', Banks)}
                {string.Join('\n', Trace.Last)}
                {(broken is BrokenPromise ? "" : broken)}
                """);
        }

        (Figures.Hours, Figures.Steps, Figures.Blocks) = (Clock.Now / 3_600_000.0, Clock.Steps, Auditor.Height);
        Figures.Rush = scenario.Pace == 1 ? Figures.Hours : 0;
        (Figures.Entries, Figures.Refused, Figures.Attempts, Figures.Reserved, Figures.Lapsed) = (Auditor.Books.Entries, Auditor.Books.Refused, Auditor.Books.Attempts, Auditor.Books.Reserved, Auditor.Books.Lapsed);
        (Figures.Votes, Figures.Reports) = (Watch.Votes, Watch.Reports);
        foreach (var (before, after) in Auditor.Sets.Zip(Auditor.Sets.Skip(1)))
        {
            if (after.Count > before.Count) Figures.LetIn++;
            else if (after.Count < before.Count) Figures.VotedOut++;
            else Figures.KeysChanged++;
        }

        Figures.VotedAgain = Watch.Again.Count;
        Figures.ChangesVotedAgain = Auditor.Changes.Count(change => Watch.Again.Any(again => (again.Size, again.Root) == (change.Size, change.Root)));
        return Figures;
    }

    void GoThrough()
    {
        AskForSomething();
        if (council is not null) Decide();
        if (liar is not null) Lie();
        for (var round = 0; round < scenario.Rounds; round++)
        {
            Storm();
            Heal();
            GoesOn();
            Until(Clock.Now + Chance.Next((scenario.Quiet * scenario.Pace * 60_000) + 1));
        }
    }

    public void Posts(int poster, uint epoch, Posting kind, ReadOnlyMemory<byte> octets)
    {
        Board.Post(poster, epoch, kind, Consortium.Banks[poster], octets);
        liar?.Sees(poster, epoch, kind, octets);

        // What a bank forgets of its last word shows only where it comes back before the epoch is over for the others, and has something to vote on.
        if (Left == LeftOut.LastWord && kind == Posting.Report && isStormy) Clock.After(1, () =>
        {
            Banks[poster].Crash("killed");
            Clock.After(1, () =>
            {
                Banks[poster].Start();
                Banks[poster].Submit(Business.Plain(Now));
            });
        });
    }

    /// <summary>What one bank gives another that asks it for final blocks.</summary>
    public CoveredBlocks? Given(int asker, int asked, ulong from)
    {
        if (asked < Banks.Count) return Answers(asker, asked)?.Give(from);
        var truth = Banks[Chance.Next(Banks.Count)];
        return truth.IsRunning && !links[asker, asked] ? liar?.Give(truth.Give(from)) : null;
    }

    /// <summary>What one bank was shown that others signed; null where it does not answer.</summary>
    public IReadOnlyList<Vote>? GivenVotes(int asker, int asked) => Answers(asker, asked)?.GiveVotes();

    public IReadOnlyList<Report> GivenReports(int asker, int asked, uint epoch) => Answers(asker, asked)?.GiveReports(epoch) ?? [];

    public ReadOnlyMemory<byte>? GivenClosing(int asker, int asked) => Answers(asker, asked)?.GiveClosing();

    /// <summary>What one bank gives another that lacks a certified block.</summary>
    public IReadOnlyList<Block>? GivenPending(int asker, int asked, BlockPoint missing) => Answers(asker, asked)?.GivePending(missing);

    SimBank? Answers(int asker, int asked) => asked < Banks.Count && Banks[asked].IsRunning && !links[asker, asked] ? Banks[asked] : null;

    public void Wake() => Clock.After(1, () =>
    {
        foreach (var bank in Banks) bank.Wake();
    });

    public void Restart(SimBank bank) => Clock.After(isStormy ? 1 + Chance.Next(20_000) : 1, bank.Start);

    void Show(int bank, uint epoch, Posted? posted)
    {
        if (bank >= Banks.Count) return;
        if (posted is { } hidden && Hides?.Invoke(bank, hidden) == true) return;
        if (posted is { } one) posted = one with { Octets = Altered.Of(Left, one.Kind, one.Octets, Consortium.Genesis.Origin, KeyOf, Longest) };
        Banks[bank].Show(epoch, posted);
    }

    NodeKey KeyOf(PartyId bank) => Banks.FirstOrDefault(one => one.Bank == bank)?.Signer ?? Consortium.NodeKey(bank, mark: null);

    /// <summary>A bank has a block that is not final. Where it changes who votes trouble comes most often; and what is left out of the end of an epoch shows only where many end in the midst of something.</summary>
    public void Waits(ulong height, bool changesSet)
    {
        if (Left == LeftOut.SecondPhase && isStormy && height > seen)
        {
            seen = height;
            if (Chance.Next(8) == 0) TroubleSoon(OrderGoesBack);
        }

        if (!changesSet || !isStormy || height <= changeSeen) return;
        changeSeen = height;
        for (var times = Chance.Next(4); times > 0; times--) TroubleSoon(Chance.Next(2) == 0 ? OrderGoesBack : Chance.Next(Troubles));
    }

    // Where all trouble ended meanwhile, none comes.
    void TroubleSoon(int kind) => Clock.After(Chance.Next(2 * Weather.Delay), () =>
    {
        if (isStormy) Trouble(kind);
    });

    public void Until(long time)
    {
        while (Clock.Now < time) Clock.Step();
    }

    void Lie()
    {
        liar?.Tick();
        Clock.After(scenario.Pace * (500 + Chance.Next(1_000)), Lie);
    }

    // Clients ask for something, often for the same at several banks, and ask again until it is answered or has expired.
    void AskForSomething()
    {
        var state = Banks[Chance.Next(Banks.Count)].State;
        if (state is not null)
        {
            foreach (var act in Business.Next(state, Now)) Ask(act, Clock.Now + 120_000);
        }

        Clock.After(scenario.Pace * (Chance.Next(8) == 0 ? Chance.Next(30_000) : Chance.Next(1_500)), AskForSomething);
    }

    void Decide()
    {
        foreach (var act in council?.Next(Now) ?? []) Ask(act, Clock.Now + 120_000);
        foreach (var bank in Banks)
        {
            // Whoever is voted out may go on and only follow, or stop; who is to vote begins, sooner or later.
            var votes = Auditor.Set.KeyOf(bank.Bank) is not null;
            if (bank.IsAway && Chance.Next(scenario.Pace * (votes ? 2 : 10)) == 0) Returns(bank);
            else if (!votes && bank is { IsAway: false, WasLetGo: true } && Chance.Next(scenario.Pace * 5) == 0) bank.Leave();
        }

        Clock.After(1_000 + Chance.Next(10_000), Decide);
    }

    static void Returns(SimBank bank)
    {
        bank.IsAway = false;
        bank.Start();
    }

    void Ask(byte[] act, long until)
    {
        if (Clock.Now >= until || Auditor.HeightOf(Consortium.Genesis.Chain.Suite.Hash(act)) is not null) return;
        Banks[Chance.Next(Banks.Count)].Submit(act);
        if (Chance.Next(4) == 0) Banks[Chance.Next(Banks.Count)].Submit(act);
        Clock.After(ClientsAskAgain, () => Ask(act, until));
    }

    void Storm()
    {
        isStormy = true;
        var ends = Clock.Now + (scenario.Pace * (10_000 + Chance.Next(120_000)));
        while (Clock.Now < ends)
        {
            Until(Clock.Now + Chance.Next(scenario.Pace * 5_000));
            Trouble(Chance.Next(Troubles));
        }
    }

    void Trouble(int kind)
    {
        var bank = Banks[Chance.Next(Banks.Count)];
        var epoch = Banks.Max(static one => one.Epoch);
        var name = kind switch
        {
            0 or 1 => Does("killed", () =>
            {
                bank.Crash("killed");
                Restart(bank);
            }),
            2 or 3 or 4 => Does("power cut", () => bank.Disk.FailsIn = Chance.Next(30)),
            5 => Does("cut off from the order", () =>
            {
                Order.Cut(bank.Number, isCut: true);
                Clock.After(Chance.Next(30_000), () => Return(bank));
            }),
            6 => Does("order not reached", () =>
            {
                Order.IsOut = true;
                Clock.After(Chance.Next(20_000), () =>
                {
                    Order.IsOut = false;
                    foreach (var one in Banks) Return(one);
                });
            }),
            7 or 8 => Does("network", () => (Weather.Delay, Weather.Lost, Weather.Strange) = (1 + Chance.Next(Chance.Next(2) == 0 ? 50 : 3_000), Chance.Next(40), Chance.Next(30))),
            9 => Does("partition", () =>
            {
                var (one, other) = (Chance.Next(links.GetLength(0)), Chance.Next(links.GetLength(0)));
                links[one, other] = links[other, one] = Chance.Next(3) > 0;
            }),
            10 or 11 => Does("each its own order", () => Order.Split(epoch)),
            OrderGoesBack => Does("order went back", () =>
            {
                Order.GoBack(epoch, 1 + Chance.Next(4));
                Board.GoBack(epoch);
            }),
            13 when liar is null && council is not { MayLose: false } && Auditor.Set.KeyOf(bank.Bank) is not null && !Banks.Any(static one => one.HasLost || !(one.IsRunning || one.IsAway)) => Does("files lost", () =>
            {
                bank.Loses(everything: Chance.Next(2) == 0);
                Restart(bank);
            }),
            14 => Does("clock", () => bank.Skew = Chance.Next(-600_000, 600_000)),
            15 => Does("disk full", () =>
            {
                bank.Disk.IsFull = true;
                Clock.After(Chance.Next(60_000), () => bank.Disk.IsFull = false);
            }),
            _ => "",
        };
        if (name.Length == 0) return;
        Figures.Troubles[name] = Figures.Troubles.GetValueOrDefault(name) + 1;
        Trace.Say($"trouble: {name}, {bank.Name}");
    }

    static string Does(string name, Action what)
    {
        what();
        return name;
    }

    void Return(SimBank bank)
    {
        Order.Cut(bank.Number, isCut: false);
        if (bank.Epoch > 0) Board.ShowAll(bank.Number, bank.Epoch);
        bank.Wake();
    }

    /// <summary>No bank reaches another but through the order.</summary>
    public void Part()
    {
        for (var one = 0; one < links.GetLength(0); one++)
        {
            for (var other = 0; other < links.GetLength(1); other++) links[one, other] = true;
        }
    }

    /// <summary>All trouble ends.</summary>
    public void Heal()
    {
        isStormy = false;
        Trace.Say("trouble ends");
        (Weather.Delay, Weather.Lost, Weather.Strange) = (20, 0, 0);
        Order.Mend();
        Array.Clear(links);
        foreach (var bank in Banks)
        {
            (bank.Disk.FailsIn, bank.Disk.IsFull) = (null, false);
            if (Auditor.Set.KeyOf(bank.Bank) is not null) bank.IsAway = false;
            bank.Start();
            Return(bank);
        }
    }

    /// <summary>What a client sends now, to every bank, is final at every bank in time.</summary>
    public void GoesOn()
    {
        var (healed, act) = (Clock.Now, Business.Plain(Now));
        var hash = Consortium.Genesis.Chain.Suite.Hash(act);
        Ask(act, long.MaxValue);
        while (Auditor.HeightOf(hash) is not { } height || Banks.Any(bank => !bank.IsAway && (!bank.IsRunning || bank.Told < height)))
        {
            if (Clock.Now - healed > MustGoOnWithin) throw new BrokenPromise($"{(Clock.Now - healed) / 1000} s after all trouble ended an act is {(Auditor.HeightOf(hash) is null ? "not final" : "not final everywhere")}.");
            Clock.Step();
        }

        Figures.Slowest = Math.Max(Figures.Slowest, (Clock.Now - healed) / 1000.0);
        Trace.Say($"goes on after {(Clock.Now - healed) / 1000.0:F1} s");
    }
}
