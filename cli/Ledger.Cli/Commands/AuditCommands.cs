using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.Client.AdminLog;
using Ledger.Client.Text;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger audit</c>: what somebody who looks after the ledger wants to see.</summary>
static class AuditCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "audit", "审计：记录在案的重复质押企图，与节点的管理日志。", "Audit: double-pledge attempts on record, and a node's admin log.", Attempts(shell), AdminLog(shell));

    static Command Attempts(Shell shell) => new Listing(NounLists.Attempts).Command(
        shell, "attempts", "列出记录在案的重复质押企图。", "List the double-pledge attempts on record.", [], _ => "v1/attempts", "audit attempts", "audit attempts --all -o csv");

    static Command AdminLog(Shell shell)
    {
        var file = Options.Text("FILE", "节点数据目录中的 admin.log", "admin.log of a node's data folder");
        var genesis = Options.File("--genesis", "该链的创世文件，其中有节点公钥", "the chain's genesis file, which names the node's key");
        var bank = Options.OptionalParty("--bank", "该节点的银行（默认：唯一的验证者）", "the node's bank (default: the only validator)");
        var nodeKey = Options.PublicKey("--node-key", "日志开始时的节点公钥（默认：创世文件所载）", "the node key with which the log began (default: genesis's)");
        var head = Options.TextOption("--head", "监控所留存的最后一行哈希", "the hash of the last line as your monitoring kept it", value: "HASH");
        return shell.Command("admin-log", "核验节点的管理日志，并列出其中的操作。", "Verify a node's admin log and list what operators did.", [file, genesis, bank, nodeKey, head], run =>
        {
            var text = run.Genesis(run.Required(genesis));
            var founders = text.Text.Validators.Where(one => run.Value(bank) is not { } named || one.Bank == named).Select(static one => one.NodeKey).ToArray();
            var began = run.Value(nodeKey) is { } key ? [key] : founders;
            if (began is not [_]) throw StopException.Usage("请用 --bank 指明该节点的银行；后来加入的银行用 --node-key 指明其首个节点公钥。", "Say with --bank whose node it is, or with --node-key with which key a bank that came later began.");
            var report = AdminLogAudit.Read(run.Read(run.Value(file)), (signer, message, signature) => text.Chain.Suite.Verify(signer, message, signature), began);
            run.Output.Table(
                [
                    new("number", "序号", "number", null), new("at", "时间", "time", null), new("who", "操作者", "who", null), new("act", "操作", "act", null),
                    new("detail", "内容", "detail", null), new("result", "结果", "result", null),
                ],
                report.Entries.Select(entry => (IReadOnlyList<JsonNode?>)[entry.Number, TimeText.Of(new(entry.At), text.Chain.OffsetMinutes), entry.Who, entry.Act, entry.Detail, entry.Result]));
            return Tell(run, report, run.Value(head));
        }, "audit admin-log ./data/admin.log --genesis genesis.json");
    }

    static int Tell(Run run, AdminLogReport report, string? head)
    {
        if (report.Fault is { } fault)
        {
            var (chinese, english) = fault switch
            {
                AdminLogFault.NotSigned => ("该行不是本节点所签", "the line is not signed by the node's key"),
                AdminLogFault.ChainBroken => ("该行不接前一行：有行被改动、移动或删除", "the line does not follow the one before: one was changed, moved or taken out"),
                AdminLogFault.Torn => ("最后一行不完整：写入时进程中断", "the last line has no end: the process went while it wrote"),
                _ => throw new UnreachableException(),
            };
            run.Output.Message($"核验不通过，第 {report.FaultyLine} 行：{chinese}。", $"False at line {report.FaultyLine}: {english}.");
            return ExitCode.VerificationFalse;
        }

        if (head is not null && head != report.Head)
        {
            run.Output.Message($"核验不通过：最后一行的哈希为 {report.Head}，与所留存的不同；日志被截短，或之后又有操作。", $"False: the last line's hash is {report.Head}, not the one that was kept: the log was cut short, or has grown since.");
            return ExitCode.VerificationFalse;
        }

        run.Output.Message(
            $"核验通过：{report.Entries.Count} 行，末行哈希 {report.Head}。日志是否被截短，只有与监控留存的哈希比对才能得知。",
            $"Verified: {report.Entries.Count} lines, last hash {report.Head}. Whether it was cut short only a hash kept elsewhere can tell (--head).");
        return ExitCode.Ok;
    }
}
