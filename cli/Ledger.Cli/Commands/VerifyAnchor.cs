using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.ChainFolder;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Evm;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger verify anchor</c>: a history held against every anchor of it on EVM chains, by the contract's logs and code alone.</summary>
static class VerifyAnchor
{
    // One endpoint alone could tell any story.
    const int FewestEndpoints = 2;

    public static Command Make(Shell shell)
    {
        var path = Options.Text("PATH", "节点的数据目录，或其 chain 目录的副本", "a node's data folder, or a copy of its chain folder");
        var file = FileOption(isRequired: true);
        return shell.Command(
            "anchor", "由链重新推导历史（不核验签名），与各 EVM 链上的每次锚定比对。", "Derive a chain's history (no signature is verified) and hold it against every anchor on EVM chains.", [path, file], async (run, cancel) =>
            {
                var folder = Directory.Exists(run.Value(path)) ? ChainFolder.Open(run.Value(path)) : throw StopException.NotFound(run.Value(path));
                ChainVerdict verdict;
                using (var watcher = new VerifyChain.ChainWatcher(run, cancel)) verdict = folder.Derive(watcher);
                if (verdict is not ChainVerdict.Verified { Report: var report }) return VerifyChain.Tell(run, run.Value(path), verdict, audit: null);
                var found = await FindAsync(run, run.Value(file) ?? "", report, cancel);
                if (run.Output.IsJson) run.Output.Record(found.Field);
                else found.Show(run.Output);
                return found.Code;
            }, "verify anchor ./data --anchors anchors.json");
    }

    public static Option<string?> FileOption(bool isRequired) => Options.TextOption(
        "--anchors", "锚定文件：每条链须有两个互不相干的端点", "file of anchors: each chain with two endpoints that have nothing to do with each other", isRequired, value: "FILE");

    /// <summary>Holds a history against all anchors: since when it cannot have been rewritten.</summary>
    public static async Task<AnchorsFound> FindAsync(Run run, string path, ChainReport report, CancellationToken cancel)
    {
        var (worst, chains) = (ExitCode.Ok, new List<Field[]>());
        var file = AnchorCommands.Read(run, path);
        foreach (var target in file.Anchors)
        {
            if (target.Endpoints.Count < FewestEndpoints)
                throw new StopException(ExitCode.CouldNotCheck, $"{target.Name}：只有一个端点，无法核验；请列出两个互不相干的端点。", $"{target.Name}: one endpoint alone could tell any story; name two that have nothing to do with each other.");
            using var chain = target.Connect();
            var findings = await AnchorCommands.Reached(() => AnchorAudit.RunAsync(target, chain, size => size <= report.Checkpoint.Size ? report.History?.RootAt(size) : null, cancel));
            var (code, fields) = Judge(run, target, file.Announcements, findings, report);
            chains.Add(fields);
            if (worst == ExitCode.Ok || code == ExitCode.VerificationFalse) worst = code;
        }

        return new(worst, chains);
    }

    static (int Code, Field[] Fields) Judge(Run run, AnchorTarget target, IReadOnlyList<AnchorAnnouncement> announced, AnchorFindings findings, ChainReport report)
    {
        var artifact = findings.Contract.Artifact;
        var banks = new BanksOfSigners(artifact, announced, report);
        var isTheBanks = findings.Sets.Count > 0 && banks.AreAll(findings.Sets[0]);

        // A point that is no bank's is a foreign key. An address that no bank announced in this file may be one's all the same.
        var code = !findings.IsTrue || !(isTheBanks || artifact.TakesWords) ? ExitCode.VerificationFalse : findings.Anchors.Count == 0 || !isTheBanks ? ExitCode.CouldNotCheck : ExitCode.Ok;
        var verdict = code switch
        {
            ExitCode.Ok => run.Output.Say("核验通过", "verified"),
            ExitCode.CouldNotCheck when findings.Anchors.Count > 0 => run.Output.Say("签名集不能确认为本账本各银行所有", "the set of signers is not known to be the banks'"),
            ExitCode.CouldNotCheck => run.Output.Say("没有任何锚定", "no anchor is there"),
            _ => run.Output.Say("核验不通过", "false"),
        };
        var since = findings.Last is var (last, seconds) ? TimeText.Of(new Timestamp((long)seconds * 1000), report.Genesis.Chain.OffsetMinutes) : null;
        return (code,
        [
            new("anchors", "锚定链", "anchors on", $"{target.Name} ({target.Chain}) {target.Contract}"),
            new("verdict", "结论", "verdict", run.Output.Verdict(code == ExitCode.Ok, verdict)),
            new("count", "锚定次数", "anchors", findings.Anchors.Count),
            new("size", "其所证明的条目数", "leaves that they prove", findings.Last?.Anchor.Size),
            new("since", "自此不可能被改写", "cannot have been rewritten since", since),
            new("signers", "首个签名集", "first set of signers", isTheBanks ? run.Output.Say("为本账本的全体验证银行", "all the ledger's validators") : run.Output.Say("不能确认为本账本的全体验证银行", "not known to be all the ledger's validators")),
            new("signedBy", "最新一次锚定的签名者", "the newest was signed by", findings.Anchors.Count == 0 ? null : string.Join(", ", findings.SignersOf(findings.Anchors[^1]).Select(key => banks.BankOf(key)?.Text ?? "?"))),
            AnchorCommands.NotProven(run, artifact),
            new("false", "不符的锚定（条目数）", "false at size", findings.False?.Size),
            new("beyond", "长于此链的锚定（此处的链不完整）", "longer than what is here", findings.Beyond?.Size),
            new("notChecked", "未核验", "not checked", new JsonArray(run.Output.Say($"第 {findings.Last?.Anchor.Size ?? 0} 条之后的内容", $"what stands behind leaf {findings.Last?.Anchor.Size ?? 0}"))),
        ]);
    }
}

/// <summary>Whose keys a contract's sets have, by the ledger's own validators at any time, and by what they announced.</summary>
sealed class BanksOfSigners(AnchorArtifact artifact, IReadOnlyList<AnchorAnnouncement> announced, ChainReport report)
{
    readonly Genesis genesis = report.Genesis;

    public PartyId? BankOf(ByteString key) => artifact.TakesWords
        ? AnnouncedSet.BankOf(EvmAddress.Read(key.Span), announced, report.EverySet.SelectMany(static set => set), genesis.Chain.Suite, genesis.Origin)
        : report.EverySet.SelectMany(static set => set).Where(one => one.NodeKey.Memory[1..].Span.SequenceEqual(key.Span)).Select(static one => (PartyId?)one.Bank).FirstOrDefault();

    /// <summary>Whether a set has one key of each bank that validated together at some time, and no other: fewer could have opened the ledger for themselves, and each later set has a quorum's word of the one before it.</summary>
    public bool AreAll(SignerSet set)
    {
        var banks = set.Keys.Select(BankOf).ToHashSet();
        return set.Origin == genesis.Origin && banks.Count == set.Keys.Count && report.EverySet.Any(validators => banks.SetEquals(validators.Select(static one => (PartyId?)one.Bank)));
    }
}

/// <summary>What a history is worth by all its anchors: the exit code, and what was found on each chain.</summary>
sealed record AnchorsFound(int Code, IReadOnlyList<Field[]> Chains)
{
    /// <summary>For programs: all chains in one member.</summary>
    public Field Field => new("anchors", "锚定", "anchors", new JsonArray([.. Chains.Select(static chain => (JsonNode)new JsonObject(chain.Select(static one => KeyValuePair.Create(one.Name, one.Value?.DeepClone()))))]));

    /// <summary>For people: one below the other.</summary>
    public void Show(Output output)
    {
        foreach (var chain in Chains) output.Record(chain);
    }
}
