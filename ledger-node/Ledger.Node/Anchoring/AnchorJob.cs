using Ledger.Core.Primitives;
using Ledger.Evm;

namespace Ledger.Node.Anchoring;

/// <summary>How far an anchor is. Each is on disk before what it says is done, so that a start finds at least what somebody else may have seen. The numbers are in the file and never change.</summary>
public enum AnchorStep
{
    /// <summary>One is due; nothing is signed.</summary>
    Queued = 1,

    /// <summary>A transaction is signed and kept; nobody has it.</summary>
    Signed = 2,

    /// <summary>It was given away, or is about to be: from here on it may stand in a block.</summary>
    Broadcast = 3,

    /// <summary>It stands in a block, which the chain may take back.</summary>
    Mined = 4,

    /// <summary>So many blocks stand on that one as the operator asks for.</summary>
    Confirmed = 5,

    /// <summary>The chain takes the block back no more.</summary>
    Final = 6,

    /// <summary>Another bank anchored as much or more.</summary>
    Superseded = 7,

    /// <summary>Its nonce went to a transaction that anchors nothing: one that put another set of signers in force, one that failed or cleared the way, or one that is not this node's.</summary>
    Spent = 8,
}

/// <summary>Where a transaction of a job stands: which one, in which block, and whether it did what it should.</summary>
public sealed record MinedAt(Hash256 Transaction, ulong Block, Hash256 BlockHash, bool Succeeded, UInt128 Cost);

/// <summary>One anchor under way, or over. All its transactions have one nonce, so that at most one of them is ever carried out.</summary>
public sealed record AnchorJob(long Number, string Chain, AnchorStep Step, ulong? Nonce, MinedAt? Mined, Timestamp Since)
{
    public bool IsOver => Step is AnchorStep.Final or AnchorStep.Superseded or AnchorStep.Spent;
}

/// <summary>
/// A transaction of a job that was signed: <paramref name="Size"/> and <paramref name="Root"/> are what it anchors behind <paramref name="From"/>. Of size 0 it anchors nothing: it puts the set of signers whose
/// hash is the root in the place of the one of that number, or, without a root, only frees its nonce.
/// </summary>
public sealed record AnchorAttempt(SignedTransaction Signed, ulong From, ulong Size, Hash256 Root, Timestamp At)
{
    public bool Rotates => Size == 0 && !Root.IsZero;

    /// <summary>Whether it goes on from what the contract holds.</summary>
    public bool FollowsOn(AnchoredLedger ledger) => From == (Rotates ? ledger.SetNumber : ledger.Size);
}
