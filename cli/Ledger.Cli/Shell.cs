using System.CommandLine;
using Ledger.Cli.Help;

namespace Ledger.Cli;

/// <summary>What commands are made with: the terminal, the person's settings, and the options that all commands have.</summary>
public sealed class Shell(Terminal terminal, Settings settings)
{
    public Terminal Terminal => terminal;

    public Settings Settings => settings;

    public GlobalOptions Globals { get; } = new();

    /// <summary>A command that does something.</summary>
    public Command Command(
        string name, string chinese, string english, IEnumerable<Symbol> symbols, Func<Run, CancellationToken, Task<int>> act, params string[] examples)
    {
        var command = new Command(name).Told(chinese, english);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.SetAction((parsed, cancel) => act(new Run(parsed, this), cancel));
        return command.With(examples);
    }

    public Command Command(string name, string chinese, string english, IEnumerable<Symbol> symbols, Func<Run, int> act, params string[] examples) =>
        Command(name, chinese, english, symbols, (run, _) => Task.FromResult(act(run)), examples);

    /// <summary>A noun whose subcommands are its verbs.</summary>
    public static Command Noun(string name, string chinese, string english, params ReadOnlySpan<Command> verbs)
    {
        var noun = new Command(name).Told(chinese, english);
        foreach (var verb in verbs) noun.Subcommands.Add(verb);
        return noun;
    }
}
