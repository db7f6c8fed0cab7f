using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Signing;
using Ledger.Tests.Http;

namespace Ledger.Tests.Cli;

/// <summary>What the benchmark tells, not how fast anything is.</summary>
public sealed class BenchTests(TestNode node) : IClassFixture<TestNode>, IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task It_measures_a_node_of_its_own_beside_the_verify_limit_of_the_same_run()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("bench", "--seconds", "1", "--output", "json"));

        using var told = JsonDocument.Parse(cli.Output);
        var figures = told.RootElement;
        Assert.Equal(
            ["committedPerSecond", "verifyLimitPerSecond", "platformLimitPerSecond", "share", "p50Ms", "p99Ms", "bulk", "seconds", "transactions", "refused"],
            figures.EnumerateObject().Select(member => member.Name));
        Assert.All(["committedPerSecond", "verifyLimitPerSecond", "platformLimitPerSecond", "share", "p50Ms", "transactions"], name => Assert.True(figures.GetProperty(name).GetDouble() > 0, name));
        Assert.True(figures.GetProperty("p99Ms").GetDouble() >= figures.GetProperty("p50Ms").GetDouble());
        Assert.Equal((1000, 0), (figures.GetProperty("bulk").GetInt32(), figures.GetProperty("refused").GetInt32()));
        Assert.Equal(
            figures.GetProperty("committedPerSecond").GetDouble() / figures.GetProperty("verifyLimitPerSecond").GetDouble(), figures.GetProperty("share").GetDouble(), 0.01);
    }

    [Fact]
    public async Task It_measures_a_running_demo_node_with_its_banks_keys()
    {
        Directory.CreateDirectory(cli["keys"]);
        foreach (var bank in new[] { node.X, node.Y })
        {
            var file = KeyFile.Lock(node.KeyOf(bank), $"{bank}#1", "correct horse", KeyFile.MinIterations);
            Assert.True(file.TryWriteNew(Path.Combine(cli["keys"], $"{bank}#1.key.json")));
        }

        var url = node.Address.ToString();
        Assert.Equal(ExitCode.Usage, await cli.Run("bench", "--url", url));
        Assert.Equal(ExitCode.NotFound, await cli.Run("bench", "--url", url, "--keys", cli["pw"]));
        var before = node.Loop.Reader.View.Header.Height;

        Assert.Equal(ExitCode.Ok, await cli.Run("bench", "--seconds", "1", "--bulk", "1", "--url", url, "--keys", cli[""], "--password-file", cli["pw"], "--output", "json"));

        Assert.True(node.Loop.Reader.View.Header.Height > before);
        using var told = JsonDocument.Parse(cli.Output);
        Assert.Equal(1, told.RootElement.GetProperty("bulk").GetInt32());
    }

    [Theory]
    [InlineData("--seconds", "0")]
    [InlineData("--bulk", "10001")]
    [InlineData("--connections", "0")]
    public async Task What_cannot_be_measured_is_a_usage_error(string option, string value) =>
        Assert.Equal(ExitCode.Usage, await cli.Run("bench", option, value));
}
