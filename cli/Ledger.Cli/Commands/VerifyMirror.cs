using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.Mirroring;
using Ledger.Core.Chain;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger verify mirror</c>: that a copy of a history is what its checkpoint says, and where two copies part.</summary>
static class VerifyMirror
{
    public static Command Make(Shell shell)
    {
        var folder = Options.Text("DIR", "镜像目录（ledger mirror）", "a copy's folder (ledger mirror)");
        var other = Options.TextOption("--against", "另一份镜像：两者均核验，并找出最早的不同之处", "another copy: both are verified, and where they first differ is found", value: "DIR");
        var evidence = Options.TextOption("--evidence", "两份镜像互相排斥时，将证据写入该文件", "the file to which the proof is written where the two exclude each other", value: "FILE");
        var trusted = new TrustOptions();
        return shell.Command(
            "mirror", "离线核验一份历史镜像；与另一份比对，找出分叉。", "Verify a copy of a history, and find where it parts from another.", [folder, other, evidence, .. trusted.All], (run, cancel) =>
            {
                var trust = trusted.Of(run);
                try
                {
                    return Task.FromResult(Tell(run, trust, run.Value(folder), run.Value(other), run.Value(evidence), cancel));
                }
                catch (MirrorException stopped)
                {
                    throw MirrorCommand.Stop(stopped);
                }
            }, "verify mirror ./mirror --policy policy.txt", "verify mirror ./mirror --against ./other --evidence split.txt --genesis genesis.json");
    }

    static int Tell(Run run, Trust trust, string path, string? against, string? evidence, CancellationToken cancel)
    {
        var exit = Verify(run, trust, path, cancel, out var folder, out var report);
        if (report is null) return exit;
        if (against is null)
        {
            Say(run, trust, report, isGood: true, run.Output.Say("核验通过", "verified"));
            return ExitCode.Ok;
        }

        exit = Verify(run, trust, against, cancel, out var second, out var others);
        if (others is null) return exit;
        if (report.Checkpoint.Checkpoint.Origin != others.Checkpoint.Checkpoint.Origin)
            throw new StopException(ExitCode.CouldNotCheck, "无法比对：两份镜像属于不同的账本。", "Could not be compared: the two are copies of different logs.");
        if (MirrorAudit.Compare(trust.Suite, folder, second, run.Now) is not { } found)
        {
            var (one, two) = (report.Checkpoint.Checkpoint.Size, others.Checkpoint.Checkpoint.Size);
            Say(run, trust, report, isGood: true, one == two ? run.Output.Say("核验通过：两份镜像相同", "verified: the two are the same") : run.Output.Say($"核验通过：{Math.Max(one, two)} 叶的镜像以 {Math.Min(one, two)} 叶的为前缀", $"verified: the copy of {Math.Max(one, two)} leaves begins with that of {Math.Min(one, two)}"));
            return ExitCode.Ok;
        }

        if (evidence is not null) run.WriteExact(found.View.Write(), evidence);
        Say(
            run, trust, report, isGood: false, run.Output.Say($"历史分叉：前 {found.Common} 叶相同，自第 {found.Common + 1} 叶起不同", $"split view: the first {found.Common} leaves are the same, and differ from a size of {found.Common + 1} on"),
            new("common", "相同的叶子", "leaves in common", found.Common),
            new("checkpoints", "两份检查点", "the two checkpoints", new JsonArray(Line(run, found.View.Shown.Checkpoint), Line(run, found.View.Mine.Checkpoint))),
            new("evidence", "证据", "evidence", evidence));
        return ExitCode.SplitView;
    }

    static int Verify(Run run, Trust trust, string path, CancellationToken cancel, out MirrorFolder folder, out MirrorReport? report)
    {
        folder = MirrorFolder.Open(Directory.Exists(path) ? path : throw StopException.NotFound(path));
        report = null;
        using var progress = new Progress(run);
        switch (MirrorAudit.Verify(folder, trust.Suite, trust.Policy, at => progress.Tell(() => $"{path} {Run.Number(at.Done)} / {Run.Number(at.Total)}", () => $"{path} {Run.Number(at.Done)} of {Run.Number(at.Total)}"), cancel))
        {
            case MirrorVerdict.Verified verified:
                report = verified.Report;
                return ExitCode.Ok;
            case MirrorVerdict.Falsified wrong:
                Fail(run, path, wrong.File, run.Output.Say($"核验不通过：{wrong.Chinese}", $"false: {wrong.English}"));
                return ExitCode.VerificationFalse;
            case MirrorVerdict.CannotBeChecked open:
                Fail(run, path, open.File, run.Output.Say($"无法核验：{open.Chinese}", $"could not be checked: {open.English}"));
                return ExitCode.CouldNotCheck;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    static void Fail(Run run, string path, string file, string said) => run.Output.Record(
        new("verdict", "结论", "verdict", run.Output.Verdict(isGood: false, said)), new("folder", "目录", "folder", path), new("file", "文件", "file", file));

    static void Say(Run run, Trust trust, MirrorReport report, bool isGood, string said, params ReadOnlySpan<Field> more)
    {
        var held = report.Checkpoint.Checkpoint;
        run.Output.Record([
            new("verdict", "结论", "verdict", run.Output.Verdict(isGood, said)),
            new("origin", "检查点来源", "origin", held.Origin),
            new("leaves", "叶子", "leaves", held.Size),
            new("root", "根", "root", held.Root.ToString()),
            new("signedBy", "签名银行", "signed by", trust.Signers(report.Checkpoint)),
            new("tiles", "瓦片", "tiles", report.Tiles),
            new("entries", "保存的条目", "entries held", report.Entries),
            new("beyond", "检查点之后的文件", "files beyond the checkpoint", report.Beyond),
            new("foreign", "不属于镜像的文件（未读取）", "files that are no part of a copy (not read)", new JsonArray([.. report.ForeignFiles.Select(static name => (JsonNode)name)])),
            .. more,
            new("checked", "已核验", "checked", new JsonArray(
                run.Output.Say($"检查点的签名，{trust.Asks.Chinese}", $"the checkpoint's signatures, of which {trust.Asks.English}"),
                run.Output.Say("全部瓦片得出检查点的根；所保存的条目逐一对应其哈希", "that all tiles make the checkpoint's root, and that the entries held are those of the hashes"))),
            new("notChecked", "未核验", "not checked", new JsonArray(run.Output.Say("条目说了什么，是否符合规则（ledger verify chain）", "what the entries say, and whether they follow from the rules (ledger verify chain)"))),
        ]);
    }

    static string Line(Run run, Checkpoint one) => run.Output.Say($"{one.Size} 叶，根 {one.Root}", $"{one.Size} leaves with root {one.Root}");
}
