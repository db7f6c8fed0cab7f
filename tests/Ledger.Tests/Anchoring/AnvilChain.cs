using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.Evm;
using Ledger.Tests.Web;

namespace Ledger.Tests.Anchoring;

/// <summary>A real chain on loopback, of the test chain that <c>contracts/</c> pins. It makes a block when it is told to, and ends with the test.</summary>
sealed class AnvilChain : IAsyncDisposable
{
    public const ulong Id = 31_337;

    static readonly TimeSpan BetweenBlocks = TimeSpan.FromMilliseconds(100);

    static readonly string Modules = Path.Combine(Repository.Root(), "contracts", "node_modules", "@foundry-rs");

    readonly Process process;
    readonly CancellationTokenSource ended = new();
    Task mining = Task.CompletedTask;

    AnvilChain(Process process, int port)
    {
        this.process = process;
        Endpoints = [new($"http://127.0.0.1:{port}"), new($"http://localhost:{port}")];
        Endpoint = new(Endpoints[0], TimeSpan.FromSeconds(30));
    }

    /// <summary>One program under two names.</summary>
    public IReadOnlyList<Uri> Endpoints { get; }

    public EvmEndpoint Endpoint { get; }

    /// <param name="hardfork">Osaka is the first that verifies P-256.</param>
    public static Task<AnvilChain> StartAsync(string hardfork = "osaka") => StartAsync(hardfork, []);

    /// <summary>A chain whose first block is of a time, as a ledger's of a test is.</summary>
    public static Task<AnvilChain> StartAsync(Core.Primitives.Timestamp begin) => StartAsync("osaka", ["--timestamp", $"{begin.UnixMilliseconds / 1000}"]);

    static async Task<AnvilChain> StartAsync(string hardfork, string[] further)
    {
        var program = Directory.Exists(Modules) ? Directory.GetDirectories(Modules, "anvil-*").Select(static folder => Path.Combine(folder, "bin", "anvil")).FirstOrDefault(File.Exists) : null;
        if (program is null) JavaScript.Absent("npm ci has not been run in contracts, or has no anvil for this machine.");
        var start = new ProcessStartInfo(program!, ["--host", "127.0.0.1", "--port", "0", "--hardfork", hardfork, "--no-mining", "--slots-in-an-epoch", "1", .. further]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("anvil did not start.");
        _ = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("Listening on 127.0.0.1:", StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.ReadToEndAsync();
            return new(process, int.Parse(line.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture));
        }

        throw new InvalidOperationException("anvil ended before it listened.");
    }

    public async Task MineAsync(int blocks = 1)
    {
        for (var i = 0; i < blocks; i++) await DoAsync("evm_mine");
    }

    /// <summary>From now on it makes blocks by itself, as chains do, for programs that wait for them.</summary>
    public void MineOn() => mining = Task.Run(async () =>
    {
        while (!ended.IsCancellationRequested)
        {
            await Endpoint.AskAsync("evm_mine", [], CancellationToken.None);
            await Task.Delay(BetweenBlocks, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    });

    public Task DoAsync(string method, params JsonNode?[] parameters) => Endpoint.AskAsync(method, new(parameters), TestContext.Current.CancellationToken);

    public Task PayAsync(EvmAddress account) => DoAsync("anvil_setBalance", account.ToString(), "0x56bc75e2d63100000");

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await mining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
        Endpoint.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
