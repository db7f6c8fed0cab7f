using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Bills;

/// <summary>What 票据法 says of a bill, on a ledger that is its register.</summary>
public sealed class BillTests : IDisposable
{
    readonly BillStory story = new();

    World World => story.World;

    public void Dispose() => story.Dispose();

    [Fact]
    public void A_bill_issued_08_31_is_due_at_the_end_of_February_at_the_latest()
    {
        using var august = new World("2026-08-31 09:00:00");
        var drawing = BillStory.Drawing(august, august.New<Instrument>());

        var refused = august.Refuses(Refusal.BillTenorTooLong, C, drawing with { DueDate = Date("2027-03-01") });
        Assert.Equal("2027-02-28", refused.Facts.Reason);
        august.Accepts(C, drawing with { DueDate = Date("2027-02-28") });
    }

    [Fact]
    public void A_bill_is_dated_today_and_its_number_is_its_own()
    {
        story.Register();
        var drawing = BillStory.Drawing(World, World.New<Instrument>());

        World.Refuses(Refusal.IssueDateIsNotToday, C, drawing with { IssueDate = World.State.Today.AddDays(-1) });
        World.Refuses(Refusal.DueDateNotAfterIssue, C, drawing with { DueDate = World.State.Today });
        World.Refuses(Refusal.NumberInUse, C, drawing with { PackageNumber = World.Instrument(story.Bill).Number });
        World.Refuses(Refusal.PackageNumberInvalid, C, drawing with { PackageNumber = drawing.PackageNumber[1..] });
        World.Refuses(Refusal.ObligorRoleMissing, C, drawing with { Acceptor = B });
        World.Refuses(Refusal.ObligorIsCreditor, C, drawing with { Payee = C });
        World.Refuses(Refusal.AmountZero, C, drawing with { Amount = Amount.Zero });
    }

    [Fact]
    public void The_number_says_who_accepts()
    {
        var drawing = BillStory.Drawing(World, World.New<Instrument>());

        World.Refuses(Refusal.AcceptorDiffersFromNumber, C, drawing with { Acceptor = X });
        World.Accepts(C, drawing with { Acceptor = X, PackageNumber = BillStory.Number('5', drawing.Instrument) });
    }

    [Fact]
    public void A_supply_chain_bill_brings_its_trade_which_delivery_uses_and_cancellation_frees()
    {
        var invoice = World.Invoice(A, C, 1_500);
        var drawing = BillStory.Drawing(World, story.Bill) with { PackageNumber = BillStory.Number('7', story.Bill) };
        World.Refuses(Refusal.DocumentsDoNotCover, C, drawing);
        World.Refuses(Refusal.DocumentPartiesDiffer, C, drawing with { Documents = [new(World.Invoice(B, C, 1_000), new(1_000))] });

        World.Accepts(C, drawing with { Documents = [new(invoice, new(1_000))] });
        Assert.Equal((1_000UL, 0UL), (World.Document(invoice).Reserved.Minor, World.Document(invoice).Used.Minor));
        World.Refuses(Refusal.DocumentUsedUp, C, BillStory.Drawing(World, World.New<Instrument>(), 501) with { Documents = [new(invoice, new(501))] });

        World.Accepts(C, new CancelBill(World.New<Offer>(), story.Bill));
        Assert.Equal((0UL, BillStory.Ended), (World.Document(invoice).Taken.Minor, story.Pair));

        story.Bill = World.New<Instrument>();
        story.Issue(register => register with { PackageNumber = BillStory.Number('7', story.Bill), Documents = [new(invoice, new(1_000))] });
        Assert.Equal((0UL, 1_000UL), (World.Document(invoice).Reserved.Minor, World.Document(invoice).Used.Minor));
        Assert.Equal(invoice, World.Tokens(story.Bill)[0].Leg.Documents[0].Document);
    }

    [Fact]
    public void The_drawee_has_three_days_and_its_silence_is_no_acceptance()
    {
        using var drawn = new BillStory { Drawer = D };
        drawn.Register();
        var inThreeDays = drawn.World.Clock.CeilingMinute().Add(3 * Timestamp.Day);
        var asked = drawn.World.New<Offer>();
        drawn.World.Refuses(Refusal.AcceptanceTermTooLong, D, new PresentForAcceptance(asked, drawn.Bill, inThreeDays.Add(Timestamp.Minute)));
        drawn.World.Accepts(D, new PresentForAcceptance(asked, drawn.Bill, inThreeDays));
        drawn.World.Refuses(Refusal.BillStatusWrong, D, new PresentForAcceptance(drawn.World.Named<Offer>(6), drawn.Bill, drawn.World.Tomorrow));
        drawn.World.Refuses(Refusal.NotTheOfferee, A, new AcceptOffer(asked));

        drawn.World.Until(inThreeDays);
        Assert.Equal(BillStory.Issued, drawn.Pair);
        drawn.World.Refuses(Refusal.OfferExpired, C, new AcceptOffer(asked));
        drawn.World.Refuses(Refusal.BillStatusWrong, D, new DeliverBill(drawn.World.Named<Offer>(6), drawn.Bill, drawn.World.Tomorrow));

        drawn.Accept();
        Assert.Equal(BillStory.Accepted, drawn.Pair);
    }

    [Fact]
    public void Acceptance_and_delivery_are_before_maturity()
    {
        story.Register(drawing => drawing with { DueDate = Date("2026-04-05") }).Accept();
        World.Until("2026-04-04 20:00:00");
        var deliver = story.Deliver();

        World.Until("2026-04-05 00:00:00");

        World.Refuses(Refusal.OfferExpired, A, new AcceptOffer(deliver.Offer));
        World.Refuses(Refusal.BillStatusWrong, C, new DeliverBill(World.New<Offer>(), story.Bill, World.Tomorrow));
        World.Refuses(Refusal.BillStatusWrong, C, new CancelBill(World.New<Offer>(), story.Bill));
    }

    [Fact]
    public void What_the_payee_did_not_take_stays_the_drawers()
    {
        story.Register().Accept();
        World.Accepts(A, new DeclineOffer(story.Deliver().Offer));
        Assert.Equal(BillStory.Accepted, story.Pair);

        World.Accepts(A, new AcceptOffer(story.Deliver().Offer));
        World.Refuses(Refusal.BillStatusWrong, C, new CancelBill(World.New<Offer>(), story.Bill));
        World.Refuses(Refusal.IsABill, C, new CancelReceivable(story.Bill));
    }

    // 票据法 27: the drawer's word.
    [Fact]
    public void A_bill_that_its_drawer_marked_goes_no_further_than_its_payee()
    {
        story.Issue(register => register with { Transferable = false });

        Assert.Equal(BillStory.Marked, story.Pair);
        World.Refuses(Refusal.NotTransferable, A, story.Endorsement(A, B, BillStory.Whole));
        World.Refuses(Refusal.NotTransferable, A, story.Pledging(A, BillStory.Whole));
        World.Refuses(Refusal.NotTheEndorser, C, new AllowTransfer(World.New<Offer>(), story.Bill, BillStory.Whole));
    }

    // 票据法 33.
    [Fact]
    public void An_undivided_bill_is_endorsed_and_pledged_whole_and_no_endorsement_has_a_condition()
    {
        story.Issue(register => register with { Undivided = true });

        World.Refuses(Refusal.PartialEndorsement, A, story.Endorsement(A, B, new(1, 999)));
        World.Refuses(Refusal.PartialEndorsement, A, story.Endorsement(A, B, new(1, 999)) with { Units = null, Amount = new(999) });
        World.Refuses(Refusal.PartialEndorsement, A, story.Pledging(A, new(1, 999)));
        World.Refuses(Refusal.ConditionalEndorsement, A, story.Endorsement(A, B, BillStory.Whole) with { Condition = new(3, 3) });
        var order = World.Moving(story.Bill, B, TransferCause.Court, 1, BillStory.Face) with { From = A, Evidence = new(3, 3) };
        World.Refuses(Refusal.ConditionalEndorsement, X, order with { Condition = new(3, 3) });
        World.Refuses(Refusal.MarkIsEndorsers, X, order with { NotTransferable = true });
        story.Endorse(A, B, BillStory.Whole);
        Assert.Equal([(B, "1-1000")], World.Holdings(story.Bill));
    }

    [Fact]
    public void Marks_and_conditions_are_for_bills()
    {
        var note = World.Certificate(A, 100);

        World.Refuses(Refusal.NotABill, A, World.Trade(note, A, B, 1, 1) with { NotTransferable = true });
        World.Refuses(Refusal.NotABill, A, World.Trade(note, A, B, 1, 1) with { Condition = new(3, 3) });
        World.Refuses(Refusal.NotABill, A, story.Presenting(BillStory.Whole) with { Instrument = note });
    }

    [Fact]
    public void Intervals_of_a_bill_never_merge()
    {
        story.Issue();
        story.Endorse(A, B, new(1, 500));
        story.Endorse(B, A, new(1, 500));

        Assert.Equal([(A, "1-500"), (A, "501-1000")], World.Holdings(story.Bill));
    }

    // 票据法 34.
    [Fact]
    public void An_endorsers_mark_stops_its_units_until_the_endorser_takes_it_back()
    {
        story.Issue();
        story.Endorse(A, B, new(1, 600), marked: true);

        World.Refuses(Refusal.EndorsementForbidden, B, story.Endorsement(B, D, new(600, 600)));
        World.Refuses(Refusal.EndorsementForbidden, B, story.Endorsement(B, D, new(1, 9)) with { Units = null, Amount = new(9) });
        World.Refuses(Refusal.UnitsNotTransferable, B, story.Pledging(B, new(1, 600)));
        World.Refuses(Refusal.NotTheEndorser, B, new AllowTransfer(World.New<Offer>(), story.Bill, new(1, 600)));
        World.Refuses(Refusal.NotTheEndorser, A, new AllowTransfer(World.New<Offer>(), story.Bill, new(500, 601)));

        World.Accepts(A, new AllowTransfer(World.New<Offer>(), story.Bill, new(1, 300)));

        Assert.Equal((BillStory.Free, BillStory.Marked), (story.Status(new(1, 300)), story.Status(new(301, 600))));
        World.Refuses(Refusal.EndorsementForbidden, B, story.Endorsement(B, D, new(300, 301)));
        World.Accepts(B, story.Endorsement(B, D, new(1, 9)) with { Units = null, Amount = new(9) });
        story.Endorse(B, D, new(100, 300));
    }

    [Theory]
    [InlineData(OfferStatus.Declined)]
    [InlineData(OfferStatus.Withdrawn)]
    [InlineData(OfferStatus.Expired)]
    public void A_mark_that_was_not_taken_is_gone(OfferStatus how)
    {
        story.Issue();
        var endorsement = story.Endorsement(A, B, BillStory.Whole, marked: true);
        World.Accepts(A, endorsement);
        World.Refuses(Refusal.NotTheEndorser, A, new AllowTransfer(World.New<Offer>(), story.Bill, BillStory.Whole));

        if (how == OfferStatus.Declined) World.Accepts(B, new DeclineOffer(endorsement.Offer));
        else if (how == OfferStatus.Withdrawn) World.Accepts(A, new WithdrawOffer(endorsement.Offer));
        else World.Until(endorsement.Expires);

        Assert.Empty(World.Tokens(story.Bill)[0].Encumbrances);
        story.Endorse(A, D, BillStory.Whole);
    }

    // 票据法 36.
    [Fact]
    public void Nothing_is_endorsed_after_dishonour_or_the_period_of_presentation()
    {
        story.Issue();
        World.Until(BillStory.Maturity);
        World.Refuses(Refusal.InstrumentDue, A, story.Endorsement(A, B, new(1, 1)));
        story.Dishonour(A, new(1, 500));
        World.Refuses(Refusal.EndorsementTooLate, A, story.Endorsement(A, B, new(1, 1)));
        World.Refuses(Refusal.InstrumentDue, A, story.Endorsement(A, B, new(501, 501)));

        World.Until("2026-09-21 00:00:00");
        World.Refuses(Refusal.EndorsementTooLate, A, story.Endorsement(A, B, new(501, 501)));
    }

    // 票据法 53.
    [Fact]
    public void A_bill_is_presented_from_maturity_for_ten_days_and_later_with_an_explanation()
    {
        story.Issue();
        World.Until("2026-09-09 23:59:59");
        World.Refuses(Refusal.PresentedEarly, A, story.Presenting(new(1, 10)));
        World.Until("2026-09-10 00:00:00");
        story.Present(A, new(1, 10));
        World.Refuses(Refusal.UnitsPresented, A, story.Presenting(new(10, 11)));
        World.Until("2026-09-20 23:59:59");
        story.Present(A, new(11, 20));
        World.Until("2026-09-21 00:00:00");
        World.Refuses(Refusal.ExplanationMissing, A, story.Presenting(new(21, 30)));
        World.Accepts(A, story.Presenting(new(21, 30)) with { Explanation = new(3, 3) });
    }

    [Fact]
    public void A_bill_due_on_a_holiday_is_presented_on_the_next_working_day()
    {
        using var april = new BillStory(begin: "2026-04-10 09:00:00");
        april.Issue(register => register with { DueDate = Date("2026-10-03") });

        april.World.Until("2026-10-07 09:00:00");
        Assert.Equal("2026-10-08", april.World.Refuses(Refusal.PresentedEarly, A, april.Presenting(BillStory.Whole)).Facts.Reason);
        april.World.Until("2026-10-18 09:00:00");
        april.Present(A, BillStory.Whole);
    }

    [Fact]
    public void An_acceptor_that_says_nothing_has_refused()
    {
        story.Issue().World.Until(BillStory.Maturity);
        var present = story.Presenting(BillStory.Whole);
        World.Accepts(A, present);

        World.Until(present.Expires);

        var burden = Assert.Single(World.Tokens(story.Bill)[0].Encumbrances);
        Assert.Equal((EncumbranceKind.Recourse, A, present.Expires), (burden.Kind, burden.Beneficiary, burden.Since));
    }

    [Fact]
    public void A_refusal_to_pay_is_an_event_and_taking_a_presentation_back_is_none()
    {
        story.Issue().World.Until(BillStory.Maturity);

        World.Accepts(A, new WithdrawOffer(story.Present(A, BillStory.Whole)));
        Assert.Empty(World.Tokens(story.Bill)[0].Encumbrances);
        var presentation = story.Present(A, BillStory.Whole);
        Assert.Contains(new BillDishonoured(presentation), World.Accepts(C, new DeclineOffer(presentation)).Events);
    }

    [Fact]
    public void What_was_agreed_to_and_not_paid_in_time_is_dishonoured()
    {
        story.Issue().World.Until(BillStory.Maturity);
        var present = story.Presenting(BillStory.Whole);
        World.Accepts(A, present);
        World.Accepts(C, new AcceptOffer(present.Offer));
        World.Refuses(Refusal.BillNotDishonoured, A, story.Asking(BillStory.Whole, C));

        World.Until(present.Expires);
        story.Recourse(A, BillStory.Whole, C);

        Assert.Equal(BillStory.InRecourse, story.Pair);
    }

    // 票据法 35.
    [Fact]
    public void A_pledged_bill_is_the_pledgees_to_present()
    {
        story.Issue();
        var pledge = story.Pledge(A, new(1, 400));
        Assert.Equal(A, World.Tokens(story.Bill)[0].Holder);
        World.Refuses(Refusal.UnitsPledged, A, story.Pledging(A, new(400, 401)));
        World.Refuses(Refusal.UnitsPledged, A, story.Endorsement(A, B, new(1, 1)));
        World.Refuses(Refusal.NotThePledgee, A, new ReleaseBillPledge(World.New<Offer>(), pledge));
        World.Refuses(Refusal.PledgeeIsNotBank, A, story.Pledging(A, new(401, 500)) with { Pledgee = B });

        World.Until(BillStory.Maturity);
        World.Refuses(Refusal.UnitsNotHeld, A, story.Presenting(new(1, 400)));
        var presentation = story.Present(X, new(1, 400));
        World.Refuses(Refusal.BillActUnderWay, X, new ReleaseBillPledge(World.New<Offer>(), pledge));
        World.Accepts(C, new DeclineOffer(presentation));
        story.Settle(story.Recourse(X, new(1, 400), C), "R1", BillStory.Settled);

        World.Refuses(Refusal.PledgeReleased, X, new ReleaseBillPledge(World.New<Offer>(), pledge));
    }

    // 票据法 45 to 52.
    [Fact]
    public void A_guarantee_circulates_with_its_units_and_the_guarantor_answers_as_the_acceptor_does()
    {
        story.Issue();
        World.Refuses(Refusal.GuarantorUnfit, A, new GuaranteeBill(World.New<Offer>(), story.Bill, new(1, 100), B, World.Tomorrow));
        World.Refuses(Refusal.GuarantorUnfit, A, new GuaranteeBill(World.New<Offer>(), story.Bill, new(1, 100), C, World.Tomorrow));
        story.Guarantee(A, new(1, 100), Y);
        story.Endorse(A, B, new(1, 200));
        Assert.Equal(BillStory.Free, story.Status(new(1, 200)));

        story.Dishonour(B, new(1, 200));
        World.Refuses(Refusal.NotLiable, B, story.Asking(new(1, 200), Y));
        story.Settle(story.Recourse(B, new(1, 100), Y), "R1", BillStory.InRecourse);

        Assert.Equal((Y, "1-100"), World.Holdings(story.Bill)[0]);
        Assert.Equal(EncumbranceKind.Recourse, Assert.Single(World.Tokens(story.Bill)[0].Encumbrances).Kind);
    }

    // 票据法 68.
    [Fact]
    public void All_who_are_liable_are_asked_at_once_and_the_first_payment_ends_it()
    {
        story.Issue();
        story.Endorse(A, B, BillStory.Whole);
        story.Dishonour(B, BillStory.Whole);
        var fromC = story.Recourse(B, BillStory.Whole, C);
        var fromA = story.Recourse(B, BillStory.Whole, A);
        World.Refuses(Refusal.NotTheRecourseBank, Y, new SettleRecourse(fromA, "R1"));

        story.Settle(fromA, "R1", BillStory.InRecourse);

        World.Refuses(Refusal.UnitsNotHeld, X, new SettleRecourse(fromC, "R2"));
        World.Refuses(Refusal.UnitsNotHeld, B, story.Asking(BillStory.Whole, C));
        story.Settle(story.Recourse(A, BillStory.Whole, C), "R2", BillStory.Settled);
    }

    [Fact]
    public void An_earlier_endorser_is_asked_with_its_endorsement()
    {
        story.Issue();
        var byA = story.Endorse(A, B, new(1, 600));
        var byB = story.Endorse(B, D, new(1, 300));
        story.Dishonour(D, new(1, 300));

        World.Refuses(Refusal.NotLiable, D, story.Asking(new(1, 300), A));
        World.Refuses(Refusal.NotLiable, D, story.Asking(new(1, 300), A) with { Endorsement = byB });
        story.Settle(story.Recourse(D, new(1, 300), A, byA), "R1", BillStory.InRecourse);

        // 票据法 69: A was the payee; whoever endorsed after it owes it nothing.
        World.Refuses(Refusal.NotLiable, A, story.Asking(new(1, 300), B) with { Endorsement = byB });
    }

    // 电子商业汇票业务管理办法 66.
    [Fact]
    public void Who_presents_too_late_has_only_drawer_and_acceptor()
    {
        story.Issue();
        story.Endorse(A, B, BillStory.Whole);
        World.Until("2026-09-21 09:00:00");
        var present = story.Presenting(BillStory.Whole) with { Explanation = new(3, 3) };
        World.Accepts(B, present);
        World.Accepts(C, new DeclineOffer(present.Offer));

        World.Refuses(Refusal.NotLiable, B, story.Asking(BillStory.Whole, A));
        story.Recourse(B, BillStory.Whole, C);
    }

    // 票据法 17.
    [Fact]
    public void Recourse_lapses_after_six_months_and_against_the_acceptor_after_two_years()
    {
        story.Issue();
        story.Endorse(A, B, BillStory.Whole);
        story.Dishonour(B, BillStory.Whole);

        World.Until("2027-03-10 23:00:00");
        World.Accepts(B, story.Asking(new(1, 1), A));
        World.Until("2027-03-11 00:00:00");
        World.Refuses(Refusal.RecourseTooLate, B, story.Asking(new(1, 1), A));
        World.Until("2028-09-10 23:00:00");
        World.Accepts(B, story.Asking(new(1, 1), C));
        World.Until("2028-09-11 00:00:00");
        World.Refuses(Refusal.RecourseTooLate, B, story.Asking(new(1, 1), C));
    }

    [Fact]
    public void A_payer_has_three_months_to_ask_further()
    {
        story.Issue();
        var toB = story.Endorse(A, B, BillStory.Whole);
        story.Endorse(B, D, BillStory.Whole);
        story.Dishonour(D, BillStory.Whole);
        story.Settle(story.Recourse(D, BillStory.Whole, B), "R1", BillStory.InRecourse);

        World.Until("2026-12-10 23:00:00");
        World.Accepts(B, story.Asking(new(1, 1), A) with { Endorsement = toB });
        World.Until("2026-12-11 00:00:00");
        World.Refuses(Refusal.RecourseTooLate, B, story.Asking(new(1, 1), A) with { Endorsement = toB });
    }

    [Fact]
    public void Frozen_units_are_presented_and_not_handed_on()
    {
        story.Issue();
        World.Accepts(Y, World.Freezing(story.Bill, 1, 100) with { LastDay = Date("2026-12-31") }, Key(X));
        World.Refuses(Refusal.UnitsFrozen, A, story.Endorsement(A, B, new(1, 1)));
        Assert.Equal(BillStory.Locked, story.Status(new(1, 100)));

        story.Dishonour(A, new(1, 100));
        var recourse = story.Recourse(A, new(1, 100), C);

        World.Refuses(Refusal.UnitsBurdened, X, new SettleRecourse(recourse, "R1"));
    }

    [Fact]
    public void A_pledge_that_a_freeze_overtook_is_not_made()
    {
        story.Issue();
        var pledge = story.Pledging(A, new(1, 100));
        World.Accepts(A, pledge);
        World.Accepts(Y, World.Freezing(story.Bill, 1, 1));

        World.Refuses(Refusal.OfferNotOpen, X, new AcceptOffer(pledge.Offer));
    }

    [Fact]
    public void A_bill_is_split_into_no_more_parts_than_the_rules_allow()
    {
        using var world = new World((RuleParameter.MaximumTokens, 2));
        var id = world.New<Instrument>();
        world.Accepts(C, BillStory.Drawing(world, id));
        world.Accepts(C, new PresentForAcceptance(world.New<Offer>(), id, world.Tomorrow));
        var deliver = new DeliverBill(world.New<Offer>(), id, world.Tomorrow);
        world.Accepts(C, deliver);
        world.Accepts(A, new AcceptOffer(deliver.Offer));

        world.Refuses(Refusal.TooManyTokens, A, new PledgeBill(world.New<Offer>(), id, new(2, 2), X, world.Tomorrow));
        world.Refuses(Refusal.TooManyTokens, A, new GuaranteeBill(world.New<Offer>(), id, new(2, 2), Y, world.Tomorrow));
        world.Refuses(Refusal.TooManyTokens, A, world.Trade(id, A, B, 2, 2));

        world.Until("2026-09-21 09:00:00");
        var explained = new Hash256(3, 3);
        world.Refuses(Refusal.TooManyTokens, A, new PresentBill(world.New<Offer>(), id, new(2, 2), world.Tomorrow, explained));
        world.Accepts(A, new PresentBill(world.New<Offer>(), id, new(1, BillStory.Face), world.Tomorrow, explained));
    }
}
