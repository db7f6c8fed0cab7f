using System.CommandLine;
using System.Text.Json;

namespace Ledger.Cli;

/// <summary>
/// The words that a value may be on a command line, as the wire spells them. What the parser takes, what help shows and what shells complete is this
/// one list.
/// </summary>
sealed class NamedValues<T>
    where T : struct, Enum
{
    readonly List<(string Word, T Value)> words = [];

    /// <summary>All members but those that no command may say.</summary>
    public NamedValues(params ReadOnlySpan<T> refused)
        : this(NamedValues.WordOf, refused)
    {
    }

    /// <summary>In a spelling of their own, such as a register's codes.</summary>
    public NamedValues(Func<T, string> spelled, params ReadOnlySpan<T> refused)
    {
        foreach (var member in Enum.GetValues<T>())
        {
            if (!refused.Contains(member)) words.Add((spelled(member), member));
        }
    }

    public IEnumerable<string> Words => words.Select(one => one.Word);

    public string Help => string.Join('|', Words);

    public bool TryParse(ReadOnlySpan<char> text, out T value)
    {
        foreach (var (word, member) in words)
        {
            value = member;
            if (text.SequenceEqual(word)) return true;
        }

        value = default;
        return false;
    }

    /// <summary>Shells offer these words and no others: left to itself the parser's library offers an enum's members as C# spells them.</summary>
    public TOption OfferedBy<TOption>(TOption option)
        where TOption : Option
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. Words]);
        return option;
    }
}

static class NamedValues
{
    public static string WordOf<T>(T member)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(member.ToString());
}
