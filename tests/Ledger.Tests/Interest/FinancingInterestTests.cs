using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using static Ledger.Tests.World;

namespace Ledger.Tests.Interest;

/// <summary>The figures of the scenarios, to the fen.</summary>
public class FinancingInterestTests
{
    static readonly Rate Discount = new(38_500);

    static readonly InterestTerms Prepaid = new(
        DayCount.Actual360, DayBounds.First, Rounding.HalfUp, InterestPayment.Prepaid, RefundsUnearned: true, GraceDays: 0, AccruesOnRolledDays: false);

    static readonly InterestTerms AtMaturity = Prepaid with { Payment = InterestPayment.AtMaturity };

    [Theory]
    [InlineData("2026-05-06", 178_383, 11_821_617)]
    [InlineData("2026-05-08", 175_817, 11_824_183)]
    public void Interest_taken_at_the_payout_is_for_the_days_to_the_end(string start, ulong interest, ulong net)
    {
        var plan = Plan(12_000_000, Prepaid, start, "2026-09-22");

        Assert.Equal(new Amount(interest), FinancingInterest.Whole(plan, Discount));
        Assert.Equal(new Amount(net), FinancingInterest.NetProceeds(plan, Discount, Amount.Zero));
        Assert.Equal(new Amount(net - 5_000), FinancingInterest.NetProceeds(plan, Discount, new(5_000)));
    }

    [Fact]
    public void A_pledgee_keeps_principal_and_interest_and_returns_the_rest()
    {
        var (plan, rate) = (Plan(70_000_000, AtMaturity, "2026-05-06", "2026-09-22"), new Rate(43_500));

        Assert.Equal(new Amount(1_175_708), FinancingInterest.Whole(plan, rate));
        Assert.Equal(new Amount(70_000_000), FinancingInterest.NetProceeds(plan, rate, Amount.Zero));
        var payoff = FinancingInterest.Payoff(plan, rate, Rate.Zero, Date("2026-09-22"));
        Assert.Equal(new Amount(71_175_708), payoff);
        Assert.Equal(new Amount(28_824_292), FinancingInterest.Surplus(new(100_000_000), payoff));
        Assert.Equal(Amount.Zero, FinancingInterest.Surplus(new(71_175_707), payoff));
    }

    [Fact]
    public void A_buy_back_costs_the_principal_and_penalty_since_the_dishonour()
    {
        var (plan, penalty) = (Plan(12_000_000, Prepaid, "2026-05-06", "2026-09-22"), new Rate(57_750));
        var (dishonoured, third) = (Date("2026-09-22"), Date("2026-09-25"));

        Assert.Equal(new Amount(12_005_775), FinancingInterest.BuyBackPrice(plan, Discount, penalty, dishonoured, third));
        Assert.Equal(new Amount(12_000_000), FinancingInterest.BuyBackPrice(plan, Discount, penalty, dishonoured, dishonoured));
        Assert.Equal(new Amount(12_005_775 + 178_383), FinancingInterest.BuyBackPrice(plan with { Terms = AtMaturity }, Discount, penalty, dishonoured, third));
    }

    [Theory]
    [InlineData(true, 691_667)]
    [InlineData(false, 0)]
    public void An_early_payment_returns_unearned_interest_where_the_terms_say_so(bool refunds, ulong refund)
    {
        var (plan, rate) = (Plan(100_000_000, Prepaid with { RefundsUnearned = refunds }, "2026-03-23", "2026-09-22"), new Rate(30_000));

        Assert.Equal(new Amount(1_525_000), FinancingInterest.Whole(plan, rate));
        Assert.Equal(new Amount(refund), FinancingInterest.Refund(plan, rate, Date("2026-03-23").AddDays(100)));
        Assert.Equal(Amount.Zero, FinancingInterest.Refund(plan, rate, Date("2026-09-22")));
        Assert.Equal(Amount.Zero, FinancingInterest.Refund(plan, rate, Date("2026-10-22")));
    }

    [Fact]
    public void Interest_at_the_end_is_only_for_the_days_until_an_early_payment()
    {
        var (plan, rate) = (Plan(100_000_000, AtMaturity, "2026-03-23", "2026-09-22"), new Rate(30_000));

        Assert.Equal(new Amount(100_833_333), FinancingInterest.Payoff(plan, rate, Rate.Zero, Date("2026-03-23").AddDays(100)));
        Assert.Equal(Amount.Zero, FinancingInterest.Refund(plan, rate, Date("2026-03-23").AddDays(100)));
    }

    [Theory]
    [InlineData(true, 41_667)]
    [InlineData(false, 0)]
    public void Days_to_the_next_working_day_bear_interest_by_the_term(bool accrues, ulong more)
    {
        var terms = AtMaturity with { AccruesOnRolledDays = accrues };
        var plan = new FinancingPlan(new(100_000_000), terms, Date("2026-04-03"), Date("2026-10-03"), Payable: Date("2026-10-08"));
        var onTheDay = FinancingInterest.Whole(plan with { Payable = plan.End }, new(30_000));

        Assert.Equal(new Amount(onTheDay.Minor + more), FinancingInterest.Whole(plan, new(30_000)));
        Assert.Equal(plan.Principal + onTheDay + new Amount(more), FinancingInterest.Payoff(plan, new(30_000), new(99_999), Date("2026-10-08")));
    }

    [Fact]
    public void Grace_spares_who_pays_within_it_and_nobody_else()
    {
        var (plan, penalty) = (Plan(12_000_000, Prepaid with { GraceDays = 3 }, "2026-05-06", "2026-09-22"), new Rate(57_750));

        Assert.Equal(new Amount(12_000_000), FinancingInterest.Payoff(plan, Discount, penalty, Date("2026-09-25")));
        Assert.Equal(new Amount(12_007_700), FinancingInterest.Payoff(plan, Discount, penalty, Date("2026-09-26")));
    }

    [Fact]
    public void Where_interest_and_fees_eat_the_principal_there_is_nothing_to_pay_out()
    {
        var plan = Plan(1_000, Prepaid, "2026-05-06", "2026-09-22");

        Assert.Null(FinancingInterest.NetProceeds(plan, Discount, new(1_000)));
        Assert.Equal(new Amount(1), FinancingInterest.NetProceeds(plan, Rate.Zero, new(999)));
    }

    static FinancingPlan Plan(ulong principal, InterestTerms terms, string start, string end) => new(new(principal), terms, Date(start), Date(end), Date(end));
}
