using System.CommandLine;
using System.Runtime.CompilerServices;
using Ledger.Client.Text;

namespace Ledger.Cli.Help;

/// <summary>What help says of a command, an argument or an option, in both languages.</summary>
static class HelpWords
{
    static readonly ConditionalWeakTable<Symbol, string> Chinese = [];

    public static T Told<T>(this T symbol, string chinese, string english)
        where T : Symbol
    {
        symbol.Description = english;
        Chinese.AddOrUpdate(symbol, chinese);
        return symbol;
    }

    /// <summary>Empty where nobody said anything; a test of the house sees to it that this never happens.</summary>
    public static string Of(Symbol symbol, Language language) =>
        (language == Language.Chinese ? Chinese.TryGetValue(symbol, out var said) ? said : null : symbol.Description) ?? "";
}
