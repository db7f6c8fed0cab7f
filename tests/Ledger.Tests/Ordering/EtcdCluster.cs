using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.Node.Ordering.Etcd;

namespace Ledger.Tests.Ordering;

/// <summary>Three members of Debian's etcd on this machine, which know each other and their clients by certificates on P-256; each can be killed, stopped and begun again.</summary>
public sealed class EtcdCluster : IAsyncLifetime
{
    const string Program = "etcd";
    const int Size = 3;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // In memory where there is such a place: what is tested is not the disk.
    readonly string folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"ledger-etcd-{Guid.NewGuid():N}")).FullName;
    readonly int[] ports = FreePorts(2 * Size);
    readonly Process?[] processes = new Process?[Size];

    /// <summary>Null where the program is not on this machine.</summary>
    public string? Absent { get; private set; }

    internal EtcdAddress Address => AddressOf("node", "authority");

    public async ValueTask InitializeAsync()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(path => File.Exists(Path.Combine(path, Program))))
        {
            Absent = "etcd is not on this machine (Debian's etcd-server).";
            return;
        }

        using var authority = Certify("authority", null);
        foreach (var name in (string[])["member", "node"]) Certify(name, authority).Dispose();
        using var foreign = Certify("foreign", null);
        Certify("stranger", foreign).Dispose();
        for (var i = 0; i < Size; i++) Start(i);
        await UntilItAnswersAsync();
    }

    /// <summary>The cluster as somebody reaches it with a certificate, believing an authority.</summary>
    internal EtcdAddress AddressOf(string certificate, string authority, int first = 0) => new(
        [.. Enumerable.Range(0, Size).Select(n => new Uri($"https://127.0.0.1:{ports[(first + n) % Size]}"))],
        Path.Combine(folder, $"{authority}.pem"), Path.Combine(folder, $"{certificate}.pem"), Path.Combine(folder, $"{certificate}.key"));

    public void Start(int member)
    {
        var (mine, peers) = (ports[member], string.Join(',', Enumerable.Range(0, Size).Select(n => $"m{n}=https://127.0.0.1:{ports[Size + n]}")));
        string[] flags =
        [
            "--name", $"m{member}", "--data-dir", Path.Combine(folder, $"m{member}"), "--initial-cluster", peers, "--initial-cluster-token", folder,
            "--listen-client-urls", $"https://127.0.0.1:{mine}", "--advertise-client-urls", $"https://127.0.0.1:{mine}",
            "--listen-peer-urls", $"https://127.0.0.1:{ports[Size + member]}", "--initial-advertise-peer-urls", $"https://127.0.0.1:{ports[Size + member]}",
            "--client-cert-auth", "--trusted-ca-file", Pem("authority"), "--cert-file", Pem("member"), "--key-file", Path.Combine(folder, "member.key"),
            "--peer-client-cert-auth", "--peer-trusted-ca-file", Pem("authority"), "--peer-cert-file", Pem("member"), "--peer-key-file", Path.Combine(folder, "member.key"),
            "--snapshot-count", "500", "--pre-vote=true", "--quota-backend-bytes", "268435456", "--logger", "zap", "--log-level", "fatal",
        ];
        var start = new ProcessStartInfo(Program, flags) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("etcd did not start.");
        _ = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        processes[member] = process;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill(int member)
    {
        if (processes[member] is not { } process) return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        processes[member] = null;
    }

    /// <summary>STOP or CONT.</summary>
    public void Signal(int member, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processes[member]?.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> LeaderAsync()
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        Address.Secure(handler);
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(2) };
        for (var tries = 0; tries < 50; tries++)
        {
            for (var member = 0; member < Size; member++)
            {
                try
                {
                    var metrics = await http.GetStringAsync(new Uri($"https://127.0.0.1:{ports[member]}/metrics"), TestContext.Current.CancellationToken);
                    if (metrics.Contains("\netcd_server_is_leader 1\n", StringComparison.Ordinal)) return member;
                }
                catch (Exception fault) when (fault is HttpRequestException or SocketException or OperationCanceledException)
                {
                    // That one is not there.
                }
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException("No member leads.");
    }

    public async Task UntilItAnswersAsync()
    {
        var members = EtcdMember.Of(Address);
        using var within = new CancellationTokenSource(Patience);
        var one = new Members(members, TimeProvider.System);
        await one.AskAsync(static (member, deadline) => member.RangeAsync(new() { Key = OrderKeys.Everything, CountOnly = true }, deadline), _ => { }, within.Token);
        foreach (var member in members) member.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        for (var member = 0; member < Size; member++) Kill(member);
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    string Pem(string name) => Path.Combine(folder, $"{name}.pem");

    X509Certificate2 Certify(string name, X509Certificate2? by)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(by is null, false, 0, critical: true));
        if (by is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        }

        var (from, until) = (DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        var certificate = by is null ? request.CreateSelfSigned(from, until) : request.Create(by, from, until, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
        File.WriteAllText(Pem(name), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, $"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var free = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return free;
    }
}
