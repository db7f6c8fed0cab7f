using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger verify consistency</c>: that a newer checkpoint's history begins with that of an older one, so that nothing between was rewritten.</summary>
static class VerifyConsistency
{
    public static Command Make(Shell shell)
    {
        var older = Options.Text("OLD", "较早的检查点，或含有它的回执、状态证明、一致性证明", "the older checkpoint, or a receipt, state proof or consistency proof that has it");
        var newer = Options.Text("NEW", "较新的检查点，或含有它的文件；一致性证明自带检查点", "the newer checkpoint, or a file that has it; a consistency proof has its own");
        var between = Options.TextOption("--proof", "一致性证明（ledger proof consistency）；NEW 本身即是时省略", "the consistency proof (ledger proof consistency), where NEW is not one itself", value: "FILE");
        var trusted = new TrustOptions();
        return shell.Command(
            "consistency", "核验较新的历史以较早的历史为前缀。", "Verify that a newer history begins with an older one.", [older, newer, between, .. trusted.All], run =>
            {
                var (old, fresh) = (run.Read(run.Value(older)), run.Read(run.Value(newer)));
                var trust = trusted.Of(run);
                var named = run.Value(between) is { } path ? (Path: path, Bytes: run.Read(path)) : (Path: run.Value(newer), Bytes: fresh);
                if (!ConsistencyProof.TryParse(named.Bytes, out var proof) && run.Value(between) is not null) return NotRead(run, named.Path);
                if (NoteOf(old) is not { } first) return NotRead(run, run.Value(older));
                if (NoteOf(fresh) is not { } second) return NotRead(run, run.Value(newer));
                return Tell(run, trust, first, second, proof);
            }, "verify consistency receipt.tlog-proof now.consistency --genesis genesis.json", "verify consistency old.checkpoint new.checkpoint --proof now.consistency --policy policy.txt -o json");
    }

    /// <summary>The signed checkpoint that a file is, or has; null where it has none.</summary>
    internal static Note? NoteOf(byte[] bytes)
    {
        if (Note.TryParse(bytes, out var note)) return note;
        if (TlogProof.TryParse(bytes, out var receipt)) return receipt.Note;
        return ConsistencyProof.TryParse(bytes, out var proof) ? proof.Newer : StateProofFile.Read(bytes, out _)?.Receipt.Note;
    }

    static int NotRead(Run run, string path)
    {
        run.Output.Message(
            $"核验不通过：{path} 不是检查点，也不是含有检查点的文件；--proof 须为一致性证明。", $"False: {path} is no checkpoint and no file that has one; --proof takes a consistency proof.");
        return ExitCode.VerificationFalse;
    }

    static int Tell(Run run, Trust trust, Note older, Note newer, ConsistencyProof? proof)
    {
        var (old, fresh) = (older.Checkpoint, newer.Checkpoint);
        var (exit, chinese, english) = Judge(trust, "较早的检查点", "the older checkpoint", older) ?? Judge(trust, "较新的检查点", "the newer checkpoint", newer) ?? Judge(ConsistencyProof.Judge(trust.Suite, old, fresh, proof), old, fresh, proof);
        var roots = proof is null ? null : Proofs.ConsistentRoots(trust.Suite, old.Size, fresh.Size, proof.Hashes.Span, old.Root);
        var isTrue = exit == ExitCode.Ok;
        run.Output.Record(
            new("verdict", "结论", "verdict", run.Output.Verdict(isTrue, run.Output.Say(chinese, english))),
            new("origin", "检查点来源", "origin", old.Origin == fresh.Origin ? old.Origin : $"{old.Origin} ≠ {fresh.Origin}"),
            new("olderSize", "较早的长度（叶）", "size of the older (leaves)", old.Size),
            new("newerSize", "较新的长度（叶）", "size of the newer (leaves)", fresh.Size),
            new("olderRoot", "较早的根（检查点所示）", "root of the older (what its checkpoint names)", old.Root.ToString()),
            new("newerRoot", "较新的根（检查点所示）", "root of the newer (what its checkpoint names)", fresh.Root.ToString()),
            new("foundOlderRoot", "较早的根（由证明算出）", "root of the older (found by the proof)", isTrue ? null : Found(run, proof, roots?.First)),
            new("foundNewerRoot", "较新的根（由证明算出）", "root of the newer (found by the proof)", isTrue ? null : Found(run, proof, roots?.Second)),
            new("olderSignedBy", "较早检查点的签名银行", "signers of the older", trust.Signers(older)),
            new("newerSignedBy", "较新检查点的签名银行", "signers of the newer", trust.Signers(newer)),
            new("checked", "已核验", "checked", isTrue ? Checked(run.Output, trust, old, fresh, proof) : null),
            new("notChecked", "未核验", "not checked", isTrue ? NotChecked(run.Output, trust) : null));
        return exit;
    }

    static string? Found(Run run, ConsistencyProof? proof, Hash256? root) => proof is null ? null : root?.ToString() ?? run.Output.Say("算不出：证明的长度不对", "none: the proof is too long or too short");

    static (int, string, string)? Judge(Trust trust, string chinese, string english, Note note) => trust.Policy.Check(trust.Suite, note).Verdict switch
    {
        TrustVerdict.Trusted => null,
        TrustVerdict.Untrusted => (ExitCode.VerificationFalse, $"核验不通过：{chinese}缺少法定数量的银行签名，或属于另一条链", $"false: {english} lacks a quorum of the banks' signatures, or is another chain's"),
        TrustVerdict.BadSignature => (ExitCode.VerificationFalse, $"核验不通过：{chinese}上有银行的签名是假的", $"false: a bank's signature on {english} does not verify"),
        TrustVerdict.CannotBeChecked => (ExitCode.CouldNotCheck, $"无法核验：信任策略要求本程序不支持的签名类型（{chinese}）", $"could not be checked: the policy asks for signatures of a type that this program does not verify ({english})"),
    };

    static (int, string, string) Judge(ConsistencyVerdict verdict, Checkpoint old, Checkpoint fresh, ConsistencyProof? proof) => verdict switch
    {
        ConsistencyVerdict.Consistent => (ExitCode.Ok, "核验通过", "verified"),
        ConsistencyVerdict.OtherOrigin => (ExitCode.VerificationFalse, "核验不通过：两个检查点属于不同的链", "false: the two checkpoints are of two chains"),
        ConsistencyVerdict.OlderIsLonger => (
            ExitCode.VerificationFalse, $"核验不通过：OLD 有 {old.Size} 叶，比 NEW 的 {fresh.Size} 叶更长", $"false: OLD has {old.Size} leaves, which are more than the {fresh.Size} of NEW"),
        ConsistencyVerdict.TwoHistories => (
            ExitCode.VerificationFalse, "核验不通过：银行对同一长度签署了两份不同的历史；请保存两份检查点，这是分叉的证据", "false: the banks signed two histories of one size; keep both checkpoints, they are evidence of a split"),
        ConsistencyVerdict.OtherProof when proof is not null => (
            ExitCode.VerificationFalse, $"核验不通过：证明由 {proof.OldSize} 叶到 {proof.Newer.Checkpoint.Size} 叶，应由 {old.Size} 叶到 {fresh.Size} 叶（且为同一检查点）",
            $"false: the proof leads from {proof.OldSize} leaves to {proof.Newer.Checkpoint.Size}, expected from {old.Size} to {fresh.Size}, under the same checkpoint"),
        ConsistencyVerdict.NoProof => (
            ExitCode.CouldNotCheck, "无法核验：缺少两者之间的证明；请用 ledger proof consistency 取得，或以 --proof 给出",
            "could not be checked: there is no proof between the two; fetch it with ledger proof consistency, or give it with --proof"),
        ConsistencyVerdict.RootsDiffer => (ExitCode.VerificationFalse, "核验不通过：证明没有由较早的根通向较新的根", "false: the proof does not lead from the older root to the newer"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static JsonArray Checked(Output output, Trust trust, Checkpoint old, Checkpoint fresh, ConsistencyProof? proof) =>
    [
        output.Say(
            $"较新历史的前 {old.Size} 叶就是较早的历史（{proof?.Hashes.Count ?? 0} 步证明，其后新增 {fresh.Size - old.Size} 叶）",
            $"the first {old.Size} leaves of the newer history are the older one ({proof?.Hashes.Count ?? 0} steps of proof, {fresh.Size - old.Size} leaves behind it)"),
        output.Say($"两个检查点的签名，{trust.Asks.Chinese}", $"the signatures of both checkpoints, of which {trust.Asks.English}"),
    ];

    static JsonArray NotChecked(Output output, Trust trust)
    {
        var open = new JsonArray { output.Say("新增的内容说了什么，是否符合规则（ledger verify chain）", "what the leaves behind it say, and whether they follow from the rules (ledger verify chain)") };
        if (!trust.IsPinned) open.Insert(0, output.Say("创世文件是否属于您所知的链：请用 --chain-id 给出链标识", "whether genesis is that of the chain you know: give its id with --chain-id"));
        return open;
    }
}
