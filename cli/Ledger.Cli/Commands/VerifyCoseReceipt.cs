using System.Text.Json.Nodes;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Suites.Cose;

namespace Ledger.Cli.Commands;

/// <summary>What <c>ledger verify receipt</c> says of a COSE receipt. Its root stands nowhere in it: a leaf or path that was changed leads to a root that no bank signed.</summary>
static class VerifyCoseReceipt
{
    public static int Tell(Run run, byte[] octets, Trust trust)
    {
        if (CoseReceiptFile.Read(octets, out var fault) is { } file) return Tell(run, file, trust, file.Verify(trust.Suite, trust.Policy));
        var (number, receipt) = ((int)(fault?.Kind ?? default), fault?.Receipt ?? 0);
        run.Output.Message(
            $"核验不通过：文件不是 COSE 回执（原因 {number}{(receipt > 0 ? $"，第 {receipt} 份" : "")}）：{fault?.Kind.Says(Language.Chinese)}。",
            $"False: the file is no COSE receipt (fault {number}{(receipt > 0 ? $", receipt {receipt}" : "")}): {fault?.Kind.Says(Language.English)}.");
        return ExitCode.VerificationFalse;
    }

    static int Tell(Run run, CoseReceiptFile file, Trust trust, CoseFinding finding)
    {
        var (exit, chinese, english) = finding.Verdict switch
        {
            ProofVerdict.Verified => (ExitCode.Ok, "核验通过", "verified"),
            ProofVerdict.NotIncluded => (ExitCode.VerificationFalse, "核验不通过：路径与位置不符，由记录算不出根", "false: the path does not fit the place, and the entry leads to no root"),
            ProofVerdict.BadSignature => (
                ExitCode.VerificationFalse, "核验不通过：银行的签名不是对由记录与路径算出的根所作；记录、位置或签名已被改动", "false: a bank's signature is not over the root to which entry and path lead: entry, place or signature was changed"),
            ProofVerdict.Untrusted => (
                ExitCode.VerificationFalse, $"核验不通过：属于另一条链，或签署不足：应有{trust.Asks.Chinese}，实有 {finding.Signers.Count} 家",
                $"false: it is another chain's, or too few banks say so: expected what {trust.Asks.English}, found {finding.Signers.Count}"),
            ProofVerdict.CannotBeChecked when trust.Suite.Name != P256Suite.SuiteName => (
                ExitCode.CouldNotCheck, "无法核验：本链使用 SM2 与 SM3，COSE 没有这两种算法（30047）", "could not be checked: the chain is under SM2 and SM3, which COSE does not know (30047)"),
            ProofVerdict.CannotBeChecked => (ExitCode.CouldNotCheck, "无法核验：信任策略要求本程序不支持的签名类型", "could not be checked: the policy asks for signatures of a type that this program does not verify"),
            ProofVerdict.NoLeaf => throw new System.Diagnostics.UnreachableException("A COSE receipt is read with its leaf."),
        };
        var (place, kind) = (file.Receipts[0], VerifyReceipt.KindOf(file.Leaf));
        if (exit == ExitCode.Ok && kind is not VerifyReceipt.EntryKind)
        {
            (exit, chinese, english) = (
                ExitCode.VerificationFalse, $"核验不通过：该证明所证的是{VerifyReceipt.LeafKind(kind).Chinese}，不是记录", $"false: what it proves is {VerifyReceipt.LeafKind(kind).English}, and no entry");
        }

        var isTrue = exit == ExitCode.Ok;
        run.Output.Record(
            new("verdict", "结论", "verdict", run.Output.Verdict(isTrue, run.Output.Say(chinese, english))),
            new("origin", "检查点来源", "origin", place.Origin),
            new("size", "历史长度（叶）", "size of the history (leaves)", place.Size),
            new(isTrue ? "root" : "foundRoot", isTrue ? "历史根" : "实际的根（由记录与路径算出）", isTrue ? "root of the history" : "found root (of the entry and its path)", finding.Root?.ToString()),
            new("leaf", "叶序号", "leaf", place.Index),
            new("kind", "叶的种类", "kind of leaf", kind),
            new("signedBy", "签名相符的银行", "signed by", trust.Names(finding.Signers)),
            new("notSignedBy", "签名不符的银行", "false words of", isTrue ? null : trust.Names(finding.Wrong)),
            new("entry", "记录", "entry", isTrue ? VerifyReceipt.EntryOf(run.Output, trust, place.Origin, file.Leaf) : null),
            new("checked", "已核验", "checked", isTrue ? Checked(run.Output, file, trust) : null),
            new("notChecked", "未核验", "not checked", isTrue ? VerifyReceipt.NotChecked(run.Output, trust) : new JsonArray(run.Output.Say("该记录说了什么：不可相信", "what the entry says: believe none of it"))));
        return exit;
    }

    static JsonArray Checked(Output output, CoseReceiptFile file, Trust trust) =>
    [
        output.Say(
            $"记录的 {file.Leaf.Length} 字节位于历史的第 {file.Receipts[0].Index} 叶（{file.Receipts[0].Path.Count} 步证明）",
            $"the entry's {file.Leaf.Length} bytes are leaf {file.Receipts[0].Index} of the history ({file.Receipts[0].Path.Count} steps of proof)"),
        output.Say($"{file.Receipts.Count} 家银行对该检查点的签署（COSE_Sign1），{trust.Asks.Chinese}", $"the words of {file.Receipts.Count} banks on that checkpoint (COSE_Sign1), of which {trust.Asks.English}"),
    ];
}
