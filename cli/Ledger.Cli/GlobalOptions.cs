using System.CommandLine;
using Ledger.Cli.Help;
using Ledger.Client.Text;

namespace Ledger.Cli;

/// <summary>The form in which results go to standard output.</summary>
public enum Form
{
    Table,
    Json,
    Csv,
}

/// <summary>The options that every command knows.</summary>
public sealed class GlobalOptions
{
    static readonly string[] Forms = ["table", "json", "csv"];
    static readonly string[] Languages = ["zh", "en"];

    /// <summary>In the order of POSIX, for which a variable that is empty is not set.</summary>
    public static readonly string[] LocaleVariables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    readonly Option<string> output = Global<string>("--output", "table 供人阅读（默认），json 供程序，csv 供表格软件", "table for people (default), json for programs, csv for spreadsheets", "-o");
    readonly Option<string> lang = Global<string>("--lang", "语言（默认取自 LC_ALL、LC_MESSAGES 或 LANG）", "the language (default: from LC_ALL, LC_MESSAGES or LANG)");
    readonly Option<bool> noColor = Global<bool>("--no-color", "不使用颜色（亦可用 NO_COLOR、TERM=dumb）", "no colours (also: NO_COLOR, TERM=dumb)");
    readonly Option<bool> noInput = Global<bool>("--no-input", "从不询问", "never ask for anything");

    public GlobalOptions()
    {
        (output.HelpName, lang.HelpName) = (string.Join('|', Forms), string.Join('|', Languages));
        output.AcceptOnlyFromAmong(Forms);
        lang.AcceptOnlyFromAmong(Languages);
    }

    public IEnumerable<Option> All => [output, lang, noColor, noInput];

    public bool NoInput(ParseResult parsed) => parsed.GetValue(noInput);

    /// <summary>The flags that say a setting, as they were typed.</summary>
    internal string? Flag(ParseResult parsed, Setting setting) => setting == Setting.Lang ? Typed(parsed, lang) : setting == Setting.Output ? Typed(parsed, output) : null;

    /// <summary>A command line that is wrong may still say in which language to say so.</summary>
    public Language Language(ParseResult parsed, Terminal terminal, Settings settings)
    {
        var chosen = settings.Of(Setting.Lang, Typed(parsed, lang)) ?? LocaleVariables.Select(terminal.Variable).FirstOrDefault(set => !string.IsNullOrEmpty(set)) ?? "";
        return chosen.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Client.Text.Language.Chinese : Client.Text.Language.English;
    }

    public Output Output(ParseResult parsed, Terminal terminal, Settings settings)
    {
        var isColoured = terminal.IsOutputTerminal && !parsed.GetValue(noColor)
            && string.IsNullOrEmpty(terminal.Variable("NO_COLOR")) && terminal.Variable("TERM") != "dumb";
        var form = settings.Of(Setting.Output, Typed(parsed, output)) switch
        {
            "json" => Form.Json,
            "csv" => Form.Csv,
            null or "table" => Form.Table,
            var unknown => throw StopException.Usage($"输出格式“{unknown}”未知：{string.Join("、", Forms)}。", $"'{unknown}' is no form of output: {string.Join(", ", Forms)}."),
        };
        return new(terminal, form, isColoured, Language(parsed, terminal, settings));
    }

    static string? Typed(ParseResult parsed, Option<string> option) =>
        parsed.GetResult(option) is { Tokens: [var first, ..] } ? first.Value : null;

    static Option<T> Global<T>(string name, string chinese, string english, params string[] aliases) =>
        new Option<T>(name, aliases) { Recursive = true }.Told(chinese, english);
}
