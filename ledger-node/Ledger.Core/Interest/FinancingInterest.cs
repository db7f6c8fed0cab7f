using Ledger.Core.Primitives;

namespace Ledger.Core.Interest;

/// <summary>
/// What everybody may know of a financing's price: with the rates that its parties keep to themselves, every figure follows from it.
/// <paramref name="Payable"/> is the day on which what is due on <paramref name="End"/> is payable without penalty.
/// </summary>
public sealed record FinancingPlan(Amount Principal, InterestTerms Terms, DateOnly Start, DateOnly End, DateOnly Payable);

/// <summary>
/// The figures of a financing. The rulebook never computes them, for it does not know the rate; client, node and verifier do, by these same
/// functions. Interest is reckoned on the whole principal, and each figure rounds once.
/// </summary>
public static class FinancingInterest
{
    /// <summary>Interest of the whole term (E1: 120,000.00 at 3.85 % for 139 days is 1,783.83).</summary>
    public static Amount Whole(FinancingPlan plan, Rate rate) => Of(plan, rate, DaysUntil(plan, LastDay(plan)));

    /// <summary>What is paid out: the principal less fees, and less the interest where it is taken at once. Null where nothing is left to pay out.</summary>
    public static Amount? NetProceeds(FinancingPlan plan, Rate rate, Amount fees)
    {
        var deducted = plan.Terms.Payment == InterestPayment.Prepaid ? Whole(plan, rate) + fees : fees;
        return deducted < plan.Principal ? plan.Principal - deducted : null;
    }

    /// <summary>
    /// What the financier may keep of a payment of that day: the principal, interest up to that day where it is owed at the end, and penalty
    /// interest where the day is too late.
    /// </summary>
    public static Amount Payoff(FinancingPlan plan, Rate rate, Rate penalty, DateOnly paid) =>
        plan.Principal + Owed(plan, rate, paid) + Penalty(plan, penalty, plan.Payable, paid);

    /// <summary>What goes back to who raised the money (民法典 766: a factor with recourse owes what exceeds its debt).</summary>
    public static Amount Surplus(Amount received, Amount payoff) => Amount.Remaining(received, payoff);

    /// <summary>Interest taken in advance for days that an early payment cut off, where the terms return it.</summary>
    public static Amount Refund(FinancingPlan plan, Rate rate, DateOnly paid)
    {
        if (plan.Terms is not { Payment: InterestPayment.Prepaid, RefundsUnearned: true }) return Amount.Zero;
        return Of(plan, rate, Math.Max(0, DaysUntil(plan, LastDay(plan)) - DaysUntil(plan, paid)));
    }

    /// <summary>What brings dishonoured units back: the debt of the last day, and penalty interest since the dishonour.</summary>
    public static Amount BuyBackPrice(FinancingPlan plan, Rate rate, Rate penalty, DateOnly dishonoured, DateOnly paid) =>
        plan.Principal + Owed(plan, rate, LastDay(plan)) + Penalty(plan, penalty, dishonoured, paid);

    // Grace spares whoever pays within it; who pays after it owes the days from the first.
    static Amount Penalty(FinancingPlan plan, Rate penalty, DateOnly since, DateOnly paid) =>
        paid.DayNumber - since.DayNumber <= plan.Terms.GraceDays
            ? Amount.Zero
            : Of(plan, penalty, Days.Between(since, paid, plan.Terms.DayCount, plan.Terms.Bounds));

    static Amount Owed(FinancingPlan plan, Rate rate, DateOnly day) =>
        plan.Terms.Payment == InterestPayment.Prepaid ? Amount.Zero : Of(plan, rate, DaysUntil(plan, day < LastDay(plan) ? day : LastDay(plan)));

    static Amount Of(FinancingPlan plan, Rate rate, int days) => Accrual.Yearly(plan.Principal, rate, days, plan.Terms.DayCount, plan.Terms.Rounding);

    static int DaysUntil(FinancingPlan plan, DateOnly day) => Days.Between(plan.Start, day, plan.Terms.DayCount, plan.Terms.Bounds);

    static DateOnly LastDay(FinancingPlan plan) => plan.Terms.AccruesOnRolledDays && plan.Payable > plan.End ? plan.Payable : plan.End;
}
