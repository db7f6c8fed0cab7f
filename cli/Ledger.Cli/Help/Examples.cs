using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Ledger.Cli.Help;

/// <summary>Command lines that show how a command is used; its help begins with them.</summary>
static class Examples
{
    static readonly ConditionalWeakTable<Command, string[]> Lines = [];

    public static Command With(this Command command, params string[] examples)
    {
        Lines.Add(command, examples);
        return command;
    }

    /// <summary>A command's own, or its subcommands' first ones.</summary>
    public static IReadOnlyList<string> Of(Command command) =>
        Lines.TryGetValue(command, out var own) ? own : [.. command.Subcommands.Where(inner => !inner.Hidden).SelectMany(inner => Of(inner).Take(1))];
}
