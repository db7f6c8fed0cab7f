using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Suites.Cose;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger verify receipt</c>: one entry, its place under a signed root, and who signed. Receipts are C2SP tlog-proof files, or COSE receipts (<see cref="VerifyCoseReceipt"/>).</summary>
static class VerifyReceipt
{
    internal const string EntryKind = "entry";

    public static Command Make(Shell shell)
    {
        var file = Options.Text("FILE", "回执：tlog-proof（- 为标准输入）或 COSE", "a receipt: a tlog-proof, or - for one on standard input, or COSE");
        var trusted = new TrustOptions();

        return shell.Command("receipt", "核验一条记录是否在银行签名的历史之中。", "Verify that an entry is in the history that the banks signed.", [file, .. trusted.All], run =>
        {
            var bytes = run.Read(run.Value(file));
            var trust = trusted.Of(run);
            if (CoseReceiptFile.IsLike(bytes)) return VerifyCoseReceipt.Tell(run, bytes, trust);
            if (!TlogProof.TryParse(bytes, out var proof))
            {
                run.Output.Message("核验不通过：文件不是回执（c2sp.org/tlog-proof@v1，或 COSE）。", "False: the file is no receipt (c2sp.org/tlog-proof@v1, or COSE).");
                return ExitCode.VerificationFalse;
            }

            return Tell(run, proof, trust, proof.Verify(trust.Suite, trust.Policy));
        }, "verify receipt receipt.tlog-proof --genesis genesis.json", "verify receipt receipt.tlog-proof --policy policy.txt -o json", "verify receipt receipt.cose --genesis genesis.json");
    }

    static int Tell(Run run, TlogProof proof, Trust trust, ProofVerdict verdict)
    {
        var (exit, chinese, english) = verdict switch
        {
            ProofVerdict.Verified => (ExitCode.Ok, "核验通过", "verified"),
            ProofVerdict.NotIncluded => (ExitCode.VerificationFalse, "核验不通过：该记录不在检查点所示的历史中", "false: the entry is not in the history that the checkpoint names"),
            ProofVerdict.Untrusted => (ExitCode.VerificationFalse, "核验不通过：检查点缺少法定数量的银行签名，或属于另一条链", "false: the checkpoint lacks a quorum of the banks' signatures, or is another chain's"),
            ProofVerdict.BadSignature => (ExitCode.VerificationFalse, "核验不通过：检查点上有银行的签名是假的", "false: a bank's signature on the checkpoint does not verify"),
            ProofVerdict.NoLeaf => (ExitCode.CouldNotCheck, "无法核验：回执不含记录本身", "could not be checked: the receipt does not hold the entry itself"),
            ProofVerdict.CannotBeChecked => (ExitCode.CouldNotCheck, "无法核验：信任策略要求本程序不支持的签名类型", "could not be checked: the policy asks for signatures of a type that this program does not verify"),
        };
        var kind = proof.Leaf.Length == 0 ? null : KindOf(proof.Leaf);
        if (exit == ExitCode.Ok && kind is not EntryKind)
        {
            (exit, chinese, english) = (
                ExitCode.VerificationFalse, $"核验不通过：该证明所证的是{LeafKind(kind).Chinese}，不是记录", $"false: what it proves is {LeafKind(kind).English}, and no entry");
        }

        if (exit != ExitCode.Ok)
        {
            var found = proof.Leaf.Length == 0 ? null : proof.RootOfLeaf(trust.Suite);
            run.Output.Record(
                new("verdict", "结论", "verdict", run.Output.Verdict(isGood: false, run.Output.Say(chinese, english))),
                new("origin", "检查点来源", "origin", proof.Note.Checkpoint.Origin),
                new("leaf", "叶序号", "leaf", proof.Index),
                new("kind", "叶的种类", "kind of leaf", kind),
                new("expectedRoot", "应有的根（检查点所示）", "expected root (what the checkpoint names)", proof.Note.Checkpoint.Root.ToString()),
                new("foundRoot", "实际的根（由记录与证明算出）", "found root (of the entry and its proof)", found?.ToString()),
                new("signedBy", "签名相符的银行", "signed by", trust.Signers(proof.Note)),
                new("checked", "已核验", "checked", new JsonArray(run.Output.Say("记录在历史中的位置与检查点的签名，直到第一处不符", "the entry's place and the checkpoint's signatures, up to the first that is false"))),
                new("notChecked", "未核验", "not checked", new JsonArray(run.Output.Say("该记录说了什么：不可相信", "what the entry says: believe none of it"))));
            if (verdict == ProofVerdict.NotIncluded && run.Output.Form == Form.Table) Draw(run.Output, proof, found);
            return exit;
        }

        run.Output.Record(
            new("verdict", "结论", "verdict", run.Output.Verdict(isGood: true, run.Output.Say(chinese, english))),
            new("origin", "检查点来源", "origin", proof.Note.Checkpoint.Origin),
            new("size", "历史长度（叶）", "size of the history (leaves)", proof.Note.Checkpoint.Size),
            new("root", "历史根", "root of the history", Convert.ToBase64String(proof.Note.Checkpoint.Root.ToBytes())),
            new("leaf", "叶序号", "leaf", proof.Index),
            new("kind", "叶的种类", "kind of leaf", kind),
            new("signedBy", "签名银行", "signed by", trust.Signers(proof.Note)),
            new("entry", "记录", "entry", EntryOf(run.Output, trust, proof.Note.Checkpoint.Origin, proof.Leaf)),
            new("checked", "已核验", "checked", Checked(run.Output, proof, trust)),
            new("notChecked", "未核验", "not checked", NotChecked(run.Output, trust)));
        return ExitCode.Ok;
    }

    /// <summary>What an entry says that is proved: in the words of the chain that its origin and its transaction name alike.</summary>
    internal static JsonNode EntryOf(Output output, Trust trust, string origin, ByteString leaf)
    {
        var chain = trust.ChainId ?? (EntryLeaf.TryRead(leaf.Memory, out var entry) ? EntryText.ChainOf(entry.Transaction.Span) : null);
        var read = chain is { } id && origin.EndsWith($"/{id.ToString()[..16]}", StringComparison.Ordinal) ? EntryText.Of(leaf.Memory, trust.Suite, id, output.Language) : null;
        return read ?? (JsonNode)output.Say("无法解读的记录", "an entry that this program cannot read");
    }

    // From the leaf at the bottom to the root that the banks signed: where the two differ, the leaf or its proof was changed.
    static void Draw(Output output, TlogProof proof, Hash256? found)
    {
        output.Line();
        output.Line($"  {proof.Note.Checkpoint.Root}  {output.Say("检查点所示的根", "the root that the checkpoint names")}");
        output.Line($"  {output.Verdict(isGood: false, "≠")}");
        output.Line($"  {found?.ToString() ?? output.Say("（算不出根：证明的长度不对）", "(no root: the proof is too long or too short)")}  {output.Say("由下列内容算出的根", "the root of what follows")}");
        output.Line($"  ├─ {output.Say($"{proof.Hashes.Count} 步证明", $"{proof.Hashes.Count} steps of proof")}");
        output.Line($"  └─ {output.Say($"第 {proof.Index} 叶，{proof.Leaf.Length} 字节", $"leaf {proof.Index}, {proof.Leaf.Length} bytes")}");
    }

    internal static string KindOf(ByteString leaf) => leaf.Span[0] switch
    {
        Leaf.EntryKind when EntryLeaf.TryRead(leaf.Memory, out _) => EntryKind,
        Leaf.EnvelopeKind => "envelope",
        Leaf.HeaderKind => "header",
        _ => "unknown",
    };

    internal static (string Chinese, string English) LeafKind(string? kind) => kind switch
    {
        "envelope" => ("批次信封", "a batch's envelope"),
        "header" => ("区块头", "a block's header"),
        _ => ("种类未知的内容", "something of no known kind"),
    };

    static JsonArray Checked(Output output, TlogProof proof, Trust trust) =>
    [
        output.Say(
            $"记录的 {proof.Leaf.Length} 字节位于历史的第 {proof.Index} 叶（{proof.Hashes.Count} 步证明）",
            $"the entry's {proof.Leaf.Length} bytes are leaf {proof.Index} of the history ({proof.Hashes.Count} steps of proof)"),
        output.Say(
            $"检查点的 {proof.Note.Signatures.Count} 行签名，{trust.Asks.Chinese}",
            $"{proof.Note.Signatures.Count} signature lines of the checkpoint, of which {trust.Asks.English}"),
    ];

    internal static JsonArray NotChecked(Output output, Trust trust)
    {
        var open = new JsonArray
        {
            output.Say("当事方在交易上的签名：由签署检查点的银行核验过", "the parties' own signatures on the transaction: the banks that signed the checkpoint checked them"),
            output.Say("此后的流转、冻结、清偿或更正", "what happened afterwards: transfers, freezes, payments, corrections"),
            output.Say("检查点是否最新", "whether the checkpoint is the newest"),
        };
        if (!trust.IsPinned)
            open.Insert(0, output.Say("创世文件是否属于您所知的链：请用 --chain-id 给出链标识", "whether genesis is that of the chain you know: give its id with --chain-id"));
        return open;
    }
}
