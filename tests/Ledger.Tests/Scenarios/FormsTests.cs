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
    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void A_pledge_loan_leaves_the_units_with_their_holder_and_the_surplus_is_the_holders(Stage stage)
    {
        using var world = new World(stage, "2026-03-22 10:00:00").Lends();
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

        // The obligor pays into X's collection account: the line is free, the loan has matured, and the surplus goes back once.
        var settle = new SettleFinancing(loan.Id, Surplus: true, Refund: false, "2");
        world.Refuses(Refusal.FinancingStatusWrong, X, settle, Key(A));
        world.Until("2026-09-22 10:00:00");
        var due = Assert.Single(Rulebook.Instructions(world.State, note, world.State.Today));
        Assert.Equal((X, new Amount(100_000_000)), (due.Payee, due.Total));
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100_000_000) with { Units = due.Units, Payee = X });
        Assert.Equal((FinancingStatus.Matured, world.State.Today), (world.Financing(loan.Id).Status, world.Financing(loan.Id).EndedOn));
        Assert.Equal(Amount.Zero, world.Drawn(line));
        world.Refuses(Refusal.RefundNotOwed, X, settle with { Refund = true }, Key(A));
        world.Accepts(X, settle, Key(A));
        Assert.Equal(FinancingStatus.Settled, world.Financing(loan.Id).Status);
        world.Refuses(Refusal.FinancingStatusWrong, X, settle with { BankReference = "3" }, Key(A));
    }

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void What_was_sold_with_recourse_is_bought_back_after_dishonour(Stage stage)
    {
        using var world = new World(stage, "2026-03-22 10:00:00").Lends();
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
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void Interest_taken_ahead_goes_back_where_the_deal_says_so(Stage stage)
    {
        foreach (var (refunds, refund) in new[] { (true, 691_667UL), (false, 0UL) })
        {
            using var world = new World(stage, "2026-03-22 10:00:00").Lends();
            var note = world.Certificate(A, 100_000_000);
            world.Until("2026-03-23 10:00:00");
            var sold = world.Financed(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 100_000_000) with { RefundsUnearned = refunds });
            var terms = world.Financing(sold);
            var plan = new FinancingPlan(terms.Principal, terms.Interest, terms.Start, terms.End, world.State.PayableOn(terms.End));
            Assert.Equal(1_525_000UL, FinancingInterest.Whole(plan, new(30_000)).Minor);

            // C pays on day 100, before the day, and X agrees.
            world.Until("2026-07-01 10:00:00");
            var prepaid = world.Receipt(note, PaymentOutcome.Paid, 100_000_000) with { Units = new(1, 100_000_000), Payee = X };
            world.Accepts(X, prepaid);
            Assert.Equal((FinancingStatus.Matured, Date("2026-07-01")), (world.Financing(sold).Status, world.Financing(sold).EndedOn));
            Assert.Equal(refund, FinancingInterest.Refund(plan, new(30_000), world.Financing(sold).EndedOn).Minor);

            world.Refuses(Refusal.SurplusNotOwed, X, new SettleFinancing(sold, Surplus: true, Refund: false, "S"), Key(A));
            var settle = new SettleFinancing(sold, Surplus: false, Refund: true, "S");
            if (refunds) world.Accepts(X, settle, Key(A));
            else world.Refuses(Refusal.RefundNotOwed, X, settle, Key(A));
        }
    }

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void An_absent_term_is_refused_at_application_and_named(Stage stage)
    {
        using var world = new World(stage, Morning).Lends();
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
}
