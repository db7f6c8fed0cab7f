using System.CommandLine;
using System.CommandLine.Parsing;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli.Help;

/// <summary>
/// What was typed that no command knows. The parser's library takes such a word for the value of whatever comes before it, so that a mistyped option
/// vanishes in another's value; here it is a mistake wherever it stands.
/// </summary>
static class CommandWords
{
    const string EndOfOptions = "--";

    /// <summary>A word that begins with a dash may be an id, and is its spelling and not several letters that stand for options.</summary>
    public static readonly ParserConfiguration Reading = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Options that this command does not have. A value that begins with a dash is written behind its option's equals sign.</summary>
    public static IReadOnlyList<string> UnknownOptions(IEnumerable<string> typed, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var known = command.Options.Concat(HelpPage.Shared(command)).SelectMany(option => option.Aliases.Prepend(option.Name)).ToHashSet(StringComparer.Ordinal);
        return [.. typed.TakeWhile(word => word != EndOfOptions).Where(IsOption).Select(NameOf).Where(name => !known.Contains(name)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Words of a question for help that lead to no command: behind a noun what is none of its verbs, behind <c>help</c> all that is no command.</summary>
    public static IReadOnlyList<string> UnknownCommands(ParseResult parsed, bool isAsked)
    {
        var stray = parsed.CommandResult.Command.Subcommands.Count > 0 || isAsked ? parsed.UnmatchedTokens : [];
        var arguments = isAsked ? parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(one => one.Tokens).Select(token => token.Value) : [];
        return [.. stray.Concat(arguments).Where(word => !IsOption(word)).Distinct(StringComparer.Ordinal)];
    }

    // One dash alone is standard input; 22 characters of base64url may begin with one or two.
    static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !Id<Transaction>.TryParse(word, out _);

    static string NameOf(string word) => word.IndexOfAny(['=', ':']) is > 0 and var end ? word[..end] : word;
}
