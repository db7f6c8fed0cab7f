using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Health;

/// <summary>Why a node takes no acts, or makes none final, under a permanent number and in words for its operator. What is final can be read all the same.</summary>
public sealed record NodeTrouble(Refusal Code, string Chinese, string English);

/// <summary>A proof that a bank broke the rules of voting in an epoch, and the file of the data folder that holds it.</summary>
public sealed record BreachKept(PartyId Bank, uint Epoch, string File);

/// <summary>How a node orders what it is sent.</summary>
public enum OrderKind
{
    /// <summary>By itself.</summary>
    Embedded = 1,

    /// <summary>By a cluster of etcd.</summary>
    Etcd,

    /// <summary>It orders nothing and follows others.</summary>
    Peers,
}

/// <summary>What a bank's newest vote says: how far it has blocks, and how many leaves the farthest has that it prepared and that it committed to.</summary>
public sealed record VoteStanding(ulong Sequence, Timestamp Time, ulong Height, ulong Prepared, ulong Committed);

/// <summary>What is known of a bank's node by asking it.</summary>
public sealed record PeerSeen(
    string Address, ulong? Height, ulong? Lag, uint? Epoch, string? Version, Timestamp? LastSeen, Timestamp? CertificateExpires, bool IsFalse, (string Chinese, string English)? Trouble);

/// <summary>One bank as this node sees it.</summary>
/// <param name="Bank">Which.</param>
/// <param name="IsOwn">Whether this node is its.</param>
/// <param name="Validates">Whether it votes now; others observe.</param>
/// <param name="Vote">Its newest vote of this epoch; null where none came.</param>
/// <param name="IsAwaited">Whether its votes say nothing of the oldest block that waits.</param>
/// <param name="HasReported">Whether it gave this epoch up.</param>
/// <param name="Peer">What its node said; null for this node, and where it is not asked.</param>
public sealed record BankStanding(PartyId Bank, bool IsOwn, bool Validates, VoteStanding? Vote, bool IsAwaited, bool HasReported, PeerSeen? Peer);

/// <summary>One member of the etcd that orders.</summary>
public sealed record MemberStanding(
    string Address, bool Answers, bool IsLeader, ulong? Revision, long? StoredBytes, long? UsedBytes, string? Version, Timestamp? LastSeen, IReadOnlyList<string> Alarms, (string Chinese, string English)? Trouble);

/// <summary>A certificate that this node shows, by what it is for.</summary>
public sealed record CertificateStanding(CertificateUse Use, Timestamp Expires);

/// <summary>An epoch of fingerprint keys: what it committed to, the key as the ledger has it sealed to this node's bank, and whether the bank has it.</summary>
public sealed record KeyEpochStanding(uint Number, Hash256 KeyCommitment, string? Sealed, bool HasKey);

/// <summary>How a node anchors on one EVM chain.</summary>
/// <param name="Name">What its operator calls it.</param>
/// <param name="Chain">The chain's id.</param>
/// <param name="Contract">The anchor contract's address.</param>
/// <param name="Account">Whose money pays.</param>
/// <param name="Anchored">Leaves of the newest anchor there; null before the chain was heard.</param>
/// <param name="Lag">Final leaves beyond it.</param>
/// <param name="Since">Since when this node knows of it.</param>
/// <param name="Final">Leaves of the newest that this node sent and that the chain takes back no more.</param>
/// <param name="Step">How far the one under way is; null where none is.</param>
/// <param name="Attempts">Transactions that were signed for it.</param>
/// <param name="Balance">Of the account, in wei.</param>
/// <param name="Spent">Today, in wei.</param>
/// <param name="IsForked">Whether two histories of this ledger were shown there.</param>
/// <param name="Trouble">Why nothing is anchored just now; null while it is.</param>
public sealed record ChainStanding(
    string Name, ulong Chain, string Contract, string Account, ulong? Anchored, ulong? Lag, Timestamp? Since, ulong? Final, string? Step, int Attempts, UInt128? Balance, UInt128 Spent, bool IsForked, NodeTrouble? Trouble)
{
    /// <summary>What an anchor there leaves unproven; null where the contract proves all, or is not known yet.</summary>
    public (string Chinese, string English)? NotProven { get; init; }
}

public enum CertificateUse
{
    /// <summary>To other banks' nodes.</summary>
    Peers = 1,

    /// <summary>To members of etcd.</summary>
    Etcd,

    /// <summary>To whoever calls the API.</summary>
    Api,
}

/// <summary>How a node is, all that its operator asks first, as of one moment.</summary>
public sealed record NodeStanding
{
    public required PartyId Bank { get; init; }

    public required string Version { get; init; }

    public required OrderKind Order { get; init; }

    /// <summary>The node's own clock when it was asked.</summary>
    public required Timestamp Time { get; init; }

    /// <summary>The last final block.</summary>
    public required ulong Height { get; init; }

    public required ulong Leaves { get; init; }

    public required Hash256 Root { get; init; }

    public required uint Epoch { get; init; }

    /// <summary>Whether reads are answered; false while the read model is made anew, or the node stops.</summary>
    public required bool Reads { get; init; }

    /// <summary>Why no acts are taken or become final; null while they are.</summary>
    public NodeTrouble? Trouble { get; init; }

    /// <summary>Whether <see cref="Trouble"/> is an order that lost or changed something: it does not come back by itself.</summary>
    public bool IsOrderBroken { get; init; }

    /// <summary>The last block that is folded, final or not.</summary>
    public required ulong Folded { get; init; }

    public int Pending { get; init; }

    /// <summary>For how long the oldest pending block waits.</summary>
    public TimeSpan? Waits { get; init; }

    /// <summary>So many validators make a block final.</summary>
    public required int Quorum { get; init; }

    /// <summary>Why this node does not vote; null while it does, or need not.</summary>
    public (string Chinese, string English)? Silence { get; init; }

    /// <summary>Whether this node's ballot is missing: it votes again from a later epoch on.</summary>
    public bool HasLostBallot { get; init; }

    /// <summary>Proofs that a bank broke the rules of voting.</summary>
    public IReadOnlyList<BreachKept> Breaches { get; init; } = [];

    /// <summary>Whether this program's own verification of signatures was found wrong; the platform verifies since.</summary>
    public bool HasWrongVerification { get; init; }

    /// <summary>Other histories that a quorum signed.</summary>
    public int SplitViews { get; init; }

    /// <summary>The fingerprint keys by which this node attests; none where it takes no acts.</summary>
    public IReadOnlyList<KeyEpochStanding> KeyEpochs { get; init; } = [];

    /// <summary>Of a node that joined from a snapshot: its height, and up to where what came before was verified by now; null where all was.</summary>
    public (ulong From, ulong VerifiedTo)? Joined { get; init; }

    public required IReadOnlyList<BankStanding> Banks { get; init; }

    public required IReadOnlyList<MemberStanding> Members { get; init; }

    public required IReadOnlyList<CertificateStanding> Certificates { get; init; }

    /// <summary>The EVM chains on which it anchors.</summary>
    public IReadOnlyList<ChainStanding> Anchors { get; init; } = [];

    public int Validators => Banks.Count(static bank => bank.Validates);
}
