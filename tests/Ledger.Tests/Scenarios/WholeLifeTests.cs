using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Scenarios;

/// <summary>E1: requested, confirmed, issued in place, split twice, the last tier through a bank's mandate, sold to a bank, and paid.</summary>
public class WholeLifeTests
{
    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void A_debt_is_confirmed_issued_handed_on_sold_and_paid(Stage stage)
    {
        using var world = new World(stage, "2026-03-12 10:00:00");
        var v = world.Attested(X, world.Attestation(DocumentKind.Invoice, "25442000000000000001", A, C, 100_000_000));
        var claim = new RequestConfirmation(
            world.New<Instrument>(), C, Currency.Cny, new(100_000_000), Date("2026-03-01"), SizeClass.Large, SizeClass.Small, new(3, 3));
        world.Accepts(A, claim);

        world.Until("2026-03-20 10:00:00");
        world.Accepts(C, new Confirm(claim.Instrument, new(100_000_000), Promise));

        world.Until("2026-03-23 10:00:00");
        var issue = world.Issuing(A, 100_000_000, new DocumentUse(v, new(100_000_000))) with
        {
            Instrument = claim.Instrument, Undertaking = null, DueDate = Date("2026-09-22"),
        };
        world.Accepts(C, issue);
        Assert.Null(world.State.Tokens(claim.Instrument));
        world.Accepts(A, new AcceptOffer(issue.Offer));

        world.Until("2026-03-25 10:00:00");
        var toB = world.Attested(X, world.Attestation(DocumentKind.Invoice, "25442000000000000002", B, A, 30_000_000));
        var first = new Transfer(
            world.New<Offer>(), claim.Instrument, B, TransferCause.Trade, Recourse: false, [new(toB, new(30_000_000))], world.Tomorrow, Amount: new(30_000_000));
        world.Accepts(A, first);
        world.Accepts(B, new AcceptOffer(first.Offer));

        // D signs through a mandate held by Y, which also signs for D when its invoice is registered.
        world.Until("2026-03-27 10:00:00");
        world.Granted(D, Y, 12_000_000, "offer.accept", B);
        var attestation = world.Attestation(DocumentKind.Invoice, "25442000000000000003", D, B, 15_000_000);
        world.Accepts(X, attestation, Key(Y));
        var second = new Transfer(
            world.New<Offer>(), claim.Instrument, D, TransferCause.Trade, Recourse: false, [new(attestation.Document, new(12_000_000))], world.Tomorrow,
            Amount: new(12_000_000));
        world.Accepts(B, second);
        var accepted = Accepted(world.SubmitFor(D, Y, new AcceptOffer(second.Offer)));
        Assert.Equal((Y, D), (accepted.Transaction?.Body.Party, accepted.Transaction?.Body.Principal));

        Assert.Equal([(D, "1-12000000"), (B, "12000001-30000000"), (A, "30000001-100000000")], world.Holdings(claim.Instrument));
        Assert.Equal([2, 1, 0], world.Tokens(claim.Instrument).Select(token => (int)token.Leg.Depth));
        Assert.Equal((new Amount(100_000_000), new Amount(100_000_000)), (world.Document(v).Used, world.Document(v).Total));
        Assert.Equal((new Amount(30_000_000), new Amount(30_000_000)), (world.Document(toB).Used, world.Document(toB).Total));
        Assert.Equal((new Amount(12_000_000), new Amount(15_000_000)), (world.Document(attestation.Document).Used, world.Document(attestation.Document).Total));
        Assert.Equal((Date("2026-03-23"), Date("2026-09-22")), (world.Instrument(claim.Instrument).IssueDate, world.Instrument(claim.Instrument).DueDate));

        // On 05-06 D sells its part to X without recourse: 139 days at 3.85 %.
        world.Until("2026-05-06 09:00:00");
        world.Lends();
        var line = world.Line(C, 100_000_000);
        var sold = world.Financing(world.Financed(D, world.Applying(claim.Instrument, FinancingForm.NonRecourseFactoring, 1, 12_000_000), line));
        var days = Days.Between(sold.Start, sold.End, sold.Interest.DayCount, sold.Interest.Bounds);
        var interest = Accrual.Yearly(sold.Principal, new(38_500), days, sold.Interest.DayCount, sold.Interest.Rounding);
        Assert.Equal((139, 178_383UL, 11_821_617UL), (days, interest.Minor, (sold.Principal - interest).Minor));
        Assert.Equal([(X, "1-12000000"), (B, "12000001-30000000"), (A, "30000001-100000000")], world.Holdings(claim.Instrument));
        Assert.Equal(new Amount(12_000_000), world.Drawn(line));
        Assert.Equal([new DocumentUse(attestation.Document, new(12_000_000))], world.Tokens(claim.Instrument)[0].Leg.Documents);
        Assert.Equal((new Amount(12_000_000), new Amount(15_000_000)), (world.Document(attestation.Document).Used, world.Document(attestation.Document).Total));

        // On the day it is due it circulates no longer.
        var late = world.Trade(claim.Instrument, A, B, 30_000_001, 30_000_002);
        world.Until("2026-09-21 23:59:59");
        late = late with { Offer = world.New<Offer>(), Expires = world.Tomorrow };
        world.Accepts(A, late);
        world.Until("2026-09-22 00:00:00");
        world.Refuses(Refusal.InstrumentDue, A, late with { Offer = world.New<Offer>(), Expires = world.Tomorrow });
        world.Refuses(Refusal.InstrumentDue, B, new AcceptOffer(late.Offer));

        world.Accepts(A, new WithdrawOffer(late.Offer));

        // C pays each its own; X finds its money itself, and the bank of B and A finds theirs.
        Assert.Equal(
            [(X, 12_000_000UL), (B, 18_000_000), (A, 70_000_000)],
            Rulebook.Instructions(world.State, claim.Instrument, world.State.Today).Select(due => (due.Payee, due.Total.Minor)));
        foreach (var due in Rulebook.Instructions(world.State, claim.Instrument, world.State.Today))
        {
            world.Accepts(X, world.Receipt(claim.Instrument, PaymentOutcome.Paid, due.Total.Minor) with
            {
                Units = due.Units, Payee = due.Payee,
            });
        }

        Assert.Empty(Rulebook.Instructions(world.State, claim.Instrument, world.State.Today));
        Assert.All(world.Tokens(claim.Instrument), token => Assert.Equal(UnitState.Paid, token.State));
        Assert.Equal(InstrumentStatus.Settled, world.Instrument(claim.Instrument).Status);
        Assert.Equal((FinancingStatus.Matured, Amount.Zero), (world.Financing(sold.Id).Status, world.Drawn(line)));
        Assert.Empty(world.Until("2026-09-23 00:00:00").Opening.OfType<PaymentBecameOverdue>());
    }

    [Fact]
    public void A_certificate_that_comes_home_free_of_burdens_is_extinguished()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, C, 1, 40);
        Assert.Equal([UnitState.Extinguished, UnitState.Live], world.Tokens(note).Select(token => token.State));
        Assert.Equal(InstrumentStatus.Active, world.Instrument(note).Status);
        world.Refuses(Refusal.UnitsNotLive, C, world.Trade(note, C, B, 1, 1));

        world.Hands(note, A, C, 41, 100);
        Assert.Equal(InstrumentStatus.Settled, world.Instrument(note).Status);
        world.Refuses(Refusal.InstrumentStatusWrong, C, world.Trade(note, C, B, 1, 1));
    }
}
