using System.Security.Cryptography.X509Certificates;
using Ledger.Core.Chain;
using Ledger.Node.Access;
using Ledger.Node.Anchoring;
using Ledger.Node.Notices;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Node.Pledges;

namespace Ledger.Node;

/// <summary>
/// Where a node listens, and within which bounds. <paramref name="Port"/> 0 is any free port; with <paramref name="NextFreePort"/> a port that is taken is no fault and one
/// of the following is used: <see cref="NodeServer.AddressOf"/> says which.
/// </summary>
public sealed record ServerOptions(string Host, int Port, bool NextFreePort)
{
    public Reads Reads { get; init; } = Reads.Signed;

    /// <summary>With a certificate the API speaks HTTPS and nothing else.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Proxies in front, which speak TLS to the world; nothing else reaches the port, and only they say where a request comes from.</summary>
    public Proxies Proxies { get; init; } = Proxies.None;

    /// <summary>The origin under which browsers reach the node, where that is not the address of its own port.</summary>
    public string? Origin { get; init; }

    /// <summary>Names by which requests may call the node, beside those of loopback where it listens there.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    public Rates Rates { get; init; } = Rates.Default;

    /// <summary>Where reads of others' data are taken down; null where nobody is told apart.</summary>
    public AccessLog? AccessLog { get; init; }

    /// <summary>Where parties subscribe to notices; null where the node calls nobody.</summary>
    public WebhookDesk? Webhooks { get; init; }

    /// <summary>Transactions that wait for signatures; null where the node keeps none.</summary>
    public NodeDrafts? Drafts { get; init; }

    /// <summary>What is known of other banks' nodes; null where none are asked.</summary>
    public PeerBook? Peers { get; init; }

    /// <summary>What is still verified of a chain that was joined from a snapshot; null where nothing is.</summary>
    public SecondFold? Joined { get; init; }

    /// <summary>How this node anchors on each EVM chain of its file; none where it has none, or before it asked.</summary>
    public Func<IReadOnlyList<AnchorStanding>> Anchors { get; init; } = static () => [];

    /// <summary>The newest checkpoint that witnesses cosigned, with what they said; null where none are asked.</summary>
    public Func<Note?>? Witnessed { get; init; }

    /// <summary>Answers asks for tags of documents; null where the node has no share of a pledge key.</summary>
    public PledgeDesk? Pledges { get; init; }

    /// <summary>What is known of the members of etcd; null where none order for this node.</summary>
    public EtcdBook? Etcd { get; init; }

    /// <summary>The world's clock, by which passes begin and end.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Connections at once; further ones are closed before they cost anything.</summary>
    public int MaxConnections { get; init; } = 2_000;

    /// <summary>Connections at once from one address, and requests under way; a proxy that is named may have all connections.</summary>
    public int MaxConnectionsOfAddress { get; init; } = 200;

    /// <summary>Bytes of requests, and of answers that wait for their request's end, that are held at once; over all and of one caller.</summary>
    public long MaxBytesInFlight { get; init; } = 256L * 1024 * 1024;

    public long MaxBytesInFlightOfCaller { get; init; } = 64L * 1024 * 1024;

    /// <summary>How long a connection may keep silent between requests.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a request's head may take to arrive, and how long a body may come slower than a kilobyte a second.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan SlowBodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits for answers that are under way.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
