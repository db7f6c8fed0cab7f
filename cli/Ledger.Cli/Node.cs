using System.CommandLine;
using System.Text.Json;
using Ledger.Client.Api;

namespace Ledger.Cli;

/// <summary>The node that a command speaks to.</summary>
static class Node
{
    const string Default = "http://127.0.0.1:7301/";

    public static Option<string?> Option() => Options.TextOption("--node", $"a node's address (default: the variable LEDGER_NODE, or {Default})");

    public static LedgerApi Open(Run run, Option<string?> option) =>
        Open(run.Value(option) ?? (run.Terminal.Variable("LEDGER_NODE") is { Length: > 0 } named ? named : Default));

    public static LedgerApi Open(string address)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw StopException.Usage($"“{address}”不是节点地址（例：{Default}）。", $"'{address}' is no node's address (for example {Default}).");
        return new(new HttpClient { BaseAddress = uri });
    }

    /// <summary>Reads one thing and prints it.</summary>
    public static async Task<int> ShowAsync(Run run, Option<string?> node, string path, string what, CancellationToken cancel)
    {
        using JsonDocument found = await Open(run, node).ReadAsync(path, cancel) ?? throw StopException.NotFound(what);
        run.Output.Answer(found.RootElement);
        return ExitCode.Ok;
    }
}
