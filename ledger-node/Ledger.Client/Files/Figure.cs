using Ledger.Core.Primitives;

namespace Ledger.Client.Files;

/// <summary>
/// A figure as files write it, <c>-1234.50</c>, read into signed minor units without ever rounding: decimals beyond the currency's minor unit
/// must be zeros.
/// </summary>
static class Figure
{
    const int MostDecimals = 10;

    public static bool TryParse(ReadOnlySpan<char> text, Currency currency, out long minor)
    {
        minor = 0;
        var negative = text.StartsWith("-");
        if (negative) text = text[1..];

        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var decimals = point < 0 ? default : text[(point + 1)..];
        if (whole.Length is 0 or > 12 || whole.ContainsAnyExceptInRange('0', '9')) return false;
        if (point >= 0 && (decimals.Length is 0 or > MostDecimals || decimals.ContainsAnyExceptInRange('0', '9'))) return false;
        if (decimals.Length > currency.MinorDigits && decimals[currency.MinorDigits..].ContainsAnyExcept('0')) return false;

        var magnitude = 0L;
        foreach (var digit in whole) magnitude = (magnitude * 10) + digit - '0';
        for (var place = 0; place < currency.MinorDigits; place++)
            magnitude = (magnitude * 10) + (place < decimals.Length ? decimals[place] - '0' : 0);

        if (magnitude > (long)Amount.MaxMinor) return false;
        minor = negative ? -magnitude : magnitude;
        return true;
    }
}
