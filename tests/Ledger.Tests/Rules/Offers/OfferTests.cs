using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Offers;

/// <summary>Nothing moves on one party's word: an offer waits until it is accepted, declined, withdrawn or over.</summary>
public class OfferTests
{
    [Fact]
    public void Only_the_offeree_accepts_and_then_the_units_move()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 40);
        world.Accepts(A, trade);

        Assert.Equal([(A, "1-40"), (A, "41-100")], world.Holdings(note));
        world.Refuses(Refusal.NotTheOfferee, A, new AcceptOffer(trade.Offer));
        world.Refuses(Refusal.NotTheOfferee, D, new AcceptOffer(trade.Offer));
        world.Accepts(B, new AcceptOffer(trade.Offer));
        Assert.Equal([(B, "1-40"), (A, "41-100")], world.Holdings(note));
        world.Refuses(Refusal.OfferNotOpen, B, new AcceptOffer(trade.Offer));
        world.Refuses(Refusal.OfferNotOpen, A, new WithdrawOffer(trade.Offer));
    }

    [Fact]
    public void An_issue_that_is_already_due_is_no_longer_accepted()
    {
        using var world = new World();
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100)));
        issue = issue with { DueDate = issue.IssueDate.AddDays(2), Expires = world.State.Now.CeilingMinute().Add(5 * Timestamp.Day) };
        world.Accepts(C, issue);
        world.Pass(2 * Timestamp.Day);

        world.Refuses(Refusal.InstrumentDue, A, new AcceptOffer(issue.Offer));
        world.Accepts(A, new DeclineOffer(issue.Offer));
    }

    [Theory]
    [InlineData(OfferStatus.Declined)]
    [InlineData(OfferStatus.Withdrawn)]
    [InlineData(OfferStatus.Expired)]
    public void An_offer_that_is_not_taken_frees_its_units_and_documents(OfferStatus how)
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 40);
        world.Accepts(A, trade);
        Assert.Equal(new Amount(40), world.Document(trade.Documents[0].Document).Reserved);

        if (how == OfferStatus.Declined) world.Accepts(B, new DeclineOffer(trade.Offer));
        else if (how == OfferStatus.Withdrawn) world.Accepts(A, new WithdrawOffer(trade.Offer));
        else world.Until(trade.Expires);

        Assert.Equal(how, world.Offer(trade.Offer).Status);
        Assert.Equal([(A, "1-100")], world.Holdings(note));
        Assert.Equal(Amount.Zero, world.Document(trade.Documents[0].Document).Taken);
        world.Accepts(A, trade with { Offer = world.New<Offer>(), Expires = world.Tomorrow });
    }

    [Fact]
    public void An_offer_is_good_until_its_last_moment_and_no_longer()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        Transfer[] trades = [world.Trade(note, A, B, 1, 10), world.Trade(note, A, B, 11, 20)];
        foreach (var trade in trades) world.Accepts(A, trade);

        world.Until(trades[0].Expires.Add(-1));
        world.Accepts(B, new AcceptOffer(trades[0].Offer));
        world.Until(trades[0].Expires);
        world.Refuses(Refusal.OfferExpired, B, new AcceptOffer(trades[1].Offer));
        world.Refuses(Refusal.OfferExpired, B, new DeclineOffer(trades[1].Offer));
        world.Refuses(Refusal.OfferExpired, A, new WithdrawOffer(trades[1].Offer));
    }

    [Fact]
    public void An_expired_offer_is_answered_alike_before_its_deadline_fired()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10);
        world.Accepts(A, trade);

        // Time has passed and the deadline has not been tidied away, as when very many fall due at once.
        var late = world.State.At(world.State.Height + 1, trade.Expires);

        foreach (var (party, operation) in new (PartyId, Operation)[] { (B, new AcceptOffer(trade.Offer)), (B, new DeclineOffer(trade.Offer)), (A, new WithdrawOffer(trade.Offer)) })
        {
            var transaction = new Transaction(party, null, world.New<Transaction>(), trade.Expires.Add(1), [operation]);
            Assert.Equal(Refusal.OfferExpired, Rulebook.Decide(late, new(transaction, default, new(1, 1), new(1, 2), [Key(party)], default)).Code);
        }
    }

    [Fact]
    public void A_term_is_a_whole_minute_ahead_within_the_longest_that_the_rules_allow()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10);

        world.Refuses(Refusal.OfferTermInvalid, A, trade with { Expires = world.Clock });
        world.Refuses(Refusal.OfferTermInvalid, A, trade with { Expires = world.Tomorrow.Add(1) });
        world.Refuses(Refusal.OfferTermInvalid, A, trade with { Expires = world.Clock.Add((30 * Timestamp.Day) + Timestamp.Minute) });
        world.Accepts(A, trade with { Expires = world.Clock.Add(30 * Timestamp.Day) });
    }

    [Fact]
    public void A_closed_issue_of_a_confirmed_claim_leaves_the_claim_confirmed()
    {
        using var world = new World();
        var request = new RequestConfirmation(
            world.New<Instrument>(), C, Currency.Cny, new(100), world.State.Today, SizeClass.Large, SizeClass.Small, new(3, 3), Terms: [new(7, 1)]);
        world.Accepts(A, request);
        world.Accepts(C, new Confirm(request.Instrument, new(80), Promise, new Hash256(4, 4)));
        var before = world.Instrument(request.Instrument);
        var issue = world.Issuing(A, 80, new DocumentUse(world.Invoice(A, C, 80), new(80))) with
        {
            Instrument = request.Instrument, Undertaking = null, Transferable = false, Terms = [new(7, 2)], LateRate = new(700),
        };
        world.Accepts(C, issue);
        Assert.Equal(new(700), world.State.Maturity(request.Instrument)?.LateRate);
        world.Accepts(A, new DeclineOffer(issue.Offer));

        // To the last field: what the issue alone said left with it.
        Assert.Equal(before, world.Instrument(request.Instrument));
        Assert.Null(world.State.Maturity(request.Instrument));

        var again = issue with { Offer = world.New<Offer>(), LateRate = null };
        world.Accepts(C, again);
        world.Accepts(A, new AcceptOffer(again.Offer));
        Assert.Equal([new(7, 1), new(7, 2)], world.Instrument(request.Instrument).Terms);
        Assert.Null(world.State.Maturity(request.Instrument));
    }
}
