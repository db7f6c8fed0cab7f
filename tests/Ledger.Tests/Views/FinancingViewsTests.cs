using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Node.Views;
using static Ledger.Tests.World;

namespace Ledger.Tests.Views;

/// <summary>Financings, lines and payments, and what a payout does to holdings and lineage.</summary>
public sealed class FinancingViewsTests : IDisposable
{
    readonly World world = new World("2026-03-22 10:00:00").Lends();

    public void Dispose() => world.Dispose();

    [Fact]
    public void A_sale_moves_units_and_both_its_parties_find_it()
    {
        var (note, line) = (world.Certificate(D, 12_000_000), world.Line(C, 12_000_000));
        var sold = world.Financed(D, world.Applying(note, FinancingForm.RecourseFactoring, 1, 10_000_000), line);

        using var index = Indexed();

        Assert.Equal([sold], index.FinancingsOf(D));
        Assert.Equal([sold], index.FinancingsOf(X));
        Assert.Empty(index.FinancingsOf(C));
        Assert.Equal([line], index.LinesOf(X));
        Assert.Equal([line], index.LinesOf(C));
        Assert.Equal([new Holding(note, [new(1, 10_000_000)])], index.Held(X));
        Assert.Equal([new Holding(note, [new(10_000_001, 12_000_000)])], index.Held(D));
        var leg = index.Legs(note, new(1, 1))[^1];
        Assert.Equal((new Id<Offer>(sold.Value), TransferCause.Sale, D, X, (ushort)1), (leg.Act, leg.Cause, leg.From, leg.To, leg.Depth));
        Assert.Equal([TransferCause.Issue], index.Legs(note, new(12_000_000, 12_000_000)).Select(one => one.Cause));
    }

    [Fact]
    public void A_line_that_is_set_again_is_still_one()
    {
        var line = world.Line(C, 5);
        world.Accepts(X, new SetLine(line, C, CreditMode.General, Currency.Cny, new(6), Date("2027-12-31")));

        Assert.Equal([line], Indexed().LinesOf(C));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_reversed_or_corrected_is_back_and_its_way_says_so(bool reversed)
    {
        var note = world.Certificate(D, 12_000_000);
        var sold = world.Financed(D, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 12_000_000));
        if (reversed) world.Accepts(X, new ReverseFinancing(sold, world.Reference()));
        else world.Accepts(X, new CorrectFinancing(sold, Lending.P), Key(D), Key(Lending.P));

        using var index = Indexed();

        Assert.Empty(index.Held(X));
        Assert.Equal([new Holding(note, [new(1, 12_000_000)])], index.Held(D));
        var legs = index.Legs(note, new(1, 1));
        Assert.Equal([TransferCause.Issue, TransferCause.Sale, TransferCause.Correction], legs.Select(leg => leg.Cause));
        Assert.Equal((X, D, (ushort)0), (legs[^1].From, legs[^1].To, legs[^1].Depth));
    }

    [Fact]
    public void Only_what_was_not_paid_is_bought_back()
    {
        var note = world.Certificate(D, 12_000_000);
        var sold = world.Financed(D, world.Applying(note, FinancingForm.RecourseFactoring, 1, 12_000_000));
        world.Until("2026-09-22 10:00:00");
        var receipt = world.Receipt(note, PaymentOutcome.PartlyPaid, 2_000_000);
        world.Accepts(X, receipt);
        world.Until("2026-09-25 10:00:00");
        world.Accepts(X, new BuyBack(sold, world.Reference()), Key(D));

        using var index = Indexed();

        Assert.Empty(index.Held(X));
        Assert.Equal([new Holding(note, [new(2_000_001, 12_000_000)])], index.Held(D));
        var leg = index.Legs(note, new(1, 12_000_000))[^1];
        Assert.Equal((TransferCause.Recourse, X, D, (ushort)2), (leg.Cause, leg.From, leg.To, leg.Depth));
        Assert.Equal([new Interval(2_000_001, 12_000_000)], leg.Units);
        Assert.Equal(TransferCause.Sale, index.Legs(note, new(1, 1))[^1].Cause);
        Assert.Equal([receipt.Payment], index.PaymentsOn(note));
        Assert.Equal([receipt.Payment], index.PaymentsTo(X));
        Assert.Empty(index.PaymentsTo(D));
    }

    [Fact]
    public void What_was_passed_on_is_not_bought_back()
    {
        var note = world.Certificate(D, 100);
        var sold = world.Financed(D, world.Applying(note, FinancingForm.RecourseFactoring, 1, 100));
        world.Hands(note, X, Y, 31, 60);
        world.Until("2026-09-25 10:00:00");
        world.Accepts(X, new BuyBack(sold, world.Reference()), Key(D));

        var leg = Indexed().Legs(note, new(1, 100))[^1];

        Assert.Equal([new Interval(1, 30), new(61, 100)], leg.Units);
        Assert.Equal([(D, "1-30"), (Y, "31-60"), (D, "61-100")], world.Holdings(note));
    }

    [Fact]
    public void A_pledge_moves_nothing()
    {
        var note = world.Certificate(A, 100);
        world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 1, 100) with { Payment = Core.Interest.InterestPayment.AtMaturity });

        using var index = Indexed();

        Assert.Equal([TransferCause.Issue], index.Legs(note, new(1, 100)).Select(leg => leg.Cause));
        Assert.Equal([new Holding(note, [new(1, 100)])], index.Held(A));
    }

    LedgerViews Indexed() => TestViews.Of(world);
}
