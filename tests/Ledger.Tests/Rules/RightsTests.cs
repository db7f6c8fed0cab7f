using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.Lending;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules;

/// <summary>Cases in which one party's right hung on another's word, or on a paper that was worth nothing any more.</summary>
public sealed class RightsTests
{
    static readonly Hash256 Paper = new(7, 7);

    [Fact]
    public void Who_serves_a_side_reviews_nothing_of_it()
    {
        using var world = new World().Lends();
        var apply = world.Applying(world.Certificate(A, 1_000), FinancingForm.PledgeLoan, 1, 1_000);
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        var mandate = world.Granted(A, P, 1_000, "financing.apply");

        world.Refuses(Refusal.ReviewerIsNotIndependent, X, world.Approving(apply.Financing), Key(P));
        world.Accepts(A, new RevokeMandate(mandate.Id));
        world.Accepts(X, world.Approving(apply.Financing), Key(P));
    }

    [Fact]
    public void A_correction_is_not_reviewed_by_a_sides_agent_nor_backed_by_what_was_never_used()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var trade = world.Trade(note, A, B, 1, 1_000);
        world.Accepts(A, trade);
        world.Accepts(B, new AcceptOffer(trade.Offer));
        var unused = world.Invoice(A, C, 1_000);
        world.Granted(A, X, 1_000, "token.correct");

        world.Refuses(Refusal.CorrectionNotReviewed, B, new CorrectTransfer(trade.Offer, X), Key(A), Key(X));
        world.Refuses(Refusal.DocumentsDoNotCover, B, new CorrectTransfer(trade.Offer, P, [new(unused, new(1_000))]), Key(A), Key(P));
        world.Accepts(B, new CorrectTransfer(trade.Offer, P), Key(A), Key(P));
    }

    [Theory]
    [InlineData(Roles.Supplier, SizeClass.PublicBody)]
    [InlineData(Roles.Operator, SizeClass.Small)]
    [InlineData(Roles.Platform, SizeClass.Small)]
    public void On_whose_word_others_lose_or_owe_two_banks_have_seen(Roles role, SizeClass size)
    {
        using var world = new World();
        var registration = world.Registration(Stranger, "某单位", role, size);

        world.Refuses(Refusal.SecondBankMissing, Y, registration, Key(Stranger));
        world.Accepts(Y, registration, Key(Stranger), Key(X));
    }

    [Fact]
    public void An_undivided_bill_stays_whole_whatever_moves_it()
    {
        using var story = new BillStory();
        var world = story.World.Lends();
        story.Issue(register => register with { Undivided = true });

        world.Refuses(Refusal.PartialEndorsement, A, world.Applying(story.Bill, FinancingForm.Discount, 1, 400) with { Documents = [] });
        world.Refuses(Refusal.PartialEndorsement, A, world.Moving(story.Bill, C, TransferCause.Conversion, 401, 500) with { Evidence = new(6, 6) });
        world.Accepts(A, world.Moving(story.Bill, C, TransferCause.Conversion, 1, BillStory.Face) with { Evidence = new(6, 6) });
    }

    [Fact]
    public void Nobody_is_paid_on_units_that_a_bank_has_committed_itself_to_but_with_its_word()
    {
        using var world = new World().Lends();
        var note = world.Certificate(D, 1_000);
        var financing = world.Approved(D, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 1_000), world.Line(C, 10_000));
        world.IsRegistered(financing);
        var prepayment = world.Receipt(note, PaymentOutcome.Paid, 1_000) with { Units = new Interval(1, 1_000), Payee = D };

        world.Refuses(Refusal.UnitsBurdened, Y, prepayment, Key(D));
        world.Accepts(X, new Disburse(financing, world.Reference()));
        Assert.Equal((X, "1-1000"), Assert.Single(world.Holdings(note)));
    }

    [Fact]
    public void Of_a_party_whose_keys_were_lost_nothing_is_accepted_and_its_sponsor_takes_it_back()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        var trade = world.Trade(note, A, Y, 1, 1_000);
        world.Accepts(A, trade);
        world.Refuses(Refusal.NotTheOfferor, X, new WithdrawOffer(trade.Offer));
        world.Accepts(X, new ReportLost(A));

        world.Refuses(Refusal.OfferorLostKeys, Y, new AcceptOffer(trade.Offer));
        world.Refuses(Refusal.NotTheOfferor, Y, new WithdrawOffer(trade.Offer));
        world.Accepts(X, new WithdrawOffer(trade.Offer));
        Assert.Equal((A, "1-1000"), Assert.Single(world.Holdings(note)));
    }

    [Fact]
    public void What_money_was_received_on_is_not_cancelled_under_it()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Until("2026-10-30 09:00:00");
        var receipt = world.Receipt(note, PaymentOutcome.PartlyPaid, 100);
        world.Accepts(X, receipt);

        world.Refuses(Refusal.InstrumentDependedOn, C, new CancelReceivable(note), Key(A));
        world.Refuses(Refusal.NotOfThePayment, D, new DisputePayment(receipt.Payment, Paper));
        world.Accepts(A, new DisputePayment(receipt.Payment, Paper));
    }

    [Fact]
    public void A_line_does_not_outlive_what_its_bank_agreed_to()
    {
        using var world = new World();
        var set = new SetLine(world.New<CreditLine>(), C, CreditMode.Earmarked, Currency.Cny, new(10_000), Date("2026-10-12"));
        world.Accepts(X, set);
        var issue = world.Issuing(A, 1_000, new DocumentUse(world.Invoice(A, C, 1_000), new(1_000))) with { Line = set.Line };
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));

        world.Refuses(Refusal.LineEndsTooSoon, C, new ExtendDueDate(issue.Instrument, Date("2026-10-13")), Key(A));
        world.Accepts(C, new ExtendDueDate(issue.Instrument, Date("2026-10-12")), Key(A));
    }

    [Fact]
    public void An_insolvent_obligor_opens_the_way_back_before_the_debt_is_due()
    {
        using var world = new World().Lends();
        var financing = world.Financed(A, world.Applying(world.Certificate(A, 1_000), FinancingForm.RecourseFactoring, 1, 1_000));

        world.Refuses(Refusal.NotDishonoured, X, new BuyBack(financing, world.Reference()), Key(A));
        world.BecomesInsolvent(C);
        world.Accepts(X, new BuyBack(financing, world.Reference()), Key(A));
    }

    [Fact]
    public void What_a_red_letter_cancelled_backs_no_acceptance_and_no_loan()
    {
        using var world = new World().Lends();
        var (short_, whole) = (world.Invoice(A, C, 1_000), world.Invoice(A, C, 1_000));
        var issue = world.Issuing(A, 900, new DocumentUse(short_, new(900)));
        var issued = world.Issuing(A, 1_000, new DocumentUse(whole, new(1_000)));
        world.Accepts(C, issue);
        world.Accepts(C, issued);
        world.Accepts(A, new AcceptOffer(issued.Offer));
        var apply = world.Applying(issued.Instrument, FinancingForm.NonRecourseFactoring, 1, 1_000);
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        world.Accepts(X, world.RedLetter(short_, 200));
        world.Accepts(X, world.RedLetter(whole, 1_000));

        world.Refuses(Refusal.DocumentNoLongerCovers, A, new AcceptOffer(issue.Offer));
        Assert.Null(world.State.Attempts(A, world.State.Today));
        Assert.Equal(Amount.Zero, world.Document(short_).Used);
        world.Refuses(Refusal.DocumentNoLongerCovers, X, world.Approving(apply.Financing), Key(P));
        world.Accepts(A, new WithdrawFinancing(apply.Financing));
        world.Refuses(Refusal.DocumentNoLongerCovers, A, world.Applying(issued.Instrument, FinancingForm.NonRecourseFactoring, 1, 1_000));
    }
}
