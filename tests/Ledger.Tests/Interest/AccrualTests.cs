using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Tests.Laws;
using static Ledger.Tests.World;

namespace Ledger.Tests.Interest;

/// <summary>The fen that the ledger reckons are those of exact fractions.</summary>
public class AccrualTests
{
    static readonly Gen<ulong> AnyMinor =
        Gen.OneOf(Gen.Choose(0, 1_000).Select(n => (ulong)n), Gen.Choose(0, int.MaxValue).Select(n => (ulong)n * 465), Gen.Constant(Amount.MaxMinor));

    static readonly Gen<Rate> AnyRate = Gen.OneOf(Gen.Choose(0, 100_000), Gen.Choose(0, (int)Rate.Max)).Select(n => new Rate((uint)n));

    static readonly Gen<DateOnly> AnyDate = Gen.Choose(Date("1999-12-25").DayNumber, Date("2032-03-05").DayNumber).Select(DateOnly.FromDayNumber);

    [Law]
    public Property A_share_is_the_exact_fraction_rounded_once() =>
        Prop.ForAll(
            Arb.From(from amount in AnyMinor
                     from numerator in AnyMinor
                     from more in Gen.Choose(1, int.MaxValue)
                     from rounding in Gen.Elements(Rounding.HalfUp, Rounding.Down, Rounding.Up)
                     select (amount, numerator, denominator: numerator + (ulong)more, rounding)),
            one => Assert.Equal(
                Rounded(new BigInteger(one.amount) * one.numerator, one.denominator, one.rounding),
                Accrual.Share(new(one.amount), one.numerator, one.denominator, one.rounding).Minor));

    [Law]
    public Property Yearly_interest_is_principal_times_rate_times_days_over_the_year() =>
        Prop.ForAll(
            Arb.From(from amount in AnyMinor
                     from rate in AnyRate
                     from days in Gen.Choose(0, 36_500)
                     from count in Gen.Elements(DayCount.Actual360, DayCount.Actual365, DayCount.Thirty360)
                     from rounding in Gen.Elements(Rounding.HalfUp, Rounding.Down, Rounding.Up)
                     select (amount, rate, days, count, rounding)),
            one => Assert.Equal(
                Rounded(
                    new BigInteger(one.amount) * one.rate.Millionths * one.days,
                    new BigInteger(1_000_000) * (one.count == DayCount.Actual365 ? 365 : 360), one.rounding),
                Accrual.Yearly(new(one.amount), one.rate, one.days, one.count, one.rounding).Minor));

    [Law]
    public Property Daily_interest_is_principal_times_rate_times_days() =>
        Prop.ForAll(
            Arb.From(from amount in AnyMinor from rate in AnyRate from days in Gen.Choose(0, 36_500) select (amount, rate, days)),
            one => Assert.Equal(
                Rounded(new BigInteger(one.amount) * one.rate.Millionths * one.days, 1_000_000, Rounding.HalfUp),
                Accrual.Daily(new(one.amount), one.rate, one.days, Rounding.HalfUp).Minor));

    [Law]
    public Property Late_interest_of_units_is_the_same_however_they_are_cut() =>
        Prop.ForAll(
            Arb.From(from face in Gen.OneOf(Gen.Choose(1, 10_000).Select(n => (ulong)n), Gen.Choose(1, int.MaxValue).Select(n => (ulong)n * 465))
                     from ends in Gen.Choose(0, 30).SelectMany(count => Gen.Choose(0, 1_000_000).ArrayOf(count))
                     from rate in AnyRate
                     from days in Gen.Choose(0, 3_650)
                     select (face, ends, rate, days)),
            one =>
            {
                ulong first = 1, sum = 0;
                foreach (var last in one.ends.Select(end => (ulong)((UInt128)one.face * (uint)end / 1_000_000)).Append(one.face).Order())
                {
                    if (last < first) continue;
                    sum += Accrual.Daily(new Core.Primitives.Interval(first, last), one.rate, one.days).Minor;
                    first = last + 1;
                }

                Assert.Equal(Accrual.Daily(new Amount(one.face), one.rate, one.days, Rounding.HalfUp).Minor, sum);
            });

    [Law]
    public Property A_lump_is_shared_to_the_last_fen_by_largest_remainders_and_nobody_gets_more_than_is_due() =>
        Prop.ForAll(
            Arb.From(from dues in Gen.Choose(1, 12).SelectMany(count => AnyMinor.ArrayOf(count))
                     from part in Gen.Choose(0, 1_000)
                     select (dues, part)),
            one =>
            {
                var total = one.dues.Aggregate(BigInteger.Zero, (sum, due) => sum + due);
                var lump = BigInteger.Min(total * one.part / 1_000, Amount.MaxMinor);
                var shares = Accrual.ProRata(new((ulong)lump), [.. one.dues.Select(due => new Amount(due))]);

                Assert.Equal(Dealt(lump, one.dues), shares.Select(share => share.Minor));
                Assert.Equal(total.IsZero ? 0 : lump, shares.Aggregate(BigInteger.Zero, (sum, share) => sum + share.Minor));
                for (var i = 0; i < one.dues.Length; i++) Assert.True(shares[i].Minor <= one.dues[i]);
            });

    [Theory]
    [InlineData("2007-01-15", "2007-01-30", 15)]
    [InlineData("2007-01-15", "2007-02-15", 30)]
    [InlineData("2007-01-31", "2007-02-28", 28)]
    [InlineData("2007-02-28", "2007-03-31", 32)]
    [InlineData("2007-09-30", "2008-03-31", 180)]
    [InlineData("2007-08-31", "2008-02-29", 179)]
    [InlineData("2006-08-31", "2007-02-28", 178)]
    [InlineData("2007-02-28", "2007-08-31", 182)]
    [InlineData("2007-12-15", "2007-12-31", 15)]
    public void Thirty_over_three_hundred_and_sixty_counts_a_thirty_first_as_the_thirtieth(string start, string end, int days) =>
        Assert.Equal(days, Days.Between(Date(start), Date(end), DayCount.Thirty360, DayBounds.First));

    [Law]
    public Property A_period_that_is_cut_in_two_has_the_days_of_both_parts() =>
        Prop.ForAll(
            Arb.From(from one in AnyDate
                     from two in AnyDate
                     from three in AnyDate
                     from count in Gen.Elements(DayCount.Actual360, DayCount.Actual365, DayCount.Thirty360)
                     select (days: new[] { one, two, three }.Order().ToArray(), count)),
            one =>
            {
                int Between(int from, int to, DayBounds bounds) => Days.Between(one.days[from], one.days[to], one.count, bounds);

                Assert.Equal(Between(0, 2, DayBounds.First), Between(0, 1, DayBounds.First) + Between(1, 2, DayBounds.First));
                Assert.Equal(Between(0, 2, DayBounds.First), Between(0, 2, DayBounds.Last));
                Assert.Equal(Between(0, 2, DayBounds.First) + 1, Between(0, 2, DayBounds.Both));
                Assert.Equal(Math.Max(0, Between(0, 2, DayBounds.First) - 1), Between(0, 2, DayBounds.Neither));
                if (one.days[0] < one.days[2]) Assert.Equal(0, Days.Between(one.days[2], one.days[0], one.count, DayBounds.Both));
                if (one.count != DayCount.Thirty360) Assert.Equal(one.days[2].DayNumber - one.days[0].DayNumber, Between(0, 2, DayBounds.First));
            });

    [Fact]
    public void The_worked_examples_of_the_banks_come_out_to_the_fen()
    {
        Assert.Equal(139, Days.Between(Date("2026-05-06"), Date("2026-09-22"), DayCount.Actual360, DayBounds.First));
        Assert.Equal(new(178_383), Accrual.Yearly(new(12_000_000), new(38_500), 139, DayCount.Actual360, Rounding.HalfUp));
        Assert.Equal(new(175_817), Accrual.Yearly(new(12_000_000), new(38_500), 137, DayCount.Actual360, Rounding.HalfUp));
        Assert.Equal(new(1_175_708), Accrual.Yearly(new(70_000_000), new(43_500), 139, DayCount.Actual360, Rounding.HalfUp));
        Assert.Equal(new(1_525_000), Accrual.Yearly(new(100_000_000), new(30_000), 183, DayCount.Actual360, Rounding.HalfUp));
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("38500", true)]
    [InlineData("10000000", true)]
    [InlineData("10000001", false)]
    [InlineData("038500", false)]
    [InlineData("", false)]
    [InlineData("-1", false)]
    [InlineData("3.85", false)]
    public void A_rate_has_one_spelling(string text, bool good)
    {
        Assert.Equal(good, Rate.TryParse(text, out var rate));
        if (good) Assert.Equal(text, rate.ToString());
    }

    static BigInteger Rounded(BigInteger numerator, BigInteger denominator, Rounding rounding) => rounding switch
    {
        Rounding.Down => numerator / denominator,
        Rounding.Up => (numerator + denominator - 1) / denominator,
        _ => ((2 * numerator) + denominator) / (2 * denominator),
    };

    /// <summary>Whole parts first, then one fen at a time to the largest remainder that has got none, the first of equals.</summary>
    public static IEnumerable<ulong> Dealt(BigInteger lump, IReadOnlyList<ulong> dues)
    {
        var total = dues.Aggregate(BigInteger.Zero, (sum, due) => sum + due);
        if (total.IsZero) return dues.Select(_ => 0UL);
        var shares = dues.Select(due => lump * due / total).ToArray();
        var remainders = dues.Select(due => lump * due % total).ToArray();
        for (var left = lump - shares.Aggregate(BigInteger.Zero, (sum, share) => sum + share); left > 0; left--)
        {
            var largest = Array.IndexOf(remainders, remainders.Max());
            shares[largest]++;
            remainders[largest] = -1;
        }

        return shares.Select(share => (ulong)share);
    }
}
