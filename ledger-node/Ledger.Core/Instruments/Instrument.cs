using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

public enum InstrumentKind : byte
{
    Receivable = 1,
    Bill = 2,
}

public enum InstrumentStatus : byte
{
    /// <summary>Asserted by the creditor; the obligor has not answered, and silence never confirms.</summary>
    Requested = 1,

    /// <summary>The obligor owes what it confirmed; nothing is issued yet.</summary>
    Confirmed = 2,

    /// <summary>The obligor disputes all of it.</summary>
    Disputed = 3,

    /// <summary>Issued and waiting for the first holder's acceptance (待签收).</summary>
    Offered = 4,

    /// <summary>Accepted: its units are held and can move.</summary>
    Active = 5,

    /// <summary>Declined, withdrawn, expired or cancelled before anything depended on it; the id stays used.</summary>
    Cancelled = 6,

    /// <summary>Every unit is paid or extinguished.</summary>
    Settled = 7,
}

/// <summary>
/// What the creditor asked and what the obligor answered (确权). <paramref name="Deadline"/> is the end of the period of 条例 16, the default value
/// where it does not apply. Hashes are zero until given: the payment undertaking (承诺函), the contract clause and the supplier's consent (条例 11),
/// the reason of a dispute. <paramref name="Hand"/> asked: the creditor itself, or its agent; nobody where the issue brought the undertaking.
/// </summary>
public sealed record Confirmation(
    Amount Requested,
    Timestamp RequestedAt,
    DateOnly ContractSigned,
    Timestamp Deadline,
    bool Overdue,
    Amount Confirmed,
    Amount Disputed,
    Timestamp AnsweredAt,
    Hash256 Undertaking,
    bool DefencesWaived,
    Hash256 ContractClause,
    Hash256 SupplierConsent,
    Hash256 DisputeReason,
    bool DisputedLater,
    PartyId Hand);

/// <summary>
/// The bill register's view of a package (SHCPE): its 30-digit number, and status and flow codes of the package while it moves as a whole; once
/// delivered, each interval's follow from its token. <paramref name="Undivided"/>: the register lets no sub-interval move (不可分包流转). A bill that is
/// not delivered by <paramref name="DrawnUntil"/> is over; an imported one was delivered, and has the default value.
/// </summary>
public sealed record BillAttributes(
    string PackageNumber,
    byte Status,
    byte Flow,
    PartyId Drawer,
    PartyId Acceptor,
    bool Undivided,
    bool RegisterIsLedger,
    bool Mismatch,
    Timestamp DrawnUntil = default);

/// <summary>
/// One debt in its whole life. <paramref name="Face"/> is in minor units: the instrument has that many units, and its tokens partition them.
/// Dates are the root's and no split or transfer changes them; <see cref="DateOnly.MinValue"/> until issue. <paramref name="Number"/> is a platform
/// number, unique on the chain, empty for none. <paramref name="IssueOffer"/> is the latest issue's offer. <paramref name="Terms"/> are salted digests of what rivals must not read.
/// </summary>
public sealed record Instrument(
    Id<Instrument> Id,
    InstrumentKind Kind,
    InstrumentStatus Status,
    PartyId Obligor,
    PartyId Creditor,
    Currency Currency,
    Amount Face,
    DateOnly IssueDate,
    DateOnly DueDate,
    bool Transferable,
    string Number,
    Id<Offer> IssueOffer,
    ValueList<DocumentUse> Documents,
    ValueList<Hash256> Terms,
    Confirmation? Confirmation,
    BillAttributes? Bill,
    Timestamp EndedAt = default);
