using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Financings;

/// <summary>A bill is discounted on the ledger that is its register: bought by endorsement, whole in price, and without the registry of receivables.</summary>
public class DiscountTests
{
    [Fact]
    public void A_discount_endorses_an_interval_to_the_bank_and_needs_no_registration()
    {
        using var story = new BillStory();
        story.Issue();
        var world = story.World.Lends();
        var line = world.Line(C, 1_000);
        var apply = world.Applying(story.Bill, FinancingForm.Discount, 101, 400);
        world.Refuses(Refusal.PrincipalIsNotWhole, A, apply with { Principal = new(299) });
        world.Refuses(Refusal.FormDoesNotFit, A, apply with { Form = FinancingForm.NonRecourseFactoring });
        world.Accepts(A, apply);
        Assert.Equal(BillStory.Locked, story.Status(new(101, 400)));

        world.Accepts(X, world.Approving(apply.Financing, line), Key(Lending.P));
        world.Accepts(X, new Disburse(apply.Financing, "DISCOUNT 1"));

        Assert.Equal([(A, "1-100"), (X, "101-400"), (A, "401-1000")], world.Holdings(story.Bill));
        Assert.Equal(BillStory.Free, story.Status(new(101, 400)));
        Assert.Equal(new Amount(300), world.Drawn(line));

        // It is paid to the bank that holds it, and what the bank had out is back.
        world.Until(BillStory.Maturity);
        world.Accepts(X, world.Receipt(story.Bill, PaymentOutcome.Paid, 300) with { Units = new(101, 400), Payee = X });
        Assert.Equal(BillStory.Settled, story.Status(new(101, 400)));
        Assert.Equal((FinancingStatus.Matured, Amount.Zero), (world.Financing(apply.Financing).Status, world.Drawn(line)));
    }
}
