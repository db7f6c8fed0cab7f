using System.CommandLine;
using System.Text;
using Ledger.Cli.Help;
using Ledger.Client.Text;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger docs</c>, for those who maintain this project: documents that are made from the code.</summary>
static class DocsCommands
{
    public static Command Make(Shell shell)
    {
        var docs = Shell.Noun(
            "docs", "输出由代码生成的文档。", "Write documents that are made from the code.",
            Of(shell, "refusals", "docs/REFUSALS.md", _ => RefusalsDocument.Write()), Of(shell, "cli", "docs/CLI.md", CliDocument.Write));
        docs.Hidden = true;
        return docs;
    }

    static Command Of(Shell shell, string name, string file, Func<Command, string> write) => shell.Command(
        name, $"把 {file} 写到标准输出。", $"Write {file} to standard output.", [], run =>
        {
            var root = run.Command;
            while (root.Parents.OfType<Command>().FirstOrDefault() is { } parent) root = parent;
            run.Output.Exact(Encoding.UTF8.GetBytes(write(root)));
            return ExitCode.Ok;
        }, $"docs {name}");
}
