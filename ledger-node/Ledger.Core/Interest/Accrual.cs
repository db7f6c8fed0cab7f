using Ledger.Core.Primitives;

namespace Ledger.Core.Interest;

/// <summary>
/// The arithmetic of interest, in whole numbers: the core, the client and <c>verify --disclosures</c> compute with it, so that a fen cannot be
/// argued about. Every function rounds once, at its end.
/// </summary>
public static class Accrual
{
    const ulong Million = 1_000_000;

    /// <summary>Interest on <paramref name="principal"/> at a yearly rate over so many days of the count's year.</summary>
    public static Amount Yearly(Amount principal, Rate perYear, int days, DayCount count, Rounding rounding) =>
        Share(principal, (UInt128)perYear.Millionths * (uint)days, (UInt128)Million * (uint)Days.OfYear(count), rounding);

    /// <summary>Interest at a daily rate, as late interest is (保障中小企业款项支付条例 17: 0.05 % a day).</summary>
    public static Amount Daily(Amount principal, Rate perDay, int days, Rounding rounding) =>
        Share(principal, (UInt128)perDay.Millionths * (uint)days, Million, rounding);

    /// <summary>
    /// Late interest of a run of an instrument's units: what the units up to its end bear together, less what those before it bear, each rounded half up.
    /// The pieces of a claim bear what the whole of it bears, however it is cut.
    /// </summary>
    public static Amount Daily(Interval units, Rate perDay, int days) =>
        Daily(new Amount(units.Last), perDay, days, Rounding.HalfUp) - Daily(new Amount(units.First - 1), perDay, days, Rounding.HalfUp);

    /// <summary><paramref name="amount"/> × <paramref name="numerator"/> ÷ <paramref name="denominator"/>, rounded.</summary>
    public static Amount Share(Amount amount, UInt128 numerator, UInt128 denominator, Rounding rounding)
    {
        var (quotient, rest) = UInt128.DivRem(amount.Minor * numerator, denominator);
        var rounded = rounding switch
        {
            Rounding.HalfUp => rest >= denominator - rest ? quotient + 1 : quotient,
            Rounding.Up => rest > 0 ? quotient + 1 : quotient,
            Rounding.Down => quotient,
        };
        return new((ulong)rounded);
    }

    /// <summary>
    /// A lump shared by what is due to each, to the last minor unit: largest remainders first, ties to the earlier. Nobody gets more than is due
    /// while the lump is not more than the sum of all.
    /// </summary>
    public static ValueList<Amount> ProRata(Amount lump, ValueList<Amount> dues)
    {
        UInt128 total = 0;
        foreach (var due in dues) total += due.Minor;
        if (total == 0) return [.. dues.Select(_ => Amount.Zero)];

        var shares = new ulong[dues.Count];
        var remainders = new (UInt128 Left, int Index)[dues.Count];
        var left = lump.Minor;
        for (var i = 0; i < dues.Count; i++)
        {
            var (share, rest) = UInt128.DivRem((UInt128)lump.Minor * dues[i].Minor, total);
            shares[i] = (ulong)share;
            remainders[i] = (rest, i);
            left -= shares[i];
        }

        Array.Sort(remainders, static (a, b) => a.Left != b.Left ? b.Left.CompareTo(a.Left) : a.Index.CompareTo(b.Index));
        for (var i = 0; i < (int)left; i++) shares[remainders[i].Index]++;
        return [.. shares.Select(share => new Amount(share))];
    }
}
