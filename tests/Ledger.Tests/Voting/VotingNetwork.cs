using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
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
using Ledger.Tests.Ordering;
using Ledger.Tests.Storage;
using Ledger.Tests.Views;

namespace Ledger.Tests.Voting;

/// <summary>The four banks of a consortium in this process: each runs a node's own loop, on a disk of its own, and a fake cluster orders their batches.</summary>
sealed class VotingNetwork : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public VotingNetwork(TimeProvider? time = null, int founders = 4)
    {
        Time = time ?? TimeProvider.System;
        var text = FoundingKeys.Preset("consortium");
        Founding = FoundingKeys.Fill(text with { Validators = [.. text.Validators.Take(founders)] }, new Timestamp(Time.GetUtcNow().ToUnixTimeMilliseconds()).FloorMinute());
        Banks = [.. text.Validators.Select(validator => new VotingBank(this, validator.Bank))];
        foreach (var bank in Banks.Take(founders)) bank.Keys = Ring(bank.Bank, Founding.NodeKeys[bank.Bank], mark: null);
    }

    public TimeProvider Time { get; }

    public FoundingKeys Founding { get; }

    public FakeEtcd Etcd { get; } = new();

    /// <summary>Behind how many leaves a block stands that changes who votes, of each that some bank was about to vote on.</summary>
    public ConcurrentDictionary<ulong, bool> Changes { get; } = [];

    public IReadOnlyList<VotingBank> Banks { get; }

    public static VotingNetwork Started(TimeProvider? time = null, int founders = 4)
    {
        var network = new VotingNetwork(time, founders);
        foreach (var bank in network.Banks.Take(founders)) bank.Start();
        return network;
    }

    /// <summary>A node key of a bank, of which its mark says whether it has signed.</summary>
    public static NodeKey Ring(PartyId bank, SigningKey key, FoundingMark? mark) => new(bank, key.PublicKey, bytes => key.Sign(bytes), bytes => key.SignNote(bytes)) { Mark = mark };

    /// <summary>A bank's own act, which needs nobody else.</summary>
    public byte[] Act(PartyId bank, ulong limit) => Act(bank, ChainFixture.Policy(limit));

    public byte[] Act(PartyId bank, Operation operation) => Founding.Act(Time.GetUtcNow(), operation, bank);

    public byte[] Act(PartyId bank, ulong limit, Id<Transaction> id) => Founding.Act(Time.GetUtcNow(), ChainFixture.Policy(limit), id, bank);

    /// <summary>An act of one bank that another signs too.</summary>
    public byte[] ActOfBoth(PartyId bank, PartyId other, Operation operation) => Founding.Act(Time.GetUtcNow(), operation, bank, other);

    /// <summary>A batch of a bank with nothing in it, in the order without its node.</summary>
    public void Order(VotingBank bank, uint epoch, ulong counter)
    {
        var chain = Founding.Genesis.Chain;
        var unsigned = new Envelope(chain.ChainId, epoch, bank.Bank, counter, new(Time.GetUtcNow().ToUnixTimeMilliseconds()), 0, Envelope.DigestOf(chain.Suite, []), default);
        Etcd.Put(new OrderKeys(chain.ChainId, epoch).Of(bank.Bank, counter), BatchValue.Write(new(unsigned with { Signature = new(bank.Keys.Sign(unsigned.SignedBytes())) }, [])));
    }

    /// <summary>Until these banks, or all that run, have the block of a height as final; then that they have the same.</summary>
    public async Task AgreeAsync(ulong height, params VotingBank[] banks)
    {
        if (banks.Length == 0) banks = [.. Banks.Where(bank => bank.IsRunning)];
        foreach (var bank in banks) await UntilAsync(() => bank.Height >= height, bank);
        var roots = banks.Select(bank => bank.Loop.Reader.Block(height)!.Header).Distinct();
        Assert.Single(roots);
    }

    public async Task UntilAsync(Func<bool> isSo, VotingBank? of = null)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!isSo())
        {
            foreach (var bank in Banks.Where(bank => bank.Fault is not null)) throw new InvalidOperationException($"{bank.Bank} stopped", bank.Fault);
            GiveUpAfter(began, of);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <exception cref="TimeoutException">It is as long ago as a test waits.</exception>
    public void GiveUpAfter(long began, VotingBank? of)
    {
        if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"What the test waits for did not come at {of?.Bank}:\n{string.Join('\n', Banks.Select(bank => bank.ToString()))}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var bank in Banks) await bank.DisposeAsync();
        Founding.Dispose();
    }
}

/// <summary>One bank's node, which can be ended at any moment and begun again on what its disk has.</summary>
sealed class VotingBank(VotingNetwork network, PartyId bank) : IAsyncDisposable
{
    readonly List<string> said = [];
    CancellationTokenSource? stop;
    Task running = Task.CompletedTask;
    BlockLog? log;
    IFinality? finality;

    public PartyId Bank => bank;

    public MemoryStorage Disk { get; set; } = new();

    public NodeKey Keys { get; set; } = null!;

    /// <summary>Through which it reaches the cluster.</summary>
    public Func<IReadOnlyList<IEtcdMember>> Members { get; set; } = () => network.Etcd.Members;

    /// <summary>Up to which version of the protocol its program knows the rules.</summary>
    public uint Knows { get; set; } = Fold.KnownProtocol;

    /// <summary>By how much its clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>How its order comes to it.</summary>
    public Func<IOrdering, IOrdering> Orders { get; set; } = static order => order;

    /// <summary>What it signs and does not let out.</summary>
    public Func<Vote, bool> Withholds { get; set; } = static _ => false;

    public NodeLoop Loop { get; private set; } = null!;

    public QuorumLedger Ledger { get; private set; } = null!;

    /// <summary>What it shows its peers.</summary>
    public IVotesKnown Votes { get; set; } = NoVotes.Instance;

    public ulong Height => Loop.Reader.View.Header.Height;

    public bool IsRunning => stop is not null;

    public Exception? Fault => IsRunning ? running.Exception?.InnerException : null;

    public IReadOnlyList<string> Told
    {
        get
        {
            lock (said) return [.. said];
        }
    }

    public void Start()
    {
        // As in a process of its own: the test runner's few threads wait for nobody.
        var here = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        Open();
        SynchronizationContext.SetSynchronizationContext(here);
    }

    void Open()
    {
        var genesis = network.Founding.Genesis;
        var key = Keys;
        var (fold, note) = Open(genesis);
        var clock = StoryClock.Open(new SetWrong(network.Time, Ahead), Disk, genesis.Chain.Purpose) ?? throw new InvalidOperationException("a fresh clock");
        var final = new NodeView(fold.State, fold.Last.Header, note);
        var quorum = new QuorumFinality(
            fold, note,
            post => new(fold, log!, Disk, key, network.Time, () => new(clock.GetUtcNow().ToUnixTimeMilliseconds()), post, Say)
            {
                Begins = unused => unused.Mark?.Write(genesis.Chain.ChainId, unused.PublicKey, "disk", network.Time.GetUtcNow()),
            },
            (epoch, signing) => new(
                Orders(new EtcdOrdering(fold, signing, epoch, Members(), Disk, network.Time)), new RememberedFirst(new EtcdBoard(genesis.Chain.ChainId, epoch, bank, Members(), network.Time), Disk, KeepsBack)),
            new([.. network.Banks.Where(other => other != this).Select(other => new BankAsPeer(other))], fault => Say(fault.ToString())), network.Time);
        (finality, Ledger, Votes) = (quorum, quorum.Ledger, quorum);
        Loop = new(fold, final, log!, TestViews.Open(genesis), quorum, key, clock);
        var blocks = log!;
        Loop.Reader.Views.Follow(blocks.ReadBlock, blocks.Count - 1);
        stop = new();
        running = Loop.RunAsync(stop.Token);
    }

    /// <summary>Where the loop ended by a fault, that fault is what the test is told.</summary>
    public async Task<Answer> SubmitAsync(byte[] transaction)
    {
        var mine = running;
        try
        {
            return await Loop.SubmitAsync(transaction, TestContext.Current.CancellationToken).WaitAsync(VotingNetwork.Patience, TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException) when (IsRunning)
        {
            await mine;
            throw;
        }
    }

    /// <summary>As a client does who is told that nobody knows: sends the same again.</summary>
    public async Task<Answer> SubmitAgainAsync(byte[] transaction)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await SubmitAsync(transaction);
            if (answer.Code is not (Refusal.EpochEnded or Refusal.OrderBroken or Refusal.OrderNotReached)) return answer;
            network.GiveUpAfter(began, this);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Until its loop ends by itself, with the fault by which it did.</summary>
    public Task EndAsync() => running.WaitAsync(VotingNetwork.Patience, TestContext.Current.CancellationToken);

    /// <summary>The process is gone; what was written is there.</summary>
    public async Task KillAsync()
    {
        if (stop is not { } mine) return;
        stop = null;
        await mine.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(VotingNetwork.Patience);
        finality?.Dispose();
        log?.Dispose();
        Loop.Reader.Views.Dispose();
        mine.Dispose();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    public async Task RestartAsync()
    {
        await KillAsync();
        Start();
    }

    public override string ToString() =>
        $"{bank}: epoch {Ledger?.Epoch}, final {(Loop is null ? 0 : Height)}, folded {Ledger?.Height}, {Ledger?.Silence?.English}, {Loop?.OrderTrouble?.English}; {string.Join(" | ", Told)}";

    (Fold Fold, Note Note) Open(Genesis genesis)
    {
        if (GenesisFile.Read(Disk) is null)
        {
            var fold = new Fold(genesis) { KnowsUpTo = Knows };

            // Whoever comes later begins with a founder's word.
            var founder = network.Founding.NodeKeys.GetValueOrDefault(bank) ?? network.Founding.NodeKeys.Values.First();
            var note = new Note(fold.Checkpoint, [new(genesis.Origin, genesis.Chain.NoteKeyId(founder.PublicKey), new(founder.SignNote(fold.Checkpoint.SignedBytes())))]);
            if (network.Founding.NodeKeys.ContainsKey(bank)) QuorumLedger.Found(Disk, fold);
            log = BlockLog.Create(Disk, fold, note, BlockLog.DefaultSegmentSize);
            return (fold, note);
        }

        var recovery = Assert.IsType<Recovery.Complete>(BlockLog.Open(Disk, genesis, BlockLog.DefaultSegmentSize, verifySignatures: true, static _ => { }, static _ => { }));
        log = recovery.Log;
        return (recovery.Fold, recovery.Checkpoint);
    }

    // Asked by its loop, which alone may look at what waits.
    bool KeepsBack(Vote vote)
    {
        foreach (var change in Ledger.WaitingBlocks.Where(static one => one.ChangesSet)) network.Changes[change.Point.Size] = true;
        return Withholds(vote);
    }

    // The same again tells nobody more.
    void Say(string line)
    {
        lock (said)
        {
            if (said is [] || said[^1] != line) said.Add(line);
        }
    }
}

/// <summary>What another bank's node gives of its final blocks, without a network between.</summary>
sealed class BankAsPeer(VotingBank bank) : IPeer
{
    public PartyId Bank => bank.Bank;

    public string Address => bank.Bank.Text;

    public DateTimeOffset? CertificateExpires => null;

    public async IAsyncEnumerable<PeerBlock> BlocksAsync(ulong from, TimeSpan wait, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        if (!bank.IsRunning) throw new PeerException(new(Bank, PeerFaultKind.NotReached));
        var loop = bank.Loop;
        for (var height = from; BlockOf(loop, height) is { Block: not null } given; height++) yield return given;
    }

    // Whose process is gone meanwhile is not reached, as over a network.
    PeerBlock? BlockOf(NodeLoop loop, ulong height)
    {
        try
        {
            if (loop.Reader.Block(height) is not { } block) return null;
            var note = loop.Reader.Checkpoint(height);
            return new(block, note?.Checkpoint.Size == block.EndLeaf ? note : null);
        }
        catch (Exception gone) when (!bank.IsRunning || bank.Loop != loop)
        {
            throw new PeerException(new(Bank, PeerFaultKind.NotReached), gone);
        }
    }

    public async IAsyncEnumerable<Block> PendingAsync(ulong from, BlockPoint upTo, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        foreach (var block in Votes.PendingUpTo(upTo.Size, upTo.Root).Where(block => block.Header.Height >= from)) yield return block;
    }

    public async Task<ReadOnlyMemory<byte>?> ClosingAsync(CancellationToken cancel)
    {
        await Task.Yield();
        return Votes.Closing;
    }

    IVotesKnown Votes => bank.IsRunning ? bank.Votes : throw new PeerException(new(Bank, PeerFaultKind.NotReached));

    public Task<PeerStatus> StatusAsync(CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<HeldSnapshot>> SnapshotsAsync(CancellationToken cancel) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>?> SnapshotAsync(HeldSnapshot snapshot, ulong from, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Note> CheckpointAsync(CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<Vote>> VotesAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<Vote>>([.. Votes.Votes.Where(vote => vote.Bank != Bank || !bank.Withholds(vote))]);

    public Task<IReadOnlyList<Report>> ReportsAsync(uint epoch, CancellationToken cancel) => Task.FromResult(Votes.Reports(epoch));

    public Task<IReadOnlyList<Evidence>> EvidenceAsync(CancellationToken cancel) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>?> DraftsAsync(ulong after, CancellationToken cancel) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>?> RotationAsync(string anchor, CancellationToken cancel) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>?> CheckpointWordAsync(string anchor, ulong size, CancellationToken cancel) => throw new NotSupportedException();
}

/// <summary>A board that nothing reaches which is not durable in its bank's ballot.</summary>
sealed class RememberedFirst(IVoteBoard board, MemoryStorage disk, Func<Vote, bool> withholds) : IVoteBoard
{
    public void Post(Posting kind, ReadOnlyMemory<byte> octets)
    {
        var steps = disk.Steps;
        Assert.True(Array.LastIndexOf(steps, $"flush {FolderLayout.Ballot}") > Array.LastIndexOf(steps, $"write {FolderLayout.Ballot}") || kind == Posting.End);
        using var file = BallotFile.Open(disk);
        var ballot = Assert.IsType<Ballot>(file.Last);
        if (kind == Posting.Vote && Vote.TryRead(octets.Span, out var vote) && vote.Epoch == ballot.Epoch)
        {
            Assert.Equal(BallotStanding.Votes, ballot.Standing);
            Assert.True(file.Sequence >= vote.Sequence);
            foreach (var line in vote.Lines) Assert.True(line.Size <= (line.Kind == VoteKind.Prepare ? ballot.Prepared.Size : ballot.Lock!.Block.Size));
        }

        if (kind == Posting.Report && Report.TryRead(octets.Span, out var report) && report.Epoch == ballot.Epoch)
            Assert.Equal((BallotStanding.HasReported, report.Certificate?.Block), (ballot.Standing, ballot.Reported?.Block));
        if (kind != Posting.Vote || !Vote.TryRead(octets.Span, out var said) || !withholds(said)) board.Post(kind, octets);
    }

    public IAsyncEnumerable<Posted?> ReadAsync(Func<IReadOnlyCollection<PartyId>> voters, CancellationToken cancel) => board.ReadAsync(voters, cancel);

    public void Dispose() => board.Dispose();
}

/// <summary>An order that takes nothing more, as one whose outbox is full of what is not final, and that is in no trouble.</summary>
sealed class FullAhead(IOrdering order, Func<bool> isFull) : IOrdering
{
    public int MaxBatchBytes => order.MaxBatchBytes;

    public OrderTrouble? Trouble => order.Trouble;

    public bool HasMore => order.HasMore;

    public ulong FirstFree(ulong wanted) => order.FirstFree(wanted);

    public async ValueTask<bool> SubmitAsync(Batch batch, CancellationToken cancel)
    {
        while (isFull()) await Task.Delay(10, cancel);
        return await order.SubmitAsync(batch, cancel);
    }

    public IAsyncEnumerable<Batch> ReadAsync(CancellationToken cancel) => order.ReadAsync(cancel);

    public void Took(Forgettable forgettable) => order.Took(forgettable);

    public void Dispose() => order.Dispose();
}

/// <summary>An order whose batches behind the first come only once there are so many of them.</summary>
sealed class Gathered(IOrdering order, int many) : IOrdering
{
    readonly Queue<Batch> there = [];

    public int MaxBatchBytes => order.MaxBatchBytes;

    public OrderTrouble? Trouble => order.Trouble;

    public bool HasMore => there.Count > 0;

    public ulong FirstFree(ulong wanted) => order.FirstFree(wanted);

    public ValueTask<bool> SubmitAsync(Batch batch, CancellationToken cancel) => order.SubmitAsync(batch, cancel);

    public async IAsyncEnumerable<Batch> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var isFirst = true;
        await foreach (var batch in order.ReadAsync(cancel))
        {
            there.Enqueue(batch);
            if (!isFirst && there.Count < many) continue;
            isFirst = false;
            while (there.TryDequeue(out var next)) yield return next;
        }
    }

    public void Took(Forgettable forgettable) => order.Took(forgettable);

    public void Dispose() => order.Dispose();
}

/// <summary>A clock that goes right and shows another time.</summary>
sealed class SetWrong(TimeProvider right, TimeSpan ahead) : TimeProvider
{
    public override long TimestampFrequency => right.TimestampFrequency;

    public override long GetTimestamp() => right.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => right.CreateTimer(callback, state, dueTime, period);
}

/// <summary>Waits ten times as short as they say, from the beginning or from when it is told; the time of day is as it is.</summary>
sealed class Hurried(bool atOnce = true) : TimeProvider
{
    const int Factor = 10;

    // The right clock's, behind which it runs ahead.
    long since = atOnce ? System.GetTimestamp() : long.MaxValue;

    public override long TimestampFrequency => System.TimestampFrequency;

    public void Hurry() => Volatile.Write(ref since, System.GetTimestamp());

    public override long GetTimestamp() => System.GetTimestamp() is var now && Volatile.Read(ref since) is var from && now > from ? from + ((now - from) * Factor) : now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Short(dueTime), Short(period));

    TimeSpan Short(TimeSpan time) => time <= TimeSpan.Zero || Volatile.Read(ref since) == long.MaxValue ? time : time / Factor;
}
