using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger node</c>: how a node stands among the other banks' nodes.</summary>
static class NodeCommands
{
    const string Path = "v1/peers";
    const int OffsetMinutes = 480;

    static readonly Field[] Columns =
    [
        new("bank", "银行", "bank", null), new("address", "地址", "address", null), new("height", "高度", "height", null, IsFigure: true), new("lag", "滞后", "lag", null, IsFigure: true),
        new("lastSeen", "最近应答", "last seen", null), new("certificateExpires", "证书到期", "certificate ends", null), new("trouble", "异常", "trouble", null),
    ];

    public static Command Make(Shell shell) => Shell.Noun(
        "node", "节点与其他银行的节点：状态、下一步与恢复。", "The node and the other banks' nodes: how they are, what to do next, and going on after a loss.", NodeStatus.Make(shell), Peers(shell), NodeResume.Make(shell));

    static Command Peers(Shell shell)
    {
        var reading = new Reading(hasHeights: false);
        return shell.Command(
            "peers", "显示其他银行的节点：高度、滞后、证书到期与异常。", "Show the other banks' nodes: heights, lag, certificates' ends and what is wrong.", [.. reading.All], async (run, cancel) =>
            {
                using var answer = await (await reading.OpenAsync(run, cancel)).ReadAsync(Path, cancel) ?? throw StopException.NotFound(Path);
                var root = answer.RootElement;
                run.Output.Table(Columns, [.. root.GetProperty("peers").EnumerateArray().Select(peer => (IReadOnlyList<JsonNode?>)[.. Columns.Select(column => Cell(run, column.Name, peer))])]);
                if (root.GetProperty("splitViews").GetInt32() is > 0 and var split)
                    run.Output.Message($"注意：本节点留存了 {split} 份历史分叉证据（数据目录 evidence/）。", $"Attention: this node keeps {split} split views in its data folder's evidence/.");
                return ExitCode.Ok;
            }, "node peers", "node peers -o json");
    }

    static JsonNode? Cell(Run run, string name, JsonElement peer)
    {
        if (!peer.TryGetProperty(name, out var value)) return null;
        if (run.Output.IsJson) return JsonSerializer.SerializeToNode(value);
        return name switch
        {
            "lastSeen" or "certificateExpires" => TimeText.Of(new Timestamp(value.GetInt64()), OffsetMinutes),
            "trouble" => value.GetProperty(run.Output.Say("detailZh", "detail")).GetString(),
            "height" or "lag" => value.GetUInt64().ToString(CultureInfo.InvariantCulture),
            _ => value.GetString(),
        };
    }
}
