using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;

namespace Ledger.Node.Storage;

/// <summary>What opening a log found.</summary>
public abstract record Recovery
{
    private protected Recovery() { }

    /// <summary>The log, ready for more; the ledger as its blocks leave it; the newest checkpoint; and what had to be cut.</summary>
    public sealed record Complete(BlockLog Log, Fold Fold, Note Checkpoint, CutTail? Cut) : Recovery;

    /// <summary>A log whose blocks were linked and not repeated: its history, its last header, and the newest checkpoint.</summary>
    public sealed record Linked(BlockLog Log, HistoryTree History, Header Last) : Recovery;

    /// <summary>No chain was founded here.</summary>
    public sealed record NotFounded : Recovery;

    /// <summary>The folder is another chain's. <paramref name="Found"/> is the hash of the genesis that is there.</summary>
    public sealed record OtherGenesis(Hash256 Found) : Recovery;

    /// <summary>Something is wrong that no crash explains. Nothing was altered.</summary>
    public sealed record Damaged(AuditFault Fault) : Recovery;
}

/// <summary>Bytes behind the last checkpoint that a crash had left, never acknowledged, and now gone.</summary>
public sealed record CutTail(string File, long Offset, long Bytes);

/// <summary>How far a recovery is.</summary>
public readonly record struct RecoveryProgress(ulong Blocks, ulong Leaves, long Bytes, long TotalBytes);
