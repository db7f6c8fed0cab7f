using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;
using Ledger.Client.Invoices;
using Ledger.Client.Money;
using Ledger.Core.State;

namespace Ledger.Client.Text;

/// <summary>A refusal as the sentence that a person reads, its braces filled from the facts. A fact that was not told is shown as a dash.</summary>
public static class RefusalText
{
    const string Untold = "—";

    static readonly FrozenDictionary<Refusal, SaysAttribute> Sentences = Enum.GetValues<Refusal>().ToFrozenDictionary(refusal => refusal, SaysOf);

    /// <summary>Times are shown at a place <paramref name="offsetMinutes"/> east of UTC.</summary>
    public static string Of(Refusal refusal, Facts facts, Language language, int offsetMinutes) =>
        Sentence(refusal, language)
            .Replace("{available}", Available(facts, language), StringComparison.Ordinal)
            .Replace("{kind}", facts.Conflict is { } conflict ? KindText(conflict.Kind, language) : Untold, StringComparison.Ordinal)
            .Replace("{since}", facts.Conflict is { } since ? TimeText.Of(since.Since, offsetMinutes) : Untold, StringComparison.Ordinal)
            .Replace("{reference}", facts.Reference ?? facts.Conflict?.Reference ?? Untold, StringComparison.Ordinal)
            .Replace("{reason}", facts.Reason ?? Untold, StringComparison.Ordinal);

    /// <summary>Why a file was not taken in, with the place in it and what stands there.</summary>
    public static string Of(ImportProblem problem, Language language)
    {
        var text = new StringBuilder(Of(problem.Refusal, Facts.None, language, offsetMinutes: 0));
        text.Append(CultureInfo.InvariantCulture, $" [{problem.Element}");
        if (problem.Value is { } value) text.Append(CultureInfo.InvariantCulture, $" = {value}");
        return text.Append(']').ToString();
    }

    /// <summary>The sentence with its braces. A number that this program does not know is of a newer ledger.</summary>
    public static string Sentence(Refusal refusal, Language language)
    {
        if (Sentences.TryGetValue(refusal, out var says)) return language == Language.Chinese ? says.Chinese : says.English;
        return language == Language.Chinese
            ? string.Create(CultureInfo.InvariantCulture, $"本程序不认识的拒绝编号 {(ushort)refusal}。")
            : string.Create(CultureInfo.InvariantCulture, $"A refusal that this program does not know: {(ushort)refusal}.");
    }

    static string Available(Facts facts, Language language)
    {
        if (facts.Available is not { } amount) return Untold;
        if (facts.Currency is { } currency) return MoneyText.FormatWithSymbol(amount, currency);
        return language == Language.Chinese ? $"{amount} 个最小单位" : $"{amount} minor units";
    }

    static string KindText(string kind, Language language) => language == Language.English ? kind : kind switch
    {
        "Offer" => "要约",
        "Reservation" => "预占",
        "Commitment" => "融资承诺",
        "Pledge" => "质押",
        "Freeze" => "冻结",
        "Document" => "背景材料",
        _ => kind,
    };

    static SaysAttribute SaysOf(Refusal refusal) =>
        typeof(Refusal).GetField(refusal.ToString())?.GetCustomAttribute<SaysAttribute>()
        ?? throw new InvalidOperationException($"{refusal} has no sentence.");
}
