using System.CommandLine;
using Ledger.Cli.Help;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger completion</c>: a script that completes commands, options and their values in a shell.</summary>
static class CompletionCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "completion", "输出命令补全脚本。", "Write a completion script for a shell.", [.. CompletionScript.Shells.Select(name => Of(shell, name))]);

    static Command Of(Shell shell, string name) => shell.Command(
        name, $"输出 {name} 的补全脚本。", $"Write the completion script for {name}.", [], run =>
        {
            var root = run.Command;
            while (root.Parents.OfType<Command>().FirstOrDefault() is { } parent) root = parent;
            run.Output.Exact(System.Text.Encoding.UTF8.GetBytes(CompletionScript.Of(name, root, run.Output.Language)));
            return ExitCode.Ok;
        }, name == "pwsh" ? "completion pwsh > ledger.ps1" : $"completion {name} > ~/.ledger-completion.{name}");
}
