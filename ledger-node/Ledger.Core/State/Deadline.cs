using Ledger.Core.Primitives;

namespace Ledger.Core.State;

public enum DeadlineKind : byte
{
    OfferExpires = 1,
    ConfirmationDue = 2,
    MandateExpires = 3,
    FreezeEnds = 4,
    ReservationEnds = 5,
    CommitmentEnds = 6,
    PaymentOverdue = 7,
    DrawingEnds = 8,
    AnnouncementEnds = 9,
    MeasureInForce = 10,
    MeasureLapses = 11,
    OfferLeaves = 12,
    PledgeLeaves = 13,
    FinancingLeaves = 14,
    AttestationLeaves = 15,
    PaymentLeaves = 16,
    MeasureLeaves = 17,
    InstrumentLeaves = 18,
    ReferencesLeave = 19,
    LineLeaves = 20,
    ProposalExpires = 21,
    ProposalDue = 22,
    ProposalLeaves = 23,
}

/// <summary>
/// A stored whole minute after which something is over. Checks compare with block time whether or not it has fired; firing only tidies up.
/// The set of deadlines follows from the records that hold them and is not hashed itself.
/// </summary>
public readonly record struct Deadline(Timestamp At, DeadlineKind Kind, UInt128 Id) : IComparable<Deadline>
{
    /// <summary>Whether something leaves the state by it, which nothing waits for.</summary>
    public bool IsDeparture => Departures.Of(Kind) is not null;

    public int CompareTo(Deadline other)
    {
        if (At != other.At) return At.CompareTo(other.At);
        return Kind != other.Kind ? Kind.CompareTo(other.Kind) : Id.CompareTo(other.Id);
    }
}
