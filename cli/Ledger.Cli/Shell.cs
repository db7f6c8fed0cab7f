using System.CommandLine;

namespace Ledger.Cli;

/// <summary>What commands are made with: the terminal, and the options that they all have.</summary>
public sealed class Shell(Terminal terminal)
{
    public Terminal Terminal => terminal;

    public GlobalOptions Globals { get; } = new();

    /// <summary>A command that does something.</summary>
    public Command Command(string name, string description, IEnumerable<Symbol> symbols, Func<Run, CancellationToken, Task<int>> act, params string[] examples)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.SetAction((parsed, cancel) => act(new Run(parsed, this), cancel));
        return command.With(examples);
    }

    public Command Command(string name, string description, IEnumerable<Symbol> symbols, Func<Run, int> act, params string[] examples) =>
        Command(name, description, symbols, (run, _) => Task.FromResult(act(run)), examples);

    /// <summary>A noun whose subcommands are its verbs.</summary>
    public static Command Noun(string name, string description, params ReadOnlySpan<Command> verbs)
    {
        var noun = new Command(name, description);
        foreach (var verb in verbs) noun.Subcommands.Add(verb);
        return noun;
    }
}
