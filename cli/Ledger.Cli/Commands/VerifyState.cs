using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.Text;
using Ledger.Core.Chain;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger verify state</c>: what the ledger's state holds, and what it does not, behind one block that the banks signed.</summary>
static class VerifyState
{
    public static Command Make(Shell shell)
    {
        var file = Options.Text("FILE", "状态证明（ledger proof），- 为标准输入", "a state proof (ledger proof), or - for standard input");
        var trusted = new TrustOptions();
        return shell.Command("state", "核验账本状态中有什么、没有什么。", "Verify what the ledger's state holds, and what it does not.", [file, .. trusted.All], run =>
        {
            var bytes = run.Read(run.Value(file));
            var trust = trusted.Of(run);
            if (StateProofFile.Read(bytes, out var fault) is { } proof) return Tell(run, proof, trust, proof.Verify(trust.Suite, trust.Policy));
            var (number, line) = ((int)(fault?.Kind ?? default), fault?.Line ?? 0);
            run.Output.Message(
                $"核验不通过：文件不是状态证明（原因 {number}{(line > 0 ? $"，第 {line} 行" : "")}）：{fault?.Kind.Says(Language.Chinese)}。",
                $"False: the file is no state proof (fault {number}{(line > 0 ? $", line {line}" : "")}): {fault?.Kind.Says(Language.English)}.");
            return ExitCode.VerificationFalse;
        }, "verify state holding.state-proof --genesis genesis.json", "verify state holding.state-proof --policy policy.txt -o json");
    }

    static int Tell(Run run, StateProofFile proof, Trust trust, StateFinding finding)
    {
        var checkpoint = proof.Receipt.Note.Checkpoint;
        if (finding.IsTrue) return TellTrue(run, proof, trust);

        var (exit, chinese, english) = finding.Header switch
        {
            ProofVerdict.Verified => (ExitCode.VerificationFalse, "核验不通过：状态并非如此", "false: the state is not as claimed"),
            ProofVerdict.NotIncluded => (ExitCode.VerificationFalse, "核验不通过：该区块头不在检查点所示的历史中", "false: the header is not in the history that the checkpoint names"),
            ProofVerdict.Untrusted => (ExitCode.VerificationFalse, "核验不通过：检查点缺少法定数量的银行签名，或属于另一条链", "false: the checkpoint lacks a quorum of the banks' signatures, or is another chain's"),
            ProofVerdict.BadSignature => (ExitCode.VerificationFalse, "核验不通过：检查点上有银行的签名是假的", "false: a bank's signature on the checkpoint does not verify"),
            ProofVerdict.CannotBeChecked => (ExitCode.CouldNotCheck, "无法核验：信任策略要求本程序不支持的签名类型", "could not be checked: the policy asks for signatures of a type that this program does not verify"),
            ProofVerdict.NoLeaf => throw new System.Diagnostics.UnreachableException("A state proof is read with its header."),
        };
        var (which, expected, found) = finding.Disagreement is { } no
            ? (no.IsOfSection ? run.Output.Say($"第 {no.Claim.Section} 分区的根", $"the root of section {no.Claim.Section}") : run.Output.Say("状态根", "the state root"), no.Expected.ToString(), no.Found?.ToString())
            : (run.Output.Say("历史根", "the root of the history"), checkpoint.Root.ToString(), proof.Receipt.RootOfLeaf(trust.Suite)?.ToString());
        run.Output.Record(
            new("verdict", "结论", "verdict", run.Output.Verdict(isGood: false, run.Output.Say(chinese, english))),
            new("origin", "检查点来源", "origin", checkpoint.Origin),
            new("height", "高度", "height", proof.Header.Height),
            new("section", "状态分区", "section", finding.Disagreement is { } of ? (int)of.Claim.Section : null),
            new("key", "记录键（十六进制）", "key of the record, hexadecimal", finding.Disagreement is { } keyed ? Convert.ToHexStringLower(keyed.Claim.Key.Span) : null),
            new("compared", "所比对的根", "which root was compared", which),
            new("expectedRoot", "应有的根", "expected root", expected),
            new("foundRoot", "实际的根（由内容与路径算出）", "found root (of what is there and its path)", found ?? run.Output.Say("算不出：路径不通", "none: the path leads nowhere")),
            new("signedBy", "签名相符的银行", "signed by", trust.Signers(proof.Receipt.Note)),
            new("notChecked", "未核验", "not checked", new JsonArray(run.Output.Say("文件所述的一切：不可相信", "anything that the file says: believe none of it"))));
        return exit;
    }

    static int TellTrue(Run run, StateProofFile proof, Trust trust)
    {
        var checkpoint = proof.Receipt.Note.Checkpoint;
        var text = new StateClaimText(proof, run.Output, trust.OffsetMinutes);
        run.Output.Record(
            new("verdict", "结论", "verdict", run.Output.Verdict(isGood: true, run.Output.Say("核验通过", "verified"))),
            new("origin", "检查点来源", "origin", checkpoint.Origin),
            new("height", "高度", "height", proof.Header.Height),
            new("ledgerTime", "账本时间", "ledger time", TimeText.Of(proof.Header.Time, trust.OffsetMinutes)),
            new("stateRoot", "状态根", "state root", proof.Header.StateRoot.ToString()),
            new("claims", "该高度的状态", "the state at that height", text.Claims),
            new("holdings", "所示份额合计", "the units shown, added up", text.HasHoldings ? text.Holdings : null),
            new("signedBy", "签名银行", "signed by", trust.Signers(proof.Receipt.Note)),
            new("checked", "已核验", "checked", new JsonArray(
                run.Output.Say($"{proof.Claims.Count} 项断言，各经其路径到状态根", $"{proof.Claims.Count} claims, each by its path to the state root"),
                run.Output.Say(
                    $"该根所在的区块头是历史的第 {proof.Receipt.Index} 叶（{proof.Receipt.Hashes.Count} 步证明）", $"the header with that root is leaf {proof.Receipt.Index} of the history ({proof.Receipt.Hashes.Count} steps of proof)"),
                run.Output.Say($"检查点的 {proof.Receipt.Note.Signatures.Count} 行签名，{trust.Asks.Chinese}", $"{proof.Receipt.Note.Signatures.Count} signature lines of the checkpoint, of which {trust.Asks.English}"))),
            new("notChecked", "未核验", "not checked", NotChecked(run.Output, text, trust)));
        return ExitCode.Ok;
    }

    static JsonArray NotChecked(Output output, StateClaimText text, Trust trust)
    {
        var open = new JsonArray { output.Say("该高度之后的变化：证明只说到该高度为止", "what happened after that height: a proof speaks of its height alone") };
        if (!trust.IsPinned) open.Insert(0, output.Say("创世文件是否属于您所知的链：请用 --chain-id 给出链标识", "whether genesis is that of the chain you know: give its id with --chain-id"));
        foreach (var id in text.NotWhole) open.Add(output.Say($"{id} 未示出的单位由谁持有", $"who holds the units of {id} that are not shown"));
        return open;
    }
}
