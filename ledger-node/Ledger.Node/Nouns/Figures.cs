using System.Globalization;
using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Node.Nouns;

/// <summary>Money, dates and times as a Chinese bank writes them: one spelling for each, and two hyphens where there is nothing.</summary>
public static class Figures
{
    public const string Nothing = "--";

    // From here on a sum at the head of a page is easier read in 亿 and 万; tables always have every figure.
    const ulong TenThousand = 10_000;
    const ulong HundredMillion = 100_000_000;

    public static string Money(Amount amount, Currency currency) => MoneyText.FormatWithSymbol(amount, currency);

    /// <summary>For a cell whose column names the unit.</summary>
    public static string Plain(Amount amount, Currency currency) => MoneyText.Format(amount, currency);

    /// <summary>In capital characters, for yuan only: nobody writes other currencies so.</summary>
    public static string? Capital(Amount amount, Currency currency) => currency == Currency.Cny ? CapitalAmount.Of(amount, CapitalStyle.Payment) : null;

    /// <summary>A sum at a glance: <c>¥1.23亿</c>, <c>¥45.60万</c>; small ones, other currencies and other languages to the last minor unit.</summary>
    public static string Glance(UInt128 minor, Currency currency, Language language)
    {
        if (minor > Amount.MaxMinor || (currency == Currency.Cny && language == Language.Chinese && minor >= 100 * 100 * TenThousand)) return Rounded(minor, currency, language);
        return Money(new((ulong)minor), currency);
    }

    public static string Date(DateOnly date) => date == DateOnly.MinValue || date == DateOnly.MaxValue ? Nothing : date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Time(Timestamp time, int offsetMinutes) => time.UnixMilliseconds == 0 ? Nothing : TimeText.Of(time, offsetMinutes);

    public static string Number(long number) => number.ToString("#,##0", NumberFormatInfo.InvariantInfo);

    public static string Number(ulong number) => number.ToString("#,##0", NumberFormatInfo.InvariantInfo);

    public static string Offset(int minutes) =>
        string.Create(CultureInfo.InvariantCulture, $"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:D2}:{Math.Abs(minutes) % 60:D2}");

    static string Rounded(UInt128 minor, Currency currency, Language language)
    {
        var major = minor;
        for (var digit = 0; digit < currency.MinorDigits; digit++) major /= 10;
        if (language != Language.Chinese || currency != Currency.Cny) return $"{currency.Code} {((ulong)major).ToString("#,##0", NumberFormatInfo.InvariantInfo)}";
        var (unit, name) = major >= HundredMillion ? (HundredMillion, "亿") : (TenThousand, "万");
        var hundredths = (ulong)(((major * 100) + (unit / 2)) / unit);
        return string.Create(CultureInfo.InvariantCulture, $"¥{hundredths / 100:#,##0}.{hundredths % 100:D2}{name}");
    }
}
