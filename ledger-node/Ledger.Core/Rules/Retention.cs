using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// Something that was over for the chain's retention leaves the state (归档): it stays in the chain and its history, and nothing can be done about it any more. Its id never
/// comes again, for its day is long over.
/// </summary>
public sealed record ThingLeft(DeadlineKind When, UInt128 Id) : LedgerEvent<ThingLeft>, IEvent
{
    public static (string Chinese, string English) Words => ("已归档", "left the state");

    public override LedgerState Enact(LedgerState state) => When switch
    {
        DeadlineKind.OfferLeaves => state.WithoutOffer(new(Id)),
        DeadlineKind.PledgeLeaves => state.WithoutPledge(new(Id)),
        DeadlineKind.FinancingLeaves => state.WithoutFinancing(new(Id)),
        DeadlineKind.AttestationLeaves => state.WithoutAttestation(new(Id)),
        DeadlineKind.PaymentLeaves => state.WithoutPayment(new(Id)),
        DeadlineKind.MeasureLeaves => state.WithoutMeasure(new(Id)),
        DeadlineKind.ReferencesLeave => state.WithoutReferences(DateOnly.FromDayNumber((int)Id)),
        _ => InstrumentLeaves(state, new(Id)),
    };

    public override IEnumerable<Told> Tells(LedgerState state) => When switch
    {
        DeadlineKind.OfferLeaves => [Details.Offer.Is(new Id<Offer>(Id))],
        DeadlineKind.PledgeLeaves => [Details.Pledge.Is(new Id<Offer>(Id))],
        DeadlineKind.FinancingLeaves => [Details.Financing.Is(new Id<Financing>(Id))],
        DeadlineKind.AttestationLeaves => [Details.Attestation.Is(new Id<Attestation>(Id))],
        DeadlineKind.PaymentLeaves => [Details.Payment.Is(new Id<Payment>(Id))],
        DeadlineKind.MeasureLeaves => [Details.Measure.Is(new Id<Measure>(Id))],
        DeadlineKind.ReferencesLeave => [Details.ValueDate.Is(DateOnly.FromDayNumber((int)Id))],
        _ => [Details.Instrument.Is(new Id<Instrument>(Id))],
    };

    // As long as something on it is not over, it is not.
    static LedgerState InstrumentLeaves(LedgerState state, Id<Instrument> id)
    {
        var instrument = Rulebook.InstrumentNamed(state, id);
        return state.IsOpen(id) ? state.With(instrument) : state.Without(instrument);
    }
}
