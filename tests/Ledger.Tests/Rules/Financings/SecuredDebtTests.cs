using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Financings;

/// <summary>A pledge and a line follow their debt: part payment, repayment, buy-back and return leave secured exactly what is still owed.</summary>
public class SecuredDebtTests
{
    const string DueDay = "2026-09-14 09:00:00";

    [Fact]
    public void What_a_returned_payment_makes_owed_again_is_pledged_again_after_the_loan_was_repaid()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var line = world.Line(C, 10_000);
        var loan = world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 1, 1_000), line);
        var receipt = Part(world, note, 400);
        world.Accepts(X, receipt);
        world.Accepts(X, new Repay(loan, world.Reference()), Key(A));
        Assert.Equal((FinancingStatus.Repaid, Amount.Zero), (world.Financing(loan).Status, world.Drawn(line)));
        world.Accepts(X, new ReturnPayment(receipt.Payment, world.Reference()));

        Assert.Equal([("1-400", true), ("401-1000", false)], world.Tokens(note).Select(token => (token.Units.ToString(), token.Encumbrances.Any(burden => burden.Beneficiary == X))));
        Assert.Equal((FinancingStatus.Disbursed, new Amount(400), DateOnly.MinValue), (world.Financing(loan).Status, world.Financing(loan).Drawn, world.Financing(loan).EndedOn));
        Assert.Equal(new Amount(400), world.Drawn(line));
        world.Refuses(Refusal.UnitsPledged, A, world.Trade(note, A, B, 1, 10));
        world.Accepts(A, world.Trade(note, A, B, 401, 410));

        world.Accepts(X, new Repay(loan, world.Reference()), Key(A));
        Assert.Equal((FinancingStatus.Repaid, Amount.Zero), (world.Financing(loan).Status, world.Drawn(line)));
        Assert.DoesNotContain(world.Tokens(note), token => token.Encumbrances.Any(burden => burden.Kind == EncumbranceKind.Pledge));
    }

    [Fact]
    public void What_a_bank_passed_on_and_takes_back_is_under_its_purchase_again()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var line = world.Line(C, 10_000);
        var bought = world.Financed(A, world.Applying(note, FinancingForm.RecourseFactoring, 1, 1_000), line);
        var trade = world.Trade(note, X, B, 1, 400) with { Recourse = true };
        world.Accepts(X, trade);
        world.Accepts(B, new AcceptOffer(trade.Offer));
        Assert.Equal(new Amount(600), world.Drawn(line));

        world.Until("2026-09-15 09:00:00");
        var back = world.Moving(note, X, TransferCause.Recourse, 1, 400);
        world.Accepts(B, back);
        world.Accepts(X, new AcceptOffer(back.Offer));
        Assert.Equal((FinancingStatus.Disbursed, new Amount(1_000)), (world.Financing(bought).Status, world.Drawn(line)));

        world.Accepts(X, new BuyBack(bought, world.Reference()), Key(A));
        Assert.All(world.Tokens(note), token => Assert.Equal(A, token.Holder));
        Assert.Equal((FinancingStatus.BoughtBack, Amount.Zero), (world.Financing(bought).Status, world.Drawn(line)));
    }

    [Fact]
    public void What_a_bank_passed_on_by_mistake_is_under_its_purchase_again_when_all_of_it_comes_back()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var line = world.Line(C, 10_000);
        var bought = world.Financed(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 1_000), line);
        var leg = world.Tokens(note)[0].Leg;
        var trade = world.Trade(note, X, D, 1, 1_000);
        world.Accepts(X, trade);
        world.Accepts(D, new AcceptOffer(trade.Offer));
        Assert.Equal((FinancingStatus.Matured, Amount.Zero), (world.Financing(bought).Status, world.Drawn(line)));

        world.Accepts(D, new CorrectTransfer(trade.Offer, Z), Key(X), Key(Z));
        Assert.Equal((FinancingStatus.Disbursed, new Amount(1_000)), (world.Financing(bought).Status, world.Drawn(line)));
        Assert.Equal(leg with { At = world.Clock }, Assert.Single(world.Tokens(note)).Leg);
    }

    [Fact]
    public void A_purchase_that_its_bank_has_settled_gets_nothing_back_by_a_correction()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var line = world.Line(C, 10_000);
        var bought = world.Financed(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 1_000), line);
        var trade = world.Trade(note, X, D, 1, 1_000);
        world.Accepts(X, trade);
        world.Accepts(D, new AcceptOffer(trade.Offer));
        world.Accepts(X, new SettleFinancing(bought, Surplus: false, Refund: true, world.Reference()), Key(A));

        world.Refuses(Refusal.LaterActsRely, D, new CorrectTransfer(trade.Offer, Z), Key(X), Key(Z));
        Assert.Equal((FinancingStatus.Settled, Amount.Zero), (world.Financing(bought).Status, world.Drawn(line)));
    }

    [Fact]
    public void What_had_come_by_another_hand_comes_back_under_no_purchase()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var line = world.Line(C, 10_000);
        var bought = world.Financed(A, world.Applying(note, FinancingForm.RecourseFactoring, 1, 1_000), line);
        foreach (var (from, to) in new[] { (X, B), (B, X), (X, D) })
        {
            var trade = world.Trade(note, from, to, 1, 400) with { Recourse = true };
            world.Accepts(from, trade);
            world.Accepts(to, new AcceptOffer(trade.Offer));
        }

        world.Until("2026-09-15 09:00:00");
        var back = world.Moving(note, X, TransferCause.Recourse, 1, 400);
        world.Accepts(D, back);
        world.Accepts(X, new AcceptOffer(back.Offer));
        Assert.Equal((FinancingStatus.Disbursed, new Amount(600)), (world.Financing(bought).Status, world.Drawn(line)));
    }

    [Theory]
    [InlineData(300, 500, 300)]
    [InlineData(700, 500, 500)]
    [InlineData(700, 900, 700)]
    public void What_was_lent_below_the_units_worth_is_owed_again_as_far_as_the_payment_had_paid_it(ulong paid, ulong principal, ulong owedAgain)
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var line = world.Line(C, 10_000);
        var loan = world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 1, 1_000) with { Principal = new(principal) }, line);
        var receipt = Part(world, note, paid);
        world.Accepts(X, receipt);
        Assert.Equal(principal > paid ? principal - paid : 0, world.Drawn(line).Minor);
        world.Accepts(X, new Repay(loan, world.Reference()), Key(A));
        world.Accepts(X, new ReturnPayment(receipt.Payment, world.Reference()));

        Assert.Equal(owedAgain, world.Drawn(line).Minor);
        world.Accepts(X, new Repay(loan, world.Reference()), Key(A));
        Assert.Equal(Amount.Zero, world.Drawn(line));
    }

    [Fact]
    public void Payments_that_go_back_in_another_order_than_they_came_leave_what_the_others_do_not_pay()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var line = world.Line(C, 10_000);
        world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 1, 1_000) with { Principal = new(500) }, line);
        var first = Part(world, note, 700);
        world.Accepts(X, first);
        var second = world.Receipt(note, PaymentOutcome.Paid, 200) with { Units = new(701, 900), Payee = X };
        world.Accepts(X, second);

        world.Accepts(X, new ReturnPayment(first.Payment, world.Reference()));
        Assert.Equal(new Amount(300), world.Drawn(line));
        world.Accepts(X, new ReturnPayment(second.Payment, world.Reference()));
        Assert.Equal(new Amount(500), world.Drawn(line));
    }

    [Fact]
    public void What_a_returned_payment_gives_back_to_the_buyer_is_in_its_line_again_after_a_buy_back()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var line = world.Line(C, 10_000);
        var sold = world.Financed(A, world.Applying(note, FinancingForm.RecourseFactoring, 1, 1_000), line);
        world.Until(DueDay);
        var receipt = world.Receipt(note, PaymentOutcome.PartlyPaid, 400) with { Units = new(1, 1_000), Payee = X };
        world.Accepts(X, receipt);
        world.Until("2026-09-16 09:00:00");
        world.Accepts(X, new BuyBack(sold, world.Reference()), Key(A));
        Assert.Equal((FinancingStatus.BoughtBack, Amount.Zero), (world.Financing(sold).Status, world.Drawn(line)));
        world.Accepts(X, new ReturnPayment(receipt.Payment, world.Reference()));

        Assert.Equal([(X, "1-400"), (A, "401-1000")], world.Holdings(note));
        Assert.Equal((FinancingStatus.Disbursed, new Amount(400)), (world.Financing(sold).Status, world.Drawn(line)));
        world.Accepts(X, new BuyBack(sold, world.Reference()), Key(A));
        Assert.Equal([(A, "1-1000")], world.Holdings(note));
        Assert.Equal((FinancingStatus.BoughtBack, Amount.Zero), (world.Financing(sold).Status, world.Drawn(line)));
    }

    [Fact]
    public void A_bank_that_buys_back_what_it_had_bought_has_it_in_its_line_and_its_own_seller_to_turn_to()
    {
        using var world = new World().Lends();
        world.Accepts(X, new FileAccount(Lending.Account), Key(Y));
        var note = world.Certificate(A, 100);
        var line = world.Line(C, 100);
        var first = world.Financed(A, world.Applying(note, FinancingForm.RecourseFactoring, 1, 100), line);
        var bought = world.Tokens(note);
        var second = world.Applying(note, FinancingForm.RecourseFactoring, 1, 100) with { Financier = Y };
        world.Accepts(X, second);
        world.IsClear(second.Financing);
        world.Accepts(Y, world.Approving(second.Financing), Key(Lending.P));
        world.IsRegistered(second.Financing);
        world.Accepts(Y, new Disburse(second.Financing, "Y PAYS X"));
        Assert.Equal(Amount.Zero, world.Drawn(line));
        world.Until("2026-09-15 09:00:00");
        world.Accepts(Y, new BuyBack(second.Financing, "X PAYS Y"), Key(X));

        Assert.Equal(bought, world.Tokens(note));
        Assert.Equal((FinancingStatus.Disbursed, new Amount(100)), (world.Financing(first).Status, world.Drawn(line)));
        Assert.Equal(FinancingStatus.BoughtBack, world.Financing(second.Financing).Status);
        world.Accepts(X, new BuyBack(first, "A PAYS X"), Key(A));
        Assert.Equal((A, Amount.Zero), (world.Tokens(note)[0].Holder, world.Drawn(line)));
    }

    [Fact]
    public void What_is_owed_again_is_out_above_a_limit_that_others_used_meanwhile_and_nothing_new_is()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var line = world.Line(C, 1_000);
        world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 1, 1_000), line);
        var receipt = Part(world, note, 400);
        world.Accepts(X, receipt);
        var other = world.Certificate(B, 400);
        world.Financed(B, world.Applying(other, FinancingForm.PledgeLoan, 1, 400), line);
        world.Accepts(X, new ReturnPayment(receipt.Payment, world.Reference()));
        Assert.Equal((new Amount(1_400), Amount.Zero), (world.Drawn(line), Assert.IsType<CreditLine>(world.State.Line(line)).Available));

        var third = world.Applying(world.Certificate(B, 10), FinancingForm.PledgeLoan, 1, 10);
        world.Accepts(B, third);
        world.IsClear(third.Financing);
        world.Refuses(Refusal.LineExhausted, X, world.Approving(third.Financing, line), Key(Lending.P));

        // The limit may be raised by any amount, and not lowered further.
        var set = new SetLine(line, C, CreditMode.General, Currency.Cny, new(999), Date("2027-12-31"));
        world.Refuses(Refusal.LimitBelowDrawn, X, set);
        world.Accepts(X, set with { Limit = new(1_200) });
    }

    [Fact]
    public void Paid_in_time_and_posted_later_is_not_overdue_until_the_money_goes_back()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        world.Until("2026-09-15 09:00:00");
        Assert.Equal([Date("2026-09-12")], world.State.Maturity(note)?.OverdueOn ?? []);
        var half = world.Receipt(note, PaymentOutcome.PartlyPaid, 500) with { ValueDate = Date("2026-09-14") };
        world.Accepts(X, half);
        Assert.Single(world.State.Maturity(note)?.OverdueOn ?? []);
        var rest = world.Receipt(note, PaymentOutcome.Paid, 500) with { ValueDate = Date("2026-09-14") };
        world.Accepts(X, rest);
        Assert.Empty(world.State.Maturity(note)?.OverdueOn ?? []);
        world.Accepts(X, new ReturnPayment(rest.Payment, "BACK"));
        Assert.Equal([Date("2026-09-12")], world.State.Maturity(note)?.OverdueOn ?? []);

        // What is valued a day late was late, whatever comes in time beside it.
        var late = Rulebook.Instructions(world.State, note, world.State.Today).Single().Total.Minor;
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, late));
        Assert.Equal([Date("2026-09-12")], world.State.Maturity(note)?.OverdueOn ?? []);
    }

    [Fact]
    public void A_payment_of_before_the_due_day_that_goes_back_after_it_was_missed_too()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        var early = world.Receipt(note, PaymentOutcome.PartlyPaid, 400) with { Units = new(1, 1_000), Payee = A };
        world.Accepts(X, early, Key(A));
        world.Until("2026-09-15 09:00:00");
        Assert.Equal(new MissedDate(Date("2026-09-12"), new(600)), Assert.Single(world.State.Maturity(note)?.Missed ?? []));
        world.Accepts(X, new ReturnPayment(early.Payment, "BACK"));
        Assert.Equal(new MissedDate(Date("2026-09-12"), new(1_000)), Assert.Single(world.State.Maturity(note)?.Missed ?? []));
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 1_000) with { ValueDate = Date("2026-09-14") });
        Assert.Empty(world.State.Maturity(note)?.OverdueOn ?? []);
    }

    static ReceivePayment Part(World world, Id<Instrument> note, ulong units) =>
        world.Receipt(note, PaymentOutcome.Paid, units) with { Units = new Interval(1, units), Payee = X };
}
