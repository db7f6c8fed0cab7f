using System.Globalization;

namespace Ledger.Core.Interest;

/// <summary>A rate in millionths of one: 3.85 % a year is 38,500, 0.05 % a day is 500. Whether for a year or a day, its user says.</summary>
public readonly record struct Rate(uint Millionths) : IComparable<Rate>
{
    /// <summary>1,000 %: no honest rate is above it, and no product of it leaves 128 bits.</summary>
    public const uint Max = 10_000_000;

    public static readonly Rate Zero;

    public bool IsZero => Millionths == 0;

    public int CompareTo(Rate other) => Millionths.CompareTo(other.Millionths);

    /// <summary>Decimal digits of millionths, as on the wire.</summary>
    public override string ToString() => Millionths.ToString(NumberFormatInfo.InvariantInfo);

    /// <summary>Reads what <see cref="ToString"/> writes: digits only, no leading zero, at most <see cref="Max"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Rate rate)
    {
        rate = default;
        if (text.Length is 0 or > 8 || text.ContainsAnyExceptInRange('0', '9') || (text[0] == '0' && text.Length > 1)) return false;
        var millionths = uint.Parse(text, NumberStyles.None, NumberFormatInfo.InvariantInfo);
        rate = new(millionths);
        return millionths <= Max;
    }
}
