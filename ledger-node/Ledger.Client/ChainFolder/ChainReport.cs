using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Client.ChainFolder;

/// <summary>How far a verification has come.</summary>
public readonly record struct ChainProgress(ulong Height, long BytesRead, long BytesTotal);

/// <summary>
/// What was read and re-derived, up to the end or to the fault. Bytes are those of the segments that were read without one; resumed are the later
/// epochs of ordering, each with its first height: before it acknowledged blocks may have been lost.
/// </summary>
public sealed record ChainReport(
    Genesis Genesis,
    bool IsChainIdTrusted,
    Checkpoint Checkpoint,
    ulong Height,
    Timestamp LedgerTime,
    ulong Blocks,
    ulong Accepted,
    ulong Refused,
    ulong Skipped,
    ulong Checkpoints,
    ulong Signatures,
    long Bytes,
    IReadOnlyList<OrderingEpoch> Resumed)
{
    /// <summary>The validators behind the last block, and the number of their set.</summary>
    public IReadOnlyList<Validator> Validators { get; init; } = [];

    /// <summary>Every set of validators that there was, genesis's first.</summary>
    public IReadOnlyList<IReadOnlyList<Validator>> EverySet { get; init; } = [];

    public uint ValidatorSet { get; init; } = 1;

    /// <summary>The history as far as it was read, of which every earlier root follows.</summary>
    public HistoryTree? History { get; init; }

    public ulong Entries => Accepted + Refused;

    public ulong Leaves => Checkpoint.Size;

    /// <summary>What lies beside the segments and is nobody's: not read, and no part of the verdict.</summary>
    public IReadOnlyList<string> ForeignFiles { get; init; } = [];
}

/// <summary>
/// The first thing that is wrong: the file, the offset of the record in it, the height that the record is or should be, and the leaf of that
/// block where one leaf can be named.
/// </summary>
public sealed record ChainFault(string File, long Offset, ulong Height, int? Leaf, string Chinese, string English)
{
    /// <summary>Whether there is only too little: the file ends before the record does.</summary>
    internal bool IsAtTheEnd { get; init; }
}

/// <summary>Whether a chain is what it says. False is not the same as unknown.</summary>
public abstract record ChainVerdict
{
    private protected ChainVerdict()
    {
    }

    /// <summary><paramref name="UpTo"/> is where the running node had published to; null when the whole folder was read.</summary>
    public sealed record Verified(ChainReport Report, PublishedLength? UpTo) : ChainVerdict;

    /// <summary>The report is of what came before the fault; there is none when genesis itself is not the chain's.</summary>
    public sealed record Falsified(ChainFault Fault, ChainReport? Report) : ChainVerdict;

    public sealed record CannotBeChecked(string Chinese, string English) : ChainVerdict;
}
