using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.ChainFolder;
using Ledger.Client.Text;
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
        foreach (var target in AnchorCommands.Read(run, path).Anchors)
        {
            if (target.Endpoints.Count < FewestEndpoints)
                throw new StopException(ExitCode.CouldNotCheck, $"{target.Name}：只有一个端点，无法核验；请列出两个互不相干的端点。", $"{target.Name}: one endpoint alone could tell any story; name two that have nothing to do with each other.");
            using var chain = target.Connect();
            var findings = await AnchorCommands.Reached(() => AnchorAudit.RunAsync(target, chain, size => size <= report.Checkpoint.Size ? report.History?.RootAt(size) : null, cancel));
            var (code, fields) = Judge(run, target, findings, report);
            chains.Add(fields);
            if (worst == ExitCode.Ok || code == ExitCode.VerificationFalse) worst = code;
        }

        return new(worst, chains);
    }

    static (int Code, Field[] Fields) Judge(Run run, AnchorTarget target, AnchorFindings findings, ChainReport report)
    {
        var code = !findings.IsTrue ? ExitCode.VerificationFalse : findings.Anchors.Count == 0 ? ExitCode.CouldNotCheck : ExitCode.Ok;
        var verdict = code switch
        {
            ExitCode.Ok => run.Output.Say("核验通过", "verified"),
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
            new("false", "不符的锚定（条目数）", "false at size", findings.False?.Size),
            new("beyond", "长于此链的锚定（此处的链不完整）", "longer than what is here", findings.Beyond?.Size),
            new("notChecked", "未核验", "not checked", new JsonArray(run.Output.Say($"第 {findings.Last?.Anchor.Size ?? 0} 条之后的内容", $"what stands behind leaf {findings.Last?.Anchor.Size ?? 0}"))),
        ]);
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
