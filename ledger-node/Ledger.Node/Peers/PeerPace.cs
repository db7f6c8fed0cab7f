namespace Ledger.Node.Peers;

/// <summary>
/// How long a peer may take: to be reached, to begin, and then for what it sends. Who sends slower than that is left for another, for one that trickles could hold a node back for ever.
/// </summary>
public sealed record PeerPace(TimeSpan Connecting, TimeSpan Grace, long BytesPerSecond)
{
    public static readonly PeerPace Default = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10), 64 * 1024);

    /// <summary>By when so much must have come.</summary>
    public TimeSpan Allowed(long bytes) => Grace + TimeSpan.FromSeconds((double)bytes / BytesPerSecond);
}
