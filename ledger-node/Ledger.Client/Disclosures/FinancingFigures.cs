using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;

namespace Ledger.Client.Disclosures;

/// <summary>
/// The figures of one financing for those who know its rate. <paramref name="PenaltyRate"/> and <paramref name="Fees"/> are zero where the parties agreed on
/// none; whoever was not told them must not compute what depends on them.
/// </summary>
public sealed record FinancingFigures(FinancingPlan Plan, FinancingForm Form, Rate Rate, Rate PenaltyRate, Amount Fees)
{
    /// <summary>
    /// A financing that was paid out, or that would be on <paramref name="start"/>. <paramref name="payable"/> is when its last day is payable without penalty.
    /// </summary>
    public static FinancingFigures Of(Financing financing, DateOnly start, DateOnly payable, Rate rate, Rate penaltyRate, Amount fees) =>
        new(new(financing.Principal, financing.Interest, start, financing.End, payable), financing.Form, rate, penaltyRate, fees);

    /// <summary>Whether what exceeds the debt belongs to who raised the money (民法典 445, 766), and not to a factor without recourse (767).</summary>
    public static bool ReturnsSurplus(FinancingForm form) => form is FinancingForm.PledgeLoan or FinancingForm.RecourseFactoring;

    public Amount Interest => FinancingInterest.Whole(Plan, Rate);

    public Amount? NetProceeds => FinancingInterest.NetProceeds(Plan, Rate, Fees);

    public Amount Payoff(DateOnly paid) => FinancingInterest.Payoff(Plan, Rate, PenaltyRate, paid);

    public Amount Surplus(Amount received, DateOnly paid) => ReturnsSurplus(Form) ? FinancingInterest.Surplus(received, Payoff(paid)) : Amount.Zero;

    public Amount Refund(DateOnly paid) => FinancingInterest.Refund(Plan, Rate, paid);

    public Amount BuyBackPrice(DateOnly dishonoured, DateOnly paid) => FinancingInterest.BuyBackPrice(Plan, Rate, PenaltyRate, dishonoured, paid);
}
