using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.ChainFolder;
using Ledger.Client.Disclosures;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Replay;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger verify chain</c>: reads a chain folder whole and derives all of it again.</summary>
static class VerifyChain
{
    public static Command Make(Shell shell)
    {
        var path = Options.Text("PATH", "节点的数据目录，或其 chain 目录的副本", "a node's data folder, or a copy of its chain folder");
        var chainId = VerifyCommands.ChainIdOption();
        var disclosures = Options.TextOption(
            "--disclosures", "披露目录：核对隐藏条款的摘要，并复算融资金额", "folder of disclosures: hold hidden terms against their digests, and compute financings' figures again", value: "DIR");
        var anchors = VerifyAnchor.FileOption(isRequired: false);
        return shell.Command(
            "chain", "核验整条链：记录、签名、规则、根与检查点。", "Verify a whole chain: framing, signatures, rules, roots and checkpoints.", [path, chainId, disclosures, anchors], async (run, cancel) =>
            {
                var folder = Directory.Exists(run.Value(path)) ? ChainFolder.Open(run.Value(path)) : throw StopException.NotFound(run.Value(path));
                var audit = run.Value(disclosures) is { } given ? new DisclosureAudit(DisclosureCommands.ReadFolder(given)) : null;
                Action<FoldedBlock>? onBlock = audit is null ? null : audit.Read;
                ChainVerdict verdict;
                using (var watcher = new ChainWatcher(run, cancel)) verdict = folder.Verify(run.Value(chainId), watcher, onBlock);
                if (run.Value(anchors) is not { } file || verdict is not ChainVerdict.Verified { Report: var report }) return Tell(run, run.Value(path), verdict, audit);

                // People see the chain's verdict before other machines are asked; programs get one object.
                var found = run.Output.IsJson ? await VerifyAnchor.FindAsync(run, file, report, cancel) : null;
                if (Tell(run, run.Value(path), verdict, audit, found) is not ExitCode.Ok and var code) return code;
                if (found is not null) return found.Code;
                var anchored = await VerifyAnchor.FindAsync(run, file, report, cancel);
                anchored.Show(run.Output);
                return anchored.Code;
            }, "verify chain ./data --anchors anchors.json", "verify chain ./data", "verify chain ./copy-of-chain --chain-id 3f1c…", "verify chain ./data --disclosures ./disclosures");
    }

    /// <summary>Tells a verdict to people or programs; its number is the exit code.</summary>
    internal static int Tell(Run run, string path, ChainVerdict verdict, DisclosureAudit? audit, AnchorsFound? anchored = null)
    {
        switch (verdict)
        {
            case ChainVerdict.Verified verified:
                return Tell(run, verified, audit?.Finish(), anchored);
            case ChainVerdict.Falsified falsified:
                return Tell(run, path, falsified);
            case ChainVerdict.CannotBeChecked unknown:
                run.Output.Message($"无法核验：{unknown.Chinese}", $"Could not be checked: {unknown.English}");
                return ExitCode.CouldNotCheck;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    static int Tell(Run run, ChainVerdict.Verified verified, DisclosureReport? disclosed, AnchorsFound? anchored)
    {
        Field[] published = verified.UpTo is { } upTo
            ? [new("stoppedAt", "止于（节点运行中，核验至其公布处）", "stopped where the running node published", $"{upTo.FirstHeight}:{upTo.Length}")]
            : [];
        var isGood = disclosed is null or { IsGood: true };
        run.Output.Record([
            new("verdict", "结论", "verdict", run.Output.Verdict(isGood, isGood ? run.Output.Say("核验通过", "verified") : run.Output.Say("核验不通过", "false"))),
            .. Counted(verified.Report), .. published,
            .. disclosed is null ? [] : DisclosureFields.Of(run.Output, disclosed),
            .. anchored is null ? (Field[])[] : [anchored.Field],
            new("checked", "已核验", "checked", Checked(run.Output)),
            new("notChecked", "未核验", "not checked", NotChecked(run.Output, verified.Report, disclosed)),
        ]);
        if (disclosed is not null) DisclosureFields.ShowTables(run.Output, disclosed);
        if (isGood) return ExitCode.Ok;
        run.Output.Message(
            "链本身核验通过，但披露与链上签名的内容不符。", "The chain itself is verified; the disclosures are not what its parties signed, or their figures do not follow.");
        return ExitCode.VerificationFalse;
    }

    static int Tell(Run run, string path, ChainVerdict.Falsified falsified)
    {
        var (fault, before) = (falsified.Fault, falsified.Report);
        var picture = TamperPicture.Of(path, fault, before);
        run.Output.Record([
            new("verdict", "结论", "verdict", run.Output.Verdict(isGood: false, run.Output.Say("核验不通过", "false"))),
            new("fault", "原因", "fault", run.Output.Say(fault.Chinese, fault.English)),
            new("file", "文件", "file", fault.File),
            new("offset", "记录偏移", "offset of the record", fault.Offset),
            new("height", "高度", "height", fault.Height),
            new("leaf", "叶", "leaf of the block", fault.Leaf),
            .. picture is not null && run.Output.IsJson ? (Field[])[new("tampering", "篡改", "tampering", picture.ToJson())] : [],
            .. before is null ? [] : Before(run.Output, before, fault, picture),
            new("checked", "已核验", "checked", fault.Height == 0 ? new JsonArray() : Checked(run.Output, upTo: fault.Height - 1)),
            new("notChecked", "未核验", "not checked", new JsonArray(run.Output.Say($"高度 {fault.Height} 起的一切", $"everything from height {fault.Height} on"))),
        ]);
        if (picture is not null && run.Output.Form == Form.Table) picture.Draw(run.Output);
        run.Output.Message(
            $"核验不通过：{fault.File} 偏移 {fault.Offset}，高度 {fault.Height}：{fault.Chinese}",
            $"False: {fault.File} at offset {fault.Offset}, height {fault.Height}: {fault.English}");
        return ExitCode.VerificationFalse;
    }

    // Judging a block counts it, even where it turns out false; only behind a false checkpoint is the block of that height good.
    static Field[] Before(Output output, ChainReport before, ChainFault fault, TamperPicture? picture)
    {
        var good = picture?.Type == RecordType.Checkpoint || fault.Height == 0 ? before.Height : Math.Min(before.Height, fault.Height - 1);
        Field[] counted = [.. Counted(before).Select(field => field.Name == "height" ? new Field("height", "此前核验至高度", "verified before it, to height", good) : field)];
        return output.IsJson
            ? [new("before", "此前", "before it", new JsonObject(counted.Select(field => KeyValuePair.Create(field.Name, field.Value))))]
            : counted;
    }

    static JsonArray Checked(Output output, ulong? upTo = null) =>
    [
        .. upTo is { } height ? (JsonNode[])[output.Say($"高度 0 至 {height}：", $"heights 0 to {height}:")] : [],
        output.Say("每条记录的格式与校验和", "the form and checksum of every record"),
        output.Say("每笔交易的签名、每个批次与检查点的签名", "the signatures of every transaction, batch and checkpoint"),
        output.Say("每个区块按规则重新推导：答复、状态根、历史根", "every block derived again by the rules: answers, state root, root of the history"),
    ];

    internal static Field[] Counted(ChainReport report) =>
    [
        new("chainId", "链标识", "chain id", report.Genesis.Chain.ChainId.ToString()),
        new("chainIdTrusted", "链标识经外部确认", "chain id known from elsewhere", report.IsChainIdTrusted),
        new("origin", "检查点来源", "origin", report.Checkpoint.Origin),
        new("height", "高度", "height", report.Height),
        new("ledgerTime", "账本时间", "ledger time", TimeText.Of(report.LedgerTime, report.Genesis.Chain.OffsetMinutes)),
        new("root", "历史根", "root of the history", Convert.ToBase64String(report.Checkpoint.Root.ToBytes())),
        new("blocks", "区块", "blocks", report.Blocks),
        new("leaves", "叶", "leaves", report.Leaves),
        new("entries", "记录的交易", "entries", report.Entries),
        new("accepted", "其中受理", "of these accepted", report.Accepted),
        new("refused", "其中拒绝", "of these refused", report.Refused),
        new("skipped", "未入账的交易", "skipped", report.Skipped),
        new("checkpoints", "检查点", "checkpoints", report.Checkpoints),
        new("signatures", "已验证签名", "signatures verified", report.Signatures),
        new("validatorSet", "验证节点集合（第几组）", "set of validators", report.ValidatorSet),
        new("validators", "现任验证节点", "validators now", new JsonArray([.. report.Validators.Select(one => (JsonNode)one.Bank.Text)])),
        new("bytes", "字节", "bytes", report.Bytes),
        .. report.ForeignFiles.Count == 0 ? (Field[])[] : [new(
            "foreignFiles", "链目录中的其他文件（不属于链，未读取）", "other files in the chain's folder (no part of it, not read)", new JsonArray([.. report.ForeignFiles.Select(name => (JsonNode)name)]))],
        .. report.Resumed.Select(epoch => new Field(
            $"epoch{epoch.Number}", $"第 {epoch.Number} 纪元：运营者恢复运行，此前已确认的区块可能丢失，自高度", $"epoch {epoch.Number}: resumed by its operator, acknowledged blocks may be lost before height", epoch.FirstHeight)),
    ];

    static JsonArray NotChecked(Output output, ChainReport report, DisclosureReport? disclosed)
    {
        var open = new JsonArray { output.Say(
            "此后是否还有区块：请与银行最新公布的检查点比较", "whether more blocks followed: compare with the newest checkpoint that the banks publish") };
        if (!report.IsChainIdTrusted)
            open.Insert(0, output.Say("这是否就是您要核验的链：请用 --chain-id 给出已知的链标识", "whether this is the chain you mean: give its id with --chain-id"));
        if (disclosed is not null) DisclosureFields.AddUnchecked(open, output, disclosed);
        return open;
    }

    /// <summary>Shows how far it has come, to people only, and stops when told to.</summary>
    internal sealed class ChainWatcher(Run run, CancellationToken cancel) : IProgress<ChainProgress>, IDisposable
    {
        readonly Progress progress = new(run);

        public void Report(ChainProgress value)
        {
            cancel.ThrowIfCancellationRequested();
            progress.Tell(
                () => $"高度 {Run.Number(value.Height)}，{Percent(value)} …", () => $"height {Run.Number(value.Height)}, {Percent(value)} …");
        }

        public void Dispose() => progress.Dispose();

        static string Percent(ChainProgress value) => $"{(value.BytesTotal == 0 ? 0 : value.BytesRead * 100 / value.BytesTotal)} %";
    }
}
