using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.Lending;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Members;

/// <summary>One hand, one side: whoever signs for one party of an act neither asked nor answers for the other (民法典 168).</summary>
public class HandsTests
{
    [Fact]
    public void One_agent_does_not_take_for_the_buyer_what_it_offered_for_the_seller()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var offers = world.Granted(A, P, 1_000, "token.transfer");
        world.Granted(D, P, 1_000, "offer.accept");
        world.Granted(D, P, 1_000, "offer.decline");
        var trade = world.Trade(note, A, D, 1, 1_000);

        World.Accepted(world.SubmitFor(A, P, trade));
        Assert.Equal(P, world.Offer(trade.Offer).Hand);
        Refused(Refusal.OneHandForBothSides, world.SubmitFor(D, P, new AcceptOffer(trade.Offer)));
        Refused(Refusal.OneHandForBothSides, world.SubmitFor(D, P, new DeclineOffer(trade.Offer)));

        // That it is no longer the seller's agent undoes nothing of what it said.
        world.Accepts(A, new RevokeMandate(offers.Id));
        Refused(Refusal.OneHandForBothSides, world.SubmitFor(D, P, new AcceptOffer(trade.Offer)));
        world.Accepts(D, new AcceptOffer(trade.Offer));
        Assert.Equal((D, "1-1000"), Assert.Single(world.Holdings(note)));
    }

    [Fact]
    public void An_agent_of_both_sides_answers_for_neither_what_the_other_offered_itself()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var ofA = world.Granted(A, P, 1, "claim.costs");
        world.Granted(D, P, 1_000, "offer.accept");
        var trade = world.Trade(note, A, D, 1, 1_000);
        world.Accepts(A, trade);

        Refused(Refusal.OneHandForBothSides, world.SubmitFor(D, P, new AcceptOffer(trade.Offer)));
        world.Accepts(A, new RevokeMandate(ofA.Id));
        World.Accepted(world.SubmitFor(D, P, new AcceptOffer(trade.Offer)));
    }

    [Fact]
    public void Who_signed_a_document_for_its_seller_does_not_sign_for_its_buyer_what_rests_on_it()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        world.Granted(D, P, 1_000, "offer.accept");
        foreach (var verb in new[] { "token.transfer", "document.pledge" }) world.Granted(A, P, 1_000, verb);
        world.Granted(C, P, 1_000, "receivable.issue");
        AttestDocument Signed(string number, PartyId seller, PartyId buyer)
        {
            var invoice = world.Attestation(DocumentKind.Invoice, number, seller, buyer, 1_000);
            world.Accepts(X, invoice, Key(P));
            Assert.Equal(P, world.Document(invoice.Document).SellersHand);
            return invoice;
        }

        var ofD = new DocumentUse(Signed("777", D, A).Document, new(1_000));
        var ofA = new DocumentUse(Signed("778", A, C).Document, new(1_000));
        var trade = world.Moving(note, D, TransferCause.Trade, 1, 1_000) with { Documents = [ofD] };
        Refused(Refusal.OneHandForBothSides, world.SubmitFor(A, P, trade));
        Refused(Refusal.OneHandForBothSides, world.SubmitFor(C, P, world.Issuing(A, 1_000, ofA)));

        // The buyer's own word is another's, and the seller's agent may raise money for the seller.
        world.Accepts(A, trade);
        World.Accepted(world.SubmitFor(A, P, new PledgeDocuments(world.New<Offer>(), X, Currency.Cny, new(1_000), [ofA], world.Tomorrow)));
    }

    [Fact]
    public void Who_asks_for_the_creditor_does_not_confirm_for_the_obligor()
    {
        using var world = new World().Lends();
        var asks = world.Granted(A, P, 1_000, "confirmation.request");
        world.Granted(C, P, 1_000, "confirmation.confirm");
        world.Granted(C, P, 1_000, "confirmation.dispute");
        var request = new RequestConfirmation(world.New<Instrument>(), C, Currency.Cny, new(1_000), world.State.Today, SizeClass.Large, SizeClass.Small, new(1, 1));
        World.Accepted(world.SubmitFor(A, P, request));
        world.Accepts(A, new RevokeMandate(asks.Id));

        Refused(Refusal.OneHandForBothSides, world.SubmitFor(C, P, new Confirm(request.Instrument, new(1_000), Promise)));
        Refused(Refusal.OneHandForBothSides, world.SubmitFor(C, P, new Dispute(request.Instrument, new(1, 1))));
        world.Accepts(C, new Confirm(request.Instrument, new(1_000), Promise));
    }

    [Fact]
    public void Who_applied_for_the_applicant_reviews_nothing_though_its_mandate_has_ended()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        var applies = world.Granted(A, P, 1_000, "financing.apply");
        var apply = world.Applying(note, FinancingForm.PledgeLoan, 1, 1_000);
        World.Accepted(world.SubmitFor(A, P, apply));
        world.IsClear(apply.Financing);
        world.Accepts(A, new RevokeMandate(applies.Id));

        world.Refuses(Refusal.ReviewerIsNotIndependent, X, world.Approving(apply.Financing), Key(P));
        world.Accepts(X, world.Approving(apply.Financing) with { Reviewer = Y }, Key(Y));
    }
}
