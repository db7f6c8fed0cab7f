using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Ledger.Client.Text;

namespace Ledger.Cli.Help;

/// <summary>What <c>--help</c> prints: examples first, for that is what people read, then every word that the command takes, in their language.</summary>
sealed class HelpPage(Func<ParseResult, Language> languageOf) : SynchronousCommandLineAction
{
    const string Program = "ledger";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.InvocationConfiguration.Output, parseResult.CommandResult.Command, languageOf(parseResult));
        return ExitCode.Ok;
    }

    public static void Write(TextWriter page, Command command, Language language)
    {
        string Say(string chinese, string english) => language == Language.Chinese ? chinese : english;
        var examples = Examples.Of(command);
        if (examples.Count > 0)
        {
            page.WriteLine(Say("示例：", "Examples:"));
            foreach (var example in examples) page.WriteLine($"  {Program} {example}");
            page.WriteLine();
        }

        page.WriteLine(HelpWords.Of(command, language));
        page.WriteLine();
        page.WriteLine(Say("用法：", "Usage:"));
        page.WriteLine($"  {Usage(command, language)}");
        WriteRows(page, Say("命令：", "Commands:"), Visible(command).Select(inner => (inner.Name, HelpWords.Of(inner, language))));
        WriteRows(page, Say("参数：", "Arguments:"), command.Arguments.Select(argument => (NameOf(argument), HelpWords.Of(argument, language))));
        var own = command is RootCommand ? [] : command.Options.Where(IsShown);
        WriteRows(page, Say("选项：", "Options:"), own.Select(option => Row(option, language)));
        WriteRows(page, Say("所有命令共有的选项：", "Options of every command:"), Shared(command).Where(IsShown).Select(option => Row(option, language)));
        if (command is RootCommand) WriteRows(page, Say("退出码：", "Exit codes:"), ExitCodes.All.Select(one => ($"{one.Code}", Say(one.Chinese, one.English))));
    }

    /// <summary>How a command is written: its path, its arguments, and that it has options.</summary>
    public static string Usage(Command command, Language language)
    {
        var (verbs, options) = language == Language.Chinese ? ("<命令>", "[选项]") : ("<command>", "[options]");
        IEnumerable<string> words = [PathOf(command)];
        if (Visible(command).Any()) words = words.Append(verbs);
        return string.Join(' ', words.Concat(command.Arguments.Select(NameOf)).Append(options));
    }

    public static IEnumerable<Command> Visible(Command command) => command.Subcommands.Where(inner => !inner.Hidden);

    /// <summary>A command as it is typed, from the program's name on.</summary>
    public static string PathOf(Command command)
    {
        if (command is RootCommand) return Program;
        return command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;
    }

    /// <summary>An option's names with the value that it takes, and what it means.</summary>
    public static (string Names, string Words) Row(Option option, Language language)
    {
        var names = string.Join(", ", option.Aliases.Prepend(option.Name).OrderBy(name => name.Length));
        var value = IsFlag(option) ? "" : $" {option.HelpName ?? "TEXT"}";
        var needed = option.Required ? language == Language.Chinese ? "（必需）" : " (required)" : "";
        return (names + value, HelpWords.Of(option, language) + needed);
    }

    /// <summary>Options that are the root's and good everywhere.</summary>
    public static IEnumerable<Option> Shared(Command command)
    {
        var root = command;
        while (root.Parents.OfType<Command>().FirstOrDefault() is { } parent) root = parent;
        return root.Options.Where(option => root == command || option.Recursive);
    }

    public static string NameOf(Argument argument) => argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}..." : argument.Name;

    static bool IsShown(Option option) => !option.Hidden;

    static bool IsFlag(Option option) => option is HelpOption or VersionOption || option.ValueType == typeof(bool);

    static void WriteRows(TextWriter page, string heading, IEnumerable<(string Name, string Words)> rows)
    {
        const int widest = 34;
        var all = rows.ToArray();
        if (all.Length == 0) return;
        page.WriteLine();
        page.WriteLine(heading);
        var width = Math.Min(widest, all.Max(row => CellWidth.Of(row.Name)));
        foreach (var (name, words) in all)
        {
            // A long name has a line of its own, so that the words stay in one column.
            var isLong = CellWidth.Of(name) > width;
            if (isLong) page.WriteLine($"  {name}");
            page.WriteLine($"  {CellWidth.Pad(isLong ? "" : name, width)}  {words}");
        }
    }
}
