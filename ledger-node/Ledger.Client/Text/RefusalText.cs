using System.Globalization;
using System.Text;
using Ledger.Client.Files;
using Ledger.Client.Money;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Text;

/// <summary>A refusal as the sentence that a person reads, its braces filled from the facts.</summary>
public static class RefusalText
{
    /// <summary>Times are shown at a place <paramref name="offsetMinutes"/> east of UTC. A number that this program does not know is of a newer ledger.</summary>
    public static string Of(Refusal refusal, Facts facts, Language language, int offsetMinutes)
    {
        string Time(Timestamp time) => TimeText.Of(time, offsetMinutes);
        if (!Enum.IsDefined(refusal))
        {
            return language == Language.Chinese
                ? string.Create(CultureInfo.InvariantCulture, $"本程序不认识的拒绝编号 {(ushort)refusal}。")
                : string.Create(CultureInfo.InvariantCulture, $"A refusal that this program does not know: {(ushort)refusal}.");
        }

        return language == Language.Chinese
            ? Sentences.Chinese(refusal, facts, (amount, currency) => Money(amount, currency) ?? $"{amount} 个最小单位", Time)
            : Sentences.English(refusal, facts, (amount, currency) => Money(amount, currency) ?? $"{amount} minor units", Time);
    }

    /// <summary>Why a file was not taken in, with the place in it and what stands there.</summary>
    public static string Of(ImportProblem problem, Language language)
    {
        var text = new StringBuilder(Of(problem.Refusal, Facts.None, language, offsetMinutes: 0));
        text.Append(CultureInfo.InvariantCulture, $" [{problem.Element}");
        if (problem.Value is { } value) text.Append(CultureInfo.InvariantCulture, $" = {value}");
        return text.Append(']').ToString();
    }

    static string? Money(Amount amount, Currency? currency) => currency is { } known ? MoneyText.FormatWithSymbol(amount, known) : null;
}
