using System.Diagnostics;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Ordering;
using Ledger.Node.Peers;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>A block that is folded and durable, and not yet final.</summary>
sealed record Waiting(FoldedBlock Folded, IReadOnlyList<BatchItem> Items, TimeSpan Deciding, long Since, BlockPoint Point)
{
    public Block Block => Folded.Block;

    public bool ChangesSet => Folded.State.ChangesValidators;
}

/// <summary>
/// The blocks that one of several validators has durably, one line without branches: final ones in the chain, and behind them those that wait for their finality, in the file <c>pending</c>. What waits gives way to
/// what a quorum certified, and is kept beside the line until something is final. The fold stands behind the last.
/// </summary>
sealed class BlockLine : IBlockLine, IDisposable
{
    readonly Fold fold;
    readonly BlockLog log;
    readonly PartyId bank;
    readonly TimeProvider time;
    readonly PendingFile pending;
    readonly CutBlocks cut;
    readonly List<Waiting> waiting = [];
    readonly List<(ulong Height, ulong Counter)> own = [];
    Header last;
    ulong ownBelow = 1;

    // Never what a block leaves half-way: it is read beside whoever folds.
    volatile LedgerState state;

    /// <summary>Goes on behind the chain's last block with what was pending, but for what a ballot has left behind with its epoch.</summary>
    public BlockLine(Fold fold, BlockLog log, IStorage storage, PartyId bank, TimeProvider time, Ballot? ballot)
    {
        (this.fold, this.log, this.bank, this.time) = (fold, log, bank, time);
        fold.KeepsStepsBack = true;
        Genesis = GenesisOf(fold);
        Final = new(fold.Last.Header.Height == 0 ? 0 : fold.State.Ordering.Number, fold.History.Size, fold.History.Root());
        (last, state) = (fold.Last.Header, fold.State);
        Settled = new FinalLine(this);
        pending = PendingFile.Open(storage, out var blocks);
        foreach (var block in blocks)
        {
            if (block.Header.Height > Height && !Recall(block, ballot)) break;
        }

        cut = CutBlocks.Open(storage, fold.Genesis.Chain.Suite, QuorumLedger.MaxPendingBytes, out var before);
        cut.Keep(StandingHere([.. before, .. blocks.Where(block => block.Header.Height > Height)]));
        pending.CutAbove(Height);
    }

    public BlockPoint Genesis { get; }

    /// <summary>The end of the last final block.</summary>
    public BlockPoint Final { get; private set; }

    /// <summary>The final blocks alone, each with the epoch in which it was ordered: by epochs a new one is begun.</summary>
    public IBlockLine Settled { get; }

    /// <summary>As the last block that is folded leaves it. May be asked beside whoever folds.</summary>
    public LedgerState State => state;

    /// <summary>What waits, by height.</summary>
    public IReadOnlyList<Waiting> Waiting => waiting;

    /// <summary>All that is here durably and not final: what waits, and what gave way.</summary>
    public IReadOnlyList<(Block Block, BlockPoint Point)> NotFinal => [.. waiting.Select(static one => (one.Block, one.Point)), .. cut.Kept];

    /// <summary>The last block that is folded, final or not.</summary>
    public ulong Height => fold.Last.Header.Height;

    /// <summary>The size of the history with it.</summary>
    public ulong Size => fold.History.Size;

    public static BlockPoint GenesisOf(Fold fold) => new(0, fold.GenesisBlock.EndLeaf, fold.History.RootAt(fold.GenesisBlock.EndLeaf));

    public bool Has(BlockPoint point) =>
        point.Size <= Final.Size ? point.Size > 0 && fold.History.RootAt(point.Size) == point.Root : IndexOf(point) >= 0;

    /// <summary>Which of those that wait ends there, in whatever epoch it is voted on; -1 where none does.</summary>
    public int IndexOf(BlockPoint point) => waiting.FindIndex(one => one.Point.Size == point.Size && one.Point.Root == point.Root);

    /// <summary>Whether the next envelope takes a position behind the last block.</summary>
    public bool Takes(Envelope envelope) => fold.Takes(envelope);

    /// <summary>Folds the next batch; returns when its block is durable.</summary>
    public void Take(Batch batch)
    {
        var began = Stopwatch.GetTimestamp();
        var folded = fold.Append(batch.Envelope, batch.Items);
        var deciding = Stopwatch.GetElapsedTime(began);
        pending.Append(folded.Block);
        Add(folded, batch.Items, deciding);
    }

    /// <summary>Takes blocks that a peer gave as final, where they are those that a quorum certified: as many as wait in front then, and are to be finished.</summary>
    /// <exception cref="QuorumContradictedException">A quorum signed what the rules do not make.</exception>
    /// <exception cref="ProtocolUnknownException">They are folded by rules that came by votes and that this program does not know.</exception>
    public int TakeCovered(CoveredBlocks given, TrustPolicy policy, PartyId giver, out PeerFault? fault)
    {
        fault = null;
        given = given with { Blocks = AboveFinal(given.Blocks) };
        if (given.Blocks.Count == 0 || (fault = GivenBlocks.Fault(End(policy), given, giver)) is not null) return 0;
        Replace(given.Blocks, isDurable: false);
        return given.Blocks.Count;
    }

    /// <summary>
    /// Takes blocks that a peer gave up to one that a quorum prepared, where they are those. By that they are not final: they wait, durably, as what came by the order does.
    /// </summary>
    /// <exception cref="QuorumContradictedException">A quorum prepared what the rules do not make.</exception>
    public PeerFault? TakePrepared(IReadOnlyList<Block> blocks, BlockPoint prepared, TrustPolicy policy, PartyId giver)
    {
        blocks = AboveFinal(blocks);
        if (blocks.Count == 0) return null;
        var fault = GivenBlocks.Fault(End(policy), blocks, prepared, giver);
        if (fault is null) Replace(blocks, isDurable: true);
        return fault;
    }

    /// <summary>Whether a block gave way that ends there.</summary>
    public bool CanTakeBack(BlockPoint point) => cut.Kept.Any(one => one.Point.Size == point.Size && one.Point.Root == point.Root);

    /// <summary>Where a block that gave way is what the line goes on from after all, it waits again, with those before it. Where some of them were let go for want of room nothing changes, and other banks are asked.</summary>
    public void TakeBack(BlockPoint point, TrustPolicy policy)
    {
        var branch = CutBlocks.BranchTo(fold.Genesis.Chain.Suite, NotFinal, point.Size, point.Root);
        if (branch.Count > 0) TakePrepared(branch, point, policy, bank);
    }

    /// <summary>The first so many that wait are final under a checkpoint; returns when they are durable.</summary>
    public IReadOnlyList<Waiting> Finish(int count, Note note)
    {
        var done = waiting[..count];
        log.Append(BlockLog.Records([.. done.Select(static one => one.Block)], note));
        log.Flush();
        (Final, last) = (done[^1].Point, done[^1].Block.Header);
        waiting.RemoveRange(0, count);
        pending.Drop(last.Height);
        fold.Settle(last.Height);
        cut.Settle(last, waiting.Select(static one => one.Block.Header));
        return done;
    }

    /// <summary>Gives up what waits behind the first so many; returns when that is durable. It is kept beside the line.</summary>
    public void Cut(int keeps)
    {
        if (keeps == waiting.Count) return;
        cut.Keep([.. waiting.Skip(keeps).Select(static one => (one.Block, one.Point))]);
        fold.GoBackTo(waiting[keeps].Block.Header.Height - 1);

        // Their counters are used again, and what is put under them must stay until others have it.
        foreach (var one in waiting.Skip(keeps))
        {
            if (one.Block.Envelope?.Envelope is { } envelope && envelope.Bank == bank) ownBelow = Math.Min(ownBelow, envelope.Counter);
        }

        waiting.RemoveRange(keeps, waiting.Count - keeps);
        own.RemoveAll(one => one.Height > Height);
        state = fold.State;
        pending.CutAbove(Height);
    }

    /// <summary>Takes back what waits in memory; it stays on disk.</summary>
    public void GoBackToFinal()
    {
        if (waiting.Count > 0) fold.GoBackTo(waiting[0].Block.Header.Height - 1);
    }

    /// <summary>Below which counter this bank's batches stand in blocks up to a height; asked with heights that rise.</summary>
    public ulong OwnBelow(ulong height)
    {
        var count = own.TakeWhile(one => one.Height <= Math.Min(height, Height)).Count();
        if (count > 0) ownBelow = own[count - 1].Counter + 1;
        own.RemoveRange(0, count);
        return ownBelow;
    }

    public void Dispose() => pending.Dispose();

    ChainEnd End(TrustPolicy policy) => new(fold.Genesis.Chain.Suite, fold.Genesis.Origin, last, fold.History.EdgeAt(Final.Size), policy);

    // What became final here while it was asked for is no news.
    List<Block> AboveFinal(IReadOnlyList<Block> blocks) => [.. blocks.Where(block => block.EndLeaf > Final.Size)];

    void Replace(IReadOnlyList<Block> blocks, bool isDurable)
    {
        var shared = waiting.Zip(blocks).TakeWhile(static both => both.First.Block.Payload.Span.SequenceEqual(both.Second.Payload.Span)).Count();
        if (shared < blocks.Count) Cut(shared);
        foreach (var block in blocks.Skip(shared))
        {
            if (!fold.KnowsNext) throw new ProtocolUnknownException(fold.State.Protocol.Number);
            if (!Repeat(block, verifySignatures: true, out var fault)) throw new QuorumContradictedException(block.Header.Height, $"leaf {fault?.Leaf}, {fault?.Kind}");
            if (isDurable) pending.Append(block);
        }
    }

    // Of blocks that were read those that stand on the last final one, each with the point at its end.
    List<(Block Block, BlockPoint Point)> StandingHere(IReadOnlyList<Block> blocks)
    {
        var suite = fold.Genesis.Chain.Suite;
        var standing = new List<(Block, BlockPoint)>();
        var edges = waiting.ToDictionary(one => one.Block.Header.LeafHash(suite), one => fold.History.EdgeAt(one.Point.Size));
        edges[last.LeafHash(suite)] = fold.History.EdgeAt(Final.Size);
        foreach (var block in blocks.OrderBy(static block => block.Header.Height))
        {
            var hash = block.Header.LeafHash(suite);
            if (block.Envelope is not { } leaf || edges.ContainsKey(hash) || !edges.TryGetValue(block.Header.Previous, out var before) || block.FirstLeaf != before.Size) continue;
            var edge = edges[hash] = before.Copy();
            foreach (var octets in block.Leaves) edge.Append(MerkleHash.OfLeaf(suite, octets.Span));
            standing.Add((block, new(leaf.Envelope.Epoch, edge.Size, edge.Root())));
        }

        return standing;
    }

    // What was pending when the node ended. Where the ballot had entered a later epoch, what it left behind was still to be cut.
    bool Recall(Block block, Ballot? ballot) =>
        !(ballot is { } mine && block.Envelope is { } leaf && leaf.Envelope.Epoch < mine.Epoch && block.EndLeaf > mine.Base.Size) && fold.KnowsNext && Repeat(block, verifySignatures: false, out _);

    bool Repeat(Block block, bool verifySignatures, out LeafFault? fault)
    {
        var height = Height;
        if (fold.Repeat(block, verifySignatures, out fault) is not { } folded)
        {
            fold.GoBackTo(height);
            return false;
        }

        Add(folded, [], TimeSpan.Zero);
        return true;
    }

    void Add(FoldedBlock folded, IReadOnlyList<BatchItem> items, TimeSpan deciding)
    {
        var envelope = folded.Block.Envelope?.Envelope ?? throw new UnreachableException("Block 0 is never pending.");
        if (envelope.Bank == bank) own.Add((folded.Block.Header.Height, envelope.Counter));
        waiting.Add(new(folded, items, deciding, time.GetTimestamp(), new(envelope.Epoch, fold.History.Size, fold.History.Root())));
        state = folded.State;
    }

    sealed class FinalLine(BlockLine line) : IBlockLine
    {
        public bool HasAgain(BlockPoint point) => point.Size <= line.Final.Size && point.Epoch >= EpochOf(point.Size) && line.Has(point);

        public bool Has(BlockPoint point)
        {
            if (point == line.Genesis || point == line.Final) return true;
            return point.Size > 0 && point.Size <= line.Final.Size && EpochOf(point.Size) == point.Epoch && line.fold.History.RootAt(point.Size) == point.Root;
        }

        // Of the block that ends there; null where none does.
        uint? EpochOf(ulong size) => size > 0 && line.log.BlockOf(size - 1) is { } height && line.log.ReadBlock(height) is { } block && block.EndLeaf == size ? block.Envelope?.Envelope.Epoch : null;
    }
}
