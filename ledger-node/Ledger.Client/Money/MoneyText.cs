using System.Globalization;
using Ledger.Core.Primitives;

namespace Ledger.Client.Money;

/// <summary>Money as people write and type it, in major units: <c>1,000,000.00</c>. What could be read in two ways is not read at all.</summary>
public static class MoneyText
{
    /// <summary>Thousands by commas and always as many decimals as the currency has: <c>1,000,000.00</c>.</summary>
    public static string Format(Amount amount, Currency currency)
    {
        var (major, minor) = Math.DivRem(amount.Minor, Scale(currency));
        var whole = major.ToString("#,##0", NumberFormatInfo.InvariantInfo);
        return currency.MinorDigits == 0
            ? whole
            : $"{whole}.{minor.ToString(NumberFormatInfo.InvariantInfo).PadLeft(currency.MinorDigits, '0')}";
    }

    /// <summary>With its currency: <c>¥1,000,000.00</c> for yuan, <c>USD 1.00</c> for all others, since ¥ is the sign of two currencies.</summary>
    public static string FormatWithSymbol(Amount amount, Currency currency) =>
        currency == Currency.Cny ? $"¥{Format(amount, currency)}" : $"{currency.Code} {Format(amount, currency)}";

    /// <summary>
    /// Reads an amount of <paramref name="currency"/> as a person types it: with or without thousands commas, decimals, the currency's sign or code,
    /// and in full-width characters. Refuses signs, misplaced commas, leading zeros, more decimals than the currency has, and other currencies.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, Currency currency, out Amount amount)
    {
        amount = default;
        var typed = HalfWidth.Of(text).AsSpan().Trim();
        var figures = WithoutCurrency(typed, currency).TrimStart();

        var point = figures.IndexOf('.');
        var whole = point < 0 ? figures : figures[..point];
        var decimals = point < 0 ? default : figures[(point + 1)..];
        if (!TryParseWhole(whole, out var major)) return false;
        if (point >= 0 && (decimals.IsEmpty || decimals.Length > currency.MinorDigits || decimals.ContainsAnyExceptInRange('0', '9'))) return false;

        var minor = 0UL;
        for (var place = 0; place < currency.MinorDigits; place++)
            minor = (minor * 10) + (place < decimals.Length ? (ulong)(decimals[place] - '0') : 0);

        var total = (major * Scale(currency)) + minor;
        if (total > Amount.MaxMinor) return false;
        amount = new(total);
        return true;
    }

    static ReadOnlySpan<char> WithoutCurrency(ReadOnlySpan<char> typed, Currency currency)
    {
        if (typed.StartsWith(currency.Code, StringComparison.OrdinalIgnoreCase)) return typed[currency.Code.Length..];
        return currency == Currency.Cny && typed.StartsWith("¥", StringComparison.Ordinal) ? typed[1..] : typed;
    }

    static bool TryParseWhole(ReadOnlySpan<char> whole, out ulong major)
    {
        major = 0;
        if (whole.Length is 0 or > 15 || (whole[0] == '0' && whole.Length > 1)) return false;

        var grouped = whole.Contains(',');
        for (var i = 0; i < whole.Length; i++)
        {
            var toTheRight = whole.Length - 1 - i;
            if (grouped && toTheRight % 4 == 3)
            {
                if (whole[i] != ',' || i == 0) return false;
                continue;
            }

            if (!char.IsAsciiDigit(whole[i])) return false;
            major = (major * 10) + (ulong)(whole[i] - '0');
        }

        return true;
    }

    static ulong Scale(Currency currency)
    {
        var scale = 1UL;
        for (var digit = 0; digit < currency.MinorDigits; digit++) scale *= 10;
        return scale;
    }
}
