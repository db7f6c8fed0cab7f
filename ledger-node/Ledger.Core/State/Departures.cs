using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// What leaves the state when the time of a deadline has come, by its kind: the one list of that, by which departures are also told from deadlines that something waits for.
/// A new kind does not compile until it says here which it is.
/// </summary>
static class Departures
{
    /// <summary>The records that leave by a deadline of this kind, in their order; null where something ends by it.</summary>
    public static Func<LedgerState, UInt128, ValueList<RecordKey>>? Of(DeadlineKind kind) => kind switch
    {
        DeadlineKind.OfferLeaves => static (state, id) => [.. state.Leaving(new Id<Offer>(id))],
        DeadlineKind.PledgeLeaves => static (_, id) => [LedgerState.Key(Tables.Pledges, new(id))],
        DeadlineKind.FinancingLeaves => static (state, id) => [.. state.Leaving(new Id<Financing>(id))],
        DeadlineKind.AttestationLeaves => static (_, id) => [LedgerState.Key(Tables.Attestations, new(id))],
        DeadlineKind.PaymentLeaves => static (_, id) => [LedgerState.Key(Tables.Payments, new(id))],
        DeadlineKind.MeasureLeaves => static (_, id) => [LedgerState.Key(Tables.Measures, new(id))],
        DeadlineKind.InstrumentLeaves => static (state, id) => state.LeavingNext(new Id<Instrument>(id)),
        DeadlineKind.ReferencesLeave => static (state, id) => state.LeavingNext(DateOnly.FromDayNumber((int)id)),
        DeadlineKind.LineLeaves => static (_, id) => [LedgerState.Key(Tables.Lines, new(id))],
        DeadlineKind.ProposalLeaves => static (_, id) => [LedgerState.Key(Tables.Proposals, new(id))],
        DeadlineKind.OfferExpires or DeadlineKind.ConfirmationDue or DeadlineKind.MandateExpires or DeadlineKind.FreezeEnds or DeadlineKind.ReservationEnds
            or DeadlineKind.CommitmentEnds or DeadlineKind.PaymentOverdue or DeadlineKind.DrawingEnds or DeadlineKind.AnnouncementEnds or DeadlineKind.MeasureInForce
            or DeadlineKind.MeasureLapses or DeadlineKind.ProposalExpires or DeadlineKind.ProposalDue => null,
    };
}
