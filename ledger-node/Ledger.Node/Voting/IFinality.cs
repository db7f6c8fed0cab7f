using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Ordering;

namespace Ledger.Node.Voting;

/// <summary>A block that is final, and what was brought in its batch; nothing is known of that where the block was folded by an earlier run, or came from another node.</summary>
/// <param name="Folded">What became of the batch.</param>
/// <param name="Items">The batch's transactions, in the order of the answers.</param>
/// <param name="Deciding">How long folding it took.</param>
public sealed record FinalBlock(FoldedBlock Folded, IReadOnlyList<BatchItem> Items, TimeSpan Deciding);

/// <summary>Blocks that became final together, durable under the checkpoint that says so.</summary>
/// <param name="Blocks">In the order of their heights; none says that a new epoch of ordering began, or that this bank seals with another key.</param>
/// <param name="Checkpoint">Over the last of them.</param>
/// <param name="Storing">How long it took until they were final and durable, since they were folded.</param>
public sealed record FinalBlocks(IReadOnlyList<FinalBlock> Blocks, Note Checkpoint, TimeSpan Storing);

/// <summary>
/// What makes blocks of an order, and makes them final. Nothing is told to anybody before it is final and durable; what is told is never taken back.
/// </summary>
public interface IFinality : IDisposable
{
    /// <summary>Where batches go; another one in each epoch.</summary>
    IOrdering Ordering { get; }

    /// <summary>Whether this node takes transactions and seals batches; one that only observes does not.</summary>
    bool Orders { get; }

    /// <summary>The epoch of ordering in which a batch is sealed now.</summary>
    uint Epoch { get; }

    /// <summary>What keeps blocks from becoming final; null while nothing does.</summary>
    OrderTrouble? Trouble { get; }

    /// <summary>How voting stands, asked at any time; null where nobody else votes.</summary>
    VotingStanding? Voting => null;

    /// <summary>The ledger behind the last block that is folded, final or not; null where none is folded before it is final. May be asked beside <see cref="RunAsync"/>.</summary>
    LedgerState? Tip { get; }

    /// <summary>Whether other banks vote too. An epoch whose order broke then ends by itself; else somebody must begin the next.</summary>
    bool IsShared { get; }

    /// <summary>With which a batch is sealed now.</summary>
    NodeKey Signer { get; }

    /// <summary>This node sealed a batch just now.</summary>
    void Sealed(Envelope envelope);

    /// <summary>The blocks as they become final. Whoever stops reading stops folding.</summary>
    IAsyncEnumerable<FinalBlocks> RunAsync(CancellationToken cancel);

    /// <summary>Makes durable what may follow at leisure. May be called beside <see cref="RunAsync"/>.</summary>
    void Flush();

    /// <summary>The ledger at the last final block, for a snapshot; null while it has gone further. Not to be called beside <see cref="RunAsync"/>, but by whoever reads it.</summary>
    FrozenLedger? Freeze(Note checkpoint);

    /// <summary>Behind a run that ended: takes back what is not final, so that the ledger can be frozen.</summary>
    void GoBackToFinal();
}
