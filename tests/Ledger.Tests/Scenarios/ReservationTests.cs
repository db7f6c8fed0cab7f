using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Scenarios;

/// <summary>E3: what one bank considers no other can take, until the very second; and a payout that came back leaves nothing behind. To the fen.</summary>
public class ReservationTests
{
    static readonly Rate Rate = new(38_500);

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void A_reservation_that_nobody_approves_ends_to_the_second(Stage stage)
    {
        using var world = new World(stage, "2026-03-22 10:00:00").Lends();
        var note = world.Certificate(D, 12_000_000);
        world.Until("2026-05-06 10:00:00");
        var apply = Applying(world, note);
        world.Accepts(D, apply);

        world.Until("2026-05-07 09:59:59");
        world.IsClear(apply.Financing);
        var refused = world.Refuses(Refusal.UnitsReserved, D, Applying(world, note) with { Financier = Y });
        Assert.Equal((apply.Financing.ToString(), At("2026-05-06 10:00:00")), (refused.Facts.Conflict?.Reference, refused.Facts.Conflict?.Since));

        world.Until("2026-05-07 10:00:00");
        world.Accepts(D, Applying(world, note) with { Financier = Y });

        world.Until("2026-05-07 10:00:01");
        world.Refuses(Refusal.ReservationOver, X, world.Approving(apply.Financing), Key(Lending.P));
        Assert.Equal(FinancingStatus.Lapsed, world.Financing(apply.Financing).Status);
    }

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void A_payout_that_came_back_leaves_units_and_line_as_they_were(Stage stage)
    {
        using var world = new World(stage, "2026-03-22 10:00:00").Lends();
        var note = world.Certificate(D, 12_000_000);
        var before = world.Tokens(note);
        var line = world.Line(C, 100_000_000);
        world.Until("2026-05-06 10:00:00");
        var apply = Applying(world, note);
        world.Accepts(D, apply);

        // X approves at 15:00 and commits itself until the 9th.
        world.Until("2026-05-06 15:00:00");
        world.IsClear(apply.Financing);
        world.Accepts(X, world.Approving(apply.Financing, line) with { CommittedUntil = At("2026-05-09 17:00:00") }, Key(Lending.P));
        Assert.Equal(new Amount(12_000_000), world.Drawn(line));
        Assert.Null(world.State.Reservation(apply.Financing));

        world.Until("2026-05-07 10:00:00");
        world.Refuses(Refusal.UnitsCommitted, D, Applying(world, note) with { Financier = Y });

        // Paid out on the 8th: 137 days at 3.85 %.
        world.Until("2026-05-08 09:29:00");
        world.IsRegistered(apply.Financing);
        world.Accepts(X, new Disburse(apply.Financing, "20260508-0001"));
        Assert.Equal(At("2026-05-08 09:30:00"), world.State.Now);
        var paid = world.Financing(apply.Financing);
        var days = Days.Between(paid.Start, paid.End, paid.Interest.DayCount, paid.Interest.Bounds);
        var interest = Accrual.Yearly(paid.Principal, Rate, days, paid.Interest.DayCount, paid.Interest.Rounding);
        Assert.Equal((137, 175_817UL, 11_824_183UL), (days, interest.Minor, (paid.Principal - interest).Minor));
        Assert.Equal([(X, "1-12000000")], world.Holdings(note));

        // At 15:00 the payment is returned.
        world.Until("2026-05-08 15:00:00");
        world.Refuses(Refusal.BankReferenceUsed, X, new ReverseFinancing(apply.Financing, "20260508-0001"));
        world.Accepts(X, new ReverseFinancing(apply.Financing, "20260508-0002"));

        Assert.Equal(before, world.Tokens(note));
        Assert.Equal(Amount.Zero, world.Drawn(line));
        Assert.Equal(FinancingStatus.Reversed, Assert.Single(world.State.AllFinancings).Status);
        world.Refuses(Refusal.FinancingStatusWrong, X, new ReverseFinancing(apply.Financing, "20260508-0003"));

        // D's units are free, and the old reference is not.
        var again = world.Approved(D, Applying(world, note), line);
        world.IsRegistered(again);
        world.Refuses(Refusal.BankReferenceUsed, X, new Disburse(again, "20260508-0001"));
        world.Accepts(X, new Disburse(again, "20260508-0003"));
    }

    static ApplyForFinancing Applying(World world, Id<Instrument> note) => world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 12_000_000);
}
