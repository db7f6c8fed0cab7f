using System.Net;
using Ledger.Cli;
using Ledger.Cli.Bench;
using Ledger.Client.Api;
using Ledger.Client.Signing;
using Ledger.Node.Access;
using Ledger.Tests.Http;

namespace Ledger.Tests.Cli;

/// <summary>A node that is measured may go away, or let nobody read without a pass: both are said, and neither is a mistake of the program.</summary>
public sealed class BenchFaultsTests(TestNode node) : IClassFixture<TestNode>, IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_node_that_goes_away_while_it_is_measured_is_unreachable(int lines)
    {
        var ends = new List<Func<HttpResponseMessage>>
        {
            () => throw new HttpRequestException("refused"), () => throw new IOException("reset"), () => throw new TaskCanceledException("too late"), () => Answer("{\"cod"),
        };
        if (lines > 1) ends.Add(() => Answer("{\"code\":0}\n"));
        foreach (var end in ends)
        {
            using var http = new HttpClient(new Answering(end)) { BaseAddress = node.Address };
            var request = Enumerable.Repeat<ReadOnlyMemory<byte>>("{}"u8.ToArray(), lines).ToArray();
            var load = new Load([http], [new([request])], connections: 1, TimeSpan.Zero, TimeSpan.FromMinutes(5));

            await Assert.ThrowsAsync<NodeUnreachableException>(() => load.RunAsync(TestContext.Current.CancellationToken));
        }

        static HttpResponseMessage Answer(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body) };
    }

    [Fact]
    public async Task A_node_that_says_no_is_no_fault_of_the_machine()
    {
        using var http = new HttpClient(new Answering(() => new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("{\"code\":30006}") })) { BaseAddress = node.Address };
        var load = new Load([http], [new([["{}"u8.ToArray(), "{}"u8.ToArray()]])], connections: 1, TimeSpan.Zero, TimeSpan.FromMinutes(5));

        // Nothing was measured, and that is what is said.
        await Assert.ThrowsAsync<StopException>(() => load.RunAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_reads_a_node_that_asks_for_passes_with_the_keys_that_it_has()
    {
        await using var server = node.Build(new Ledger.Node.ServerOptions("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Signed }, out _)!;
        await server.StartAsync(TestContext.Current.CancellationToken);
        Directory.CreateDirectory(cli["keys"]);
        foreach (var bank in new[] { node.X, node.Y })
            Assert.True(KeyFile.Lock(node.KeyOf(bank), $"{bank}#1", "correct horse", KeyFile.MinIterations).TryWriteNew(Path.Combine(cli["keys"], $"{bank}#1.key.json")));

        string[] bench = ["bench", "--seconds", "1", "--bulk", "1", "--url", Ledger.Node.NodeServer.AddressOf(server).ToString(), "--keys", cli["keys"], "--password-file", cli["pw"], "-o", "json"];
        var code = await cli.Run(bench);
        Assert.True(code == ExitCode.Ok, $"{code} {cli.Error}");

        // A stranger's key opens nothing there, and is nobody's bank.
        Directory.CreateDirectory(cli["strangers"]);
        using var stranger = new ChainFixture();
        var file = KeyFile.Lock(stranger.Founding.Signer(stranger.Bank), $"{stranger.Bank}#1", "correct horse", KeyFile.MinIterations);
        Assert.True(file.TryWriteNew(Path.Combine(cli["strangers"], $"{stranger.Bank}#1.key.json")));
        bench[8] = cli["strangers"];
        Assert.Equal(ExitCode.NotFound, await cli.Run(bench));
    }

    sealed class Answering(Func<HttpResponseMessage> answers) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answers());
    }
}
