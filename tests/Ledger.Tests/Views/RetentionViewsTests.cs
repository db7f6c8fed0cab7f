using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Views;
using static Ledger.Tests.World;

namespace Ledger.Tests.Views;

/// <summary>What left the state stays in the views as it was last, and whom it concerns is told how it ended, though both was in the opening of one block.</summary>
public sealed class RetentionViewsTests
{
    [Fact]
    public void A_freeze_that_ends_as_its_units_leave_is_seen_to_have_ended()
    {
        using var world = new World(Morning, Forgetful);
        var note = world.Certificate(A, 100);
        world.Until("2026-09-13 09:00:00");
        var freeze = world.Freezing(note, 1, 40) with { LastDay = Date("2026-09-30") };
        world.Accepts(X, freeze, Key(Y));
        var (frozen, height) = Leaves(world, note);

        using var views = TestViews.Of(world);
        Assert.Equal(EncumbranceKind.Freeze, Assert.Single(Tokens(views, note, frozen)[0].Encumbrances).Kind);
        var token = Assert.Single(Tokens(views, note, height));
        Assert.Equal((new Interval(1, 100), UnitState.Paid, 0), (token.Units, token.State, token.Encumbrances.Count));
        Assert.Empty(views.FreezesOn(note, height));
    }

    [Fact]
    public void An_offer_that_expires_as_its_instrument_leaves_is_not_seen_open()
    {
        using var world = new World(Morning, Forgetful);
        var note = world.Certificate(A, 100);
        world.Until("2026-09-11 09:00:00");
        var trade = world.Trade(note, A, B, 1, 40) with { Expires = Timestamp.StartOf(Date("2026-10-01"), 480) };
        world.Accepts(A, trade);
        var (open, height) = Leaves(world, note);

        using var views = TestViews.Of(world);
        Assert.Equal(OfferStatus.Open, views.StateAt(open, ThingRef.To(trade.Offer)).Offer(trade.Offer)!.Status);
        Assert.Equal(OfferStatus.Expired, views.StateAt(height, ThingRef.To(trade.Offer)).Offer(trade.Offer)!.Status);
        Assert.Equal([trade.Offer], views.OpenOffersTo(B, open));
        Assert.Empty(views.OpenOffersTo(B, height));
        Assert.Empty(Assert.Single(Tokens(views, note, height)).Encumbrances);
        foreach (var side in (ReadOnlySpan<PartyId>)[A, B])
            Assert.Single(views.HappenedAfter(side, world.Blocks[^1].FirstLeaf - 1, uint.MaxValue, 100).All);
    }

    // The debt is paid, and nothing happens until it leaves: by which heights it is paid and gone.
    static (ulong Paid, ulong Gone) Leaves(World world, Id<Instrument> note)
    {
        world.Until("2026-09-14 09:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100));
        var paid = world.State.Height;
        world.Pass(31 * Timestamp.Day);
        Assert.Null(world.State.Instrument(note));
        return (paid, world.State.Height);
    }

    static Token[] Tokens(LedgerViews views, Id<Instrument> note, ulong height) => views.StateAt(height, ThingRef.To(note)).Tokens(note)!.Span.ToArray();
}
