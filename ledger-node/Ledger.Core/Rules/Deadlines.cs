using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>What a due deadline makes happen. Checks never wait for it: they compare with ledger time.</summary>
    public static LedgerEvent Fire(LedgerState state, Deadline due) => Ended(due) ?? new ThingLeft(due.Kind, due.Id, state.Leaving(due));

    /// <summary>What ends by it; nothing where what ended long ago leaves the state.</summary>
    public static LedgerEvent? Ended(Deadline due) => due.Kind switch
    {
        DeadlineKind.OfferExpires => new OfferClosed(new(due.Id), OfferStatus.Expired),
        DeadlineKind.ConfirmationDue => new ConfirmationOverdue(new(due.Id)),
        DeadlineKind.MandateExpires => new MandateExpired(new Id<Mandate>(due.Id)),
        DeadlineKind.FreezeEnds => new FreezeLifted(new(due.Id)),
        DeadlineKind.ReservationEnds or DeadlineKind.CommitmentEnds => new FinancingLapsed(new(due.Id)),
        DeadlineKind.PaymentOverdue => new PaymentBecameOverdue(new(due.Id)),
        DeadlineKind.DrawingEnds => new DrawingTermEnded(new(due.Id)),
        DeadlineKind.AnnouncementEnds => new AnnouncementLapsed(new(due.Id)),
        DeadlineKind.MeasureInForce => new MeasureTookEffect(new(due.Id)),
        DeadlineKind.MeasureLapses => new MeasureLapsed(new(due.Id)),
        DeadlineKind.ProposalExpires => new ProposalExpired(new(due.Id)),
        DeadlineKind.ProposalDue => new ProposalCameDue(new(due.Id)),
        DeadlineKind.OfferLeaves or DeadlineKind.PledgeLeaves or DeadlineKind.FinancingLeaves or DeadlineKind.AttestationLeaves or DeadlineKind.PaymentLeaves
            or DeadlineKind.MeasureLeaves or DeadlineKind.InstrumentLeaves or DeadlineKind.ReferencesLeave or DeadlineKind.LineLeaves or DeadlineKind.ProposalLeaves => null,
    };
}
