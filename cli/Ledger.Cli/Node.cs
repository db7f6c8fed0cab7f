using System.CommandLine;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Signing;

namespace Ledger.Cli;

/// <summary>The node that a command speaks to.</summary>
static class Node
{
    public const string Default = "http://127.0.0.1:7301/";

    public static Option<string?> Option() => Options.TextOption(
        "--node", $"节点地址（默认：环境变量 LEDGER_NODE、设置文件，或 {Default}）", $"a node's address (default: the variable LEDGER_NODE, the settings, or {Default})", value: "URL");

    public static LedgerApi Open(Run run, Option<string?> option) => Open(run.Setting(Setting.Node, run.Value(option)).Value ?? Default);

    public static LedgerApi Open(string address, ReadPasses? passes = null) => new(new HttpClient { BaseAddress = AddressOf(address) }, passes);

    public static Uri AddressOf(string address) =>
        Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw StopException.Usage($"“{address}”不是节点地址（例：{Default}）。", $"'{address}' is no node's address (for example {Default}).");

    /// <summary>Reads one thing and prints it.</summary>
    public static async Task<int> ShowAsync(Run run, Reading reading, string path, string what, CancellationToken cancel)
    {
        using JsonDocument found = await (await reading.OpenAsync(run, cancel)).ReadAsync(reading.At(run, path), cancel) ?? throw StopException.NotFound(what);
        run.Output.Answer(found.RootElement);
        return ExitCode.Ok;
    }
}
