using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// When nouns have a deadline, a function for each kind. It is asked before and after every write of the noun and moves the deadline by the difference, so it may look at
/// nothing that can change between two writes of the noun, but for what asks it too when it is written: a maturity does for its instrument.
/// </summary>
static class Due
{
    public static Deadline? MandateExpires(LedgerState _, Id<Mandate> id, Mandate? mandate) =>
        mandate is null ? null : new(mandate.Expires, DeadlineKind.MandateExpires, id.Value);

    public static Deadline? OfferExpires(LedgerState _, Id<Offer> id, Offer? offer) =>
        offer is { Status: OfferStatus.Open } ? new(offer.Expires, DeadlineKind.OfferExpires, id.Value) : null;

    public static Deadline? FreezeEnds(LedgerState _, Id<Freeze> id, Freeze? freeze) =>
        freeze is null ? null : new(freeze.KeptUntil, DeadlineKind.FreezeEnds, id.Value);

    public static Deadline? ReservationEnds(LedgerState _, Id<Financing> id, Financing? financing) =>
        financing is { Status: FinancingStatus.Applied } ? new(financing.ReservedUntil, DeadlineKind.ReservationEnds, id.Value) : null;

    public static Deadline? CommitmentEnds(LedgerState _, Id<Financing> id, Financing? financing) =>
        financing is { Status: FinancingStatus.Approved or FinancingStatus.Registered } ? new(financing.CommittedUntil, DeadlineKind.CommitmentEnds, id.Value) : null;

    public static Deadline? AnnouncementEnds(LedgerState _, Id<Payment> id, Payment? payment) =>
        payment is { Announced.Count: > 0 } ? new(payment.AnnouncedUntil, DeadlineKind.AnnouncementEnds, id.Value) : null;

    public static Deadline? MeasureInForce(LedgerState _, Id<Measure> id, Measure? measure) =>
        measure is { Status: MeasureStatus.Standing } ? new(measure.InForceFrom, DeadlineKind.MeasureInForce, id.Value) : null;

    public static Deadline? MeasureLapses(LedgerState _, Id<Measure> id, Measure? measure) =>
        measure is { Status: MeasureStatus.Contested } ? new(measure.Until, DeadlineKind.MeasureLapses, id.Value) : null;

    public static Deadline? ProposalExpires(LedgerState _, Id<Proposal> id, Proposal? proposal) =>
        proposal is { Status: ProposalStatus.Open } ? new(proposal.Expires, DeadlineKind.ProposalExpires, id.Value) : null;

    /// <summary>What has the votes is due already: the next opening does it.</summary>
    public static Deadline? ProposalDue(LedgerState _, Id<Proposal> id, Proposal? proposal) =>
        proposal is { Status: ProposalStatus.Adopted } ? new(proposal.DueAt, DeadlineKind.ProposalDue, id.Value) : null;

    public static Deadline? OfferLeaves(LedgerState state, Id<Offer> id, Offer? offer) => Leaves(state, offer?.EndedAt, DeadlineKind.OfferLeaves, id.Value);

    public static Deadline? PledgeLeaves(LedgerState state, Id<Offer> id, Pledge? pledge) => Leaves(state, pledge?.EndedAt, DeadlineKind.PledgeLeaves, id.Value);

    public static Deadline? FinancingLeaves(LedgerState state, Id<Financing> id, Financing? financing) => Leaves(state, financing?.EndedAt, DeadlineKind.FinancingLeaves, id.Value);

    public static Deadline? AttestationLeaves(LedgerState state, Id<Attestation> id, Attestation? attestation) =>
        Leaves(state, attestation?.EndedAt, DeadlineKind.AttestationLeaves, id.Value);

    public static Deadline? PaymentLeaves(LedgerState state, Id<Payment> id, Payment? payment) => Leaves(state, payment?.EndedAt, DeadlineKind.PaymentLeaves, id.Value);

    public static Deadline? MeasureLeaves(LedgerState state, Id<Measure> id, Measure? measure) => Leaves(state, measure?.EndedAt, DeadlineKind.MeasureLeaves, id.Value);

    public static Deadline? ProposalLeaves(LedgerState state, Id<Proposal> id, Proposal? proposal) => Leaves(state, proposal?.EndedAt, DeadlineKind.ProposalLeaves, id.Value);

    public static Deadline? InstrumentLeaves(LedgerState state, Id<Instrument> id, Instrument? instrument) =>
        Leaves(state, instrument?.EndedAt, DeadlineKind.InstrumentLeaves, id.Value);

    /// <summary>All references of a value date have one deadline, when no act can name that date any more; it stands as long as there is one.</summary>
    public static Deadline? ReferencesLeave(LedgerState state, (string Text, DateOnly ValueDate) key, BankReference? _) =>
        state.Of(Beside.ReferencesOn).ContainsKey(key.ValueDate) ? LeavesAfter(state, key.ValueDate, DeadlineKind.ReferencesLeave, (UInt128)key.ValueDate.DayNumber) : null;

    /// <summary>Nothing is drawn on a line after its last day; what was drawn before keeps it.</summary>
    public static Deadline? LineLeaves(LedgerState state, Id<CreditLine> id, CreditLine? line) =>
        line is { Drawn.IsZero: true } ? LeavesAfter(state, line.Until, DeadlineKind.LineLeaves, id.Value) : null;

    // At the end of all dates nothing leaves.
    static Deadline? LeavesAfter(LedgerState state, DateOnly last, DeadlineKind kind, UInt128 id) => last.DayNumber > DateOnly.MaxValue.DayNumber - state.Chain.RetentionDays - 1
        ? null
        : new(Timestamp.StartOf(last.AddDays(state.Chain.RetentionDays + 1), state.Chain.OffsetMinutes), kind, id);

    // Deadlines are whole minutes.
    static Deadline? Leaves(LedgerState state, Timestamp? ended, DeadlineKind kind, UInt128 id) =>
        ended is { UnixMilliseconds: > 0 } at ? new(at.Add(state.Chain.RetentionDays * Timestamp.Day).CeilingMinute(), kind, id) : null;

    /// <summary>What is requested waits for its answer.</summary>
    public static Deadline? ConfirmationDue(LedgerState _, Id<Instrument> id, Instrument? instrument) =>
        instrument is { Status: InstrumentStatus.Requested, Confirmation: { Overdue: false } confirmation } && confirmation.Deadline != default
            ? new(confirmation.Deadline, DeadlineKind.ConfirmationDue, id.Value)
            : null;

    /// <summary>What is drawn waits for its delivery.</summary>
    public static Deadline? DrawingEnds(LedgerState _, Id<Instrument> id, Instrument? instrument) =>
        instrument is { Status: InstrumentStatus.Offered, Bill: { } bill } ? new(bill.DrawnUntil, DeadlineKind.DrawingEnds, id.Value) : null;

    public static Deadline? PaymentOverdue(LedgerState state, Id<Instrument> id, Instrument? instrument) => PaymentOverdue(state, instrument, state.Maturity(id));

    public static Deadline? PaymentOverdue(LedgerState state, Id<Instrument> id, Maturity? maturity) => PaymentOverdue(state, state.Instrument(id), maturity);

    // What is held waits for its payment until the end of the day on which it is payable. Where the rules were not restored, nobody asks when that is.
    static Deadline? PaymentOverdue(LedgerState state, Instrument? instrument, Maturity? maturity) =>
        instrument is { Status: InstrumentStatus.Active } && state.RuleSets.Count > 0 && (maturity is null || !maturity.Missed.Any(missed => missed.DueDate == instrument.DueDate))
            ? new(Timestamp.StartOf(state.PayableOn(instrument.DueDate).AddDays(1), state.Chain.OffsetMinutes), DeadlineKind.PaymentOverdue, instrument.Id.Value)
            : null;
}
