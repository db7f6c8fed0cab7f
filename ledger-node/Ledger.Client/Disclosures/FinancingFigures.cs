using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Disclosures;

/// <summary>
/// The figures of one financing for those who know its rate. <paramref name="PenaltyRate"/> and <paramref name="Fees"/> are zero where the parties agreed on
/// none; whoever was not told them must not compute what depends on them.
/// </summary>
public sealed record FinancingFigures(FinancingPlan Plan, FinancingForm Form, Rate Rate, Rate PenaltyRate, Amount Fees)
{
    public static FinancingFigures Of(LedgerState state, Financing financing, Rate rate, Rate penaltyRate, Amount fees) =>
        new(PlanOf(state, financing), financing.Form, rate, penaltyRate, fees);

    /// <summary>
    /// What is plain of a financing that was paid out; of one that was not, as if it were paid out today. Its last day is never after its instrument's due
    /// date, and where that day is closed the calendar says when it is payable.
    /// </summary>
    public static FinancingPlan PlanOf(LedgerState state, Financing financing)
    {
        var start = financing.Start == DateOnly.MinValue ? state.Today : financing.Start;
        var due = state.Instrument(financing.Instrument)?.DueDate ?? financing.End;
        var end = financing.End < due ? financing.End : due;
        return new(financing.Principal, financing.Interest, start, end, state.PayableOn(end));
    }

    /// <summary>Whether what exceeds the debt belongs to who raised the money (民法典 437, 766), and not to a factor without recourse (767).</summary>
    public static bool ReturnsSurplus(FinancingForm form) => form is FinancingForm.PledgeLoan or FinancingForm.RecourseFactoring;

    public Amount Interest => FinancingInterest.Whole(Plan, Rate);

    public Amount? NetProceeds => FinancingInterest.NetProceeds(Plan, Rate, Fees);

    public Amount Payoff(DateOnly paid) => FinancingInterest.Payoff(Plan, Rate, PenaltyRate, paid);

    public Amount Surplus(Amount received, DateOnly paid) => ReturnsSurplus(Form) ? FinancingInterest.Surplus(received, Payoff(paid)) : Amount.Zero;

    public Amount Refund(DateOnly paid) => FinancingInterest.Refund(Plan, Rate, paid);

    /// <summary>Dishonour is of the day on which the instrument was payable.</summary>
    public Amount BuyBackPrice(DateOnly paid) => FinancingInterest.BuyBackPrice(Plan, Rate, PenaltyRate, Plan.Payable, paid);
}
