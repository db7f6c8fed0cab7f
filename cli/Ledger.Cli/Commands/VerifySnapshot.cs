using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.ChainFolder;
using Ledger.Client.Text;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger verify snapshot</c>: whether a node's snapshot is the ledger's state at its height.</summary>
static class VerifySnapshot
{
    public static Command Make(Shell shell)
    {
        var path = Options.Text("FILE", "快照文件 NNNNNNNNNNNN.snap", "a snapshot, NNNNNNNNNNNN.snap");
        var genesis = Options.File("--genesis", "该链的创世文件", "the chain's genesis file");
        var chain = Options.TextOption("--chain", "节点的数据目录或其 chain 目录的副本：重新推导该高度的状态，并指出哪条记录为假", "a node's data folder, or a copy of its chain folder: derive the state of that height again, and say which record is false", value: "DIR");
        var policy = Options.TextOption("--policy", "验证节点变更后的信任策略文件（ledger export policy）", "a trust policy file, where the validators are no longer those of genesis (ledger export policy)", value: "FILE");
        return shell.Command("snapshot", "核验快照：内容、状态根与法定数量的签名。", "Verify a snapshot: contents, state root, and the quorum's signatures.", [path, genesis, chain, policy], (run, cancel) =>
        {
            var file = File.Exists(run.Value(path)) ? run.Value(path) : throw StopException.NotFound(run.Value(path));
            var folder = run.Value(chain) is not { } named ? null : Directory.Exists(named) ? ChainFolder.Open(named) : throw StopException.NotFound(named);
            var known = run.Genesis(run.Required(genesis));
            SnapshotVerdict verdict;
            using (var watcher = new VerifyChain.ChainWatcher(run, cancel)) verdict = SnapshotFile.Verify(file, known, Trust.Pinned(run, run.Value(policy)), folder, watcher);
            return Task.FromResult(Tell(run, known.Chain.OffsetMinutes, verdict));
        }, "verify snapshot ./data/snapshots/000000005000.snap --genesis genesis.json", "verify snapshot 000000005000.snap --genesis genesis.json --chain ./data");
    }

    static int Tell(Run run, int offsetMinutes, SnapshotVerdict verdict)
    {
        switch (verdict)
        {
            case SnapshotVerdict.Verified { Snapshot: var snapshot, IsComparedWithChain: var isCompared }:
                run.Output.Record([
                    new("verdict", "结论", "verdict", run.Output.Verdict(isGood: true, run.Output.Say("核验通过", "verified"))),
                    new("chainId", "链标识", "chain id", snapshot.Header.ChainId.ToString()),
                    new("height", "高度", "height", snapshot.Header.Height),
                    new("ledgerTime", "账本时间", "ledger time", TimeText.Of(snapshot.Header.Time, offsetMinutes)),
                    new("stateRoot", "状态根", "state root", snapshot.Header.StateRoot.ToString()),
                    new("content", "内容哈希", "hash of the contents", snapshot.Content.ToString()),
                    new("records", "记录", "records", snapshot.Records),
                    new("keptIds", "保留的交易标识", "kept ids", snapshot.KeptIds),
                    new("comparedWithChain", "已与链比对", "compared with the chain", isCompared),
                    new("notChecked", "未核验", "not checked", NotChecked(run.Output, isCompared)),
                ]);
                return ExitCode.Ok;
            case SnapshotVerdict.Falsified wrong:
                run.Output.Record([
                    new("verdict", "结论", "verdict", run.Output.Verdict(isGood: false, run.Output.Say("核验不通过", "false"))),
                    new("fault", "原因", "fault", run.Output.Say(wrong.Chinese, wrong.English)),
                    new("section", "状态分区", "section", wrong.Section is { } section ? (int)section : null),
                    new("key", "记录键（十六进制）", "key of the record, hexadecimal", wrong.Key.Length == 0 ? null : Convert.ToHexStringLower(wrong.Key.Span)),
                ]);
                run.Output.Message($"核验不通过：{wrong.Chinese}", $"False: {wrong.English}");
                return ExitCode.VerificationFalse;
            case SnapshotVerdict.CannotBeChecked unknown:
                run.Output.Message($"无法核验：{unknown.Chinese}", $"Could not be checked: {unknown.English}");
                return ExitCode.CouldNotCheck;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    // A minute's digest binds its ids and their payloads, and in which minute they expire.
    static JsonArray NotChecked(Output output, bool isCompared) => isCompared ? [] :
    [
        output.Say(
            "各交易标识在其分钟内的确切到期时刻，以及同一参与方的长效标识具体是哪些：请用 --chain 与链比对",
            "at which instant within its minute a used id expires, and which of a party's ids are the long-lived ones: compare with the chain, --chain"),
    ];
}
