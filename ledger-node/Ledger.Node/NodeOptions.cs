namespace Ledger.Node;

/// <summary>What one node may tune for itself. What all must agree on is in genesis and never here.</summary>
public sealed record NodeOptions(
    string Data,
    string Host,
    int Port,
    bool NextFreePort,
    long SegmentBytes)
{
    public const string DefaultHost = "127.0.0.1";
    public const int DefaultPort = 7301;
    public const int DefaultOperationsPort = 7302;
    public const long DefaultSegmentBytes = 64L * 1024 * 1024;
}
