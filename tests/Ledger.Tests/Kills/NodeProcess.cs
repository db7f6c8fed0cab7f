using System.Diagnostics;
using Ledger.Client.Api;
using Ledger.Core.Chain;
using Ledger.Node;

namespace Ledger.Tests.Kills;

/// <summary>The node's own program in a process of its own, as an operator starts it; killed, not asked, when it is disposed.</summary>
sealed class NodeProcess : IDisposable
{
    const string Listening = "listening on ";

    readonly Process process;
    readonly HttpClient http;

    NodeProcess(Process process, string url)
    {
        this.process = process;
        http = new() { BaseAddress = new Uri(url) };
        Api = new(http);
    }

    public LedgerApi Api { get; }

    public HttpClient Http => http;

    /// <summary>Runs the program to its end: its exit code, and what it said.</summary>
    public static async Task<(int Code, string Said)> RunToEndAsync(string[] args, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ledger.Node.dll"), .. args]) { RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The node did not start.");
        process.StandardInput.Close();
        var said = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, said);
    }

    public static async Task<NodeProcess> StartAsync(string data, string genesis, string passwordFile, CancellationToken cancel, params string[] more)
    {
        if (!Directory.Exists(Path.Combine(data, FolderLayout.Chain)))
        {
            var (code, said) = await RunToEndAsync(["found", "--data", data, "--genesis", genesis, "--password-file", passwordFile], cancel);
            if (code != ExitCode.Ok) throw new InvalidOperationException($"The chain was not founded: {said}");
        }

        return await RunAsync(["run", "--data", data, "--genesis", genesis, "--password-file", passwordFile, "--port", "0", "--reads", "open", "--operations-port", "off", "--snapshot-every", "3", .. more], cancel);
    }

    /// <summary>Runs the program until it listens.</summary>
    public static async Task<NodeProcess> RunAsync(string[] args, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ledger.Node.dll"), .. args])
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("The node did not start.");
        var lines = new List<string>();
        while (await process.StandardError.ReadLineAsync(cancel) is { } line)
        {
            lines.Add(line);
            var place = line.IndexOf(Listening, StringComparison.Ordinal);
            if (place < 0) continue;

            // Nobody reads on, and a full pipe would stop the node.
            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            return new(process, line[(place + Listening.Length)..].Split(' ')[0]);
        }

        throw new InvalidOperationException($"The node ended before it listened: {string.Join('\n', lines)}");
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
        http.Dispose();
    }
}
