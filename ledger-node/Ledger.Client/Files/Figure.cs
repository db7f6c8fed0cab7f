using System.Text.RegularExpressions;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Files;

/// <summary>
/// A figure as files write it, an <c>xs:decimal</c>: <c>-1234.50</c>, <c>+1.</c>, <c>.5</c>, <c>000149.87</c>. It is kept exactly, with up to ten decimals;
/// what is to be an amount must have none beyond the currency's minor unit but zeros.
/// </summary>
readonly partial record struct Figure
{
    const int MostDecimals = 10;
    const int MostDigits = 12;

    static readonly Int128 One = 10_000_000_000;

    readonly Int128 parts;

    Figure(Int128 parts) => this.parts = parts;

    public static Figure operator +(Figure one, Figure other) => new(one.parts + other.parts);

    public static bool TryParse(string? text, out Figure figure)
    {
        figure = default;
        if (text is null || Form().Match(text) is not { Success: true } form) return false;

        var whole = form.Groups["whole"].ValueSpan.TrimStart('0');
        var decimals = form.Groups["decimals"].ValueSpan.TrimEnd('0');
        if (whole.Length > MostDigits || decimals.Length > MostDecimals) return false;

        Int128 magnitude = 0;
        foreach (var digit in whole) magnitude = (magnitude * 10) + digit - '0';
        for (var place = 0; place < MostDecimals; place++) magnitude = (magnitude * 10) + (place < decimals.Length ? decimals[place] - '0' : 0);
        figure = new(form.Groups["minus"].Success ? -magnitude : magnitude);
        return true;
    }

    /// <summary>Reads an amount into signed minor units without rounding.</summary>
    public static bool TryParse(string? text, Currency currency, out long minor) => Wrong(text, currency, out minor) is null;

    /// <summary>Why <paramref name="text"/> is no amount of the currency; null where it is one.</summary>
    public static Refusal? Wrong(string? text, Currency currency, out long minor)
    {
        minor = 0;
        if (!TryParse(text, out var figure)) return Refusal.AmountInvalid;
        var unit = PartsOfMinor(currency);
        if (figure.parts % unit != 0) return Refusal.AmountTooFine;
        if (Int128.Abs(figure.parts / unit) > Amount.MaxMinor) return Refusal.AmountInvalid;
        minor = (long)(figure.parts / unit);
        return null;
    }

    /// <summary>The nearest signed minor units, half away from zero; null where no amount is so large.</summary>
    public long? Rounded(Currency currency)
    {
        var unit = PartsOfMinor(currency);
        var minor = (Int128.Abs(parts) + (unit / 2)) / unit;
        return minor > Amount.MaxMinor ? null : (long)(parts < 0 ? -minor : minor);
    }

    static Int128 PartsOfMinor(Currency currency)
    {
        var parts = One;
        for (var digit = 0; digit < currency.MinorDigits; digit++) parts /= 10;
        return parts;
    }

    [GeneratedRegex(@"\A(\+|(?<minus>-))?(?=[.]?[0-9])(?<whole>[0-9]*)([.](?<decimals>[0-9]*))?\z")]
    private static partial Regex Form();
}
