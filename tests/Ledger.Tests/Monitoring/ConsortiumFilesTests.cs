using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Ledger.Client.Devnet;
using Ledger.Core.Chain;
using Ledger.Node;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Suites;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Strangers;

namespace Ledger.Tests.Monitoring;

/// <summary>What <c>deploy</c> has for a network of four banks: what its script makes is what its containers and a node want.</summary>
public sealed partial class ConsortiumFilesTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly string compose = File.ReadAllText(Path.Combine(DeployFiles.Folder, "docker/consortium.yml"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Each_bank_finds_its_keys_and_certificates_where_its_container_looks()
    {
        await RunAsync(Path.Combine(DeployFiles.Folder, "docker/consortium.sh"));

        var names = Volume().Matches(compose).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["inside"].Value);
        Assert.Equal(["bank1", "bank2", "bank3", "bank4", "etcd1", "etcd2", "etcd3"], names.Keys.Order(StringComparer.Ordinal));
        var authority = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(folder["network", "certificates", "authority.pem"], TestContext.Current.CancellationToken));
        Assert.All(names.Keys, name => Assert.Equal(authority, X509CertificateLoader.LoadCertificateFromFile(folder["network", name, "certificates", "authority.pem"])));

        var banks = new HashSet<string>();
        foreach (var name in names.Keys.Where(name => name.StartsWith("bank", StringComparison.Ordinal)))
        {
            // The container's own paths, as they are on this machine.
            string? Here(string? path) => path?.Replace(names[name], folder["network", name], StringComparison.Ordinal);
            var variables = SettingsOf(name);
            var settings = NodeSettings.Resolve(_ => null, variables.GetValueOrDefault, null, out var problem);
            Assert.Equal("", problem);
            Assert.NotNull(settings);
            Assert.All(variables.Keys, variable => Assert.Contains(variable, NodeSettings.All.Select(setting => setting.Variable)));

            var members = EtcdAddress.ParseMembers(settings[NodeSettings.Etcd] ?? "") ?? [];
            Assert.Equal(3, members.Select(member => member.Host).Intersect(names.Keys).Count());
            Assert.Null(new EtcdAddress(members, Here(settings[NodeSettings.EtcdCa]), Here(settings[NodeSettings.EtcdCertificate]), Here(settings[NodeSettings.EtcdKey])).Problem());

            var genesis = Genesis.Read(await File.ReadAllBytesAsync(folder["network", name, "keys", "genesis.json"], TestContext.Current.CancellationToken), KnownSuites.Find, out problem);
            Assert.NotNull(genesis);
            var keys = NodeKeys.Open(genesis, folder["network", name, "keys"], File.ReadLines(Here(settings[NodeSettings.PasswordFile]) ?? "").First(), out problem);
            Assert.Equal("", problem);
            Assert.NotEmpty(keys?.EpochKeys.Of(genesis.State()) ?? new Dictionary<uint, byte[]>());
            banks.Add(keys?.Node.Bank.Text ?? "");

            Assert.Equal(3, PeerAddress.Parse(settings[NodeSettings.PeersAsked] ?? "")?.Count);
            Assert.DoesNotContain(keys?.Node.Bank.Text ?? "-", settings[NodeSettings.PeersAsked] ?? "", StringComparison.Ordinal);
            Assert.NotNull(PeerAddress.ParseListen(settings[NodeSettings.PeerListen] ?? ""));

            using var own = X509Certificate2.CreateFromPemFile(Here(settings[NodeSettings.TlsCertificate]) ?? "", Here(settings[NodeSettings.TlsKey]));
            Assert.True(IsGood(authority, own));
            Assert.Equal($"CN={keys?.Node.Bank}", own.Subject);
            Assert.True(own.MatchesHostname(name) && own.MatchesHostname("localhost"));
            Assert.Equal(4, genesis.Text.Validators.Count);
        }

        Assert.Equal(4, banks.Count);
    }

    [Fact]
    public void Members_are_started_as_measured_in_the_unit_the_containers_and_the_devnet_alike()
    {
        var unit = File.ReadAllText(Path.Combine(DeployFiles.Folder, "systemd/ledger-etcd.service"));
        foreach (var flag in (string[])["--snapshot-count=500", "--pre-vote=true", "--client-cert-auth", "--peer-client-cert-auth", "--quota-backend-bytes="]) Assert.Contains(flag, unit, StringComparison.Ordinal);
        foreach (var variable in (string[])["ETCD_SNAPSHOT_COUNT: \"500\"", "ETCD_PRE_VOTE: \"true\"", "ETCD_CLIENT_CERT_AUTH: \"true\"", "ETCD_PEER_CLIENT_CERT_AUTH: \"true\"", "ETCD_QUOTA_BACKEND_BYTES: "])
            Assert.Contains(variable, compose, StringComparison.Ordinal);
    }

    // What a service says itself, and what it takes from the part that all banks share.
    Dictionary<string, string> SettingsOf(string name)
    {
        var shared = Part().Match(compose).Value;
        var own = compose[compose.IndexOf($"\n  {name}:\n", StringComparison.Ordinal)..];
        var end = own.IndexOf("\n  bank", 5, StringComparison.Ordinal);
        return Variable().Matches(shared + (end < 0 ? own : own[..end])).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
    }

    async Task RunAsync(string script)
    {
        if (LocalProcess.Find("openssl", Environment.GetEnvironmentVariable("PATH")) is null) Python.Absent("openssl is not on this machine.");
        Directory.CreateDirectory(folder["bin"]);
        await File.WriteAllTextAsync(folder["bin", "ledger"], $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "ledger.dll")}' \"$@\"\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder["bin", "ledger"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("/bin/sh", [script]) { WorkingDirectory = folder.Path, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder["bin"]}:{start.Environment["PATH"]}";
        using var process = Process.Start(start) ?? throw new InvalidOperationException(script);
        var cancel = TestContext.Current.CancellationToken;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, string.Concat(said));
    }

    static bool IsGood(X509Certificate2 authority, X509Certificate2 issued)
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(issued);
    }

    [GeneratedRegex(@"""\$\{NETWORK\}/(?<name>[a-z0-9]+):(?<inside>/[a-z/-]+)""")]
    private static partial Regex Volume();

    [GeneratedRegex(@"(?s)x-bank-settings:.*?\n\n")]
    private static partial Regex Part();

    [GeneratedRegex(@"(?m)^ +(?<name>LEDGER_NODE_[A-Z_]+): ""?(?<value>[^""\n]+)""?$")]
    private static partial Regex Variable();
}
