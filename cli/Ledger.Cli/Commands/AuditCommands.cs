using System.CommandLine;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger audit</c>: what somebody who looks after the ledger wants to see.</summary>
static class AuditCommands
{
    public static Command Make(Shell shell) => Shell.Noun("audit", "审计：记录在案的重复质押企图。", "Audit: double-pledge attempts on record.", Attempts(shell));

    static Command Attempts(Shell shell) => Lists.Attempts.Command(
        shell, "attempts", "列出记录在案的重复质押企图。", "List the double-pledge attempts on record.", [], _ => "v1/attempts", "audit attempts", "audit attempts --all -o csv");
}
