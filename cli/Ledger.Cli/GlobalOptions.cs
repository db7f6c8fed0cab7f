using System.CommandLine;
using Ledger.Client.Text;

namespace Ledger.Cli;

/// <summary>The options that every command knows.</summary>
public sealed class GlobalOptions
{
    readonly Option<string> output = Global<string>("--output", "json for programs, table for people (default)", "-o");
    readonly Option<string> lang = Global<string>("--lang", "zh or en (default: from LC_ALL or LANG)");
    readonly Option<bool> noColor = Global<bool>("--no-color", "no colours (also: NO_COLOR, TERM=dumb)");
    readonly Option<bool> noInput = Global<bool>("--no-input", "never ask for anything");

    public GlobalOptions()
    {
        output.AcceptOnlyFromAmong("json", "table");
        lang.AcceptOnlyFromAmong("zh", "en");
    }

    public IEnumerable<Option> All => [output, lang, noColor, noInput];

    public bool NoInput(ParseResult parsed) => parsed.GetValue(noInput);

    public Language Language(ParseResult parsed, Terminal terminal)
    {
        var chosen = parsed.GetValue(lang) ?? terminal.Variable("LC_ALL") ?? terminal.Variable("LANG") ?? "";
        return chosen.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Client.Text.Language.Chinese : Client.Text.Language.English;
    }

    public Output Output(ParseResult parsed, Terminal terminal)
    {
        var isColoured = terminal.IsOutputTerminal && !parsed.GetValue(noColor)
            && string.IsNullOrEmpty(terminal.Variable("NO_COLOR")) && terminal.Variable("TERM") != "dumb";
        return new(terminal, parsed.GetValue(output) == "json", isColoured, Language(parsed, terminal));
    }

    static Option<T> Global<T>(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Recursive = true };
}
