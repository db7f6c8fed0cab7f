using System.CommandLine;
using Ledger.Client.Text;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger docs</c>, for those who maintain this project: documents that are made from the code.</summary>
static class DocsCommands
{
    public static Command Make(Shell shell)
    {
        var docs = Shell.Noun("docs", "Write documents that are made from the code.", shell.Command(
            "refusals", "Write docs/REFUSALS.md to standard output.", [], run =>
            {
                run.Output.Exact(System.Text.Encoding.UTF8.GetBytes(RefusalsDocument.Write()));
                return ExitCode.Ok;
            }));
        docs.Hidden = true;
        return docs;
    }
}
