using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.ChainFolder;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Parties;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger verify evidence</c>: whether a bank signed two histories of which neither begins with the other, in one epoch, or a quorum did at all.</summary>
static class VerifyEvidence
{
    public static Command Make(Shell shell)
    {
        var file = Options.Text("FILE", "双签或历史分叉的证据文件，- 为标准输入", "a file of evidence or a split view, or - for standard input");
        var genesis = Options.File("--genesis", "该链的创世文件：其中有各验证银行的节点公钥", "the chain's genesis, which has the validators' node keys");
        var chain = Options.File(
            "--chain", "节点的数据目录或其 chain 目录的副本：验证银行或其节点密钥变更过时，以其中曾有的各组验证银行核验", "a node's data folder, or a copy of its chain folder, which is verified: where the validators or their keys changed, it has all that there were", required: false, value: "PATH");
        var chainId = VerifyCommands.ChainIdOption();

        return shell.Command("evidence", "核验某银行是否在同一纪元内签署了互相排斥的历史。", "Verify that a bank signed histories that exclude each other in one epoch.", [file, genesis, chain, chainId], (run, cancel) =>
        {
            var bytes = run.Read(run.Value(file));
            var trusted = run.Genesis(run.Required(genesis));
            if (run.Value(chainId) is { } known && known != trusted.Chain.ChainId)
                throw new StopException(ExitCode.VerificationFalse, "核验不通过：创世文件不是该链标识的文件。", "False: the genesis file is not that of this chain id.");
            var sets = run.Value(chain) is { } path
                ? SetsOf(run, trusted, path, cancel)
                : [[.. trusted.Text.Validators.Select(static one => new Validator(one.Bank, one.NodeKey))]];
            return Task.FromResult(Tell(run, trusted, sets, bytes));
        }, "verify evidence breach.evidence --genesis genesis.json", "verify evidence breach.evidence --genesis genesis.json -o json", "verify evidence breach.evidence --genesis genesis.json --chain ./data");
    }

    // Only a chain that verifies says who the validators were.
    static IReadOnlyList<IReadOnlyList<Validator>> SetsOf(Run run, Genesis trusted, string path, CancellationToken cancel)
    {
        var folder = Directory.Exists(path) ? ChainFolder.Open(path) : throw StopException.NotFound(path);
        using var watcher = new VerifyChain.ChainWatcher(run, cancel);
        if (folder.Verify(trusted.Chain.ChainId, watcher) is ChainVerdict.Verified verified) return verified.Report.EverySet;
        throw new StopException(ExitCode.CouldNotCheck, $"无法核验：{path} 不是一条核验通过的该链（ledger verify chain）。", $"Could not be checked: {path} is no chain of this id that verifies (ledger verify chain).");
    }

    static int Tell(Run run, Genesis trusted, IReadOnlyList<IReadOnlyList<Validator>> sets, byte[] bytes)
    {
        if (SplitView.TryRead(bytes, out var split)) return SaySplit(run, trusted, sets, split);
        if (!Evidence.TryRead(bytes, out var evidence)) return Say(run, ExitCode.VerificationFalse, "核验不通过：文件不是双签证据（ledger-evidence）或历史分叉证据（ledger-split-view）", "false: the file is no evidence (ledger-evidence) and no split view (ledger-split-view)");

        var (exit, chinese, english) = Judge([.. sets.Select(one => new ValidatorSet(trusted.Chain.Suite, trusted.Chain.ChainId, trusted.Origin, one))], evidence);
        var name = trusted.Text.Parties.FirstOrDefault(party => party.Id == evidence.Bank)?.Name;
        return Say(
            run, exit, chinese, english,
            new("bank", "银行", "bank", name is null ? evidence.Bank.Text : $"{name} {evidence.Bank}"),
            new("epoch", "排序纪元", "epoch of ordering", evidence.One.Epoch),
            new("votes", "两份投票", "the two votes", new JsonArray(Line(run, evidence.One, evidence.OneLine), Line(run, evidence.Other, evidence.OtherLine))));
    }

    static int SaySplit(Run run, Genesis trusted, IReadOnlyList<IReadOnlyList<Validator>> sets, SplitView split)
    {
        var isGood = split.Shown.Checkpoint.Origin == trusted.Origin && sets.Any(set => split.IsGood(trusted.Chain.Suite, trusted.PolicyOf(set)));
        return Say(
            run, isGood ? ExitCode.Ok : ExitCode.VerificationFalse,
            isGood ? "证据成立：法定人数签署了互相排斥的两份历史" : "证据不成立：签名不足或不符，或两份历史并不互相排斥",
            isGood ? "proved: a quorum signed two histories that exclude each other" : "false: signatures are missing or do not verify, or the histories do not exclude each other",
            new("shownBy", "出示方", "shown by", split.ShownBy?.Text),
            new("checkpoints", "两份检查点", "the two checkpoints", new JsonArray(
                run.Output.Say($"所示：{split.Shown.Checkpoint.Size} 叶，根 {split.Shown.Checkpoint.Root}", $"shown: {split.Shown.Checkpoint.Size} leaves with root {split.Shown.Checkpoint.Root}"),
                run.Output.Say($"对照：{split.Mine.Checkpoint.Size} 叶，根 {split.Mine.Checkpoint.Root}", $"against: {split.Mine.Checkpoint.Size} leaves with root {split.Mine.Checkpoint.Root}"))));
    }

    static (int Exit, string Chinese, string English) Judge(IReadOnlyList<ValidatorSet> sets, Evidence evidence)
    {
        if (sets.All(set => set.KeyOf(evidence.Bank) is null)) return (ExitCode.CouldNotCheck, $"无法核验：{evidence.Bank} 不在所知的验证银行之中；若其后来加入，请用 --chain", $"could not be checked: {evidence.Bank} is no validator that is known here; where it came later, name a chain with --chain");
        if (evidence.One.ChainId != sets[0].ChainId || evidence.Other.ChainId != sets[0].ChainId) return (ExitCode.VerificationFalse, "证据不成立：投票属于另一条链", "false: the votes are another chain's");
        var (one, other) = (evidence.One.Epoch, evidence.Other.Epoch);
        if (one != other)
        {
            return (
                ExitCode.VerificationFalse, $"证据不成立：两份投票分属第 {one} 与第 {other} 纪元，跨纪元签署不同分支并不违规",
                $"false: the votes are of epochs {one} and {other}, and across epochs two branches are lawful");
        }

        return sets.Any(evidence.IsGood)
            ? (ExitCode.Ok, "证据成立：该银行在同一纪元内签署了互相排斥的历史", "proved: the bank signed histories that exclude each other in one epoch")
            : (ExitCode.VerificationFalse, "证据不成立：签名不符，或两份历史并不互相排斥", "false: a signature does not verify, or the histories do not exclude each other");
    }

    static int Say(Run run, int exit, string chinese, string english, params Field[] facts)
    {
        run.Output.Record([new("verdict", "结论", "verdict", run.Output.Verdict(exit == ExitCode.Ok, run.Output.Say(chinese, english))), .. facts]);
        return exit;
    }

    static JsonNode Line(Run run, Vote vote, byte number)
    {
        if (number >= vote.Lines.Count) return run.Output.Say("没有这一行", "there is no such line");
        var line = vote.Lines[number];
        return line.Kind == VoteKind.Prepare
            ? run.Output.Say($"第 {vote.Sequence} 号投票：预备 {line.Size} 叶，根 {line.Root}", $"vote {vote.Sequence}: prepares {line.Size} leaves with root {line.Root}")
            : run.Output.Say($"第 {vote.Sequence} 号投票：提交 {line.Size} 叶，根 {line.Root}", $"vote {vote.Sequence}: commits to {line.Size} leaves with root {line.Root}");
    }
}
