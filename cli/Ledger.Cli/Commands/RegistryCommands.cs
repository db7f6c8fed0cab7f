using System.CommandLine;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger registry</c>: what the movables registry answered about a financing.</summary>
static class RegistryCommands
{
    public static Command Make(Shell shell) => Shell.Noun("registry", "动产融资登记系统的答复。", "Answers of the movables registry.", Attest(shell));

    static Command Attest(Shell shell)
    {
        var financing = Options.IdArgument<Financing>("FINANCING", "融资的编号", "the financing's id");
        var act = Options.Name<RegistryAct>("--act", "办理事项", "what was asked of it");
        var finding = Options.Name<RegistryFinding>("--finding", "结果", "what it answered");
        var certificate = Options.Evidence("--certificate", "查询或登记证明", "its certificate");
        var stated = Options.Optional<Timestamp>("--stated-at", "登记系统的时间（默认：账本时间）", "the registry's time (default: ledger time)", ClockCommands.TryParse);
        var id = Options.NewId<Attestation>();
        return Submission.Command(
            shell, "attest", [financing, act, finding, certificate, stated, id],
            (run, now) => new AttestRegistry(
                run.Value(id) ?? now.NewId<Attestation>(), run.Value(financing), run.Value(act), run.Value(finding), now.HashOf(run.Required(certificate)),
                run.Value(stated) ?? now.LedgerTime),
            ("由网关或资金方签名", "by a gateway, or the financier"),
            "registry attest AAAAAAAAAAAAAAAAAAAAAQ --act query --finding clear --certificate query.pdf --key gateway.key.json");
    }
}
