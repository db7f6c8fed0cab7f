using System.CommandLine;
using System.Globalization;
using Ledger.Client.Files;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Cli;

/// <summary>One run of a command: its arguments, its terminal, its settings and its output.</summary>
public sealed class Run(ParseResult parsed, Shell shell)
{
    const long LargestFile = 256L << 20;

    public Terminal Terminal => shell.Terminal;

    public Settings Settings => shell.Settings;

    public Output Output { get; } = shell.Globals.Output(parsed, shell.Terminal, shell.Settings);

    public bool MayAsk => Terminal.ReadHidden is not null && !shell.Globals.NoInput(parsed);

    /// <summary>The command that runs, and with it the whole tree.</summary>
    public Command Command => parsed.CommandResult.Command;

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>An option's value that the command cannot do without.</summary>
    public T Required<T>(Option<T> option) => parsed.GetRequiredValue(option);

    /// <summary>The setting in force and where it comes from; a flag of this command's own goes before what all commands have.</summary>
    public (string? Value, string? Source) Setting(Setting setting, string? flag = null) => Settings.Find(setting, flag ?? shell.Globals.Flag(parsed, setting));

    public Timestamp Now => new(Terminal.Time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>A file's bytes, or what stands on standard input for <c>-</c>. A pipe that a person names is read to its end, which must come.</summary>
    public byte[] Read(string path)
    {
        if (path == "-") return System.Text.Encoding.UTF8.GetBytes(Terminal.Input.ReadToEnd());
        using var file = File.OpenRead(path);
        using var read = new MemoryStream();
        var part = new byte[81_920];
        while (file.Read(part) is > 0 and var more)
        {
            read.Write(part, 0, more);
            if (read.Length > LargestFile)
                throw new StopException(ExitCode.Fault, $"{path} 超过 {LargestFile >> 20} MiB，未读取。", $"{path} is longer than {LargestFile >> 20} MiB and is not read.");
        }

        return read.ToArray();
    }

    /// <summary>The same of a file that nobody else should read; who lets others hears of it.</summary>
    public byte[] ReadSecret(string path)
    {
        foreach (var (file, mode) in OwnerOnly.Wider(path))
            Output.Message($"警告：他人可读取 {file}（权限 {mode}），请执行 chmod go= {file}", $"Warning: others can read {file} (mode {mode}): chmod go= {file}");
        return Read(path);
    }

    /// <summary>A genesis file that is in order.</summary>
    public Genesis Genesis(string path) =>
        Core.Chain.Genesis.Read(Read(path), KnownSuites.Find, out var problem)
        ?? throw new StopException(ExitCode.CouldNotCheck, $"{path} 不是有效的创世文件：{problem}", $"{path} is no valid genesis file: {problem}");

    /// <summary>Bytes for another command, into the file that was named or onto standard output.</summary>
    public void WriteExact(byte[] bytes, string? path)
    {
        if (path is null or "-") Output.Exact(bytes);
        else File.WriteAllBytes(path, bytes);
    }

    internal static string Number(ulong value) => value.ToString("#,##0", NumberFormatInfo.InvariantInfo);
}
