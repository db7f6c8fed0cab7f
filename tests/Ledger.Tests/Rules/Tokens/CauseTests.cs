using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Tokens;

/// <summary>Why units change hands decides who may move them, when, and what lies on them.</summary>
public class CauseTests
{
    const string AfterDue = "2026-09-16 09:00:00";
    static readonly Hash256 Paper = new(6, 6);

    [Fact]
    public void A_receivable_is_sold_to_a_bank_by_a_financing_and_by_no_offer()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, Y, 1, 40);

        // Neither its registry, nor a reviewer, nor the bank's line was asked.
        foreach (var recourse in new[] { false, true })
        {
            world.Refuses(Refusal.SaleIsFinancing, A, world.Moving(note, X, TransferCause.Sale, 41, 100) with { Recourse = recourse });
            world.Refuses(Refusal.SaleIsFinancing, Y, world.Moving(note, X, TransferCause.Sale, 1, 40) with { Recourse = recourse });
        }

        // A bank applies to another as everybody does.
        world.Accepts(Y, new FileAccount(Lending.Account), Key(X));
        var sold = world.Financed(Y, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 40));
        Assert.Equal((X, new Id<Offer>(sold.Value)), (world.Tokens(note)[0].Holder, world.Tokens(note)[0].Leg.Act));
    }

    [Fact]
    public void A_bill_is_sold_to_a_bank_by_a_discount_whoever_holds_it()
    {
        using var story = new BillStory();
        var world = story.World.Lends();
        story.Issue();
        world.Refuses(Refusal.SaleIsFinancing, A, world.Moving(story.Bill, X, TransferCause.Sale, 1, 400));
        var apply = world.Applying(story.Bill, FinancingForm.Discount, 1, 400);
        world.Accepts(A, apply);
        world.Accepts(X, world.Approving(apply.Financing), Key(Lending.P));
        world.Accepts(X, new Disburse(apply.Financing, world.Reference()));

        world.Refuses(Refusal.SaleIsFinancing, X, world.Moving(story.Bill, Y, TransferCause.Sale, 1, 400) with { Recourse = true });

        // The buyer's line for the acceptor is as full as by any discount, and the seller's is free.
        var line = new SetLine(world.New<CreditLine>(), C, CreditMode.General, Currency.Cny, new(1_000), Date("2027-12-31"));
        world.Accepts(Y, line);
        world.Accepts(X, new FileAccount(Lending.Account), Key(Y));
        var again = world.Applying(story.Bill, FinancingForm.Discount, 1, 400) with { Financier = Y };
        world.Accepts(X, again);
        world.Refuses(Refusal.ReviewerIsNotIndependent, Y, world.Approving(again.Financing, line.Line) with { Reviewer = X }, Key(X));
        world.Accepts(Y, world.Approving(again.Financing, line.Line) with { Reviewer = W }, Key(W));
        world.Accepts(Y, new Disburse(again.Financing, world.Reference()));
        var sold = world.Tokens(story.Bill)[0];
        Assert.Equal((Y, TransferCause.Sale, X), (sold.Holder, sold.Leg.Cause, sold.Leg.From));
        Assert.Equal(new Amount(400), world.Drawn(line.Line));
    }

    [Fact]
    public void A_bill_at_a_register_is_discounted_there_whoever_holds_it()
    {
        using var story = new BillStory(atRegister: true);
        var world = story.World;
        story.Issue();
        var discount = world.Moving(story.Bill, X, TransferCause.Sale, 1, 400);
        world.Refuses(Refusal.BuyerIsNotBank, A, discount with { To = B });
        world.Refuses(Refusal.DocumentsNotTaken, A, discount with { Documents = [new(world.Invoice(X, A, 400), new(400))] });
        world.Refuses(Refusal.EvidenceNotTaken, A, discount with { Evidence = Paper });
        world.Refuses(Refusal.HolderNotTaken, B, discount with { From = A });
        world.Accepts(A, discount);
        story.Agree(X, discount.Offer, BillStory.Free);

        Assert.Equal((X, "1-400"), world.Holdings(story.Bill)[0]);
    }

    [Fact]
    public void Recourse_brings_dishonoured_units_back_to_the_seller_who_answers_for_them()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        Move(world, A, world.Trade(note, A, X, 1, 40) with { Recourse = true });
        Move(world, A, world.Trade(note, A, X, 41, 60));
        var cited = world.Tokens(note)[0].Leg.Documents;

        // Due on Saturday 09-12, payable on Monday 09-14: only after that is it dishonoured.
        world.Until("2026-09-14 23:00:00");
        world.Refuses(Refusal.InstrumentNotDue, X, world.Moving(note, A, TransferCause.Recourse, 1, 40));
        world.Until(AfterDue);
        world.Refuses(Refusal.NoRecourse, X, world.Moving(note, A, TransferCause.Recourse, 1, 41));
        world.Refuses(Refusal.NoRecourse, X, world.Moving(note, B, TransferCause.Recourse, 1, 40));
        Move(world, X, world.Moving(note, A, TransferCause.Recourse, 1, 40));

        Assert.Equal([(A, "1-40"), (X, "41-60"), (A, "61-100")], world.Holdings(note));
        Assert.Equal(cited, world.Tokens(note)[0].Leg.Documents);
    }

    [Fact]
    public void Whoever_paid_the_holder_steps_into_its_place_and_the_interest_follows_the_units()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Until(AfterDue);
        var before = Rulebook.Instructions(world.State, note, world.State.Today).Single();
        var steps = world.Moving(note, B, TransferCause.Subrogation, 1, 1_000_000);
        world.Refuses(Refusal.EvidenceMissing, A, steps);
        Move(world, A, steps with { Evidence = Paper });

        Assert.Equal(before with { Payee = B }, Rulebook.Instructions(world.State, note, world.State.Today).Single());
        Assert.Equal(new(1_000), before.Interest);
    }

    [Fact]
    public void A_pledgee_realises_its_pledge_with_the_holders_word_or_by_an_order_that_another_executes()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var state = Pledged(world, note, Y);
        var realise = world.Moving(note, B, TransferCause.Realisation, 1, 40) with { From = A };
        var order = world.Taking(note, A, B, TransferCause.Realisation, 1, 40);

        // Not the pledgee itself, nor the bank of who gets the units, nor one institution alone.
        Assert.Equal(Refusal.RealisationNotAuthorised, Decide(world, state, Y, realise, Y).Code);
        Assert.Equal(Refusal.RealisationNotAuthorised, Decide(world, state, Y, order, Y, Z).Code);
        Assert.Equal(Refusal.RealisationNotAuthorised, Decide(world, state, Y, order, X, Y, Z).Code);
        Assert.Equal(Refusal.RealisationNotAuthorised, Decide(world, state, Y, order with { Evidence = null }, W, Y, Z).Code);
        Assert.Equal(Refusal.None, Decide(world, state, Y, order, W, Y, Z).Code);
        Assert.Equal(Refusal.NotThePledgeeOfUnits, Decide(world, state, X, realise, A, X).Code);
        Assert.Equal(Refusal.UnitsPledged, Decide(world, state, A, world.Moving(note, C, TransferCause.Conversion, 1, 1) with { Evidence = Paper }, A).Code);

        var offered = Decide(world, state, Y, realise, A, Y);
        Assert.Equal(Refusal.NotTheOfferor, Decide(world, offered.After, A, new WithdrawOffer(realise.Offer), A).Code);
        var taken = Decide(world, offered.After, B, new AcceptOffer(realise.Offer), B).After.Tokens(note)?.Span[0];
        Assert.Equal((B, A, "1-40", 0), (taken?.Holder, taken?.Leg.From, taken?.Units.ToString(), taken?.Encumbrances.Count));

        // The debt was paid while the offer stood, and with the pledge its ground is gone.
        var freed = offered.After.With(note, Core.Instruments.Tokens.Whole(world.Tokens(note)[0]));
        Assert.Equal(Refusal.NotThePledgeeOfUnits, Decide(world, freed, B, new AcceptOffer(realise.Offer), B).Code);
    }

    [Fact]
    public void A_second_pledge_or_a_freeze_stands_in_the_way_of_realisation()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var realise = world.Moving(note, Y, TransferCause.Realisation, 1, 40) with { From = A };

        var refused = Decide(world, Pledged(world, note, Y, X), Y, realise, A, Y);
        Assert.Equal((Refusal.UnitsBurdened, "Pledge"), (refused.Code, refused.Facts.Conflict?.Kind));
        Assert.Equal(Refusal.None, Decide(world, Pledged(world, note, Y), Y, realise, A, Y).Code);
    }

    [Fact]
    public void A_successor_takes_the_units_with_all_that_lies_on_them()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(Y, world.Freezing(note, 1, 30) with { LastDay = Date("2026-11-30") }, Key(X));
        var trade = world.Trade(note, A, D, 51, 60);
        world.Accepts(A, trade with { Expires = world.Clock.CeilingMinute().Add(20 * Timestamp.Day) });

        var follow = world.Taking(note, A, B, TransferCause.Succession, 1, 100);
        world.Refuses(Refusal.TwoInstitutionsMissing, X, follow);
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, follow, Key(X));
        world.Accepts(Y, follow, Key(Z));
        world.Refuses(Refusal.NotTheOfferor, A, new WithdrawOffer(follow.Offer));
        world.Refuses(Refusal.MeasureNotInForce, B, new AcceptOffer(follow.Offer));
        world.ContestEnds();
        world.Accepts(B, new AcceptOffer(follow.Offer));
        Assert.All(world.Tokens(note), token => Assert.Equal((B, A), (token.Holder, token.Leg.From)));
        world.Refuses(Refusal.UnitsFrozen, B, world.Trade(note, B, D, 1, 1));

        // A's word binds its successor.
        world.Accepts(D, new AcceptOffer(trade.Offer));
        Assert.Equal((D, B), (world.Tokens(note).Single(token => token.Units.Contains(new(51, 60))).Holder, world.Tokens(note).Single(token => token.Units.Contains(new(51, 60))).Leg.From));
    }

    [Fact]
    public void A_court_moves_units_whose_first_freeze_is_its_executors_whatever_waits_behind_it()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var before = world.Freezing(note, 41, 60) with { LastDay = Date("2027-05-31") };
        world.Accepts(X, before, Key(Y));
        world.Accepts(Y, world.Freezing(note, 1, 60) with { LastDay = Date("2027-05-31") }, Key(X));
        var behind = world.Freezing(note, 1, 20) with { LastDay = Date("2027-05-31") };
        world.Accepts(X, behind, Key(Y));

        world.Until(AfterDue);
        var order = world.Taking(note, A, B, TransferCause.Court, 1, 60);
        world.Refuses(Refusal.RoleMissing, B, order, Key(Y), Key(Z));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, order with { To = Y }, Key(Z));
        world.Refuses(Refusal.HolderNotNamed, Y, order with { From = null }, Key(Z));
        world.Refuses(Refusal.UnitsNotHeld, Y, order with { From = D }, Key(Z));
        var first = world.Refuses(Refusal.UnitsBurdened, Y, order, Key(Z)).Facts.Conflict;
        Assert.Equal(("Freeze", new Id<Encumbrance>(before.Freeze.Value).ToString()), (first?.Kind, first?.Reference));
        world.Accepts(X, new UnfreezeUnits(before.Freeze));
        world.Accepts(Y, order, Key(Z));
        world.ContestEnds();
        world.Accepts(B, new AcceptOffer(order.Offer));

        var moved = world.Tokens(note)[0];
        Assert.Equal((B, "1-60", TransferCause.Court, A, 0), (moved.Holder, moved.Units.ToString(), moved.Leg.Cause, moved.Leg.From, moved.Encumbrances.Count));
        Assert.Equal(TransferCause.Court, moved.Leg.Cause);
    }

    [Fact]
    public void A_conversion_into_a_bill_extinguishes_what_goes_home()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var convert = world.Moving(note, C, TransferCause.Conversion, 1, 100) with { Evidence = Paper };
        world.Refuses(Refusal.ConversionIsToObligor, A, convert with { To = X });
        Move(world, A, convert);

        Assert.Equal(UnitState.Extinguished, Assert.Single(world.Tokens(note)).State);
        Assert.Equal(InstrumentStatus.Settled, world.Instrument(note).Status);
    }

    [Fact]
    public void Pledged_units_that_reach_their_obligor_by_law_are_still_owed_to_the_pledgee()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var follow = world.Taking(note, A, C, TransferCause.Succession, 1, 100);
        var state = Decide(world, Pledged(world, note, Y), Y, follow, Y, Z).After;
        world.Skip(At("2026-03-16 09:00:00"));
        state = Decide(world, state.At(state.Height + 1, world.Clock), C, new AcceptOffer(follow.Offer), C).After;

        Assert.Equal((C, UnitState.Live), (state.Tokens(note)?.Span[0].Holder, state.Tokens(note)?.Span[0].State));
        Assert.Equal(Y, Assert.Single(Rulebook.Instructions(state, note, Date("2026-09-14"))).Payee);
    }

    [Fact]
    public void An_issue_or_a_correction_is_no_transfer()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);

        world.Refuses(Refusal.CauseNotTaken, A, world.Moving(note, B, TransferCause.Issue, 1, 1));
        world.Refuses(Refusal.CauseHasItsOwnVerb, A, world.Moving(note, B, TransferCause.Correction, 1, 1));
    }

    [Fact]
    public void A_ban_on_transfer_stops_bargains_and_not_a_court()
    {
        using var world = new World();
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { Transferable = false };
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));

        world.Refuses(Refusal.NotTransferable, A, world.Trade(issue.Instrument, A, B, 1, 1));
        world.Accepts(Y, world.Taking(issue.Instrument, A, B, TransferCause.Court, 1, 100), Key(Z));
    }

    [Fact]
    public void An_offer_is_not_taken_once_a_payment_retired_some_of_its_units()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Until(AfterDue);
        var steps = world.Moving(note, B, TransferCause.Subrogation, 1, 100) with { Evidence = Paper };
        world.Accepts(A, steps);
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 10));

        world.Refuses(Refusal.UnitsNotLive, B, new AcceptOffer(steps.Offer));
        world.Accepts(A, new WithdrawOffer(steps.Offer));
    }

    [Fact]
    public void A_mistaken_trade_is_undone_with_its_documents()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 11, 30);
        Move(world, A, trade);
        var invoice = trade.Documents[0].Document;
        var earlier = world.Instrument(note).Documents[0] with { Amount = new(20) };
        var correct = new CorrectTransfer(trade.Offer, Y, [earlier]);

        world.Refuses(Refusal.NotTheOfferee, A, correct, Key(B), Key(Y));
        world.Refuses(Refusal.FormerHolderDidNotSign, B, correct, Key(Y));
        world.Refuses(Refusal.CorrectionNotReviewed, B, correct, Key(A));
        world.Refuses(Refusal.CorrectionNotReviewed, B, correct with { Reviewer = D }, Key(A), Key(D));
        world.Refuses(Refusal.DocumentPartiesDiffer, B, correct with { Documents = [new(invoice, new(20))] }, Key(A), Key(Y));
        world.Refuses(Refusal.DocumentCitedTwice, B, correct with { Documents = [earlier, earlier] }, Key(A), Key(Y));
        world.Accepts(B, correct, Key(A), Key(Y));

        Assert.Equal([(A, "1-10"), (A, "11-30"), (A, "31-100")], world.Holdings(note));
        var back = world.Tokens(note)[1].Leg;
        Assert.Equal((TransferCause.Correction, B, (ushort)0, (ValueList<DocumentUse>)[earlier]), (back.Cause, back.From, back.Depth, back.Documents));
        Assert.Equal((Amount.Zero, Amount.Zero), (world.Document(invoice).Used, world.Document(invoice).Reserved));
        world.Refuses(Refusal.LaterActsRely, B, correct, Key(A), Key(Y));
        world.Hands(note, A, B, 1, 100);
    }

    [Fact]
    public void What_was_built_on_a_trade_keeps_it_from_being_corrected()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 11, 30);
        Move(world, A, trade);
        var offered = world.Trade(note, B, D, 15, 15);
        world.Accepts(B, offered);
        world.Refuses(Refusal.UnitsOffered, B, new CorrectTransfer(trade.Offer, Y), Key(A), Key(Y));
        world.Accepts(D, new AcceptOffer(offered.Offer));
        world.Refuses(Refusal.LaterActsRely, B, new CorrectTransfer(trade.Offer, Y), Key(A), Key(Y));
    }

    static void Move(World world, PartyId by, Transfer transfer)
    {
        world.Accepts(by, transfer);
        world.Accepts(transfer.To, new AcceptOffer(transfer.Offer));
    }

    // No verb of this chapter pledges units; the burden itself is what is judged.
    static LedgerState Pledged(World world, Id<Instrument> note, params PartyId[] pledgees) => world.State.With(note, Core.Instruments.Tokens.Whole(
        world.Tokens(note)[0] with
        {
            Encumbrances = [.. pledgees.Select((pledgee, rank) => new Encumbrance(
                EncumbranceKind.Pledge, (UInt128)(77 + rank), pledgee, world.Clock, Core.Parties.PartyKey.Forever))],
        }));

    static Decision Decide(World world, LedgerState state, PartyId by, Operation operation, params PartyId[] signers) => Rulebook.Decide(
        state, new(world.Draft(by, operation), default, world.Suite.Hash([1]), world.Suite.Hash([2]), [.. signers.Order().Select(party => Key(party))], default));
}
