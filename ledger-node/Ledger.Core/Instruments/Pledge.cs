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
    bool Released,
    Timestamp EndedAt = default);

/// <summary>
/// A freeze that a bank or operator executes on an authority's order. <paramref name="CaseNumber"/> and <paramref name="Order"/> are salted digests.
/// Orders on the same units wait in the order in which they came (轮候). <paramref name="Second"/>: the institution that answers for it beside the
/// executor; a freeze without one is an emergency's (紧急止付), which ends soon and is kept until <paramref name="KeptUntil"/>, so that nobody renews it alone.
/// </summary>
public sealed record Freeze(
    Id<Freeze> Id,
    Id<Instrument> Instrument,
    ValueList<Interval> Units,
    PartyId Executor,
    PartyId? Second,
    string Authority,
    Hash256 CaseNumber,
    Hash256 Order,
    Timestamp Since,
    Timestamp Until,
    Timestamp KeptUntil);
