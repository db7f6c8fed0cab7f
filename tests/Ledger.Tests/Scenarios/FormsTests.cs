using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Scenarios;

/// <summary>E5: what each form of financing does to the units, and who gets what is over. To the fen.</summary>
public class FormsTests
{
    [Fact]
    public void A_pledge_loan_leaves_the_units_with_their_holder_and_the_surplus_is_the_holders()
    {
        using var world = new World("2026-03-22 10:00:00").Lends();
        var note = world.Certificate(A, 100_000_000);
        var line = world.Line(C, 70_000_000);
        world.Until("2026-05-06 10:00:00");
        var apply = world.Applying(note, FinancingForm.PledgeLoan, 1, 100_000_000) with { Principal = new(70_000_000), Payment = InterestPayment.AtMaturity };
        world.Approved(A, apply, line);

        // No money before the required registration, and none before the registry was asked again.
        world.Refuses(Refusal.RegistrationMissing, X, new Disburse(apply.Financing, "1"));
        world.Accepts(P, world.Attesting(apply.Financing, RegistryAct.Registration, RegistryFinding.Done));
        world.Refuses(Refusal.QueryBeforeRegistration, X, new Disburse(apply.Financing, "1"));
        world.Pass(Timestamp.Minute);
        world.IsClear(apply.Financing);
        world.Accepts(X, new Disburse(apply.Financing, "1"));

        var token = Assert.Single(world.Tokens(note));
        Assert.Equal((A, EncumbranceKind.Pledge, X), (token.Holder, token.Encumbrances[0].Kind, token.Encumbrances[0].Beneficiary));
        world.Refuses(Refusal.UnitsPledged, A, world.Trade(note, A, B, 1, 1));
        Assert.Equal(new Amount(70_000_000), world.Drawn(line));

        var loan = world.Financing(apply.Financing);
        var days = Days.Between(loan.Start, loan.End, loan.Interest.DayCount, loan.Interest.Bounds);
        var kept = loan.Principal + Accrual.Yearly(loan.Principal, new(43_500), days, loan.Interest.DayCount, loan.Interest.Rounding);
        Assert.Equal((139, 71_175_708UL, 28_824_292UL), (days, kept.Minor, (new Amount(100_000_000) - kept).Minor));

        // The obligor pays: the line is free, the loan has matured, and the surplus goes back once.
        var settle = new SettleFinancing(loan.Id, Surplus: true, Refund: false, "2");
        world.Refuses(Refusal.FinancingStatusWrong, X, settle, Key(A));
        var paid = Paid(world.State, note, new(1, 100_000_000));
        Assert.Equal((FinancingStatus.Matured, world.State.Today), (paid.Financing(loan.Id)?.Status, paid.Financing(loan.Id)?.EndedOn));
        Assert.Equal(Amount.Zero, paid.Line(line)?.Drawn);
        Assert.Equal(Refusal.RefundNotOwed, Decide(world, paid, settle with { Refund = true }).Code);
        var settled = Decide(world, paid, settle);
        Assert.Equal(FinancingStatus.Settled, settled.After.Financing(loan.Id)?.Status);
        Assert.Equal(Refusal.FinancingStatusWrong, Decide(world, settled.After, settle with { BankReference = "3" }).Code);
    }

    [Fact]
    public void What_was_sold_with_recourse_is_bought_back_after_dishonour()
    {
        using var world = new World("2026-03-22 10:00:00").Lends();
        var note = world.Certificate(D, 12_000_000);
        var line = world.Line(C, 12_000_000);
        var sold = world.Financed(D, world.Applying(note, FinancingForm.RecourseFactoring, 1, 12_000_000), line);
        Assert.Equal([(X, "1-12000000")], world.Holdings(note));
        Assert.True(world.Tokens(note)[0].Leg.Recourse);

        world.Until("2026-09-22 23:59:59");
        world.Refuses(Refusal.NotDishonoured, X, new BuyBack(sold, "BUYBACK 1"), Key(D));
        world.Until("2026-09-25 10:00:00");
        var penalty = Accrual.Yearly(new(12_000_000), new(57_750), 3, DayCount.Actual360, Rounding.HalfUp);
        Assert.Equal((5_775UL, 12_005_775UL), (penalty.Minor, (new Amount(12_000_000) + penalty).Minor));
        world.Refuses(Refusal.ApplicantDidNotSign, X, new BuyBack(sold, "BUYBACK 1"));
        world.Accepts(X, new BuyBack(sold, "BUYBACK 1"), Key(D));

        var token = Assert.Single(world.Tokens(note));
        Assert.Equal((D, UnitState.Live, TransferCause.Recourse, X), (token.Holder, token.State, token.Leg.Cause, token.Leg.From));
        Assert.Equal(Amount.Zero, world.Drawn(line));
        Assert.Equal(FinancingStatus.BoughtBack, world.Financing(sold).Status);
        world.Refuses(Refusal.FinancingStatusWrong, X, new BuyBack(sold, "BUYBACK 2"), Key(D));
    }

    [Theory]
    [InlineData(true, 691_667UL)]
    [InlineData(false, 0UL)]
    public void Interest_taken_ahead_goes_back_where_the_deal_says_so(bool refunds, ulong refund)
    {
        using var world = new World("2026-03-22 10:00:00").Lends();
        var note = world.Certificate(A, 100_000_000);
        world.Until("2026-03-23 10:00:00");
        var sold = world.Financed(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 100_000_000) with { RefundsUnearned = refunds });
        var terms = world.Financing(sold);
        Amount Interest(DateOnly from) => Accrual.Yearly(
            terms.Principal, new(30_000), Days.Between(from, terms.End, terms.Interest.DayCount, terms.Interest.Bounds), terms.Interest.DayCount, terms.Interest.Rounding);
        Assert.Equal(1_525_000UL, Interest(terms.Start).Minor);

        // On day 100 the obligor has the units home, and they are extinguished.
        world.Until("2026-07-01 10:00:00");
        world.Hands(note, X, C, 1, 100_000_000);
        Assert.Equal((FinancingStatus.Matured, Date("2026-07-01")), (world.Financing(sold).Status, world.Financing(sold).EndedOn));
        Assert.Equal(refund, terms.Interest.RefundsUnearned ? Interest(world.Financing(sold).EndedOn).Minor : 0);

        world.Refuses(Refusal.SurplusNotOwed, X, new SettleFinancing(sold, Surplus: true, Refund: false, "S"), Key(A));
        var settle = new SettleFinancing(sold, Surplus: false, Refund: true, "S");
        if (refunds) world.Accepts(X, settle, Key(A));
        else world.Refuses(Refusal.RefundNotOwed, X, settle, Key(A));
    }

    [Fact]
    public void An_absent_term_is_refused_at_application_and_named()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        var whole = world.Applying(note, FinancingForm.PledgeLoan, 1, 100);
        foreach (var (apply, term) in new[]
        {
            (whole with { DayCount = null }, "dayCount"), (whole with { Bounds = null }, "bounds"), (whole with { Rounding = null }, "rounding"),
            (whole with { Payment = null }, "payment"), (whole with { RefundsUnearned = null }, "refundsUnearned"),
            (whole with { GraceDays = null }, "graceDays"), (whole with { AccruesOnRolledDays = null }, "accruesOnRolledDays"),
        })
        {
            Assert.Equal(term, world.Refuses(Refusal.FinancingTermMissing, A, apply).Facts.Reference);
        }

        world.Accepts(A, whole);
    }

    static readonly PartyId P = Lending.P;

    static Decision Decide(World world, LedgerState state, Operation operation) =>
        Rulebook.Decide(state, new(world.Draft(X, operation), default, new(1, 1), world.Suite.Hash([1]), [Key(A), Key(X)], default));

    // What a payment of the obligor does to units and exposure.
    static LedgerState Paid(LedgerState state, Id<Instrument> note, Interval units) => Exposure.Rewrite(
        null, state, note, [units], token => token with { State = UnitState.Paid });
}
