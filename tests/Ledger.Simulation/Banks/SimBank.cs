using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Ledger.Node.Voting;
using Ledger.Simulation.Checkers;
using Ledger.Simulation.Machine;
using Ledger.Simulation.Order;

namespace Ledger.Simulation.Banks;

/// <summary>
/// One bank's node: its ledger, fold, files and batches are the node's own code. What brings things to it and what seals, which a node does in tasks of its own, is done here in single steps, in
/// the order in which <see cref="QuorumFinality"/> and <see cref="NodeLoop"/> do it.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A power cut disposes of nothing, and what is open on a simulated disk holds nothing.")]
sealed class SimBank
{
    const int MostItems = 8;
    const int MostAhead = 4;
    const int AskEvery = 3;
    const int AskAnyway = 30;
    const int PutAgainAfter = 2_000;
    const int MostBlocks = 64;
    const long ClockEvery = 5 * Timestamp.Minute;
    const long SegmentSize = 64 * 1024;
    const ulong OrderCluster = 1;

    readonly Cluster cluster;
    readonly KeyMark mark = new();
    readonly NodeKey key;
    readonly List<(Posting Kind, ReadOnlyMemory<byte> Octets)> early = [];
    readonly Queue<byte[]> intake = new();
    readonly List<PartyId> told = [];
    Fold fold = null!;
    BlockLog log = null!;
    QuorumLedger ledger = null!;
    PositionFile position = null!;
    OutboxFile outbox = null!;
    LedgerState final = null!;
    (uint Epoch, NodeKey Signer) now;
    OrderPosition read;
    int run;
    int begun;
    int behind;
    int seconds;
    int turn;
    long newestClock;
    bool hasVoted;
    bool isReading;
    bool readsOn;
    bool mayRead;
    bool isAsking;
    bool isBroken;
    bool wantsEmpty;
    ulong counter;
    Outgoing? lastPut;
    Flight? flight;
    byte[]? firstBallot;

    public SimBank(Cluster cluster, int number)
    {
        (this.cluster, Number, Bank) = (cluster, number, cluster.Consortium.Banks[number]);
        key = cluster.Consortium.NodeKey(Bank, mark);
        Disk = new(cluster.Chance);
    }

    public int Number { get; }

    public PartyId Bank { get; }

    public string Name => $"bank {Number}";

    public SimDisk Disk { get; }

    public bool IsRunning { get; private set; }

    /// <summary>It is no validator, and its node was stopped for good; unless it is to be one again.</summary>
    public bool IsAway { get; set; }

    /// <summary>It was a validator once, and is none.</summary>
    public bool WasLetGo => hasVoted && IsRunning && ledger.Exclusion is not null;

    /// <summary>Under which it signs.</summary>
    public NodeKey Signer => ledger.Signer;

    public bool IsFounder => cluster.Consortium.Founders.Contains(Bank);

    /// <summary>Whether a block that changes who votes waits here for its finality.</summary>
    bool AwaitsChange => ledger.WaitingBlocks.Any(static one => one.ChangesSet);

    /// <summary>The highest block that it told to be final, in whatever life.</summary>
    public ulong Told { get; private set; }

    /// <summary>It lost what it remembers of its votes, and has posted none since.</summary>
    public bool HasLost { get; private set; }

    /// <summary>By how much its clock is wrong, in milliseconds.</summary>
    public long Skew { get; set; }

    public uint Epoch => IsRunning ? ledger.Epoch : 0;

    public LedgerState? State => IsRunning ? final : null;

    public void Found()
    {
        var genesis = cluster.Consortium.Genesis;
        var founded = new Fold(genesis);
        var checkpoint = founded.Checkpoint;
        var founder = IsFounder ? key : cluster.Consortium.NodeKey(cluster.Consortium.Founders[0], mark: null);
        if (IsFounder)
        {
            QuorumLedger.Found(Disk, founded);
            mark.Leave(key.PublicKey);
        }

        firstBallot = Disk.Durable(FolderLayout.Ballot);
        if (cluster.Left == LeftOut.FlushedBallot) Disk.Forgets = static name => name == FolderLayout.Ballot;
        using var created = BlockLog.Create(
            Disk, founded, new(checkpoint, [new(genesis.Origin, genesis.Chain.NoteKeyId(founder.PublicKey), new(founder.SignNote(checkpoint.SignedBytes())))]), SegmentSize);
    }

    public void Start()
    {
        if (IsRunning || IsAway) return;
        (IsRunning, run) = (true, run + 1);
        Guarded(Open);
    }

    /// <summary>Ends the node in whatever it does; its disk keeps what was flushed, and of the rest what chance leaves.</summary>
    public void Crash(string why)
    {
        if (!IsRunning) return;
        (IsRunning, run, flight) = (false, run + 1, null);
        intake.Clear();
        Disk.Fail();
        if (cluster.Left == LeftOut.NewestBallot) Disk.Replace(FolderLayout.Ballot, firstBallot);
        if (cluster.Left == LeftOut.LastWord && !Disk.IsFull) ForgetReport();
        cluster.Figures.Crashes++;
        cluster.Trace.Say($"{Name} ends: {why}");
    }

    /// <summary>Its node is stopped: it is no validator any more.</summary>
    public void Leave()
    {
        IsAway = true;
        Crash("it was voted out");
    }

    /// <summary>What it remembers of its votes is gone, as after a restored backup; or all that it has.</summary>
    public void Loses(bool everything)
    {
        Crash("its files are lost");
        (HasLost, Disk.FailsIn) = (true, null);
        if (everything)
        {
            Told = 0;
            Disk.Clear();
            Found();
        }

        Disk.Replace(FolderLayout.Ballot, null);
        Disk.Replace(FolderLayout.OrderPosition, null);
        Disk.Replace(FolderLayout.Outbox, null);
        cluster.Trace.Say($"{Name} lost {(everything ? "its disk" : "its ballot")}");
    }

    public void Submit(byte[] transaction)
    {
        if (!IsRunning || isBroken || ledger.Exclusion is not null) return;
        intake.Enqueue(transaction);
        Guarded(Seal);
    }

    /// <summary>What is posted in an epoch; null behind all that stood there.</summary>
    public void Show(uint shown, Posted? told)
    {
        if (!IsRunning || shown != now.Epoch) return;
        if (told is not { } posted) Guarded(ledger.Heard);
        else if (IsDeaf && posted.Bank == Bank) return;
        else if (posted.Bank is not { } poster || ledger.IsVoter(poster)) Guarded(() => ledger.Take(posted));
    }

    /// <summary>What it gives of its final blocks to another bank: up to and with the next checkpoint.</summary>
    public CoveredBlocks? Give(ulong from)
    {
        var blocks = new List<Block>();
        for (var height = from; blocks.Count < MostBlocks && log.ReadBlock(height) is { } block; height++)
        {
            blocks.Add(block);
            if (log.ReadNote(height) is { } note && note.Checkpoint.Size == block.EndLeaf) return new(blocks, note);
        }

        return null;
    }

    /// <summary>What waits here behind what is final, or gave way since, up to a block that is named.</summary>
    public IReadOnlyList<Block> GivePending(BlockPoint upTo) => CutBlocks.BranchTo(Suite, ledger.NotFinal, upTo.Size, upTo.Root);

    /// <summary>What it was shown that banks signed in its epoch.</summary>
    public IReadOnlyList<Vote> GiveVotes() => ledger.Votes;

    public IReadOnlyList<Report> GiveReports(uint of) => of == now.Epoch ? [.. ledger.Reports] : [];

    /// <summary>By which reports it entered its epoch.</summary>
    public ReadOnlyMemory<byte>? GiveClosing() => ledger.Closing;

    public override string ToString() => !IsRunning
        ? $"{Name}: {(IsAway ? "away" : "down")}, told {Told}"
        : $"{Name}: epoch {ledger.Epoch}, final {Told}, folded {ledger.Height}, pending {ledger.Pending}, reports {ledger.Reports.Count}, read {read.Revision} of {cluster.Order.Length(now.Epoch, Number)}, may read {mayRead}, full {ledger.IsFull}, broken {isBroken}, in flight {flight?.Counter}, next {NextOf(Bank)}, waiting {intake.Count}; {ledger.Silence?.English}";

    void ForgetReport()
    {
        using var file = BallotFile.Open(Disk);
        if (file.Last is { Standing: BallotStanding.HasReported } reported) file.Write(reported with { Standing = BallotStanding.Votes, Reported = null }, file.Sequence);
    }

    // Without what it sealed since being final.
    void VoteAgain()
    {
        using var file = BallotFile.Open(Disk);
        var final = new BlockPoint(Math.Max(fold.State.Ordering.Number, 1), fold.History.Size, fold.History.Root());
        if (file.Last is null) file.Write(Ballot.First(final.Epoch, fold.Last.Header.Height == 0 ? BlockLine.GenesisOf(fold) : final), 0);
    }

    void Open()
    {
        var recovery = BlockLog.Open(Disk, cluster.Consortium.Genesis, SegmentSize, verifySignatures: false, static _ => { }, static _ => { });
        if (recovery is not Recovery.Complete opened) throw new BrokenPromise($"{Name} cannot open its chain: {(recovery is Recovery.Damaged damaged ? damaged.Fault : recovery)}");
        (fold, log, final) = (opened.Fold, opened.Log, opened.Fold.State);
        cluster.Auditor.CameBack(Name, Told, new(fold.Last.Header.Height, fold.History.Size, fold.History.Root()));

        // What became final in the moment in which the power failed was told to nobody.
        var untold = new List<Block>();
        for (var height = Told + 1; log.ReadBlock(height) is { } block; height++) untold.Add(block);
        if (untold.Count > 0) cluster.Auditor.Told(Name, untold, opened.Checkpoint);
        Told = fold.Last.Header.Height;

        (now, mayRead, wantsEmpty, behind) = (default, false, false, 0);
        early.Clear();
        if (cluster.Left == LeftOut.Envelope) VoteAgain();
        ledger = new(fold, log, Disk, key, cluster.Clock, () => Time, Post, line => cluster.Trace.Say($"{Name}: {line}")) { Begins = unused => mark.Leave(unused.PublicKey) };
        cluster.Trace.Say($"{Name} begins in epoch {ledger.Epoch} at height {ledger.Height}, {ledger.Pending} of it pending");
        Begin();
        var mine = run;
        cluster.Clock.After(1 + cluster.Chance.Next(1_000), () => Tick(mine));
    }

    void Begin()
    {
        (now, begun, isBroken, flight, isReading, counter) = ((ledger.Epoch, ledger.Signer), begun + 1, false, null, false, 0);
        (position, outbox) = (PositionFile.Open(Disk, now.Epoch), OutboxFile.Open(Disk));
        read = position.Last;

        // What was put under another key of the bank takes no place any more.
        lastPut = outbox.Last is { } stands && stands.Epoch == now.Epoch && IsMine(stands.Value, stands.Counter) ? stands : null;
        cluster.Figures.Epochs = Math.Max(cluster.Figures.Epochs, now.Epoch);
        foreach (var (kind, octets) in early) Post(kind, octets);
        early.Clear();
        cluster.Board.ShowAll(Number, now.Epoch);
        if (IsDeaf) ledger.Heard();
        wantsEmpty |= now.Epoch > final.Ordering.Number;
        isAsking = false;
        if (!mayRead || ledger.Missing is not null) Ask();

        // What was last to be put goes again: whether it went nobody here knows.
        if (lastPut is { } last && last.Counter >= NextOf(Bank)) Put(flight = new(last.Counter, [], last.Value.ToArray(), Follows: false));
    }

    // All that comes in ends so: sign, tell what became final, go on with what waits.
    void Guarded(Action comes)
    {
        try
        {
            readsOn = false;
            comes();
            while (!readsOn && IsStill && ledger.Step() is { } done) Tell(done);
            if (!IsStill) Begin();
            if (ledger.Pending > 0) cluster.Waits(ledger.Height, AwaitsChange);
            if (ledger.Fork is { } fork) throw new BrokenPromise($"{Name}: {fork.English}");
            Read();
            Seal();
        }
        catch (Exception fault) when (fault is PowerCut || (Disk.IsFull && EnvironmentFault.Is(fault)))
        {
            if (fault is not PowerCut) cluster.Figures.WithoutRoom++;
            Crash(fault.Message);
            cluster.Restart(this);
        }
    }

    bool IsStill => now == (ledger.Epoch, ledger.Signer);

    void Later(int milliseconds, Action happens)
    {
        var (mine, then) = (run, begun);
        cluster.Clock.After(milliseconds, () =>
        {
            if (run == mine && begun == then) Guarded(happens);
        });
    }

    // Where what a ballot forgot is to be seen, its bank must not hear of it.
    bool IsDeaf => cluster.Left is LeftOut.FlushedBallot or LeftOut.NewestBallot or LeftOut.LastWord or LeftOut.Envelope;

    int Latency => cluster.Weather.Takes(cluster.Chance);

    Timestamp Time => new(cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds() + Skew);

    void Tick(int mine)
    {
        if (run != mine) return;
        cluster.Clock.After(1_000, () => Tick(mine));
        Guarded(() =>
        {
            ledger.Tick(isBroken || cluster.Order.Reaches(Number));
            behind = ledger.IsBehind || isBroken || !cluster.Order.Reaches(Number) ? behind + 1 : 0;
            if ((behind > 0 && behind % AskEvery == 0) || ++seconds % AskAnyway == 0) Ask();
            wantsEmpty |= IsClockAskedFor || (final.NextDeadline is { } due && due.At <= Time);
        });
    }

    bool IsClockAskedFor
    {
        get
        {
            var (told, now) = (fold.State.Clock(Bank)?.Clock.UnixMilliseconds ?? 0, Time.UnixMilliseconds);
            return told < now && (told < newestClock || now - told >= ClockEvery);
        }
    }

    void Post(Posting kind, ReadOnlyMemory<byte> octets)
    {
        if (now.Epoch == 0)
        {
            early.Add((kind, octets));
            return;
        }

        cluster.Watch.Posts(Bank, kind, octets, fold, Disk, Told);
        if (kind == Posting.Vote) (HasLost, hasVoted) = (false, true);
        cluster.Posts(Number, now.Epoch, kind, octets);
    }

    void Tell(FinalBlocks done)
    {
        Block[] blocks = [.. done.Blocks.Select(static one => one.Folded.Block)];
        if (blocks[0].Header.Height != Told + 1) throw new BrokenPromise($"{Name} tells of block {blocks[0].Header.Height} behind {Told}.");
        cluster.Auditor.Told(Name, blocks, done.Checkpoint);
        (Told, final) = (blocks[^1].Header.Height, done.Blocks[^1].Folded.State);
        foreach (var block in blocks.Where(static block => block.Header.EntryCount + block.Header.SkippedCount > 0)) newestClock = Math.Max(newestClock, Math.Min(block.Envelope?.Envelope.Clock.UnixMilliseconds ?? 0, Time.UnixMilliseconds));
        cluster.Trace.Say($"{Name}: {Told} is final, {done.Checkpoint.Checkpoint.Root.ToString()[..8]}");
    }

    // One batch is under way: the next is read once the one before is durable.
    void Read()
    {
        if (isReading || isBroken || !mayRead || ledger.IsFull || !cluster.Order.Reaches(Number) || read.Revision == (ulong)cluster.Order.Length(now.Epoch, Number)) return;
        isReading = true;
        Later(Latency, () =>
        {
            isReading = false;
            if (!cluster.Order.Reaches(Number)) return;
            if (!IsTheSame())
            {
                Breaks("it is not what was read");
                return;
            }

            if (read.Revision == (ulong)cluster.Order.Length(now.Epoch, Number)) return;
            var value = cluster.Order.Show(now.Epoch, Number, (int)read.Revision);
            if (BatchValue.Read(value, Suite) is { } batch && !Misses(batch.Envelope)) ledger.Take(batch);
            read = new(read.Revision + 1, Suite.Hash(value));
            if (isBroken) return;

            // What lies behind it already may be voted on with it.
            readsOn = read.Revision < (ulong)cluster.Order.Length(now.Epoch, Number) && !ledger.IsFull && cluster.Chance.Next(2) == 0;
            position.Write(OrderCluster, read);
            if (read.Revision % 8 == 0) position.Flush();
        });
    }

    // W1 and W2: the order is not behind what was read of it, and what stands there is what stood there.
    bool IsTheSame() =>
        read.Revision <= (ulong)cluster.Order.Length(now.Epoch, Number)
        && (read.Revision == 0 || Suite.Hash(cluster.Order.Show(now.Epoch, Number, (int)read.Revision - 1)) == read.Event);

    // W5: where batches are missing before one, the keys are asked what is in them; one's own must be there.
    bool Misses(Envelope envelope)
    {
        var next = NextOf(envelope.Bank);
        for (; next < envelope.Counter && IsSigned(envelope); next++)
        {
            if (cluster.Order.At(now.Epoch, envelope.Bank, next) is not { } value || BatchValue.Read(value, Suite) is not { } batch || batch.Envelope.Epoch != now.Epoch) break;
            ledger.Take(batch);
        }

        if (next >= envelope.Counter || envelope.Bank != Bank) return false;
        Breaks($"batch {next} of this bank is gone");
        return true;
    }

    bool IsSigned(Envelope envelope) => fold.State.Validator(envelope.Bank) is { } validator && IsSigned(envelope, validator.NodeKey);

    bool IsSigned(Envelope envelope, ByteString nodeKey) => Suite.Verify(nodeKey, envelope.SignedBytes(), envelope.Signature.Span);

    bool IsMine(ReadOnlyMemory<byte> value, ulong of) =>
        BatchValue.Read(value, Suite)?.Envelope is { } envelope && (envelope.Epoch, envelope.Bank, envelope.Counter) == (now.Epoch, Bank, of) && IsSigned(envelope, now.Signer.PublicKey);

    void Breaks(string why)
    {
        if (isBroken) return;
        (isBroken, flight) = (true, null);
        cluster.Trace.Say($"{Name}: the order of epoch {now.Epoch} is broken: {why}");
        ledger.OrderEnded();
    }

    ulong NextOf(PartyId bank) => fold.State.Clock(bank)?.NextCounter ?? 1;

    CryptoSuite Suite => cluster.Consortium.Genesis.Chain.Suite;

    void Seal()
    {
        if (ledger.Exclusion is not null) intake.Clear();
        if (flight is not null || isBroken || (intake.Count == 0 && !wantsEmpty) || ledger.Exclusion is not null) return;
        if (FirstFree > NextOf(Bank) + MostAhead) return;
        wantsEmpty = false;
        var items = new List<BatchItem>();
        while (items.Count < MostItems && intake.TryDequeue(out var item)) items.Add(new(item, null));
        Fly(items);
    }

    // One from before a crash may have the place, and blocks that others gave may have passed it.
    ulong FirstFree => Math.Max(counter, lastPut is { } last && last.Counter >= NextOf(Bank) ? last.Counter + 1 : NextOf(Bank));

    void Fly(List<BatchItem> items)
    {
        counter = FirstFree;
        var unsigned = new Envelope(
            cluster.Consortium.Genesis.Chain.ChainId, now.Epoch, Bank, counter, Time, (uint)items.Count, Envelope.DigestOf(Suite, [.. items.Select(item => Suite.Hash(item.Bytes.Span))]), default);
        var envelope = unsigned with { Signature = new(now.Signer.Sign(unsigned.SignedBytes())) };
        ledger.Sealed(envelope);
        flight = new(counter, items, BatchValue.Write(new(envelope, items)), lastPut is { } last && last.Counter == counter - 1);
        outbox.Write(lastPut = new(now.Epoch, counter, flight.Value));
        counter++;
        Put(flight);
    }

    void Put(Flight mine) => Later(Latency, () =>
    {
        if (flight != mine) return;
        if (!cluster.Order.Reaches(Number))
        {
            Later(PutAgainAfter, () => Put(mine));
            return;
        }

        var outcome = cluster.Order.Put(now.Epoch, Bank, mine.Counter, mine.Value, mine.Follows, stands => IsMine(stands, mine.Counter));
        cluster.Wake();

        // It may be ordered, and the word of it lost: the same is put again.
        if (cluster.Chance.Next(100) < cluster.Weather.Lost) Later(PutAgainAfter, () => Put(mine));
        else Later(Latency, () => Landed(mine, outcome));
    });

    void Landed(Flight mine, PutOutcome outcome)
    {
        if (flight != mine) return;
        flight = null;

        // One of an earlier life may have found another in its place, and holds nothing that anybody waits for.
        if (outcome == PutOutcome.Refused) Fly(mine.Items);
        if (outcome == PutOutcome.Broken) Breaks($"batch {mine.Counter - 1} of this bank is gone");
    }

    /// <summary>There may be something to read.</summary>
    public void Wake()
    {
        if (IsRunning && !isReading) Guarded(static () => { });
    }

    void Ask()
    {
        if (isAsking) return;
        isAsking = true;
        turn++;
        told.Clear();
        Ask(0);
    }

    // One after another, until one has given something and nothing that was not good: what is final, how an epoch ended, what is certified and missing here.
    void Ask(int asked)
    {
        var others = cluster.Consortium.Banks.Count - 1;
        if (asked == others)
        {
            HasAsked();
            return;
        }

        var other = (Number + 1 + ((turn + asked) % others)) % (others + 1);
        AskForFinal(other, asked, (Told, ledger.Missing));
    }

    void AskForFinal(int other, int asked, (ulong, BlockPoint?) began) => Later(Latency, () =>
    {
        if (cluster.Given(Number, other, Told + 1) is not { } given)
        {
            AskForClosing(other, asked, began);
            return;
        }

        var done = ledger.TakeFinal(given, cluster.Consortium.Banks[other], out var fault);
        if (done is not null) Tell(done);
        if (fault is not null) Ask(asked + 1);
        else AskForFinal(other, asked, began);
    });

    void AskForClosing(int other, int asked, (ulong, BlockPoint?) began) => Later(Latency, () =>
    {
        if (cluster.GivenClosing(Number, other) is { } octets) ledger.TakeClosing(octets);
        if (ledger.Epoch != now.Epoch) return;
        if (cluster.GivenVotes(Number, other) is { } votes)
        {
            told.Add(cluster.Consortium.Banks[other]);
            foreach (var vote in votes.Where(vote => !IsDeaf || vote.Bank != Bank)) ledger.Take(vote);
        }

        foreach (var report in cluster.GivenReports(Number, other, now.Epoch).Where(report => !IsDeaf || report.Bank != Bank)) ledger.Take(report);
        if (ledger.Missing is { } missing && cluster.GivenPending(Number, other, missing) is { Count: > 0 } blocks && ledger.TakePrepared([.. blocks.Where(block => block.Header.Height > Told)], missing, cluster.Consortium.Banks[other]) is not null)
        {
            Ask(asked + 1);
            return;
        }

        if ((Told, ledger.Missing) == began || !ledger.HasHeard) Ask(asked + 1);
        else HasAsked();
    });

    // Where the order tells nothing, what a quorum was shown must do.
    void HasAsked()
    {
        (isAsking, mayRead) = (false, true);
        if ((isBroken || !cluster.Order.Reaches(Number)) && ledger.IsQuorumWith(told)) ledger.Heard();
    }

    sealed record Flight(ulong Counter, List<BatchItem> Items, byte[] Value, bool Follows);
}
