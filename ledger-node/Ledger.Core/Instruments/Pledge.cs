using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

/// <summary>A pledge of a receivable that is not on the ledger: what it charges are the documents (民法典 440, 445).</summary>
public sealed record Pledge(
    Id<Offer> Id,
    PartyId Pledgor,
    PartyId Pledgee,
    Currency Currency,
    Amount Amount,
    ValueList<DocumentUse> Documents,
    Timestamp Since,
    bool Released);

/// <summary>
/// A freeze that a bank or operator executes on an authority's order. <paramref name="CaseNumber"/> and <paramref name="Order"/> are salted digests.
/// Orders on the same units wait in the order of their ranks (轮候).
/// </summary>
public sealed record Freeze(
    Id<Freeze> Id,
    Id<Instrument> Instrument,
    Interval Units,
    PartyId Executor,
    string Authority,
    Hash256 CaseNumber,
    Hash256 Order,
    ushort Rank,
    Timestamp Since,
    Timestamp Until);
