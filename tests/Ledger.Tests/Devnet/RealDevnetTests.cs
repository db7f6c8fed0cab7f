using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Devnet;
using Ledger.Tests.Cli;
using Ledger.Tests.Strangers;

namespace Ledger.Tests.Devnet;

/// <summary>A network on real processes, as somebody begins, breaks and ends it.</summary>
public sealed class RealDevnetTests : IDisposable
{
    readonly CommandLine cli = new();

    public RealDevnetTests()
    {
        if (LocalProcess.Find("etcd", Environment.GetEnvironmentVariable("PATH")) is null) Python.Absent("etcd is not on this machine (Debian's etcd-server).");
        cli.Variables["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "";
    }

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task It_comes_up_loses_a_bank_gets_it_back_and_leaves_nothing_behind()
    {
        var net = cli["net"];
        try
        {
            await DoAsync("devnet", "up", "--nodes", "1", "--out", net, "--first-port", "25000", "-o", "json");
            var banks = DevnetFile.Read(net)?.Banks ?? [];
            using (var told = JsonDocument.Parse(cli.Output)) Assert.Equal(banks.Select(bank => bank.Url), told.RootElement.EnumerateArray().Select(bank => bank.GetProperty("url").GetString()));
            var company = Path.GetFileName(Directory.EnumerateFiles(Path.Combine(net, "keys"), "*#1.key.json").First()).Split('#')[0];
            await DoAsync("show", "party", company, "--node", banks[^1].Url);

            await DoAsync("devnet", "kill", "bank1", "--dir", net);
            Assert.Equal(ExitCode.Fault, await cli.Run("devnet", "status", "--dir", net));
            await DoAsync("devnet", "start", "bank1", "--dir", net);
            await DoAsync("devnet", "status", "--dir", net);
        }
        finally
        {
            await DoAsync("devnet", "down", "--dir", net);
        }

        var after = DevnetFile.Read(net);
        Assert.NotNull(after);
        Assert.All(after.Banks, bank => Assert.False(bank.Process is { IsThere: true }));
        Assert.All(after.Etcd, member => Assert.False(member.Process is { IsThere: true }));
    }

    async Task DoAsync(params string[] words)
    {
        var code = await cli.Run(words);
        Assert.True(code == ExitCode.Ok, $"{string.Join(' ', words)}: {code} {cli.Error}");
    }
}
