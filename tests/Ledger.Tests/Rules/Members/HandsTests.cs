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

    [Fact]
    public void The_payers_agent_receives_nothing_for_the_payee()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        world.Hands(note, A, D, 1, 400);
        world.Until("2026-09-14 09:00:00");
        world.Granted(A, P, 1_000, "payment.receipt");
        world.Granted(A, P, 1_000, "payment.confirm");
        var ofTheDebtor = world.Granted(C, P, 1, "offer.decline");
        var lump = world.Receipt(note, PaymentOutcome.Paid, 1_000);

        world.Accepts(Y, lump, Key(P));
        Assert.Equal(A, Assert.Single(world.Payment(lump.Payment).Announced).Payee);
        var confirm = new ConfirmPayment(lump.Payment, world.New<Payment>(), A, world.Reference());
        Refused(Refusal.OneHandForBothSides, world.SubmitFor(A, P, confirm));
        world.Accepts(C, new RevokeMandate(ofTheDebtor.Id));
        World.Accepted(world.SubmitFor(A, P, confirm));
        Assert.Equal(InstrumentStatus.Settled, world.Instrument(note).Status);
    }

    [Fact]
    public void The_payers_agent_enters_no_receipt_for_the_payees_bank()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        world.Until("2026-09-14 09:00:00");
        world.Granted(X, P, 1_000, "payment.receipt");
        var ofTheDebtor = world.Granted(C, P, 1, "offer.decline");
        var receipt = world.Receipt(note, PaymentOutcome.Paid, 1_000) with { Units = new(1, 1_000), Payee = A };

        Refused(Refusal.OneHandForBothSides, world.SubmitFor(X, P, receipt));
        world.Accepts(C, new RevokeMandate(ofTheDebtor.Id));
        World.Accepted(world.SubmitFor(X, P, receipt));
    }

    [Fact]
    public void A_bank_that_owes_says_that_it_paid_and_its_customer_that_it_was_paid()
    {
        using var world = new World();
        var issue = world.Issuing(A, 1_000, new DocumentUse(world.Attested(Y, world.Attestation(DocumentKind.Invoice, "INV-OF-X", A, X, 1_000)), new(1_000)));
        world.Accepts(X, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));
        world.Until("2026-09-14 09:00:00");

        world.Refuses(Refusal.NotThePayeesBank, X, world.Receipt(issue.Instrument, PaymentOutcome.Paid, 1_000) with { Units = new(1, 1_000), Payee = A });
        var lump = world.Receipt(issue.Instrument, PaymentOutcome.Paid, 1_000);
        world.Accepts(X, lump);
        Assert.Equal((PaymentStatus.Announced, InstrumentStatus.Active), (world.Payment(lump.Payment).Status, world.Instrument(issue.Instrument).Status));
        world.Refuses(Refusal.NotTheAnnouncedPayee, X, new ConfirmPayment(lump.Payment, world.New<Payment>(), A, world.Reference()));
        world.Accepts(A, new ConfirmPayment(lump.Payment, world.New<Payment>(), A, world.Reference()));
        Assert.Equal(InstrumentStatus.Settled, world.Instrument(issue.Instrument).Status);
    }

    [Fact]
    public void A_debtor_that_calls_its_creditor_its_owner_is_paid_off_by_nobody_of_its_own_group()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        world.Accepts(X, new DeclareControl(X, C, new(7, 7)));
        world.Accepts(C, new DeclareControl(C, A, new(7, 7)));
        world.Until("2026-09-14 09:00:00");

        world.Refuses(Refusal.NotThePayeesBank, X, world.Receipt(note, PaymentOutcome.Paid, 1_000) with { Units = new(1, 1_000), Payee = A });
        var lump = world.Receipt(note, PaymentOutcome.Paid, 1_000);
        world.Accepts(X, lump);
        Assert.Equal((PaymentStatus.Announced, InstrumentStatus.Active), (world.Payment(lump.Payment).Status, world.Instrument(note).Status));
    }

    [Fact]
    public void Who_calls_an_agent_its_owner_keeps_it_from_objecting_for_nobody()
    {
        using var world = new World().Lends();
        var take = world.Taking(world.Certificate(A, 1_000), A, B, TransferCause.Court, 1, 1_000);
        world.Accepts(Y, take, Key(Z));
        world.Granted(A, P, 1_000, "measure.contest");
        world.Accepts(B, new DeclareControl(B, P, new(7, 7)));

        World.Accepted(world.SubmitFor(A, P, new ContestMeasure(new(take.Offer.Value), new(7, 7))));
    }

    [Fact]
    public void The_pledgors_agent_lets_no_pledge_go()
    {
        using var world = new World().Lends();
        var pledge = new PledgeDocuments(world.New<Offer>(), X, Currency.Cny, new(1_000), [new(world.Invoice(A, C, 1_000), new(1_000))], world.Tomorrow);
        world.Accepts(A, pledge);
        world.Accepts(X, new AcceptOffer(pledge.Offer));
        world.Granted(X, P, 1_000, "document.release");
        world.Granted(A, P, 1, "offer.decline");

        Refused(Refusal.OneHandForBothSides, world.SubmitFor(X, P, new ReleasePledge(pledge.Offer, DebtWasPaid: false)));
        world.Accepts(X, new ReleasePledge(pledge.Offer, DebtWasPaid: false));
    }

    [Fact]
    public void Who_signs_beside_the_acting_side_is_not_its_agent_for_anything()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        world.Granted(A, P, 1_000, "receivable.cancel");
        var ofTheDebtor = world.Granted(C, P, 1, "offer.decline");

        world.Refuses(Refusal.HolderDidNotSign, C, new CancelReceivable(note), Key(P));
        world.Accepts(C, new RevokeMandate(ofTheDebtor.Id));
        world.Accepts(C, new CancelReceivable(note), Key(P));
    }

    /// <summary>Nobody takes a party's only agent from it by a mandate: what takes nothing an agent of both may do.</summary>
    [Fact]
    public void Who_gains_by_a_measure_keeps_nobodys_agent_from_contesting_it()
    {
        using var world = new World().Lends();
        var take = world.Taking(world.Certificate(A, 1_000), A, B, TransferCause.Court, 1, 1_000);
        world.Accepts(Y, take, Key(Z));
        world.Granted(A, P, 1, "measure.contest");
        world.Granted(B, P, 1, "offer.decline");

        World.Accepted(world.SubmitFor(A, P, new ContestMeasure(new(take.Offer.Value), new(1, 1))));
    }

    /// <summary>Of every verb that an agent may do it is decided what it does for both sides.</summary>
    [Fact]
    public void Every_verb_of_agents_asks_answers_objects_or_looks_who_gains()
    {
        string[] asks =
        [
            "confirmation.request", "receivable.issue", "document.pledge", "token.transfer", "financing.apply", "bill.register", "bill.presentForAcceptance", "bill.deliver", "bill.guarantee",
            "bill.pledge", "bill.present", "bill.recourse",
        ];
        string[] objectsOrTakesBack = ["payment.deny", "payment.dispute", "measure.contest", "offer.withdraw", "financing.withdraw"];

        // Of these the other side signs too, by no hand of this one, or its bank does; costs are claimed from who signs, and an extension from all who wait.
        string[] signedByBoth = ["receivable.cancel", "bill.cancel", "party.account", "claim.costs", "instrument.extend"];

        // Its own mark an endorser takes away for whoever holds the bill.
        string[] ownAlone = ["bill.allowTransfer"];
        var rules = Directory.GetFiles(Path.Combine(Repository.Root(), "ledger-node", "Ledger.Core", "Rules"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);
        var looks = rules.Where(text => text.Contains("JudgeOtherHand(state, act,", StringComparison.Ordinal) || text.Contains("JudgeAnswer(state, act,", StringComparison.Ordinal))
            .SelectMany(text => System.Text.RegularExpressions.Regex.Matches(text, "new\\(\"([a-zA-Z.]+)\", \"[^\"]+\", \"[^\"]+\", IsForAgents: true\\)").Select(found => found.Groups[1].Value));

        Assert.Equal(
            Rulebook.Verbs.Values.Where(verb => verb.IsForAgents).Select(verb => verb.Name).Order(StringComparer.Ordinal),
            looks.Concat(asks).Concat(objectsOrTakesBack).Concat(signedByBoth).Concat(ownAlone).Distinct().Order(StringComparer.Ordinal));
    }
}
