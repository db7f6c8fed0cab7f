using System.CommandLine;
using System.Text.RegularExpressions;
using Ledger.Client.Text;

namespace Ledger.Cli.Help;

/// <summary>What is wrong with a command line, in the person's language, and what they may have meant.</summary>
static partial class ParseMessages
{
    const int FarthestTypo = 2;

    /// <summary>Says what is wrong. Where words are unknown, what else the parser made of them is no news to who mistyped them.</summary>
    public static void Write(TextWriter error, ParseResult parsed, IReadOnlyList<string> unknown, Language language)
    {
        string Say(string chinese, string english) => language == Language.Chinese ? chinese : english;
        if (unknown.Count > 0)
        {
            foreach (var word in unknown) error.WriteLine(Say($"无法识别的命令或选项：{word}", $"Unrecognized command or option '{word}'."));
        }
        else
        {
            var said = parsed.Errors.Select(one => OneLine().Replace(one.Message.Trim(), " ")).Distinct();
            if (parsed.UnmatchedTokens.Count > 0) said = said.Where(message => !CommandMissing().IsMatch(message));
            foreach (var message in said) error.WriteLine(language == Language.Chinese ? Chinese(message) : message);
        }

        foreach (var typed in unknown.Count > 0 ? unknown : parsed.UnmatchedTokens)
        {
            if (Nearest(parsed.CommandResult.Command, typed) is { Length: > 0 } meant) error.WriteLine(Say($"是否想输入：{meant}？", $"Did you mean {meant}?"));
        }

        var path = HelpPage.PathOf(parsed.CommandResult.Command);
        error.WriteLine(Say($"用法与示例：{path} --help", $"Usage and examples: {path} --help"));
    }

    /// <summary>The words at this place that need the fewest changes to be what was typed.</summary>
    static string Nearest(Command command, string typed)
    {
        var words = HelpPage.Visible(command).SelectMany(inner => inner.Aliases.Prepend(inner.Name))
            .Concat(command.Options.Concat(HelpPage.Shared(command)).Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)))
            .Distinct().Select(word => (Word: word, Distance: Distance(word, typed))).Where(one => one.Distance <= Math.Min(FarthestTypo, typed.Length / 2)).ToArray();
        return words.Length == 0 ? "" : string.Join(", ", words.Where(one => one.Distance == words.Min(other => other.Distance)).Select(one => one.Word).Order(StringComparer.Ordinal));
    }

    // Letters added, left out, exchanged or swapped with a neighbour.
    static int Distance(string word, string typed)
    {
        var cost = new int[word.Length + 1, typed.Length + 1];
        for (var i = 0; i <= word.Length; i++) cost[i, 0] = i;
        for (var j = 0; j <= typed.Length; j++) cost[0, j] = j;
        for (var i = 1; i <= word.Length; i++)
        {
            for (var j = 1; j <= typed.Length; j++)
            {
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (word[i - 1] == typed[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && word[i - 1] == typed[j - 2] && word[i - 2] == typed[j - 1]) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[word.Length, typed.Length];
    }

    // The parser speaks English; what it can say is a short list.
    static string Chinese(string message)
    {
        foreach (var (english, chinese) in Said)
        {
            var match = english().Match(message);
            if (match.Success) return match.Result(chinese);
        }

        return message;
    }

    static readonly (Func<Regex> English, string Chinese)[] Said =
    [
        (OptionRequired, "缺少必需的选项 $1。"),
        (Unrecognised, "无法识别的命令或参数：$1"),
        (CommandMissing, "请给出子命令。"),
        (ArgumentMissing, "$1 缺少参数。"),
        (NotAmong, "“$1”不在允许的值之中：$2"),
        (NotInForm, "$1：“$2”的格式不对。"),
        (OnlyOne, "选项 $1 只能给出一次。"),
        (CannotParse, "$2 的值“$1”无法识别。"),
    ];

    [GeneratedRegex("\\s+")]
    private static partial Regex OneLine();

    [GeneratedRegex("^Option '(.+)' is required\\.$")]
    private static partial Regex OptionRequired();

    [GeneratedRegex("^Unrecognized command or argument '(.+)'\\.$")]
    private static partial Regex Unrecognised();

    [GeneratedRegex("^Required command was not provided\\.$")]
    private static partial Regex CommandMissing();

    [GeneratedRegex("^Required argument (?:'.+' )?missing for (?:command|option): '(.+)'\\.$")]
    private static partial Regex ArgumentMissing();

    [GeneratedRegex("^Argument '(.+)' not recognized\\. Must be one of:\\s*((?s:.+))$")]
    private static partial Regex NotAmong();

    [GeneratedRegex("^(.+): '(.*)' is not in the required form\\.$")]
    private static partial Regex NotInForm();

    [GeneratedRegex("^Option '(.+)' expects a single argument but .+$")]
    private static partial Regex OnlyOne();

    [GeneratedRegex("^Cannot parse argument '(.*)' for (?:command|option) '(.+)' as expected type .+$")]
    private static partial Regex CannotParse();
}
