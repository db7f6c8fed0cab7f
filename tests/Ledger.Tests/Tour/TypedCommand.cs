using System.Globalization;
using System.Text.RegularExpressions;

namespace Ledger.Tests.Tour;

/// <summary>
/// A command that a document tells people to type: a line of a fenced <c>sh</c> block, with the lines that a backslash joins to it. A comment may say
/// <c># exit code N</c>; without one the command promises 0.
/// </summary>
sealed partial record TypedCommand(string Document, int Line, string Text)
{
    public int ExitCode => Promised().Match(Text) is { Success: true } match ? int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture) : 0;

    /// <summary>Without the comment.</summary>
    public string Bare => Comment().Replace(Text, "").Trim();

    /// <summary>The demo serves on until somebody ends it.</summary>
    public bool IsServingDemo => Demo().IsMatch(Bare) && !Bare.Contains("--exit", StringComparison.Ordinal);

    /// <summary><c>DATA=…</c>: what only the reader's own demo can tell him; the comment cites the words before it.</summary>
    public string? LeftOpen => Open().Match(Text) is { Success: true } match ? match.Groups["name"].Value : null;

    public static IReadOnlyList<TypedCommand> Of(string document)
    {
        List<TypedCommand> commands = [];
        var isShell = false;
        TypedCommand? begun = null;
        foreach (var (index, line) in File.ReadLines(Path.Combine(Repository.Root(), document)).Index())
        {
            var text = line.Trim();
            if (text.StartsWith("```", StringComparison.Ordinal)) isShell = !isShell && text is "```sh" or "```bash";
            else if (isShell && (begun is not null || (text.Length > 0 && text[0] != '#')))
            {
                begun = begun is null ? new(document, index + 1, text) : begun with { Text = $"{begun.Text}\n{text}" };
                if (text.EndsWith('\\')) continue;
                commands.Add(begun);
                begun = null;
            }
        }

        return commands;
    }

    public override string ToString() => $"{Document}:{Line}: {Text}";

    [GeneratedRegex(@"\s#.*\bexit code (?<code>\d+)")]
    private static partial Regex Promised();

    [GeneratedRegex(@"(^|\s)#\s.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(Ledger\.Node --|^ledger-node) demo\b(?!.*&$)")]
    private static partial Regex Demo();

    [GeneratedRegex("""^(?<name>[A-Z]+)=(\S*…\S*|\S+\s+# "[^"]+")\s*(#.*)?$""")]
    private static partial Regex Open();
}
