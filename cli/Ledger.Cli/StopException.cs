namespace Ledger.Cli;

/// <summary>Ends a command with an exit code and what a person should read: what is wrong and what to do.</summary>
public sealed class StopException(int exitCode, string chinese, string english) : Exception(english)
{
    public int ExitCode { get; } = exitCode;

    public string Chinese { get; } = chinese;

    public static StopException Usage(string chinese, string english) => new(Cli.ExitCode.Usage, chinese, english);

    public static StopException NotFound(string what) => new(Cli.ExitCode.NotFound, $"找不到：{what}", $"Not found: {what}");
}
