using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger block</c> and <c>ledger entry</c>: the chain as a node tells it.</summary>
static class BlockCommands
{
    const uint DefaultLimit = 20;
    const int OffsetMinutes = 480;

    static readonly Field[] Columns =
    [
        new("height", "高度", "height", null, IsFigure: true), new("time", "账本时间", "ledger time", null), new("entryCount", "记录", "entries", null, IsFigure: true),
        new("skippedCount", "未入账", "skipped", null, IsFigure: true), new("headerHash", "区块头哈希", "hash of the header", null),
    ];

    public static Command MakeBlock(Shell shell) => Shell.Noun("block", "区块。", "Blocks.", Get(shell), List(shell));

    public static Command MakeEntry(Shell shell)
    {
        var leaf = Options.Argument<ulong>("LEAF", "叶序号", "the leaf", Options.TryParseHeight);
        var reading = new Reading(hasHeights: false);
        var get = shell.Command(
            "get", "显示一条记录：交易及其答复。", "Show an entry: a transaction and its answer.", [leaf, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Of("entry", Text(run.Value(leaf))), Text(run.Value(leaf)), cancel), "entry get 17");
        return Shell.Noun("entry", "记录。", "Entries.", get);
    }

    static Command Get(Shell shell)
    {
        var height = Options.Argument<ulong>("HEIGHT", "高度", "the height", Options.TryParseHeight);
        var reading = new Reading(hasHeights: false);
        return shell.Command(
            "get", "显示一个区块：区块头、信封与各条记录。", "Show a block: header, envelope and entries.", [height, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Of("block", Text(run.Value(height))), Text(run.Value(height)), cancel), "block get 17");
    }

    static Command List(Shell shell)
    {
        var from = Options.Optional<ulong>("--from", "自该高度往前（默认：最新）", "from this height back (default: the latest)", Options.TryParseHeight);
        var limit = Options.OptionalWhole("--limit", $"最多多少个（默认 {DefaultLimit}）", $"at most so many (default: {DefaultLimit})");
        var all = Options.Flag("--all", "直至创世", "back to genesis");
        var reading = new Reading(hasHeights: false);
        return shell.Command("list", "列出区块，最新的在前。", "List blocks, the latest first.", [from, limit, all, .. reading.All], async (run, cancel) =>
        {
            var api = await reading.OpenAsync(run, cancel);
            var height = run.Value(from) ?? (await api.HealthAsync(cancel)).Height;
            var most = run.Value(all) ? uint.MaxValue : run.Value(limit) ?? DefaultLimit;
            var rows = new List<IReadOnlyList<JsonNode?>>();
            using (var progress = new Progress(run))
            {
                for (var at = (decimal)height; at >= 0 && rows.Count < most; at--)
                {
                    using var block = await api.ReadAsync(NodePaths.Of("block", Text((ulong)at)), cancel) ?? throw StopException.NotFound($"block {at}");
                    rows.Add([.. Columns.Select(column => Cell(run, column.Name, block.RootElement.GetProperty(column.Name)))]);
                    progress.Tell(() => $"已取 {rows.Count} 个区块 …", () => $"{rows.Count} blocks so far …");
                }
            }

            run.Output.Table(Columns, rows);
            return ExitCode.Ok;
        }, "block list --limit 5", "block list --all -o json");
    }

    static JsonNode? Cell(Run run, string name, JsonElement value) => name == "time" && !run.Output.IsJson
        ? TimeText.Of(new Timestamp(value.GetInt64()), OffsetMinutes)
        : JsonSerializer.SerializeToNode(value);

    static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
