using Ledger.Core.Instruments;
using Ledger.Core.Rules;
using Ledger.Node.Views;
using Ledger.Tests.Views;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Bills;

/// <summary>A bill from its registration to its end, the same on a ledger that is the register and on one that a register tells.</summary>
public class BillLifeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bill_is_drawn_accepted_delivered_split_pledged_presented_dishonoured_and_paid_by_recourse(bool atRegister)
    {
        using var story = new BillStory(atRegister) { Drawer = D };
        var world = story.World;
        story.Issue();
        Assert.Equal((C, A, InstrumentStatus.Active), (world.Instrument(story.Bill).Obligor, world.Instrument(story.Bill).Creditor, world.Instrument(story.Bill).Status));

        var toB = story.Endorse(A, B, new(1, 600));
        story.Endorse(B, D, new(1, 200), marked: true);
        var pledge = story.Pledge(A, new(601, 1_000));
        story.Guarantee(B, new(201, 600), Y);
        Assert.Equal([(D, "1-200"), (B, "201-600"), (A, "601-1000")], world.Holdings(story.Bill));
        Assert.Equal((BillStory.Marked, BillStory.Free, BillStory.Pledged), (story.Status(new(1, 200)), story.Status(new(201, 600)), story.Status(new(601, 1_000))));

        var release = new ReleaseBillPledge(world.New<Offer>(), pledge);
        world.Accepts(X, release);
        story.Carry(release.Offer, BillStory.Free);

        // B is not paid. A, which endorsed to it, pays and turns to the acceptor.
        story.Dishonour(B, new(201, 600));
        Assert.Equal(BillStory.InRecourse, story.Status(new(201, 600)));
        story.Settle(story.Recourse(B, new(201, 600), A), "A-B 1", BillStory.InRecourse);
        Assert.Equal([(D, "1-200"), (A, "201-600"), (A, "601-1000")], world.Holdings(story.Bill));
        Assert.Equal((TransferCause.Recourse, B), (world.Tokens(story.Bill)[1].Leg.Cause, world.Tokens(story.Bill)[1].Leg.From));
        story.Settle(story.Recourse(A, new(201, 600), C), "C-A 1", BillStory.Settled);
        Assert.Equal(UnitState.Extinguished, world.Tokens(story.Bill)[1].State);

        // D got its units by an endorsement that goes no further; that does not keep it from presenting them, nor from asking the acceptor.
        story.Dishonour(D, new(1, 200));
        story.Settle(story.Recourse(D, new(1, 200), C), "C-D 1", BillStory.Settled);
        story.Dishonour(A, new(601, 1_000));
        story.Settle(story.Recourse(A, new(601, 1_000), C), "C-A 2", BillStory.Settled);

        Assert.Equal((InstrumentStatus.Settled, BillStory.Settled), (world.Instrument(story.Bill).Status, story.Pair));
        Assert.Equal(["1-200", "201-600", "601-1000"], world.Tokens(story.Bill).Select(token => token.Units.ToString()));
        Assert.Equal("C-A 2", world.State.BankReference(world.State.Today, "C-A 2")?.Text);

        using var index = Indexed(world);
        Assert.Empty(index.Held(A));
        Assert.Equal(
            [(TransferCause.Issue, D, A, 0), (TransferCause.Trade, A, B, 1), (TransferCause.Recourse, B, A, 2), (TransferCause.Recourse, A, C, 3)],
            index.Legs(story.Bill, new(300, 300)).Select(leg => (leg.Cause, leg.From, leg.To, (int)leg.Depth)));
        Assert.Contains(story.Bill, index.InstrumentsOwedBy(C));
        Assert.Empty(index.OpenOffersTo(A));
        Assert.Equal(toB, index.Legs(story.Bill, new(300, 300))[1].Act);
    }

    [Fact]
    public void Where_a_register_settles_its_word_pays()
    {
        using var story = new BillStory(atRegister: true);
        story.Issue().World.Until(BillStory.Maturity);
        var offer = story.Present(A, BillStory.Whole);

        story.World.Accepts(C, new AcceptOffer(offer));
        Assert.Equal(BillStory.Presented, story.Pair);
        story.Carry(offer, BillStory.Settled);

        Assert.Equal((UnitState.Paid, InstrumentStatus.Settled), (story.World.Tokens(story.Bill)[0].State, story.World.Instrument(story.Bill).Status));
    }

    [Fact]
    public void Where_the_ledger_is_the_register_the_acceptors_word_pays_nothing()
    {
        using var story = new BillStory();
        story.Issue().World.Until(BillStory.Maturity);
        var offer = story.Present(A, BillStory.Whole);

        story.World.Accepts(C, new AcceptOffer(offer));

        Assert.Equal((UnitState.Live, BillStory.Presented), (story.World.Tokens(story.Bill)[0].State, story.Pair));
    }

    static LedgerViews Indexed(World world) => TestViews.Of(world);
}
