using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.ChainFolder;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger snapshot</c>: what snapshots there are, and whether two banks' are equal.</summary>
static class SnapshotCommands
{
    public static Command Make(Shell shell) => Shell.Noun("snapshot", "列出与比对账本状态快照。", "List and compare snapshots of the ledger's state.", MakeList(shell), MakeCompare(shell));

    static Command MakeList(Shell shell)
    {
        var data = Options.Text("DATA", "节点的数据目录", "a node's data folder");
        return shell.Command("list", "列出数据目录中的快照及其内容哈希。", "List the snapshots of a data folder, with the hash of their contents.", [data], run =>
        {
            var folder = Directory.Exists(run.Value(data)) ? run.Value(data) : throw StopException.NotFound(run.Value(data));
            var inner = Path.Combine(folder, FolderLayout.Snapshots);
            var files = Directory.Exists(inner) ? Directory.GetFiles(inner).Where(path => FolderLayout.TryParseSnapshotName(Path.GetFileName(path), out _)).Order(StringComparer.Ordinal).ToArray() : [];
            var genesis = Path.Combine(folder, FolderLayout.Chain, FolderLayout.Genesis);
            int? offset = File.Exists(genesis) ? run.Genesis(genesis).Chain.OffsetMinutes : null;
            var rows = new List<IReadOnlyList<JsonNode?>>();
            foreach (var path in files)
            {
                using var stream = SnapshotFile.Open(path);
                var listing = SnapshotListing.Open(stream);
                var records = (ulong)(listing?.Records().LongCount() ?? 0);
                rows.Add([
                    Path.GetFileName(path), listing?.Header.Height, listing is null ? null : TimeOf(listing.Header.Time, offset), new FileInfo(path).Length, records,
                    listing?.Content.ToString(), listing is { IsWhole: true },
                ]);
            }

            run.Output.Table(
                [
                    new("name", "文件", "file", null), new("height", "高度", "height", null), new("ledgerTime", "账本时间", "ledger time", null), new("bytes", "字节", "bytes", null),
                    new("records", "记录与标识", "records and ids", null), new("content", "内容哈希", "hash of the contents", null), new("whole", "校验和正确", "checksum right", null),
                ], rows);
            return ExitCode.Ok;
        }, "snapshot list ./data");
    }

    static Command MakeCompare(Shell shell)
    {
        var first = Options.Text("A", "快照", "a snapshot");
        var second = Options.Text("B", "另一家银行同一高度的快照", "another bank's snapshot of the same height");
        return shell.Command("compare", "比对同一高度的两个快照；相同者哈希相同，不论出自哪家。", "Compare two snapshots of one height; equal ones have one hash, whoever's they are.", [first, second], run =>
        {
            var (a, b) = (OpenFile(run.Value(first)), OpenFile(run.Value(second)));
            using var _ = a;
            using var __ = b;
            if (SnapshotListing.Open(a) is not { } one || SnapshotListing.Open(b) is not { } other)
                throw new StopException(ExitCode.CouldNotCheck, "其中一个文件不是账本快照。", "One of the files is no snapshot.");
            if (one.ChainId != other.ChainId) throw new StopException(ExitCode.CouldNotCheck, "两个快照属于不同的链。", "They are snapshots of different chains.");
            if (one.Header.Height != other.Header.Height)
            {
                throw new StopException(
                    ExitCode.CouldNotCheck, $"两个快照的高度不同：{one.Header.Height} 与 {other.Header.Height}。", $"They are of different heights, {one.Header.Height} and {other.Header.Height}.");
            }

            var difference = SnapshotFile.FirstDifference(one.Records(), other.Records());
            var isEqual = difference is null && one.Header == other.Header && one.IsWhole && other.IsWhole && one.Content == other.Content;
            run.Output.Record([
                new("verdict", "结论", "verdict", run.Output.Verdict(isEqual, isEqual ? run.Output.Say("相同", "equal") : run.Output.Say("不同", "different"))),
                new("height", "高度", "height", one.Header.Height),
                new("headerEqual", "区块头相同", "headers equal", one.Header == other.Header),
                new("section", "首个不同的状态分区", "section of the first difference", difference is null ? null : (int)difference.Section),
                new("sectionName", "分区名", "its name", difference?.Section.ToString()),
                new("key", "记录键（十六进制）", "key of the record, hexadecimal", difference is null ? null : Convert.ToHexStringLower(difference.Key.Span)),
                new("onlyIn", "仅见于", "only in", difference is { IsOnlyInFirst: true } ? "A" : difference is { IsOnlyInSecond: true } ? "B" : null),
                new("content", "内容哈希", "hash of the contents", isEqual ? one.Content.ToString() : null),
            ]);
            return isEqual ? ExitCode.Ok : ExitCode.VerificationFalse;
        }, "snapshot compare bank-a.snap bank-b.snap");
    }

    // A snapshot does not say where its ledger lives; without the chain beside it, it says so.
    static string TimeOf(Timestamp time, int? offset) => offset is { } known ? TimeText.Of(time, known) : $"{TimeText.Of(time, offsetMinutes: 0)} UTC";

    static Stream OpenFile(string path) => File.Exists(path) ? SnapshotFile.Open(path) : throw StopException.NotFound(path);
}
