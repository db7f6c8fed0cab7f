using System.Globalization;

namespace Ledger.Core.Primitives;

/// <summary>Money or units in minor units (fen for CNY): never negative, never rounded; arithmetic that leaves the range throws.</summary>
public readonly record struct Amount(ulong Minor) : IComparable<Amount>
{
    /// <summary>12 digits, the widest interval a bill package knows, and far below what a 53-bit number or a sum of a block could lose.</summary>
    public const ulong MaxMinor = 999_999_999_999;

    public static readonly Amount Zero;

    public bool IsZero => Minor == 0;

    public static Amount operator +(Amount left, Amount right) => new(left.Minor + right.Minor);

    public static Amount operator -(Amount left, Amount right) => new(left.Minor - right.Minor);

    public static bool operator <(Amount left, Amount right) => left.Minor < right.Minor;

    public static bool operator >(Amount left, Amount right) => left.Minor > right.Minor;

    public static bool operator <=(Amount left, Amount right) => left.Minor <= right.Minor;

    public static bool operator >=(Amount left, Amount right) => left.Minor >= right.Minor;

    /// <summary>What is left of <paramref name="total"/> after <paramref name="used"/>; nothing when more is used than there is.</summary>
    public static Amount Remaining(Amount total, Amount used) => used >= total ? Zero : total - used;

    public int CompareTo(Amount other) => Minor.CompareTo(other.Minor);

    /// <summary>Decimal digits of minor units, as on the wire.</summary>
    public override string ToString() => Minor.ToString(NumberFormatInfo.InvariantInfo);

    /// <summary>Reads what <see cref="ToString"/> writes: digits only, no sign, no leading zero, at most <see cref="MaxMinor"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Amount amount)
    {
        amount = default;
        if (text.Length is 0 or > 12 || text.ContainsAnyExceptInRange('0', '9') || (text[0] == '0' && text.Length > 1)) return false;
        amount = new(ulong.Parse(text, NumberStyles.None, NumberFormatInfo.InvariantInfo));
        return true;
    }
}
