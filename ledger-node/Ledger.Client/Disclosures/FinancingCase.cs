using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Client.Disclosures;

/// <summary>
/// Everything that a figure of one financing may depend on. Whoever signs one, whoever is asked to take it and whoever verifies it later computes it here.
/// <paramref name="Return"/> is null while the money is not back.
/// </summary>
public sealed record FinancingCase(FinancingPlan Plan, FinancingForm Form, bool IsPaidOut, MoneyBack? Return, AgreedTerms Known)
{
    /// <summary>The terms that are computed from others and never agreed.</summary>
    public static readonly IReadOnlyList<Term> Figures = [Term.Interest, Term.NetProceeds, Term.Payoff, Term.Surplus, Term.Refund, Term.BuyBackPrice];

    public static FinancingCase Of(LedgerState state, Financing financing, MoneyBack? back, AgreedTerms known) => new(
        FinancingFigures.PlanOf(state, financing), financing.Form, financing.Start != DateOnly.MinValue, back, known);

    /// <summary>The financing whose price an act hides something of.</summary>
    public static Id<Financing>? Subject(Operation operation) => operation switch
    {
        ApplyForFinancing apply => apply.Financing,
        ApproveFinancing approve => approve.Financing,
        Disburse disburse => disburse.Financing,
        SettleFinancing settle => settle.Financing,
        BuyBack buyBack => buyBack.Financing,
        Repay repay => repay.Financing,
        _ => null,
    };

    /// <summary>A figure; null of a term that is agreed and not computed.</summary>
    public Figure? Of(Term term) => term switch
    {
        Term.Interest => AfterPayout(static figures => figures.Interest),

        // Where nothing is left to pay out, no net proceeds are right.
        Term.NetProceeds => AfterPayout(static figures => figures.NetProceeds ?? Amount.Zero),
        Term.Payoff => AfterReturn(static (figures, back) => figures.Payoff(back.On)),
        Term.Surplus => AfterPayment(static (figures, back) => figures.Surplus(back.Received, back.On)),
        Term.Refund => AfterReturn(static (figures, back) => figures.Refund(back.On)),
        Term.BuyBackPrice => AfterReturn(static (figures, back) => figures.BuyBackPrice(back.On)),
        _ => null,
    };

    Figure AfterPayout(Func<FinancingFigures, Amount> figure) =>
        IsPaidOut ? Determined(figure) : new Figure.TooEarly("尚未放款", "nothing was paid out yet");

    Figure AfterReturn(Func<FinancingFigures, MoneyBack, Amount> figure) => Return switch
    {
        null => new Figure.TooEarly("款项尚未归还", "the money is not back"),
        { InOne: false } => new Figure.Beyond("分次归还", "the money came back in parts"),
        { } early when early.On < Plan.Start => new Figure.Beyond("起息日早于放款日", "it was paid before the payout, by its value date"),
        { } back => Determined(figures => figure(figures, back)),
    };

    Figure AfterPayment(Func<FinancingFigures, MoneyBack, Amount> figure) => Return switch
    {
        { InOne: true, AllPaid: false } => new Figure.Beyond("份额并非由债务人付清", "the units were not paid by their obligor"),
        { } late when late.On > Plan.Payable => new Figure.Beyond("逾期付款，所收逾期利息不在此计算", "it was paid late, with late interest that is not reckoned here"),
        _ => AfterReturn(figure),
    };

    // Every figure goes one way with each of what may be unknown, so what is the same at both ends does not depend on it.
    Figure Determined(Func<FinancingFigures, Amount> figure)
    {
        var least = figure(new(Plan, Form, Known.Rate ?? Rate.Zero, Known.PenaltyRate ?? Rate.Zero, Known.Fees ?? Amount.Zero));
        var most = figure(new(Plan, Form, Known.Rate ?? new(Rate.Max), Known.PenaltyRate ?? new(Rate.Max), Known.Fees ?? Plan.Principal));
        return least == most ? new Figure.Computed(least) : new Figure.Undisclosed([.. Known.Missing()]);
    }
}
