using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

public enum OfferKind : byte
{
    Issue = 1,
    Transfer = 2,
    Pledge = 3,
}

public enum OfferStatus : byte
{
    Open = 1,
    Accepted = 2,
    Declined = 3,
    Withdrawn = 4,
    Expired = 5,
}

/// <summary>
/// One party's word that waits for another's (待签收): nothing moves before it is accepted. A pledge has its offer's id. <paramref name="Units"/> is ascending and empty for a pledge of documents. Answered offers keep their id for ever.
/// </summary>
public sealed record Offer(
    Id<Offer> Id,
    OfferKind Kind,
    OfferStatus Status,
    PartyId From,
    PartyId To,
    Id<Instrument> Instrument,
    ValueList<Interval> Units,
    TransferCause Cause,
    bool Recourse,
    Currency Currency,
    Amount Amount,
    ValueList<DocumentUse> Documents,
    ValueList<Hash256> Terms,
    Timestamp MadeAt,
    Timestamp Expires);
