using System.Net.Sockets;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Ledger.Node;

/// <summary>A running node's peers: those that it asks, the port on which it serves them, and the watch over what they show.</summary>
sealed class NodePeers : IAsyncDisposable
{
    readonly PeerOptions options;
    readonly PeerCertificates certificates;
    readonly PeerClient[] clients;
    WebApplication? server;
    Task watching = Task.CompletedTask;

    NodePeers(PeerOptions options, PeerCertificates certificates)
    {
        (this.options, this.certificates) = (options, certificates);
        clients = [.. options.Peers.Where(peer => peer.Bank != certificates.Bank).Select(peer => new PeerClient(peer, certificates, PeerPace.Default))];
        Book = new(clients, certificates.Own.NotAfter);
    }

    /// <summary>The party that this node's certificate stands for.</summary>
    public Core.Primitives.PartyId Bank => certificates.Bank;

    /// <summary>All but this node itself, which may stand in the list that all banks share.</summary>
    public IReadOnlyList<IPeer> All => clients;

    public PeerBook Book { get; }

    /// <summary>Null where none are wanted, or with the reason where they are and the certificates cannot be used.</summary>
    public static NodePeers? Open(PeerOptions options, out (string Chinese, string English)? problem) =>
        options.Open(out problem) is { } certificates ? new(options, certificates) : null;

    /// <summary>Serves, and watches until cancelled; false when the port is taken.</summary>
    public async Task<bool> StartAsync(LedgerReader ledger, IVotesKnown votes, Func<Core.Primitives.PartyId, ulong, byte[]>? drafts, EvidenceFolder breaches, string data, ILoggerProvider? logs, Action<string> say, CancellationToken cancel)
    {
        if (options.Listen is { } listen)
        {
            server = PeerServer.Build(new(listen), certificates, ledger, votes, new DiskStorage(data), drafts, logs);
            try
            {
                await server.StartAsync(cancel);
            }
            catch (Exception taken) when (taken is IOException or SocketException)
            {
                return false;
            }

            say($"peers on {NodeServer.AddressOf(server).ToString().TrimEnd('/')} 节点间接口");
        }

        var watch = new PeerWatch(ledger, clients, Book, new(new DiskStorage(data), ledger.Genesis.Chain.Suite), breaches, say, TimeProvider.System);
        if (clients.Length > 0) watching = Task.Run(() => watch.RunAsync(cancel), CancellationToken.None);
        return true;
    }

    /// <summary>Lets go those who are being served.</summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (server is not null) await server.StopAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        foreach (var client in clients) client.Dispose();
        certificates.Dispose();
    }
}
