using System.Diagnostics;
using System.Globalization;

namespace Ledger.Core.Primitives;

/// <summary>
/// A run of an instrument's units, 1-based and inclusive at both ends, written <c>1-120000000</c> as the bill register writes sub-intervals
/// (子票区间). One unit is one minor unit of the instrument's currency. The default value is no interval and is refused at the edge.
/// </summary>
public readonly record struct Interval : IComparable<Interval>
{
    public Interval(ulong first, ulong last)
    {
        Debug.Assert(first >= 1 && first <= last && last <= Amount.MaxMinor, "an interval runs from 1 upwards");
        First = first;
        Last = last;
    }

    public ulong First { get; }

    public ulong Last { get; }

    public ulong Length => Last - First + 1;

    public Amount Amount => new(Length);

    public static Interval OfWhole(Amount face) => new(1, face.Minor);

    public bool Contains(Interval other) => First <= other.First && other.Last <= Last;

    public bool Overlaps(Interval other) => First <= other.Last && other.First <= Last;

    /// <summary>The shared units of two overlapping intervals.</summary>
    public Interval Intersect(Interval other) => new(Math.Max(First, other.First), Math.Min(Last, other.Last));

    public int CompareTo(Interval other) => First != other.First ? First.CompareTo(other.First) : Last.CompareTo(other.Last);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    public static bool TryParse(ReadOnlySpan<char> text, out Interval interval)
    {
        interval = default;
        var dash = text.IndexOf('-');
        if (dash < 0 || !Amount.TryParse(text[..dash], out var first) || !Amount.TryParse(text[(dash + 1)..], out var last)) return false;
        if (first.IsZero || first > last) return false;
        interval = new(first.Minor, last.Minor);
        return true;
    }
}
