using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Bills;

/// <summary>A drawing holds its documents for a term, for nobody but the drawer said that they are its background.</summary>
public class DrawingTermTests
{
    const ulong Face = BillStory.Face;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bill_that_is_never_delivered_frees_its_sellers_invoice(bool accepted)
    {
        using var story = new BillStory();
        var (world, invoice) = Drawn(story);
        if (accepted) story.Accept();
        var pledge = new PledgeDocuments(world.New<Offer>(), X, Currency.Cny, new(Face), [new(invoice, new(Face))], default);
        var term = world.Instrument(story.Bill).Bill!.DrawnUntil;
        Assert.Equal(At(Morning).Add(30 * Timestamp.Day), term);

        world.Until(term.Add(-1));
        world.Refuses(Refusal.DocumentUsedUp, A, pledge with { Expires = world.Tomorrow });
        var ended = world.Until(term);

        Assert.Equal(new DrawingTermEnded(story.Bill), Assert.Single(ended.Opening.OfType<DrawingTermEnded>()));
        Assert.Equal((InstrumentStatus.Cancelled, BillStory.Ended, 0UL), (world.Instrument(story.Bill).Status, story.Pair, world.Document(invoice).Taken.Minor));
        world.Accepts(A, pledge with { Offer = world.New<Offer>(), Expires = world.Tomorrow });
        world.Refuses(Refusal.BillStatusWrong, C, new DeliverBill(world.New<Offer>(), story.Bill, world.Tomorrow));
    }

    [Fact]
    public void A_drawing_ends_at_the_latest_when_its_bill_is_due()
    {
        using var story = new BillStory();
        var (world, _) = Drawn(story, "2026-03-20");

        Assert.Equal(At("2026-03-20 00:00:00"), world.Instrument(story.Bill).Bill!.DrawnUntil);
        world.Until("2026-03-20 00:00:00");
        Assert.Equal(InstrumentStatus.Cancelled, world.Instrument(story.Bill).Status);
    }

    [Fact]
    public void Nothing_is_accepted_or_delivered_after_the_term_whether_or_not_it_was_tidied()
    {
        using var story = new BillStory { Drawer = D };
        var (world, _) = Drawn(story);
        var term = world.Instrument(story.Bill).Bill!.DrawnUntil;
        world.Until(term.Add(-Timestamp.Hour));
        var present = new PresentForAcceptance(world.New<Offer>(), story.Bill, world.Tomorrow);
        world.Accepts(D, present);
        var late = world.State.At(world.State.Height + 1, term);

        Refusal Decide(PartyId by, Operation operation) => Rulebook.Decide(late, new(
            new(by, null, world.New<Transaction>(), term.Add(1), [operation]), default, new(1, 1), new(2, 2), [Key(by)], default)).Code;
        Assert.Equal(Refusal.BillStatusWrong, Decide(C, new AcceptOffer(present.Offer)));
        Assert.Equal(Refusal.BillStatusWrong, Decide(D, new CancelBill(world.New<Offer>(), story.Bill)));

        world.Until(term);
        Assert.Equal((OfferStatus.Expired, InstrumentStatus.Cancelled), (world.Offer(present.Offer).Status, world.Instrument(story.Bill).Status));
        world.Refuses(Refusal.OfferExpired, C, new AcceptOffer(present.Offer));
    }

    [Fact]
    public void A_delivered_bill_knows_no_such_term()
    {
        using var story = new BillStory();
        var (world, invoice) = Drawn(story);
        story.Accept().Agree(A, story.Deliver().Offer, BillStory.Free);

        Assert.Empty(world.Until("2026-05-01 09:00:00").Opening.OfType<DrawingTermEnded>());
        Assert.Equal((InstrumentStatus.Active, Face), (world.Instrument(story.Bill).Status, world.Document(invoice).Used.Minor));
    }

    [Fact]
    public void A_bill_at_a_register_is_one_there_until_it_is_due()
    {
        using var story = new BillStory(atRegister: true);
        var (world, invoice) = Drawn(story);
        story.Accept();
        world.Until("2026-09-09 23:59:59");
        Assert.Equal((BillStory.Accepted, Face), (story.Pair, world.Document(invoice).Reserved.Minor));

        world.Until("2026-09-10 00:00:00");
        Assert.Equal((InstrumentStatus.Cancelled, 0UL), (world.Instrument(story.Bill).Status, world.Document(invoice).Taken.Minor));

        // The register says so too, and that is no contradiction.
        story.Tell(BillStory.Whole, BillStory.Accepted, BillStory.Ended);
        Assert.False(world.Instrument(story.Bill).Bill!.Mismatch);
    }

    [Fact]
    public void What_the_payee_agreed_to_waits_for_the_registers_word_and_then_for_one_term_at_most()
    {
        using var story = new BillStory(atRegister: true);
        var (world, invoice) = Drawn(story);
        story.Accept();
        var deliver = story.Deliver();
        world.Accepts(A, new AcceptOffer(deliver.Offer));
        world.Until(BillStory.Maturity);
        Assert.Equal((OfferStatus.AwaitsRegister, Face), (world.Offer(deliver.Offer).Status, world.Document(invoice).Reserved.Minor));

        story.Tell(BillStory.Whole, BillStory.Accepted with { Flow = BillFlow.Locked }, BillStory.Accepted, deliver.Offer, done: false);
        world.Refuses(Refusal.InstrumentDue, C, new DeliverBill(world.New<Offer>(), story.Bill, world.Tomorrow));
        world.Until("2026-10-11 09:00:00");
        Assert.Equal((InstrumentStatus.Cancelled, 0UL), (world.Instrument(story.Bill).Status, world.Document(invoice).Taken.Minor));
    }

    static (World World, Id<Document> Invoice) Drawn(BillStory story, string due = BillStory.Due)
    {
        var invoice = story.World.Invoice(A, story.Drawer, Face);
        story.Register(drawing => drawing with { DueDate = Date(due), Documents = [new(invoice, new(Face))] });
        return (story.World, invoice);
    }
}
