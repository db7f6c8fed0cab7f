using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Scenarios;

/// <summary>E2: one invoice backs no more than its total, whoever asks and however often; to the fen.</summary>
public class DocumentsTests
{
    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void One_invoice_is_used_up_once_and_its_red_letter_alerts_those_who_rely_on_it(Stage stage)
    {
        using var world = new World(stage, Morning);
        var v = world.Attested(X, world.Attestation(DocumentKind.Invoice, "25442000000123456789", A, C, 100_000_000));

        // I1 600,000.00 is issued and accepted.
        var first = world.Issuing(A, 60_000_000, new DocumentUse(v, new(60_000_000)));
        world.Accepts(C, first);
        world.Accepts(A, new AcceptOffer(first.Offer));
        Assert.Equal(new Amount(60_000_000), world.Document(v).Used);

        // I2 500,000.00 is refused: 400,000.00 are available.
        var tooMuch = world.Refuses(Refusal.DocumentUsedUp, C, world.Issuing(A, 50_000_000, new DocumentUse(v, new(50_000_000))));
        Assert.Equal(new Amount(40_000_000), tooMuch.Facts.Available);

        // I2 400,000.00 is offered, and declined.
        var second = world.Issuing(A, 40_000_000, new DocumentUse(v, new(40_000_000)));
        world.Accepts(C, second);
        Assert.Equal(new Amount(100_000_000), world.Document(v).Taken);
        world.Accepts(A, new DeclineOffer(second.Offer));
        Assert.Equal(new Amount(60_000_000), world.Document(v).Taken);

        // A stand-alone pledge of V at Y: 400,000.01 is refused, 400,000.00 is taken.
        PledgeDocuments Pledge(ulong amount) => new(world.New<Offer>(), Y, Currency.Cny, new(amount), [new(v, new(amount))], world.Tomorrow);
        world.Refuses(Refusal.DocumentUsedUp, A, Pledge(40_000_001));
        var pledge = Pledge(40_000_000);
        world.Accepts(A, pledge);
        world.Accepts(Y, new AcceptOffer(pledge.Offer));
        Assert.Equal(new Amount(100_000_000), world.Document(v).Used);

        // A finances I1 at X citing V: that charges nothing, and 1,000,000.00 stay used.
        world.Lends().Financed(A, world.Applying(first.Instrument, FinancingForm.NonRecourseFactoring, 1, 60_000_000) with { Documents = [v] });
        Assert.Equal((new Amount(100_000_000), Amount.Zero), (world.Document(v).Used, world.Document(v).Available));
        Assert.Equal([Y, X], world.Document(v).Reliant);

        // The same number with total 10,000,000.00 contradicts what stands.
        var contradiction = world.Attestation(DocumentKind.Invoice, "25442000000123456789", A, C, 1_000_000_000);
        world.Refuses(Refusal.DocumentContradicts, Y, contradiction, Key(A));

        // After a change of key epoch the number is still known, and 0.01 more is still refused.
        world.OpenEpoch();
        world.Accepts(A, new SetPolicy([]));
        var again = world.Attestation(DocumentKind.Invoice, "25442000000123456789", A, C, 100_000_000);
        Assert.Equal(2, again.Fingerprints.Count);
        Assert.Equal(v.ToString(), world.Refuses(Refusal.DocumentAlreadyRegistered, Y, again, Key(A)).Facts.Reference);
        world.Refuses(Refusal.FingerprintsIncomplete, Y, again with { Fingerprints = [again.Fingerprints[1]] }, Key(A));
        var aCent = world.Refuses(Refusal.DocumentUsedUp, C, world.Issuing(A, 1, new DocumentUse(v, new(1))));
        Assert.Equal(Amount.Zero, aCent.Facts.Available);

        // Red letter −250,000.00: total 750,000.00, over-used by 250,000.00; C, X and Y are alerted and nothing is reversed.
        var alert = world.Accepts(X, world.RedLetter(v, 25_000_000));
        ValueList<PartyId> alerted = [.. new[] { C, X, Y }.Order()];
        Assert.Equal(new DocumentOverused(v, new(25_000_000), alerted), Assert.Single(alert.Events.OfType<DocumentOverused>()));
        Assert.Equal(new Amount(75_000_000), world.Document(v).NetTotal);
        Assert.Equal(new Amount(100_000_000), world.Document(v).Used);
        Assert.Equal(InstrumentStatus.Active, world.Instrument(first.Instrument).Status);
        Assert.False(world.State.Pledge(pledge.Offer)?.Released);

        // Further use is refused, by anybody.
        world.Pass(Timestamp.Day);
        world.Refuses(Refusal.DocumentOverused, C, world.Issuing(A, 1, new DocumentUse(v, new(1))));
        world.Refuses(Refusal.DocumentOverused, A, Pledge(1));
    }
}
