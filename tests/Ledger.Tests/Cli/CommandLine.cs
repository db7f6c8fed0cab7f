using System.CommandLine;
using Ledger.Cli;
using Ledger.Tests.ChainFolder;

namespace Ledger.Tests.Cli;

/// <summary>The program in a process that is the test's: a folder of its own, no variables but those given.</summary>
sealed class CommandLine : IDisposable
{
    readonly TemporaryFolder folder = new();
    (RootCommand Root, Shell Shell, StringWriter Output, StringWriter Error)? kept;

    public CommandLine()
    {
        File.WriteAllText(this["pw"], "correct horse\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(this["pw"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public string this[params string[] names] => folder[names];

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>The folder in which a project's settings may lie; none when a test names none.</summary>
    public string? Folder { get; set; }

    /// <summary>Whether somebody sits before it who can be asked; by default nobody does.</summary>
    public bool IsAttended { get; set; }

    /// <summary>Whether a person watches; by default nobody does.</summary>
    public bool IsTerminal { get; set; }

    /// <summary>Whether all runs share one tree of commands, which takes longer to make than most commands take. Then nothing above changes between them.</summary>
    public bool KeepsItsTree { get; init; }

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public Task<int> Run(params string[] args) => KeepsItsTree ? RunOnTheSameTree(args) : RunWith("", args);

    public async Task<int> RunWith(string input, params string[] args)
    {
        using StringWriter output = new(), error = new();
        var exit = await CliProgram.RunAsync(args, TerminalOf(output, error, input), TestContext.Current.CancellationToken);
        (Output, Error) = (output.ToString(), error.ToString());
        return exit;
    }

    async Task<int> RunOnTheSameTree(string[] args)
    {
        if (kept is not { } tree)
        {
            StringWriter output = new(), error = new();
            var terminal = TerminalOf(output, error, "");
            var shell = new Shell(terminal, Settings.Read(terminal));
            kept = tree = (CliProgram.Root(shell), shell, output, error);
        }

        tree.Output.GetStringBuilder().Clear();
        tree.Error.GetStringBuilder().Clear();
        var exit = await CliProgram.RunAsync(tree.Root, tree.Shell, args, TestContext.Current.CancellationToken);
        (Output, Error) = (tree.Output.ToString(), tree.Error.ToString());
        return exit;
    }

    Terminal TerminalOf(StringWriter output, StringWriter error, string input) => new(output, error, new StringReader(input))
    {
        Variable = Variables.GetValueOrDefault,
        Folder = Folder,
        ReadHidden = IsAttended ? () => "" : null,
        IsOutputTerminal = IsTerminal,
        IsErrorTerminal = IsTerminal,
    };

    public void Dispose() => folder.Dispose();
}
