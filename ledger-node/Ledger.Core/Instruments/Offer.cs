using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

public enum OfferKind : byte
{
    Issue = 1,
    Transfer = 2,
    Pledge = 3,

    /// <summary>Of a bill: its drawee is asked to accept it (提示承兑).</summary>
    Acceptance = 4,

    /// <summary>Of a bill: its payee is asked to take it (提示收票).</summary>
    Delivery = 5,

    /// <summary>Of a bill: pledge by endorsement (质押背书).</summary>
    BillPledge = 6,

    /// <summary>Of a bill: a guarantor is asked to stand in (保证).</summary>
    Guarantee = 7,

    /// <summary>Of a bill: its acceptor is asked to pay (提示付款).</summary>
    Presentation = 8,

    /// <summary>Of a bill: one who is liable is asked to pay after dishonour (追索).</summary>
    Recourse = 9,

    /// <summary>Of a bill: its drawer takes it back (撤票). This and what follows need nobody's answer but the register's.</summary>
    Cancellation = 10,

    /// <summary>Of a bill: the pledgee lets go (质押解除).</summary>
    PledgeRelease = 11,

    /// <summary>Of a bill: an endorser takes its 不得转让 back.</summary>
    TransferPermission = 12,
}

public enum OfferStatus : byte
{
    Open = 1,
    Accepted = 2,
    Declined = 3,
    Withdrawn = 4,
    Expired = 5,

    /// <summary>Both parties agree; it takes effect when the bill register says so.</summary>
    AwaitsRegister = 6,

    /// <summary>Its units were frozen before it was answered.</summary>
    Lapsed = 7,

    /// <summary>The measure behind it was contested, and the decision was against it.</summary>
    Dismissed = 8,
}

/// <summary>
/// One party's word that waits for another's (待签收): nothing moves before it is accepted. A pledge has its offer's id. <paramref name="Hand"/> signed for
/// <paramref name="From"/>: that party itself, or its agent. <paramref name="Units"/> is ascending and empty for a pledge of documents. <paramref name="EndedAt"/> is when it was last
/// written after it was over, and the default value before.
/// </summary>
public sealed record Offer(
    Id<Offer> Id,
    OfferKind Kind,
    OfferStatus Status,
    PartyId From,
    PartyId To,
    PartyId Hand,
    Id<Instrument> Instrument,
    ValueList<Interval> Units,
    TransferCause Cause,
    bool Recourse,
    Currency Currency,
    Amount Amount,
    ValueList<DocumentUse> Documents,
    ValueList<Hash256> Terms,
    Timestamp MadeAt,
    Timestamp Expires,
    Timestamp EndedAt = default);
