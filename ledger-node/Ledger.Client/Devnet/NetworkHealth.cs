using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Ledger.Client.Devnet;

/// <summary>Asks nodes at their operations ports, and members of etcd with the operator's certificate, how they are.</summary>
sealed class NetworkHealth : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    readonly HttpClient nodes = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
    readonly HttpClient members;

    public NetworkHealth(string folder)
    {
        var (certificate, key) = LocalFiles.OperatorFiles(folder);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(LocalFiles.AuthorityFile(folder));
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = policy;
        handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)];
        members = new(handler) { Timeout = Patience };
    }

    public async Task<NetworkStatus> AskAsync(DevnetFile network, CancellationToken cancel)
    {
        var asked = network.Banks.Select(bank => AskAsync(bank, cancel)).ToArray();
        var told = await Task.WhenAll(network.Etcd.Select(member => AskAsync(member, cancel)));
        var all = await Task.WhenAll(asked);
        var farthest = all.Max(node => node.Height);
        return new([.. all.Select(node => node with { Lag = farthest - node.Height })], told);
    }

    public async Task<MemberStatus> AskAsync(LocalMember member, CancellationToken cancel)
    {
        var state = member.Process?.State ?? ProcessState.Ended;
        if (state != ProcessState.Running) return new(member, state, IsHealthy: false, IsLeader: false, null, null);
        var address = LocalFiles.Https(member.ClientPort);
        var health = await GetAsync(members, $"{address}/health", cancel);
        var metrics = await GetAsync(members, $"{address}/metrics", cancel) ?? "";
        return new(
            member, state, health?.Contains("\"health\":\"true\"", StringComparison.Ordinal) == true, FigureOf(metrics, "etcd_server_is_leader") == 1,
            FigureOf(metrics, "etcd_mvcc_db_total_size_in_bytes"), FigureOf(metrics, "etcd_server_quota_backend_bytes"));
    }

    public async Task<NodeStatus> AskAsync(LocalBank bank, CancellationToken cancel)
    {
        var state = bank.Process?.State ?? ProcessState.Ended;
        if (state != ProcessState.Running) return new(bank, state, IsReady: false, Reads: false, null, null, null, null, null, null);
        if (await GetAsync(nodes, $"{bank.OperationsUrl}/readyz", cancel) is not { } ready || await GetAsync(nodes, $"{bank.OperationsUrl}/status", cancel) is not { } status
            || await GetAsync(nodes, $"{bank.Url}/v1/health", cancel) is not { } health)
            return new(bank, state, IsReady: false, Reads: false, "it does not answer", "没有应答", null, null, null, null);
        using var readiness = JsonDocument.Parse(ready);
        using var told = JsonDocument.Parse(status);
        using var chain = JsonDocument.Parse(health);

        // The first epoch goes without saying.
        var epoch = chain.RootElement.TryGetProperty("epoch", out var number) ? number.GetUInt64() : 1;
        var failed = readiness.RootElement.GetProperty("failedChecks").EnumerateArray().ToArray();
        return new(
            bank, state, failed.Length == 0, readiness.RootElement.GetProperty("reads").GetBoolean(), Joined("reason", "; "), Joined("reasonZh", "；"),
            told.RootElement.GetProperty("height").GetUInt64(), told.RootElement.GetProperty("root").GetString(), epoch, null);

        string? Joined(string member, string separator) => failed.Length == 0 ? null : string.Join(separator, failed.Select(check => check.GetProperty(member).GetString()));
    }

    public void Dispose()
    {
        nodes.Dispose();
        members.Dispose();
    }

    // Whatever the status: what is not ready says why.
    static async Task<string?> GetAsync(HttpClient http, string address, CancellationToken cancel)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address), cancel);
            return await answer.Content.ReadAsStringAsync(cancel);
        }
        catch (Exception silent) when (silent is HttpRequestException or SocketException or IOException || (silent is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    // etcd writes large figures with an exponent.
    static long? FigureOf(string metrics, string name)
    {
        foreach (var line in metrics.Split('\n'))
        {
            if (line.StartsWith(name + " ", StringComparison.Ordinal) && double.TryParse(line[(name.Length + 1)..], CultureInfo.InvariantCulture, out var figure)) return (long)figure;
        }

        return null;
    }
}
