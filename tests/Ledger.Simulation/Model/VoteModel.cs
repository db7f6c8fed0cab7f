namespace Ledger.Simulation.Model;

/// <summary>A rule of voting that is left out, to see that it is needed.</summary>
enum Mutant
{
    None,

    /// <summary>A bank reports nothing, whatever it committed to.</summary>
    EmptyReport,

    /// <summary>A bank votes on in an epoch that it has reported.</summary>
    VotesAfterReport,

    /// <summary>Of two certificates the one of more leaves counts, whatever their epochs.</summary>
    RankedBySize,

    /// <summary>A bank that lost its ballot goes on as if it had never voted.</summary>
    GoesOnAfterLoss,

    /// <summary>A bank that lost its ballot votes again from any final block on, though it may have signed that one before.</summary>
    ResumesWithoutEnvelope,

    /// <summary>One signature is both prepare and commit.</summary>
    OnePhase,
}

/// <summary>What came of looking at every state that can be reached.</summary>
/// <param name="States">How many there are, or were looked at.</param>
/// <param name="IsWhole">Whether none was left out.</param>
/// <param name="Fork">The steps to two final blocks of which neither goes on from the other; null where there are none.</param>
sealed record Explored(int States, bool IsWhole, IReadOnlyList<string>? Fork);

/// <summary>
/// The rules of voting alone, for four banks of which one has signed whatever helps. The order is anybody's: each honest bank may be shown any block at any time, and see any votes or none. Every
/// state within a few blocks an epoch is looked at.
/// </summary>
sealed class VoteModel
{
    const int Honest = 3;
    const byte NoReport = byte.MaxValue;

    readonly int[] depths;
    readonly int losses;
    readonly Mutant mutant;
    readonly List<Branch> paths = [new(-1, 0, 0, "")];
    readonly Dictionary<(int Parent, int Epoch, int Turn), byte> children = [];
    readonly ulong[] extends;
    readonly ulong[] prefixes;
    readonly ulong[] certifies;
    readonly ulong[] conflicts;

    /// <param name="depths">How many blocks each epoch may have.</param>
    /// <param name="losses">How many ballots may be lost in all.</param>
    /// <param name="mutant">The rule that is left out.</param>
    public VoteModel(int[] depths, int losses, Mutant mutant)
    {
        (this.depths, this.losses, this.mutant) = (depths, losses, mutant);
        for (var epoch = 0; epoch < depths.Length; epoch++)
        {
            for (int from = 0, depth = 0; depth < depths[epoch]; depth++)
            {
                var to = paths.Count;
                for (var parent = depth == 0 ? 0 : from; parent < to; parent++) Grow(parent, epoch);
                from = to;
            }
        }

        if (paths.Count > 64) throw new ArgumentException("So many histories are more than a model is for.", nameof(depths));
        (extends, prefixes, certifies, conflicts) = (new ulong[paths.Count], new ulong[paths.Count], new ulong[paths.Count], new ulong[paths.Count]);
        for (var path = 0; path < paths.Count; path++)
        {
            for (var at = path; ; at = paths[at].Parent)
            {
                extends[path] |= 1UL << at;
                if (at == 0) break;
                prefixes[path] |= 1UL << at;
                if (paths[at].Epoch == paths[path].Epoch) certifies[path] |= 1UL << at;
            }
        }

        for (var one = 0; one < paths.Count; one++)
        {
            for (var other = 0; other < paths.Count; other++)
            {
                if (!Extends(one, other) && !Extends(other, one)) conflicts[one] |= 1UL << other;
            }
        }
    }

    /// <summary>Looks at every state, the nearest first, up to so many; where kinds of steps are named, only at those that come by such steps in that order.</summary>
    public Explored Explore(int most, params string[] kinds)
    {
        Bank first = new() { Report0 = NoReport, Report1 = NoReport, Report2 = NoReport };
        State start = new(first, first, first);
        Dictionary<State, (State Before, string Step)> seen = new() { [start] = (start, "") };
        List<State> nearest = [start];
        for (var level = 0; nearest.Count > 0; level++)
        {
            List<State> next = [];
            foreach (var (state, after, step) in nearest.SelectMany(state => After(state).Select(one => (state, one.After, one.Step))))
            {
                if ((kinds.Length > 0 && (level >= kinds.Length || !step.Contains(kinds[level], StringComparison.Ordinal))) || !seen.TryAdd(after, (state, step))) continue;
                if (IsForked(after)) return new(seen.Count, false, WayTo(after, seen));
                if (seen.Count >= most) return new(seen.Count, false, null);
                next.Add(after);
            }

            nearest = next;
        }

        return new(seen.Count, true, null);
    }

    void Grow(int parent, int epoch)
    {
        for (var turn = 0; turn < 2; turn++)
        {
            if (children.ContainsKey((parent, epoch, turn)) || paths[parent].BlocksOf(epoch, paths) >= depths[epoch]) continue;
            children[(parent, epoch, turn)] = (byte)paths.Count;
            paths.Add(new(epoch, parent, paths[parent].Length + 1, $"{paths[parent].Name}{(char)('a' + (2 * epoch) + turn)}"));
        }
    }

    IEnumerable<(State After, string Step)> After(State state)
    {
        var certified = OfTwo(state, bank => Mask(bank.Prepares, certifies));
        for (var i = 0; i < Honest; i++)
        {
            foreach (var (bank, step) in StepsOf(state, i, certified)) yield return (state.With(i, bank), $"bank {i}: {step}");
        }
    }

    IEnumerable<(Bank After, string Step)> StepsOf(State state, int i, ulong certified)
    {
        var bank = state.At(i);
        if (bank.Mode == Mode.Votes)
        {
            foreach (var step in Prepares(bank).Concat(Commits(bank, certified)).Concat(Reports(bank, certified))) yield return step;
        }

        if (bank.ReportOf(bank.Epoch) != NoReport && bank.Epoch + 1 < depths.Length && (bank.Mode == Mode.Reported || mutant == Mutant.VotesAfterReport))
        {
            foreach (var @base in Bases(state, bank.Epoch, certified).Distinct())
                yield return (bank with { Epoch = (byte)(bank.Epoch + 1), Mode = Mode.Votes, Base = (byte)@base, Tip = 0, Commit = 0 }, $"enters epoch {bank.Epoch + 1} behind '{paths[@base].Name}'");
        }

        if (bank.Mode != Mode.Lost && (bank.Prepares | bank.Commits) != 0 && state.At(0).Losses + state.At(1).Losses + state.At(2).Losses < losses)
        {
            var lost = bank with { Tip = 0, Commit = 0, Lock = 0, Losses = (byte)(bank.Losses + 1) };
            yield return (mutant == Mutant.GoesOnAfterLoss ? lost.WithReport(bank.Epoch, NoReport) with { Mode = Mode.Votes } : lost with { Mode = Mode.Lost }, "loses its ballot");
        }

        if (bank.Mode != Mode.Lost) yield break;
        foreach (var final in Paths(FinalWithout(state, i)))
        {
            var mayHaveSigned = Paths(bank.Prepares | bank.Commits).Any(signed => Extends(signed, final)) || bank.ReportOf(paths[final].Epoch) != NoReport;
            if (mayHaveSigned && mutant != Mutant.ResumesWithoutEnvelope) continue;
            var @base = final;
            while (@base != 0 && paths[@base].Epoch == paths[final].Epoch) @base = paths[@base].Parent;
            yield return (bank with { Epoch = (byte)paths[final].Epoch, Mode = Mode.Votes, Base = (byte)@base, Tip = (byte)final, Commit = (byte)final, Lock = (byte)final }, $"votes again behind '{paths[final].Name}'");
        }
    }

    IEnumerable<(Bank After, string Step)> Prepares(Bank bank)
    {
        var at = bank.Tip != 0 ? bank.Tip : bank.Base;
        for (var turn = 0; turn < 2; turn++)
        {
            if (!children.TryGetValue((at, bank.Epoch, turn), out var tip)) continue;
            if (mutant == Mutant.OnePhase)
            {
                yield return (bank with { Tip = tip, Commit = tip, Prepares = bank.Prepares | (1UL << tip), Commits = bank.Commits | (1UL << tip) }, $"signs '{paths[tip].Name}'");
                continue;
            }

            // What is a beginning of it is said with it.
            yield return (bank with { Tip = tip, Prepares = (bank.Prepares & ~certifies[tip]) | (1UL << tip) }, $"prepares '{paths[tip].Name}'");
        }
    }

    IEnumerable<(Bank After, string Step)> Commits(Bank bank, ulong certified)
    {
        if (mutant == Mutant.OnePhase) yield break;
        foreach (var block in Paths(certified))
        {
            if (paths[block].Epoch != bank.Epoch || !Extends(bank.Tip, block) || !Extends(block, bank.Commit) || block == bank.Commit) continue;
            yield return (bank with { Commit = (byte)block, Lock = (byte)block, Commits = (bank.Commits & ~prefixes[block]) | (1UL << block) }, $"commits to '{paths[block].Name}'");
        }
    }

    IEnumerable<(Bank After, string Step)> Reports(Bank bank, ulong certified)
    {
        if (bank.Epoch + 1 >= depths.Length) yield break;
        IEnumerable<int> certificates = mutant switch
        {
            Mutant.EmptyReport => [0],
            Mutant.OnePhase => [bank.Tip],
            _ => Paths(certified).Where(one => Rank(one).CompareTo(Rank(bank.Lock)) > 0).Prepend(bank.Lock),
        };
        foreach (var certificate in certificates)
        {
            var reported = bank.WithReport(bank.Epoch, (byte)certificate);
            yield return (mutant == Mutant.VotesAfterReport ? reported : reported with { Mode = Mode.Reported }, $"reports '{paths[certificate].Name}'");
        }
    }

    // Of any quorum's reports; the liar's says what it likes that has a certificate.
    IEnumerable<int> Bases(State state, int epoch, ulong certified)
    {
        var said = Enumerable.Range(0, Honest).Select(i => state.At(i).ReportOf(epoch)).Where(static one => one != NoReport).Select(static one => (int)one).ToArray();
        var lies = Paths(certified).Prepend(0);
        if (mutant == Mutant.OnePhase) lies = lies.Concat(Enumerable.Range(0, Honest).SelectMany(i => Paths(state.At(i).Commits)));
        var told = lies.ToArray();
        for (var one = 0; one < said.Length; one++)
        {
            for (var other = one + 1; other < said.Length; other++)
            {
                foreach (var lie in told) yield return Highest(said[one], said[other], lie);
            }
        }

        if (said.Length == Honest) yield return Highest(said[0], said[1], said[2]);
    }

    int Highest(int one, int other, int third) => new[] { one, other, third }.MaxBy(Rank);

    (int, int) Rank(int path) => mutant == Mutant.RankedBySize ? (paths[path].Length, paths[path].Epoch) : (paths[path].Epoch, paths[path].Length);

    bool IsForked(State state)
    {
        var final = OfTwo(state, bank => Mask(bank.Commits, prefixes));
        return Paths(final).Any(path => (conflicts[path] & final) != 0);
    }

    ulong FinalWithout(State state, int bank) => Enumerable.Range(0, Honest).Where(i => i != bank).Aggregate(ulong.MaxValue, (all, i) => all & Mask(state.At(i).Commits, prefixes));

    // With the liar's word, two are a quorum.
    static ulong OfTwo(State state, Func<Bank, ulong> of)
    {
        var (one, other, third) = (of(state.At(0)), of(state.At(1)), of(state.At(2)));
        return (one & other) | (one & third) | (other & third);
    }

    static ulong Mask(ulong set, ulong[] of) => Paths(set).Aggregate(0UL, (all, path) => all | of[path]);

    static IEnumerable<int> Paths(ulong set)
    {
        for (; set != 0; set &= set - 1) yield return System.Numerics.BitOperations.TrailingZeroCount(set);
    }

    bool Extends(int path, int beginning) => (extends[path] & (1UL << beginning)) != 0;

    static List<string> WayTo(State state, Dictionary<State, (State Before, string Step)> seen)
    {
        var way = new List<string>();
        for (; seen[state] is { Step.Length: > 0 } step; state = step.Before) way.Insert(0, step.Step);
        return way;
    }

    enum Mode : byte
    {
        Votes,
        Reported,
        Lost,
    }

    /// <summary>A history by its last block.</summary>
    sealed record Branch(int Epoch, int Parent, int Length, string Name)
    {
        public int BlocksOf(int epoch, List<Branch> paths) => Epoch == epoch ? 1 + paths[Parent].BlocksOf(epoch, paths) : 0;
    }

    /// <summary>What a bank remembers, and in sets what all others have of it.</summary>
    readonly record struct Bank : IComparable<Bank>
    {
        public byte Epoch { get; init; }

        public Mode Mode { get; init; }

        public byte Base { get; init; }

        public byte Tip { get; init; }

        public byte Commit { get; init; }

        public byte Lock { get; init; }

        public byte Losses { get; init; }

        public byte Report0 { get; init; }

        public byte Report1 { get; init; }

        public byte Report2 { get; init; }

        public ulong Prepares { get; init; }

        public ulong Commits { get; init; }

        public byte ReportOf(int epoch) => epoch switch { 0 => Report0, 1 => Report1, _ => Report2 };

        public Bank WithReport(int epoch, byte certificate) => epoch switch
        {
            0 => this with { Report0 = certificate },
            1 => this with { Report1 = certificate },
            _ => this with { Report2 = certificate },
        };

        public int CompareTo(Bank other) => Ordered.CompareTo(other.Ordered);

        (ulong, ulong, ulong, ushort) Ordered => (
            Prepares, Commits, ((ulong)Epoch << 56) | ((ulong)Mode << 48) | ((ulong)Base << 40) | ((ulong)Tip << 32) | ((ulong)Commit << 24) | ((ulong)Lock << 16) | ((ulong)Losses << 8) | Report0,
            (ushort)((Report1 << 8) | Report2));
    }

    /// <summary>Which bank is which makes no difference.</summary>
    readonly record struct State(Bank First, Bank Second, Bank Third)
    {
        public Bank At(int bank) => bank switch { 0 => First, 1 => Second, _ => Third };

        public State With(int bank, Bank changed)
        {
            Bank[] banks = [First, Second, Third];
            banks[bank] = changed;
            Array.Sort(banks);
            return new(banks[0], banks[1], banks[2]);
        }
    }
}
