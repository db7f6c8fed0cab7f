using System.Text.Json;
using Ledger.Core.Finality;
using Ledger.Node;
using Ledger.Tests.Chain;
using Ledger.Tests.Http;
using Ledger.Tests.Mirroring;
using Ledger.Tests.Strangers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using ExitCode = Ledger.Cli.ExitCode;

namespace Ledger.Tests.Cli;

/// <summary><c>ledger mirror</c> and <c>verify mirror</c>, against nodes, plain web servers and folders.</summary>
public sealed class MirrorCommandTests : IClassFixture<TestNode>, IDisposable
{
    readonly CommandLine cli = new();
    readonly TestNode node;

    public MirrorCommandTests(TestNode node)
    {
        this.node = node;
        File.WriteAllBytes(cli["genesis.json"], node.Genesis.Bytes.ToArray());
        File.WriteAllText(cli["policy.txt"], PolicyOf(FakeLog.Banks));
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_nodes_history_is_kept_with_its_entries_and_verified_offline()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("mirror", "--node", Address(node.Address), "--genesis", cli["genesis.json"], "--out", cli["copy"], "--once", "--entries", "-o", "json"));
        var size = node.Loop.Reader.View.Checkpoint.Checkpoint.Size;
        Assert.Equal((size, size), (Number("leaves"), Number("entries")));

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "mirror", cli["copy"], "--genesis", cli["genesis.json"], "-o", "json"));
        Assert.Equal((size, size), (Number("leaves"), Number("entries")));
        Assert.Equal((Python.Verified, $"{node.Loop.Reader.View.Checkpoint.Checkpoint.Root}"), Python.Start("root_of_tiles.py", cli["copy", "tile"], $"{size}"));

        await node.InvoiceAsync(node.A, node.C, 100_000);
        Assert.Equal(ExitCode.Ok, await cli.Run("mirror", "--node", $"{Address(node.Address)},http://127.0.0.1:9", "--genesis", cli["genesis.json"], "--out", cli["copy"], "--once", "--lang", "zh"));
        Assert.Contains("没有应答", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "mirror", cli["copy"], "--genesis", cli["genesis.json"], "-o", "json"));
        Assert.Equal((node.Loop.Reader.View.Checkpoint.Checkpoint.Size, 0UL), (Number("leaves"), Number("entries")));

        Assert.Equal(ExitCode.Unreachable, await cli.Run("mirror", "--node", "http://127.0.0.1:9", "--genesis", cli["genesis.json"], "--out", cli["copy"], "--once"));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("mirror", "--node", $"http://127.0.0.1:9,{Address(node.Address)}", "--policy", cli["policy.txt"], "--out", cli["other"], "--once"));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("mirror", "--node", Address(node.Address), "--out", cli["other"], "--once"));
    }

    [Fact]
    public async Task A_copy_behind_any_web_server_is_a_log_for_strangers_and_for_further_copies()
    {
        using var log = new FakeLog(70_000);
        await using var logs = await ServeAsync(log);
        Assert.Equal(ExitCode.Ok, await cli.Run("mirror", "--node", Address(logs), "--policy", cli["policy.txt"], "--out", cli["copy"], "--once", "-o", "json"));

        await using var plain = await ServeAsync(cli["copy"]);
        Assert.Equal((Python.Verified, $"{log.Shown.Checkpoint.Root}"), Python.Start("root_of_tiles.py", $"{Address(plain)}/v1/tile", "70000"));
        Assert.Equal(ExitCode.Ok, await cli.Run("mirror", "--node", Address(plain), "--policy", cli["policy.txt"], "--out", cli["second"], "--once"));
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "mirror", cli["copy"], "--against", cli["second"], "--policy", cli["policy.txt"]));
        Assert.Contains("the same", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_histories_are_told_apart_with_evidence_and_an_exit_code_of_their_own()
    {
        using FakeLog log = new(300), fork = new(400, forkAt: 257);
        await using WebApplication one = await ServeAsync(log), other = await ServeAsync(fork);
        string[] Mirror(string nodes, string folder) => ["mirror", "--node", nodes, "--policy", cli["policy.txt"], "--out", cli[folder], "--once", "-o", "json"];

        Assert.Equal(ExitCode.SplitView, await cli.Run(Mirror($"{Address(one)},{Address(other)}", "copy")));
        using var told = JsonDocument.Parse(cli.Output);
        Assert.True(told.RootElement.GetProperty("proved").GetBoolean());
        Assert.True(SplitView.TryRead(await File.ReadAllBytesAsync(told.RootElement.GetProperty("evidence").GetString()!, Cancel), out var view));
        Assert.True(view.IsGood(Sample.Suite, FakeLog.Policy));
        Assert.Equal(ExitCode.Ok, await cli.Run(Mirror(Address(one), "copy")));

        Assert.Equal(ExitCode.Ok, await cli.Run(Mirror(Address(other), "second")));
        Assert.Equal(ExitCode.SplitView, await cli.Run("verify", "mirror", cli["copy"], "--against", cli["second"], "--evidence", cli["split.txt"], "--policy", cli["policy.txt"], "-o", "json"));
        Assert.Equal(257UL, Number("common"));
        Assert.True(SplitView.TryRead(await File.ReadAllBytesAsync(cli["split.txt"], Cancel), out var compared) && compared.IsGood(Sample.Suite, FakeLog.Policy));
        Assert.Equal(ExitCode.SplitView, await cli.Run("verify", "mirror", cli["second"], "--against", cli["copy"], "--policy", cli["policy.txt"], "--lang", "zh"));
        Assert.Contains("历史分叉", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_copy_is_told_with_its_file()
    {
        using var log = new FakeLog(300);
        await using var served = await ServeAsync(log);
        Assert.Equal(ExitCode.Ok, await cli.Run("mirror", "--node", Address(served), "--policy", cli["policy.txt"], "--out", cli["copy"], "--once"));
        Assert.Equal(ExitCode.NotFound, await cli.Run("verify", "mirror", cli["nowhere"], "--policy", cli["policy.txt"]));

        var path = cli["copy", "tile", "0", "000"];
        var octets = await File.ReadAllBytesAsync(path, Cancel);
        octets[77] ^= 1;
        await File.WriteAllBytesAsync(path, octets, Cancel);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "mirror", cli["copy"], "--policy", cli["policy.txt"], "-o", "json"));
        using var told = JsonDocument.Parse(cli.Output);
        Assert.Equal("tile/0/000", told.RootElement.GetProperty("file").GetString());
        File.Delete(path);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "mirror", cli["copy"], "--policy", cli["policy.txt"], "--lang", "zh"));
        Assert.Contains("tile/0/000", cli.Output, StringComparison.Ordinal);

        File.WriteAllText(cli["former.txt"], PolicyOf(FakeLog.Former));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "mirror", cli["copy"], "--policy", cli["former.txt"]));
        File.WriteAllText(cli["copy", "checkpoint"], "no checkpoint");
        Assert.Equal(ExitCode.Fault, await cli.Run("verify", "mirror", cli["copy"], "--policy", cli["policy.txt"]));
        Assert.Equal(ExitCode.Fault, await cli.Run("mirror", "--node", Address(served), "--policy", cli["policy.txt"], "--out", cli["copy"], "--once"));
    }

    ulong Number(string name)
    {
        using var told = JsonDocument.Parse(cli.Output);
        return told.RootElement.GetProperty(name).GetUInt64();
    }

    static string PolicyOf(Signer[] banks) =>
        $"{string.Concat(banks.Select(bank => $"log {bank.VKey}\n"))}{string.Concat(banks.Select((bank, i) => $"witness b{i} {bank.VKey}\n"))}group g 2 {string.Join(' ', banks.Select((_, i) => $"b{i}"))}\nquorum g\n";

    static string Address(WebApplication server) => Address(NodeServer.AddressOf(server));

    static string Address(Uri uri) => uri.ToString().TrimEnd('/');

    static Task<WebApplication> ServeAsync(FakeLog log) => ServeAsync(app => app.Run(async context =>
    {
        using var http = new HttpClient(log, disposeHandler: false);
        using var answer = await http.GetAsync(new Uri($"http://log.example{context.Request.Path}"), Cancel);
        context.Response.StatusCode = (int)answer.StatusCode;
        await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync(Cancel), Cancel);
    }));

    static Task<WebApplication> ServeAsync(string folder) => ServeAsync(app => app.UseStaticFiles(new StaticFileOptions
    {
        FileProvider = new PhysicalFileProvider(folder), RequestPath = "/v1", ServeUnknownFileTypes = true, DefaultContentType = "application/octet-stream",
    }));

    static async Task<WebApplication> ServeAsync(Action<WebApplication> use)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        use(app);
        await app.StartAsync(Cancel);
        return app;
    }
}
