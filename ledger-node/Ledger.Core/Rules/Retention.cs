using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// Something that was over for the chain's retention leaves the state (归档), with the records named, or the first of them where they are many: it stays in the chain and its
/// history, and nothing can be done about it any more. Its id never comes again, for its day is long over. An instrument on which something is open stays, and no record leaves.
/// </summary>
public sealed record ThingLeft(DeadlineKind When, UInt128 Id, ValueList<RecordKey> Records) : LedgerEvent<ThingLeft>, IEvent
{
    public static (string Chinese, string English) Words => ("已归档", "left the state");

    public override int Steps => Math.Max(Records.Count, 1);

    public override LedgerState Enact(LedgerState state) =>
        Records.Count == 0 ? state.With(Rulebook.InstrumentNamed(state, new(Id))) : state.Without(Records);

    public override IEnumerable<Told> Tells(LedgerState state) => When switch
    {
        DeadlineKind.OfferLeaves => [Details.Offer.Is(new Id<Offer>(Id))],
        DeadlineKind.PledgeLeaves => [Details.Pledge.Is(new Id<Offer>(Id))],
        DeadlineKind.FinancingLeaves => [Details.Financing.Is(new Id<Financing>(Id))],
        DeadlineKind.AttestationLeaves => [Details.Attestation.Is(new Id<Attestation>(Id))],
        DeadlineKind.PaymentLeaves => [Details.Payment.Is(new Id<Payment>(Id))],
        DeadlineKind.MeasureLeaves => [Details.Measure.Is(new Id<Measure>(Id))],
        DeadlineKind.InstrumentLeaves => [Details.Instrument.Is(new Id<Instrument>(Id))],
        DeadlineKind.ReferencesLeave => [Details.ValueDate.Is(DateOnly.FromDayNumber((int)Id))],
        DeadlineKind.LineLeaves => [Details.Line.Is(new Id<CreditLine>(Id))],
        DeadlineKind.ProposalLeaves => [Details.Proposal.Is(new Id<Proposal>(Id))],
        DeadlineKind.OfferExpires or DeadlineKind.ConfirmationDue or DeadlineKind.MandateExpires or DeadlineKind.FreezeEnds or DeadlineKind.ReservationEnds
            or DeadlineKind.CommitmentEnds or DeadlineKind.PaymentOverdue or DeadlineKind.DrawingEnds or DeadlineKind.AnnouncementEnds or DeadlineKind.MeasureInForce
            or DeadlineKind.MeasureLapses or DeadlineKind.ProposalExpires or DeadlineKind.ProposalDue => throw new UnreachableException("Something ends by it."),
    };
}
