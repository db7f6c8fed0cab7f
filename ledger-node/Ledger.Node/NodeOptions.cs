namespace Ledger.Node;

/// <summary>What one node may tune for itself. What all must agree on is in genesis and never here.</summary>
public sealed record NodeOptions(
    string Data,
    string Host,
    int Port,
    bool NextFreePort,
    long SegmentBytes)
{
    /// <summary>After how many blocks a snapshot is taken, beside the one at a clean stop; 0 for none at all.</summary>
    public ulong SnapshotEvery { get; init; } = DefaultSnapshotEvery;

    public const ulong DefaultSnapshotEvery = 5_000;
    public const string DefaultHost = "127.0.0.1";
    public const int DefaultPort = 7301;
    public const int DefaultOperationsPort = 7302;
    public const long DefaultSegmentBytes = 64L * 1024 * 1024;
}
