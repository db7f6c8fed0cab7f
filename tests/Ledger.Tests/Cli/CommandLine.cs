using Ledger.Cli;
using Ledger.Tests.ChainFolder;

namespace Ledger.Tests.Cli;

/// <summary>The program in a process that is the test's: a folder of its own, no variables but those given.</summary>
sealed class CommandLine : IDisposable
{
    readonly TemporaryFolder folder = new();

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

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public Task<int> Run(params string[] args) => RunWith("", args);

    public async Task<int> RunWith(string input, params string[] args)
    {
        using StringWriter output = new(), error = new();
        var terminal = new Terminal(output, error, new StringReader(input))
        {
            Variable = Variables.GetValueOrDefault,
            Folder = Folder,
            ReadHidden = IsAttended ? () => "" : null,
            IsOutputTerminal = IsTerminal,
            IsErrorTerminal = IsTerminal,
        };
        var exit = await CliProgram.RunAsync(args, terminal, TestContext.Current.CancellationToken);
        (Output, Error) = (output.ToString(), error.ToString());
        return exit;
    }

    public void Dispose() => folder.Dispose();
}
