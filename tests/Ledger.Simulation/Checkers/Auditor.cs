using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Simulation.Checkers;

/// <summary>
/// Agreement and durability: the first that any honest bank tells of a height is what all must tell of it, for ever. It is repeated from genesis by the core's own fold with every signature, and
/// its books are kept a second time.
/// </summary>
sealed class Auditor
{
    readonly Genesis genesis;
    readonly Fold fold;
    readonly List<Block> chain = [];
    readonly Dictionary<Hash256, ulong> heights = [];
    readonly List<(ulong Height, ulong Size, ValidatorSet Set)> sets = [];
    readonly List<BlockPoint> changes = [];

    public Auditor(Genesis genesis)
    {
        this.genesis = genesis;
        fold = new(genesis);
        Books = new(fold.State.Rules[RuleParameter.ReservationHours] * Timestamp.Hour);
        chain.Add(fold.GenesisBlock);
        sets.Add((0, 0, ValidatorSet.InForce(fold.State)));
    }

    public ulong Height => fold.Last.Header.Height;

    /// <summary>How many leaves are final.</summary>
    public ulong Size => fold.History.Size;

    public LedgerState State => fold.State;

    /// <summary>All who voted, one set after another.</summary>
    public IEnumerable<ValidatorSet> Sets => sets.Select(static one => one.Set);

    /// <summary>Who votes on the next block.</summary>
    public ValidatorSet Set => sets[^1].Set;

    /// <summary>The blocks that changed who votes, each with the epoch in which it was ordered.</summary>
    public IReadOnlyList<BlockPoint> Changes => changes;

    public Books Books { get; }

    /// <summary>Whether something else is final at that size.</summary>
    public bool Excludes(ulong size, Hash256 root) => size <= fold.History.Size && fold.History.RootAt(size) != root;

    /// <summary>Who votes on a block that ends with so many leaves, as far as it is final who does.</summary>
    public ValidatorSet Voting(ulong size) => sets.Last(one => one.Size < size).Set;

    /// <summary>Who votes on the block behind one.</summary>
    public ValidatorSet VotingBehind(ulong height) => sets.Last(one => one.Height <= height).Set;

    /// <summary>Where an act stands; null while it is nowhere.</summary>
    public ulong? HeightOf(Hash256 transaction) => heights.TryGetValue(transaction, out var height) ? height : null;

    /// <summary>A bank told that blocks are final.</summary>
    public void Told(string bank, IReadOnlyList<Block> blocks, Note note)
    {
        foreach (var block in blocks) Takes(bank, block);
        if (blocks.Count == 0) return;
        if (Voting(note.Checkpoint.Size).Policy.Check(genesis.Chain.Suite, note).Verdict != TrustVerdict.Trusted) throw new BrokenPromise($"{bank} shows a checkpoint that no quorum signed.");
        if (note.Checkpoint.Size != blocks[^1].EndLeaf || note.Checkpoint.Root != fold.History.RootAt(note.Checkpoint.Size))
            throw new BrokenPromise($"{bank} shows a checkpoint of {note.Checkpoint.Size} leaves that is of another history.");
    }

    /// <summary>A bank came back with a chain that ends so.</summary>
    public void CameBack(string bank, ulong told, BlockLogEnd end)
    {
        if (end.Height < told) throw new BrokenPromise($"{bank} told that block {told} is final, and came back with {end.Height} blocks.");
        if (end.Height <= Height && fold.History.RootAt(end.Size) != end.Root) throw new BrokenPromise($"{bank} came back with another history of {end.Height} blocks.");
    }

    /// <summary>What is kept beside the ledger is what the ledger says.</summary>
    public void Balance() => Books.Balance(fold.State);

    void Takes(string bank, Block block)
    {
        var height = block.Header.Height;
        if (height < (ulong)chain.Count)
        {
            if (!chain[(int)height].Payload.Span.SequenceEqual(block.Payload.Span)) throw new BrokenPromise($"{bank} has another block {height} as final than a bank before it.");
            return;
        }

        if (height != (ulong)chain.Count) throw new BrokenPromise($"{bank} tells of block {height}, and nobody of the one before.");
        if (fold.Repeat(block, verifySignatures: true, out var fault) is not { } folded) throw new BrokenPromise($"{bank} has a final block {height} that the rules do not make: leaf {fault?.Leaf}, {fault?.Kind}.");
        chain.Add(block);
        if (fold.State.ChangesValidators)
        {
            sets.Add((height, block.EndLeaf, ValidatorSet.InForce(fold.State)));
            changes.Add(new(block.Envelope?.Envelope.Epoch ?? 0, block.EndLeaf, fold.History.Root()));
        }

        Books.Open(fold.State.Now);
        foreach (var answer in folded.Answers)
        {
            if (answer.Transaction is not { } transaction || answer.Height is null) continue;
            if (!heights.TryAdd(transaction.Hash, height)) throw new BrokenPromise($"The same act stands in blocks {heights[transaction.Hash]} and {height}.");
            Books.Enter(transaction.Body, answer.Code);
        }

        if (height % 64 == 0) Balance();
    }
}

/// <summary>The end of a chain as it was found on a disk.</summary>
readonly record struct BlockLogEnd(ulong Height, ulong Size, Hash256 Root);
