using System.Net.Sockets;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Ledger.Node;

/// <summary>A running node's peers: those that it asks, the port on which it serves them, and the watch over what they show. Who is asked its operator may change while it runs.</summary>
sealed class NodePeers : IAsyncDisposable
{
    readonly PeerOptions options;
    readonly PeerCertificates certificates;
    readonly PeerRoll roll;
    readonly List<PeerClient> clients = [];
    WebApplication? server;
    Task watching = Task.CompletedTask;
    Task renaming = Task.CompletedTask;

    NodePeers(PeerOptions options, PeerCertificates certificates)
    {
        (this.options, this.certificates) = (options, certificates);
        roll = new(certificates.Bank, Open);
        roll.Name(options.Peers);
        Book = new(roll, certificates.Own.NotAfter);
    }

    /// <summary>The party that this node's certificate stands for.</summary>
    public Core.Primitives.PartyId Bank => certificates.Bank;

    /// <summary>All but this node itself, which may stand in the list that all banks share.</summary>
    public IReadOnlyList<IPeer> All => roll;

    public PeerBook Book { get; }

    /// <summary>Null where none are wanted, or with the reason where they are and the certificates cannot be used.</summary>
    public static NodePeers? Open(PeerOptions options, out (string Chinese, string English)? problem) =>
        options.Open(out problem) is { } certificates ? new(options, certificates) : null;

    /// <summary>Serves, and watches until cancelled; false when the port is taken.</summary>
    public async Task<bool> StartAsync(
        LedgerReader ledger, IVotesKnown votes, Func<Core.Primitives.PartyId, ulong, byte[]>? drafts, Func<string, ulong?, byte[]?>? anchors, EvidenceFolder breaches, string data, ILoggerProvider? logs, Action<string> say,
        CancellationToken cancel)
    {
        if (options.Listen is { } listen)
        {
            server = PeerServer.Build(new(listen), certificates, ledger, votes, new DiskStorage(data), drafts, anchors, logs);
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

        var watch = new PeerWatch(ledger, roll, Book, new(new DiskStorage(data), ledger.Genesis.Chain.Suite), breaches, say, TimeProvider.System);
        watching = Task.Run(() => watch.RunAsync(cancel), CancellationToken.None);
        return true;
    }

    /// <summary>Asks whom the settings name, again and again until cancelled; where they name nobody or cannot be read, those of before.</summary>
    public void Follow(Func<(IReadOnlyList<PeerAddress> Named, string Problem)> settings, Action<string> say, CancellationToken cancel) =>
        renaming = Task.Run(() => FollowAsync(settings, say, cancel), CancellationToken.None);

    /// <summary>Lets go those who are being served.</summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        await Task.WhenAll(watching, renaming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (server is not null) await server.StopAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        foreach (var client in clients) client.Dispose();
        certificates.Dispose();
    }

    // Who is asked no more may still be answering: all are closed together.
    PeerClient Open(PeerAddress peer)
    {
        var client = new PeerClient(peer, certificates, PeerPace.Default);
        clients.Add(client);
        return client;
    }

    async Task FollowAsync(Func<(IReadOnlyList<PeerAddress> Named, string Problem)> settings, Action<string> say, CancellationToken cancel)
    {
        var told = "";
        using var timer = new PeriodicTimer(PeerWatch.Every, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            var (named, problem) = settings();
            if (problem.Length > 0 && problem != told) say($"peers: {problem} Those named before are asked on. 仍询问此前所列的节点。");
            told = problem;
            if (named.Count == 0 || !roll.Name(named)) continue;
            Book.Name(roll);
            say($"peers asked now 现询问的节点: {string.Join(", ", roll.Select(static peer => $"{peer.Bank} {peer.Address}"))}");
        }
    }
}
