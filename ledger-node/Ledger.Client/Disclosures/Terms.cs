using System.Collections.Frozen;
using System.Diagnostics;
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

    /// <summary>As a bank's clerk calls it.</summary>
    public static string Chinese(this Term term) => term switch
    {
        Term.Rate => "利率",
        Term.PenaltyRate => "罚息利率",
        Term.Fees => "手续费",
        Term.NetProceeds => "实付净额",
        Term.Interest => "利息",
        Term.Payoff => "还款总额",
        Term.Surplus => "余款",
        Term.Refund => "退息",
        Term.BuyBackPrice => "回购价款",
        Term.LateInterest => "逾期利息",
        Term.Price => "价格",
        Term.Account => "账号",
        Term.AccountName => "户名",
        Term.DocumentNumber => "背景材料号码",
        Term.Contact => "联系方式",
        Term.RecourseAmount => "追索金额",
        _ => throw new UnreachableException(),
    };

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
        _ => value.Length > 0 && ShownText.IsNoLonger(value, LongestText) && !value.Any(char.IsControl) && value.AsSpan().Trim().Length == value.Length && IsWellFormed(value),
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
