using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// When a thing is over: nothing more comes of it but what undoes it. From when it was last written so, it stays in the state for the chain's retention and then leaves
/// it; history keeps it.
/// </summary>
static class Over
{
    /// <summary>What was agreed on an issue or on a bill lasts as long as its instrument; whoever is liable on a bill is so by its endorsements.</summary>
    public static bool Is(LedgerState state, Offer offer) => offer.Status switch
    {
        OfferStatus.Open or OfferStatus.AwaitsRegister => false,
        OfferStatus.Accepted => offer.Kind switch
        {
            OfferKind.Pledge => true,
            OfferKind.Transfer => state.Instrument(offer.Instrument) is not { Bill: not null },
            _ => false,
        },
        _ => true,
    };

    public static bool Is(Pledge pledge) => pledge.Released;

    /// <summary>
    /// Nothing was paid out, or it was undone. A payout lasts as long as its instrument, however it ended: what comes back to it, because a later one was bought back or a
    /// payment was returned, is owed again.
    /// </summary>
    public static bool Is(Financing financing) => financing.Status is FinancingStatus.Reversed or FinancingStatus.Released or FinancingStatus.Lapsed
        or FinancingStatus.Withdrawn or FinancingStatus.Corrected;

    /// <summary>Superseded, or the last one of its financing.</summary>
    public static bool Is(LedgerState state, Attestation attestation) =>
        state.Financing(attestation.Financing) is not { } financing || (financing.Query != attestation.Id && financing.Registration != attestation.Id);

    /// <summary>What a write of a financing makes superseded: that is another noun's end, decided here.</summary>
    public static IEnumerable<Id<Attestation>> Superseded(Financing? before, Financing after)
    {
        if (before is null) yield break;
        foreach (var last in (Id<Attestation>[])[before.Query, before.Registration])
        {
            if (last.Value != 0 && last != after.Query && last != after.Registration) yield return last;
        }
    }

    public static bool Is(Payment payment) => payment.Announced.Count == 0;

    /// <summary>One on units is over with its offer. A party is insolvent by the measure that entered it, as long as none that ends it is in force.</summary>
    public static bool Is(Measure measure) => measure.Kind switch
    {
        MeasureKind.Insolvency => measure.Status is MeasureStatus.Dismissed or MeasureStatus.Ended,
        MeasureKind.Solvency => measure.Status == MeasureStatus.InForce,
        _ => false,
    };

    public static bool Is(Proposal proposal) => !proposal.IsPending;

    /// <summary>
    /// Nothing is owed on it, or whoever should owe it denies all of it: that can still be confirmed until it leaves, and asked anew afterwards. What is not answered, and
    /// what is confirmed and not issued, stays: the one is a debtor's silence that is on record, the other its word.
    /// </summary>
    public static bool Is(Instrument instrument) => instrument.Status is InstrumentStatus.Cancelled or InstrumentStatus.Settled or InstrumentStatus.Disputed;
}
