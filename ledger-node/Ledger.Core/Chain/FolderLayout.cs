using System.Globalization;

namespace Ledger.Core.Chain;

/// <summary>Names in a node's data folder, which a verifier must find too.</summary>
public static class FolderLayout
{
    /// <summary>The folder of the segments and of genesis; by itself it is all that a verifier needs.</summary>
    public const string Chain = "chain";

    public const string Genesis = "genesis.json";

    /// <summary>The file that the running node holds for itself alone.</summary>
    public const string Lock = "lock";

    /// <summary>Who holds the lock, for people to read.</summary>
    public const string LockInfo = "lock.json";

    /// <summary>How far the chain is checkpointed, in 16 bytes big-endian: first height of the last segment, and its length up to there.</summary>
    public const string Published = "published";

    public const string DataVersion = "data-version";

    /// <summary>The time at which a demo or test chain's clock is held, in unix milliseconds; no file where it runs.</summary>
    public const string StoryClock = "story-clock";

    /// <summary>The last checkpoint that the node signed. It is in no backup: whoever goes on without it must say so.</summary>
    public const string Vote = "vote";

    /// <summary>The folder of the states from which a start may go on.</summary>
    public const string Snapshots = "snapshots";

    /// <summary>What a node that joins from a snapshot has fetched so far, laid out as a data folder; no node runs on it, and no backup has it.</summary>
    public const string Joining = "joining";

    /// <summary>By which snapshot this folder began, while what stands before it was not all repeated.</summary>
    public const string Joined = "joined";

    /// <summary>How far that is repeated by now, as a snapshot; in no backup.</summary>
    public const string Verified = "verified";

    const string SnapshotExtension = ".snap";
    const int HeightDigits = 12;

    /// <summary>Up to where the order is durable in the chain, where others order it; in no backup.</summary>
    public const string OrderPosition = "position";

    /// <summary>What this bank has last put into the order; in no backup.</summary>
    public const string Outbox = "outbox";

    /// <summary>Blocks of several validators that are not yet final.</summary>
    public const string Pending = "pending";

    /// <summary>Those of them that gave way to others since something was final.</summary>
    public const string Cut = "cut";

    /// <summary>What one of several validators must remember of what it signed. It is in no backup.</summary>
    public const string Ballot = "ballot";

    /// <summary>By what one of several validators entered its epoch, for those who missed it.</summary>
    public const string Closing = "closing";

    /// <summary>The folder of what proves that a bank broke the rules of voting.</summary>
    public const string Evidence = "evidence";

    public const string Private = "private";

    /// <summary>The key with which a node that only observes signs its admin log; in no backup.</summary>
    public const string ObserverKey = "observer.key.json";

    /// <summary>The read model; it is made from the chain whenever it is missing.</summary>
    public const string Views = "views.db";

    /// <summary>What this node's people decided by themselves, which no chain tells.</summary>
    public const string Local = "local.db";

    /// <summary>Who read whose data, a file a day.</summary>
    public const string Access = "access";

    /// <summary>By which the operations port knows its operator; in no backup.</summary>
    public const string OperatorToken = "operator-token";

    /// <summary>Whom the node tells what happens, with the secrets that sign it; in no backup.</summary>
    public const string Webhooks = "webhooks.db";

    /// <summary>Transactions that wait for signatures; in no backup, for they last a day at most.</summary>
    public const string Drafts = "drafts.db";

    /// <summary>What this node sends to EVM chains, and how far it is; in no backup, for the chains tell it.</summary>
    public const string Anchors = "anchor.db";

    /// <summary>By which one process has that file.</summary>
    public const string AnchorLock = "anchor.lock";

    /// <summary>Who asked this bank for tags of documents, and for how many (decision 0094).</summary>
    public const string Pledges = "pledges.db";

    /// <summary>A snapshot's file name: the height of its block in twelve digits.</summary>
    public static string SnapshotName(ulong height) => height.ToString("D12", NumberFormatInfo.InvariantInfo) + SnapshotExtension;

    public static bool TryParseSnapshotName(ReadOnlySpan<char> name, out ulong height)
    {
        height = 0;
        return name.Length == HeightDigits + SnapshotExtension.Length && name.EndsWith(SnapshotExtension, StringComparison.Ordinal)
            && ulong.TryParse(name[..HeightDigits], NumberStyles.None, NumberFormatInfo.InvariantInfo, out height);
    }
}
