using Ledger.Node.Access;
using Ledger.Node.Ordering.Etcd;

namespace Ledger.Node;

/// <summary>What one node may tune for itself. What all must agree on is in genesis and never here.</summary>
public sealed record NodeOptions(
    string Data,
    string Host,
    int Port,
    bool NextFreePort,
    long SegmentBytes)
{
    /// <summary>Who is asked once a minute to cosign the newest checkpoint.</summary>
    public IReadOnlyList<Witnessing.WitnessAddress> Witnesses { get; init; } = [];

    /// <summary>After how many blocks a snapshot is taken, beside the one at a clean stop; 0 for none at all.</summary>
    public ulong SnapshotEvery { get; init; } = DefaultSnapshotEvery;

    /// <summary>Whether a start goes on from the newest good snapshot, or repeats the whole chain.</summary>
    public bool StartsFromSnapshot { get; init; } = true;

    /// <summary>Whether a folder without a chain is to get one. It is asked for once in a ledger's life.</summary>
    public bool Founds { get; init; }

    /// <summary>How long a stop may take to let callers go and to write the last snapshot; what is not done by then is left undone.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(DefaultStopSeconds);

    public const int DefaultStopSeconds = 60;
    public const ulong DefaultSnapshotEvery = 5_000;
    public const string DefaultHost = "127.0.0.1";
    public const int DefaultPort = 7301;
    public const int DefaultOperationsPort = 7302;
    public const long DefaultSegmentBytes = 64L * 1024 * 1024;

    /// <summary>Whether reads need a pass. Without, the node listens on loopback only and everybody there sees everything.</summary>
    public Reads Reads { get; init; } = Reads.Signed;

    /// <summary>How much one caller may ask.</summary>
    public Rates Rates { get; init; } = Rates.Default;

    /// <summary>Names by which the world calls this node; needed where it listens beyond loopback.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>A certificate, in PEM with its key in another file or in PKCS #12; with it the API speaks HTTPS only.</summary>
    public string? CertificatePath { get; init; }

    public string? CertificateKeyPath { get; init; }

    /// <summary>Whose first line opens the certificate's key, where it is under a password.</summary>
    public string? CertificatePasswordFile { get; init; }

    /// <summary>Proxies that speak TLS in front; nothing else reaches the port, and only they say where a request comes from.</summary>
    public Proxies Proxies { get; init; } = Proxies.None;

    /// <summary>The origin under which browsers reach this node, where that is not its own address.</summary>
    public string? Origin { get; init; }

    /// <summary>Hosts that it may send notices to; where there are none it calls nobody.</summary>
    public IReadOnlyList<string> WebhookHosts { get; init; } = [];

    /// <summary>How many bytes each party but the node's bank may put on the chain in a day through this node; 0 for no bound.</summary>
    public long PartyChainBytes { get; init; }

    /// <summary>What the log of reads keeps, and how much of it one party may fill.</summary>
    public AccessLogLimits AccessLog { get; init; } = AccessLogLimits.Default;

    /// <summary>The etcd cluster that orders batches; null where this node orders for itself.</summary>
    public EtcdAddress? Etcd { get; init; }

    /// <summary>The file of the EVM chains on which this node anchors; null where it anchors nowhere.</summary>
    public string? Anchors { get; init; }

    /// <summary>The file of the pledge key of which this bank has a share; null where it answers no ask for tags.</summary>
    public string? PledgeKey { get; init; }

    /// <summary>A node whose readers nobody tells apart, which listens on loopback only.</summary>
    public NodeOptions OpenToTheMachine() => this with { Reads = Reads.Open };
}
