using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Tokens;

public class FreezeUnitsTests
{
    static readonly Hash256 Digest = new(4, 4);

    [Fact]
    public void Frozen_units_stay_with_their_holder_and_do_not_move()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(Y, Freeze(world, note, 11, 20));

        Assert.Equal([(A, "1-10"), (A, "11-20"), (A, "21-100")], world.Holdings(note));
        var refused = world.Refuses(Refusal.UnitsFrozen, A, world.Trade(note, A, B, 20, 21));
        Assert.Equal("Freeze", refused.Facts.Conflict?.Kind);
        world.Hands(note, A, B, 21, 100);
    }

    [Fact]
    public void A_freeze_comes_over_an_open_offer_and_the_offer_cannot_be_taken_while_it_lasts()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 100);
        world.Accepts(A, trade);
        var freeze = Freeze(world, note, 50, 60);
        world.Accepts(Y, freeze);

        world.Refuses(Refusal.UnitsBurdened, B, new AcceptOffer(trade.Offer));
        world.Accepts(Y, new UnfreezeUnits(freeze.Freeze));
        world.Accepts(B, new AcceptOffer(trade.Offer));
        Assert.Equal([(B, "1-100")], world.Holdings(note));
    }

    [Fact]
    public void A_freeze_with_the_id_of_an_offer_is_still_a_freeze()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 100);
        world.Accepts(A, trade);
        world.Accepts(Y, Freeze(world, note, 1, 100) with { Freeze = new(trade.Offer.Value) });

        world.Refuses(Refusal.UnitsBurdened, B, new AcceptOffer(trade.Offer));
        world.Accepts(A, new WithdrawOffer(trade.Offer));

        var burden = Assert.Single(Assert.Single(world.Tokens(note)).Encumbrances);
        Assert.Equal(EncumbranceKind.Freeze, burden.Kind);
    }

    [Fact]
    public void Later_orders_wait_in_rank_and_each_is_lifted_by_its_own_executor()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var first = Freeze(world, note, 1, 60);
        var second = Freeze(world, note, 41, 100);
        world.Accepts(Y, first);
        world.Accepts(X, second);
        Assert.Equal((ushort)1, world.State.Freeze(first.Freeze)?.Rank);
        Assert.Equal((ushort)2, world.State.Freeze(second.Freeze)?.Rank);

        world.Refuses(Refusal.NotTheExecutor, X, new UnfreezeUnits(first.Freeze));
        world.Accepts(Y, new UnfreezeUnits(first.Freeze));

        Assert.Equal([(A, "1-40"), (A, "41-100")], world.Holdings(note));
        world.Refuses(Refusal.UnitsFrozen, A, world.Trade(note, A, B, 41, 41));
        world.Refuses(Refusal.FreezeNotFound, Y, new UnfreezeUnits(first.Freeze));
    }

    [Fact]
    public void A_freeze_ends_with_its_term()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var freeze = Freeze(world, note, 1, 100);
        world.Accepts(Y, freeze);

        world.Until(freeze.Until.Add(-1));
        world.Refuses(Refusal.UnitsFrozen, A, world.Trade(note, A, B, 1, 100));
        var ended = world.Until(freeze.Until);

        Assert.Equal(new FreezeLifted(freeze.Freeze), Assert.Single(ended.Opening.OfType<FreezeLifted>()));
        world.Hands(note, A, B, 1, 100);
    }

    [Fact]
    public void Only_a_bank_or_an_operator_executes_an_order_on_units_that_exist()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var good = Freeze(world, note, 1, 100);

        world.Refuses(Refusal.RoleMissing, C, good);
        world.Refuses(Refusal.RoleMissing, A, good);
        world.Refuses(Refusal.UnitsDoNotExist, Y, good with { Units = new(1, 101) });
        world.Refuses(Refusal.InstrumentNotFound, Y, good with { Instrument = new(7) });
        world.Refuses(Refusal.TextInvalid, Y, good with { Authority = "" });
        world.Refuses(Refusal.TextInvalid, Y, good with { Authority = new('法', 101) });
        world.Refuses(Refusal.TermInvalid, Y, good with { Until = good.Until.Add(1) });
        world.Refuses(Refusal.TermInvalid, Y, good with { Until = world.Clock });
        world.Accepts(Y, good);
        world.Refuses(Refusal.FreezeIdInUse, Y, good);
    }

    [Fact]
    public void The_queue_of_freezes_has_an_end_that_is_a_refusal_and_no_overflow()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var waiting = new Encumbrance(EncumbranceKind.Freeze, 7, Y, 60_000, world.Clock, world.Tomorrow);
        var crowded = world.State.With(note, Core.Instruments.Tokens.Whole(world.Tokens(note)[0] with { Encumbrances = [waiting] }));

        var transaction = world.Draft(Y, Freeze(world, note, 1, 1));

        Assert.Equal(Refusal.TooManyFreezes, Rulebook.Decide(crowded, new(transaction, default, new(1, 1), new(1, 2), [Key(Y)], default)).Code);
    }

    static FreezeUnits Freeze(World world, Id<Instrument> note, ulong first, ulong last) =>
        new(world.New<Freeze>(), note, new(first, last), "深圳市中级人民法院", Digest, Digest, world.Clock.CeilingMinute().Add(Timestamp.Hour));
}
