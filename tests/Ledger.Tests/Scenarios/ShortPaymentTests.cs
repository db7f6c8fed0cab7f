using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using static Ledger.Tests.World;

namespace Ledger.Tests.Scenarios;

/// <summary>E4: the obligor pays a third on the day and half a million three weeks later; three creditors share each lump to the fen.</summary>
public class ShortPaymentTests
{
    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void A_lump_that_is_too_small_is_shared_by_what_is_due_to_each(Stage stage)
    {
        using var world = new World(stage, Morning);
        var note = HeldByThree(world);

        world.Until("2026-06-30 10:00:00");
        Assert.Equal(
            [(X, 60_000_000UL, 0UL), (B, 25_000_000, 0), (A, 15_000_000, 0)],
            Rulebook.Instructions(world.State, note, world.State.Today).Select(due => (due.Payee, due.Principal.Minor, due.Interest.Minor)));
        var first = world.Receipt(note, PaymentOutcome.PartlyPaid, 33_333_334);
        world.Accepts(X, first);
        Assert.Equal([(X, 20_000_000UL, 0UL), (B, 8_333_334, 0), (A, 5_000_000, 0)], Shares(world, first));

        // 20 days at 0.05 % a day.
        world.Until("2026-07-20 10:00:00");
        Assert.Equal(
            [(X, 40_000_000UL, 400_000UL), (B, 16_666_666, 166_667), (A, 10_000_000, 100_000)],
            Rulebook.Instructions(world.State, note, world.State.Today).Select(due => (due.Payee, due.Principal.Minor, due.Interest.Minor)));
        var second = world.Receipt(note, PaymentOutcome.PartlyPaid, 50_000_000);
        world.Accepts(X, second);
        Assert.Equal([(X, 29_600_000UL, 400_000UL), (B, 12_333_333, 166_667), (A, 7_400_000, 100_000)], Shares(world, second));
        Assert.Equal(
            [(X, 10_400_000UL), (B, 4_333_333), (A, 2_600_000)],
            Rulebook.Instructions(world.State, note, world.State.Today).Select(due => (due.Payee, due.Total.Minor)));
    }

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void One_overdue_event_and_not_three(Stage stage)
    {
        using var world = new World(stage, Morning);
        var note = HeldByThree(world);
        world.Until("2026-06-30 10:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 33_333_334));

        var midnight = world.Until("2026-07-01 00:00:00");
        Assert.Equal(new PaymentBecameOverdue(note), Assert.Single(midnight.Opening.OfType<PaymentBecameOverdue>()));
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 1));
        Assert.Empty(world.Until("2026-07-20 10:00:00").Opening.OfType<PaymentBecameOverdue>());
        Assert.Equal([Date("2026-06-30")], world.State.Maturity(note)?.OverdueOn ?? []);
    }

    static Id<Instrument> HeldByThree(World world)
    {
        var issue = world.Issuing(A, 100_000_000, new DocumentUse(world.Invoice(A, C, 100_000_000), new(100_000_000))) with { DueDate = Date("2026-06-30") };
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));
        world.Hands(issue.Instrument, A, X, 1, 60_000_000);
        world.Hands(issue.Instrument, A, B, 60_000_001, 85_000_000);
        return issue.Instrument;
    }

    static IEnumerable<(PartyId Payee, ulong Principal, ulong Interest)> Shares(World world, ReceivePayment receipt) =>
        world.Payment(receipt.Payment).Shares.Select(share => (share.Payee, share.Retired.Aggregate(0UL, (sum, units) => sum + units.Length), share.Interest.Minor));
}
