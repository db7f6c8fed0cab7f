using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Tokens;

public sealed class FreezeUnitsTests : IDisposable
{
    readonly World world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public void Frozen_units_stay_with_their_holder_and_do_not_move()
    {
        var note = world.Certificate(A, 100);
        world.Accepts(Y, world.Freezing(note, 11, 20));

        Assert.Equal([(A, "1-10"), (A, "11-20"), (A, "21-100")], world.Holdings(note));
        var refused = world.Refuses(Refusal.UnitsFrozen, A, world.Trade(note, A, B, 20, 21));
        Assert.Equal("Freeze", refused.Facts.Conflict?.Kind);
        world.Hands(note, A, B, 21, 100);
    }

    [Fact]
    public void An_open_offer_of_frozen_units_is_over_at_once_and_its_documents_are_free()
    {
        var note = world.Certificate(A, 100);
        var (trade, beside) = (world.Trade(note, A, B, 1, 60), world.Trade(note, A, B, 81, 90));
        world.Accepts(A, trade);
        world.Accepts(A, beside);
        var invoice = trade.Documents[0].Document;
        Assert.Equal(60UL, world.Document(invoice).Reserved.Minor);

        world.Accepts(Y, world.Freezing(note, 50, 60));

        Assert.Equal(OfferStatus.Lapsed, world.State.Offer(trade.Offer)?.Status);
        world.Refuses(Refusal.OfferNotOpen, B, new AcceptOffer(trade.Offer));
        world.Refuses(Refusal.OfferNotOpen, A, new WithdrawOffer(trade.Offer));
        Assert.Equal(0UL, world.Document(invoice).Reserved.Minor);
        Assert.Equal([0, 1, 0, 1, 0], world.Tokens(note).Select(token => token.Encumbrances.Count));
        world.Accepts(B, new AcceptOffer(beside.Offer));
        world.Hands(note, A, B, 1, 49);
    }

    [Fact]
    public void A_freeze_with_the_id_of_an_offer_is_still_a_freeze()
    {
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 50);
        world.Accepts(A, trade);
        world.Accepts(Y, world.Freezing(note, 51, 100) with { Freeze = new(trade.Offer.Value) });
        world.Accepts(A, new WithdrawOffer(trade.Offer));

        var burden = Assert.Single(world.Tokens(note)[1].Encumbrances);
        Assert.Equal(EncumbranceKind.Freeze, burden.Kind);
    }

    [Fact]
    public void Later_orders_wait_behind_the_earlier_and_each_is_lifted_by_its_own_executor()
    {
        var note = world.Certificate(A, 100);
        var (first, second) = (world.Freezing(note, 1, 60), world.Freezing(note, 41, 100));
        world.Accepts(Y, first, Key(X));
        world.Accepts(X, second, Key(Y));
        Assert.Equal([[Y], [Y, X], [X]], Queues(note));

        world.Refuses(Refusal.NotTheExecutor, X, new UnfreezeUnits(first.Freeze));
        world.Accepts(Y, new UnfreezeUnits(first.Freeze));

        Assert.Equal([[], [X]], Queues(note));
        world.Refuses(Refusal.UnitsFrozen, A, world.Trade(note, A, B, 41, 41));
        world.Refuses(Refusal.FreezeNotFound, Y, new UnfreezeUnits(first.Freeze));
    }

    [Fact]
    public void A_freeze_of_an_amount_takes_what_nobody_froze_before_it_waits_behind_others()
    {
        var note = world.Certificate(A, 100);
        world.Hands(note, A, B, 31, 40);
        world.Accepts(Y, world.Freezing(note, 11, 50) with { Units = null, Holder = A, Amount = new(50) });
        Assert.Equal([(A, "1-30"), (B, "31-40"), (A, "41-60"), (A, "61-100")], world.Holdings(note));

        world.Accepts(X, world.Freezing(note, 1, 1) with { Units = null, Holder = A, Amount = new(50) });

        Assert.Equal([[Y, X], [Y], [], [Y], [X]], Queues(note));
        world.Refuses(Refusal.NotEnoughHeld, X, world.Freezing(note, 1, 1) with { Units = null, Holder = A, Amount = new(91) });
        world.Refuses(Refusal.AmountZero, X, world.Freezing(note, 1, 1) with { Units = null, Holder = A, Amount = new(0) });
        world.Refuses(Refusal.HolderNotNamed, X, world.Freezing(note, 1, 1) with { Units = null, Amount = new(1) });
        world.Refuses(Refusal.HolderNotTaken, X, world.Freezing(note, 1, 1) with { Holder = A });
        world.Refuses(Refusal.UnitsOrAmount, X, world.Freezing(note, 1, 1) with { Units = null });
        world.Refuses(Refusal.UnitsOrAmount, X, world.Freezing(note, 1, 1) with { Holder = A, Amount = new(1) });
    }

    [Fact]
    public void A_freeze_ends_with_its_last_day()
    {
        var note = world.Certificate(A, 100);
        var freeze = world.Freezing(note, 1, 100);
        world.Accepts(Y, freeze, Key(X));
        var end = Timestamp.StartOf(freeze.LastDay.AddDays(1), 480);

        world.Until(end.Add(-1));
        world.Refuses(Refusal.UnitsFrozen, A, world.Trade(note, A, B, 1, 100));
        var ended = world.Until(end);

        Assert.Equal(new FreezeLifted(freeze.Freeze), Assert.Single(ended.Opening.OfType<FreezeLifted>()));
        world.Hands(note, A, B, 1, 100);
    }

    [Fact]
    public void One_institution_alone_freezes_for_an_emergencys_time_and_does_not_renew_it_alone()
    {
        var note = world.Certificate(A, 100);
        var alone = world.Freezing(note, 1, 50);
        world.Refuses(Refusal.FreezeNeedsSecond, Y, alone with { LastDay = world.State.Today.AddDays(4) });
        world.Refuses(Refusal.FreezeNeedsSecond, Y, alone with { LastDay = world.State.Today.AddDays(4) }, Key(C));
        world.Accepts(Y, alone with { LastDay = world.State.Today.AddDays(3) });

        // Neither beside it, nor after it was lifted and given up, nor once it has run out.
        world.Refuses(Refusal.FrozenInEmergency, Y, world.Freezing(note, 50, 60));
        world.Accepts(Y, new UnfreezeUnits(alone.Freeze));
        world.Refuses(Refusal.FreezeNotFound, Y, new UnfreezeUnits(alone.Freeze));
        world.Hands(note, A, B, 1, 20);
        world.Refuses(Refusal.FrozenInEmergency, Y, world.Freezing(note, 20, 20));
        world.Accepts(Y, world.Freezing(note, 51, 100));
        world.Pass(10 * Timestamp.Day);
        world.Refuses(Refusal.FrozenInEmergency, Y, world.Freezing(note, 100, 100));
        world.Accepts(X, world.Freezing(note, 100, 100));
        world.Accepts(Y, world.Freezing(note, 1, 50), Key(X));

        // Thirty days after it the ledger has forgotten it.
        world.Pass(31 * Timestamp.Day);
        world.Accepts(Y, world.Freezing(note, 1, 100));
    }

    [Fact]
    public void A_second_institution_makes_an_emergencys_freeze_last_and_its_rank_stays()
    {
        var note = world.Certificate(A, 100);
        var alone = world.Freezing(note, 1, 100);
        world.Accepts(Y, alone);
        world.Accepts(X, world.Freezing(note, 1, 100));
        var longer = new ExtendFreeze(alone.Freeze, world.State.Today.AddYears(3), new(9, 9));

        world.Refuses(Refusal.NotTheExecutor, X, longer, Key(Y));
        world.Refuses(Refusal.FreezeNeedsSecond, Y, longer);
        world.Refuses(Refusal.FreezeTermInvalid, Y, longer with { LastDay = longer.LastDay.AddDays(1) }, Key(X));
        world.Refuses(Refusal.FreezeTermInvalid, Y, longer with { LastDay = alone.LastDay }, Key(X));
        world.Accepts(Y, longer, Key(X));

        Assert.Equal([[Y, X]], Queues(note));
        Assert.Equal((X, new Hash256(9, 9)), (world.State.Freeze(alone.Freeze)?.Second, world.State.Freeze(alone.Freeze)?.Order));
        world.Pass(100 * Timestamp.Day);
        world.Refuses(Refusal.UnitsFrozen, A, world.Trade(note, A, B, 1, 1));
        world.Accepts(Y, new UnfreezeUnits(alone.Freeze));
        world.Refuses(Refusal.FreezeNotFound, Y, longer, Key(X));
    }

    [Fact]
    public void Only_a_bank_or_an_operator_executes_an_order_on_units_that_exist()
    {
        var note = world.Certificate(A, 100);
        var good = world.Freezing(note, 1, 100);

        world.Refuses(Refusal.RoleMissing, C, good);
        world.Refuses(Refusal.RoleMissing, A, good);
        world.Refuses(Refusal.UnitsDoNotExist, Y, good with { Units = new(1, 101) });
        world.Refuses(Refusal.InstrumentNotFound, Y, good with { Instrument = new(7) });
        world.Refuses(Refusal.TextInvalid, Y, good with { Authority = "" });
        world.Refuses(Refusal.TextInvalid, Y, good with { Authority = new('法', 101) });
        world.Refuses(Refusal.FreezeTermInvalid, Y, good with { LastDay = world.State.Today.AddDays(-1) });
        world.Refuses(Refusal.FreezeTermInvalid, Y, good with { LastDay = world.State.Today.AddYears(3).AddDays(1) }, Key(X));
        world.Refuses(Refusal.FreezeTermInvalid, Y, good with { LastDay = DateOnly.MaxValue }, Key(X));
        world.Accepts(Y, good);
        world.Refuses(Refusal.FreezeIdInUse, Y, good);
    }

    [Fact]
    public void One_executors_orders_do_not_close_the_queue_to_another()
    {
        var note = world.Certificate(A, 100);
        for (var i = 0; i < 16; i++) world.Accepts(Y, world.Freezing(note, 1, 100), Key(X));

        world.Refuses(Refusal.TooManyFreezes, Y, world.Freezing(note, 100, 100), Key(X));
        world.Accepts(X, world.Freezing(note, 1, 100));
    }

    // E8: a court freezes 350,000.00 of 400,000.00 of which 100,000.00 is offered; a second one freezes 100,000.00.
    [Fact]
    public void The_second_courts_freeze_takes_effect_where_the_firsts_ends()
    {
        var note = world.Certificate(A, 40_000_000);
        var trade = world.Trade(note, A, B, 1, 10_000_000);
        world.Accepts(A, trade);
        var first = Court(35_000_000) with { LastDay = world.State.Today.AddYears(3) };
        world.Accepts(Y, first, Key(X));
        Assert.Equal(OfferStatus.Lapsed, world.State.Offer(trade.Offer)?.Status);
        Assert.Equal((35_000_000UL, 5_000_000UL), (FrozenBy(Y), FrozenBy(default)));

        world.Accepts(X, Court(10_000_000), Key(Y));
        Assert.Equal((35_000_000UL, 5_000_000UL, 0UL), (FrozenBy(Y), FrozenBy(X), FrozenBy(default)));

        world.Accepts(Y, new UnfreezeUnits(first.Freeze));
        Assert.Equal((0UL, 10_000_000UL, 30_000_000UL), (FrozenBy(Y), FrozenBy(X), FrozenBy(default)));

        FreezeUnits Court(ulong amount) => world.Freezing(note, 1, 1) with { Units = null, Holder = A, Amount = new(amount), LastDay = Date("2026-12-31") };

        ulong FrozenBy(PartyId executor) => world.Tokens(note).Where(token => token.Encumbrances is { Count: 0 } ? executor == default : token.Encumbrances[0].Beneficiary == executor)
            .Aggregate(0UL, static (sum, token) => sum + token.Units.Length);
    }

    PartyId[][] Queues(Id<Instrument> note) => [.. world.Tokens(note).Select(token => token.Encumbrances.Select(burden => burden.Beneficiary).ToArray())];
}
