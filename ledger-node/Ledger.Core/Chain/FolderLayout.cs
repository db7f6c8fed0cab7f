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

    public const string Pending = "pending";

    public const string Private = "private";

    /// <summary>Who read whose data, a file a day.</summary>
    public const string Access = "access";
}
