namespace Ledger.Cli;

/// <summary>Where the program reads and writes, and what it knows of the person before it.</summary>
public sealed class Terminal(TextWriter output, TextWriter error, TextReader input)
{
    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    public TextReader Input { get; } = input;

    /// <summary>Reads a line that must not be seen; null where there is nobody to ask.</summary>
    public Func<string>? ReadHidden { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    /// <summary>The process's variables; a test gives its own.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>The current folder, where a project's settings may lie; null where there is none to look into.</summary>
    public string? Folder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal OfProcess() => new(Utf8(Console.OpenStandardOutput()), Utf8(Console.OpenStandardError()), new StreamReader(Console.OpenStandardInput()))
    {
        ReadHidden = Console.IsInputRedirected ? null : ReadWithoutEcho,
        IsOutputTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        Variable = Environment.GetEnvironmentVariable,
        Folder = Environment.CurrentDirectory,
    };

    static StreamWriter Utf8(Stream stream) => new(stream, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    static string ReadWithoutEcho()
    {
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace) typed.Append(key.KeyChar);
            else if (typed.Length > 0) typed.Length--;
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
