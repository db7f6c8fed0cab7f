using Ledger.Core.Chain;
using Ledger.Core.Replay;

namespace Ledger.Node.Peers;

/// <summary>What both sides of the peer protocol keep to: how much one answer holds, and how long one waits for a block.</summary>
public static class PeerPages
{
    public const string Root = "/peer/v1";

    public const string Octets = "application/octet-stream";
    public const string NoteType = "text/plain; charset=utf-8";

    /// <summary>An answer of blocks ends with the first checkpoint beyond so many octets.</summary>
    public const int BlocksBytes = 8 * 1024 * 1024;

    /// <summary>A page of a snapshot, but for its last.</summary>
    public const int SnapshotBytes = 8 * 1024 * 1024;

    /// <summary>The longest snapshot that is asked for: nobody fills a disk with what nobody signed.</summary>
    public const ulong MaxSnapshot = 64UL * 1024 * 1024 * 1024;

    /// <summary>The largest block: a batch of the largest leaves, with their lengths and their count.</summary>
    public const int MaxBlock = 4 + ((Fold.MaxBatch + 2) * (2 + ushort.MaxValue));

    /// <summary>A checkpoint with all the signatures that it may have, in letters.</summary>
    public const int MaxNote = 32 * 1024;

    /// <summary>Blocks that one checkpoint covers: no more may wait for their finality.</summary>
    public const int MaxUncovered = 64;

    public const int MaxStatus = 4 * 1024;
    public const int MaxVote = 32 * 1024;
    public const int MaxReport = 16 * 1024;
    public const int MaxEvidence = 2 * MaxVote;

    /// <summary>Transactions that wait for signatures: an answer ends with the first beyond half of it, and no one is as long as the other half.</summary>
    public const int MaxDrafts = 1024 * 1024;

    /// <summary>The words of all the keys that a bank may hold, for one rotation.</summary>
    public const int MaxRotation = 8 * 128;

    /// <summary>The words of all the anchor keys that a bank may hold, for one checkpoint.</summary>
    public const int MaxWords = 8 * 84;

    /// <summary>Reports or evidence in one answer.</summary>
    public const int MaxListed = 64;

    /// <summary>As many reports as there may be, with their lengths and their count.</summary>
    public const int MaxClosing = 1 + (MaxListed * (MaxReport + sizeof(uint)));

    /// <summary>How long a request for blocks may wait for one.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    /// <summary>How much of a record of a type may come; 0 for one that does not come between peers.</summary>
    public static int MaxPayload(RecordType type) => type switch
    {
        RecordType.Block => MaxBlock,
        RecordType.Checkpoint => MaxNote,
        _ => 0,
    };
}
