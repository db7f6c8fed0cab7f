using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Confirmation;

/// <summary>A claim is confirmed by its obligor's word and by nothing else: not by silence, not by a later change of mind.</summary>
public class ConfirmationTests
{
    static readonly Hash256 Reason = new(4, 4);

    [Fact]
    public void The_obligor_confirms_a_part_and_disputes_the_rest()
    {
        using var world = new World();
        var claim = Requested(world, 100);
        world.Refuses(Refusal.DisputeReasonMissing, C, new Confirm(claim, new(60), Promise));
        world.Refuses(Refusal.ConfirmedAboveRequested, C, new Confirm(claim, new(101), Promise, Reason));
        world.Refuses(Refusal.NotTheObligor, A, new Confirm(claim, new(60), Promise, Reason));
        world.Accepts(C, new Confirm(claim, new(60), Promise, Reason));

        var confirmed = world.Instrument(claim);
        Assert.Equal(InstrumentStatus.Confirmed, confirmed.Status);
        Assert.Equal((new Amount(60), new Amount(40)), (confirmed.Confirmation?.Confirmed, confirmed.Confirmation?.Disputed));
        Assert.Equal((Promise.Letter, true, Promise.ContractClause), (confirmed.Confirmation?.Undertaking, confirmed.Confirmation?.DefencesWaived, confirmed.Confirmation?.ContractClause));
        world.Refuses(Refusal.AlreadyAnsweredClaim, C, new Confirm(claim, new(100), Promise));
    }

    [Fact]
    public void Silence_never_confirms()
    {
        using var world = new World();
        var claim = Requested(world, 100);
        var deadline = Assert.IsType<Core.Instruments.Confirmation>(world.Instrument(claim).Confirmation).Deadline;

        Assert.Empty(world.Until(deadline.Add(-1)).Opening.OfType<ConfirmationOverdue>());
        var over = world.Until(deadline);

        Assert.Equal(new ConfirmationOverdue(claim), Assert.Single(over.Opening.OfType<ConfirmationOverdue>()));
        var silent = world.Instrument(claim);
        Assert.Equal((InstrumentStatus.Requested, true, Amount.Zero), (silent.Status, silent.Confirmation?.Overdue, silent.Confirmation?.Confirmed));
        world.Refuses(Refusal.InstrumentStatusWrong, C, world.Issuing(A, 100) with { Instrument = claim, Undertaking = null });

        // The answer may come late and is then on record as late.
        world.Accepts(C, new Confirm(claim, new(100), Promise));
        Assert.True(world.Instrument(claim).Confirmation?.Overdue);
    }

    [Fact]
    public void A_late_answer_is_late_even_before_its_deadline_fired()
    {
        using var world = new World();
        var claim = Requested(world, 100);
        var deadline = Assert.IsType<Core.Instruments.Confirmation>(world.Instrument(claim).Confirmation).Deadline;
        var late = world.State.At(world.State.Height + 1, deadline);

        foreach (var answer in new Operation[] { new Confirm(claim, new(100), Promise), new Dispute(claim, Reason) })
        {
            var transaction = new Transaction(C, null, world.New<Transaction>(), deadline.Add(1), [answer]);
            var decision = Rulebook.Decide(late, new(transaction, default, new(1, 1), new(1, 2), [Key(C)], default));
            Assert.True(decision.After.Instrument(claim)?.Confirmation?.Overdue);
        }
    }

    [Fact]
    public void An_answer_in_time_is_never_overdue_afterwards()
    {
        using var world = new World();
        var disputed = Requested(world, 100);
        var confirmed = Requested(world, 100);
        world.Accepts(C, new Dispute(disputed, Reason));
        world.Accepts(C, new Confirm(confirmed, new(100), Promise));

        Assert.Empty(world.Pass(40 * Timestamp.Day).Opening.OfType<ConfirmationOverdue>());
        world.Accepts(C, new Confirm(disputed, new(100), Promise));
        Assert.All([disputed, confirmed], claim => Assert.False(world.Instrument(claim).Confirmation?.Overdue));
    }

    [Fact]
    public void A_later_dispute_flags_and_never_un_confirms()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(C, new Dispute(note, Reason));

        var flagged = world.Instrument(note);
        Assert.Equal((InstrumentStatus.Active, true, new Amount(100)), (flagged.Status, flagged.Confirmation?.DisputedLater, flagged.Confirmation?.Confirmed));
        world.Hands(note, A, B, 1, 100);
    }

    [Fact]
    public void What_is_answered_is_asked_of_status_before_right()
    {
        using var world = new World();
        var claim = Requested(world, 100);
        world.Accepts(C, new Dispute(claim, Reason));

        world.Refuses(Refusal.InstrumentStatusWrong, B, new Dispute(claim, Reason));
        world.Refuses(Refusal.InstrumentStatusWrong, C, new Dispute(claim, Reason));
    }

    [Fact]
    public void A_confirmed_claim_is_issued_whole_and_unchanged_in_place()
    {
        using var world = new World();
        var claim = Requested(world, 100);
        world.Accepts(C, new Confirm(claim, new(60), Promise, Reason));
        var good = world.Issuing(A, 60, new DocumentUse(world.Invoice(A, C, 60), new(60))) with { Instrument = claim, Undertaking = null };

        world.Refuses(Refusal.UndertakingGivenBefore, C, good with { Undertaking = Promise });
        world.Refuses(Refusal.IssueDiffersFromConfirmation, C, good with { Amount = new(61) });
        world.Refuses(Refusal.IssueDiffersFromConfirmation, C, good with { Creditor = B });
        world.Refuses(Refusal.NotTheObligor, X, good);
        world.Accepts(C, good);
        world.Accepts(A, new AcceptOffer(good.Offer));
        Assert.Equal(new Amount(60), world.Instrument(claim).Face);
        Assert.Equal([(A, "1-60")], world.Holdings(claim));
    }

    [Fact]
    public void An_issue_is_taken_back_alone_before_acceptance_and_with_the_creditor_afterwards()
    {
        using var world = new World();
        var document = world.Invoice(A, C, 100);
        var offered = world.Issuing(A, 100, new DocumentUse(document, new(100)));
        world.Accepts(C, offered);
        world.Accepts(C, new CancelReceivable(offered.Instrument));
        Assert.Equal((InstrumentStatus.Cancelled, Amount.Zero), (world.Instrument(offered.Instrument).Status, world.Document(document).Taken));

        var active = world.Issuing(A, 100, new DocumentUse(document, new(100)));
        world.Accepts(C, active);
        world.Accepts(A, new AcceptOffer(active.Offer));
        world.Refuses(Refusal.NotTheObligor, A, new CancelReceivable(active.Instrument));
        world.Refuses(Refusal.HolderDidNotSign, C, new CancelReceivable(active.Instrument));
        world.Accepts(C, new CancelReceivable(active.Instrument), Key(A));
        Assert.Null(world.State.Tokens(active.Instrument));
        Assert.Equal(Amount.Zero, world.Document(document).Taken);
        world.Refuses(Refusal.InstrumentStatusWrong, C, new CancelReceivable(active.Instrument), Key(A));
    }

    [Fact]
    public void An_issue_that_others_depend_on_is_not_taken_back()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 1);
        world.Accepts(A, trade);
        world.Refuses(Refusal.InstrumentDependedOn, C, new CancelReceivable(note), Key(A));
        world.Accepts(B, new AcceptOffer(trade.Offer));
        world.Refuses(Refusal.InstrumentDependedOn, C, new CancelReceivable(note), Key(A));
    }

    [Fact]
    public void A_creditors_agent_consents_to_a_cancellation_only_under_a_mandate_for_it()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Granted(A, Y, 1_000, "offer.decline");
        world.Refuses(Refusal.HolderDidNotSign, C, new CancelReceivable(note), Key(Y));
        world.Granted(A, Y, 99, "receivable.cancel");
        world.Refuses(Refusal.HolderDidNotSign, C, new CancelReceivable(note), Key(Y));
        world.Granted(A, Y, 100, "receivable.cancel", B);
        world.Refuses(Refusal.HolderDidNotSign, C, new CancelReceivable(note), Key(Y));
        world.Granted(A, Y, 100, "receivable.cancel");

        // One hand does not sign for both sides.
        var ofTheDebtor = world.Granted(C, Y, 100, "receivable.cancel");
        Refused(Refusal.HolderDidNotSign, world.SubmitFor(C, Y, new CancelReceivable(note)));
        world.Refuses(Refusal.HolderDidNotSign, C, new CancelReceivable(note), Key(Y));
        world.Accepts(C, new RevokeMandate(ofTheDebtor.Id));
        world.Accepts(C, new CancelReceivable(note), Key(Y));
    }

    [Fact]
    public void An_issue_is_dated_today_and_cannot_be_backdated()
    {
        using var world = new World("2026-03-12 23:59:59");
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100)));
        world.Until("2026-03-13 00:00:00");

        var refused = world.Refuses(Refusal.IssueDateIsNotToday, C, issue);
        Assert.Equal("2026-03-13", refused.Facts.Reason);
        world.Refuses(Refusal.IssueDateIsNotToday, C, issue with { IssueDate = Date("2026-03-14") });
        world.Accepts(C, issue with { IssueDate = Date("2026-03-13") });
    }

    static Id<Instrument> Requested(World world, ulong amount)
    {
        var request = new RequestConfirmation(
            world.New<Instrument>(), C, Currency.Cny, new(amount), world.State.Today, SizeClass.Large, SizeClass.Small, new(3, 3));
        world.Accepts(A, request);
        return request.Instrument;
    }
}
