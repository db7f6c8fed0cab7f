using System.Collections.Frozen;
using System.Text.Json;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;

namespace Ledger.Client.Disclosures;

/// <summary>Names and kinds of terms.</summary>
public static class Terms
{
    const int LongestText = 200;

    static readonly FrozenDictionary<string, Term> ByName = Enum.GetValues<Term>().ToFrozenDictionary(Name);

    public static string Name(this Term term) => JsonNamingPolicy.CamelCase.ConvertName(term.ToString());

    public static bool TryParse(string name, out Term term) => ByName.TryGetValue(name, out term);

    public static TermKind Kind(this Term term) => term switch
    {
        Term.Rate or Term.PenaltyRate => TermKind.Rate,
        Term.Account or Term.AccountName or Term.DocumentNumber or Term.Contact => TermKind.Text,
        _ => TermKind.Amount,
    };

    /// <summary>Whether a value is written as the term's kind demands, in its one spelling.</summary>
    public static bool Takes(this Term term, string value) => term.Kind() switch
    {
        TermKind.Amount => Amount.TryParse(value, out _),
        TermKind.Rate => Rate.TryParse(value, out _),
        _ => value.Length is > 0 and <= LongestText && !value.Any(char.IsControl) && value.AsSpan().Trim().Length == value.Length && IsWellFormed(value),
    };

    static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsSurrogatePair(text, i)) return false;
            i++;
        }

        return true;
    }
}
