using System.Globalization;
using Ledger.Core.Primitives;

namespace Ledger.Client.Payments;

/// <summary>ISO 20022's sums for checking: the figures as they stand, added up whatever their currencies.</summary>
static class MessageSum
{
    public static decimal Of(IEnumerable<(Amount Amount, Currency Currency)> amounts)
    {
        var sum = 0m;
        foreach (var (amount, currency) in amounts) sum += new decimal((long)amount.Minor) * Unit(currency);
        return sum;
    }

    /// <summary>With as many decimals as the currency with the most of them has.</summary>
    public static string Text(IEnumerable<(Amount Amount, Currency Currency)> amounts) => Of(amounts).ToString(CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out decimal sum) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out sum);

    /// <summary>Whether a message's count, digits that may begin with zeros, is this one.</summary>
    public static bool IsCount(string text, int count) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stated) && stated == count;

    // One minor unit with its scale: 0.01 for yuan, 1 for yen.
    static decimal Unit(Currency currency) => new(1, 0, 0, isNegative: false, (byte)currency.MinorDigits);
}
