using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>Something that happened. Verbs return events; only applying them changes state, and applying never fails.</summary>
public abstract record LedgerEvent
{
    protected LedgerEvent() { }
}

/// <summary>A block begins: ledger time moves and ids that expired are forgotten; its envelope may begin an epoch of ordering.</summary>
public sealed record BlockOpened(ulong Height, Timestamp Time, PartyId Bank, Timestamp Clock, ulong NextCounter, uint Epoch) : LedgerEvent;

/// <summary>An entry, accepted or refused, uses its transaction id.</summary>
public sealed record IdUsed(PartyId Party, Id<Transaction> Id, Hash256 PayloadHash, Timestamp Expires, bool LongLived) : LedgerEvent;

/// <summary>A double-pledge attempt went on the record and counts against its party's quota of the day.</summary>
public sealed record AttemptRecorded(PartyId Party, DateOnly Day, UInt128 Subject) : LedgerEvent;

/// <summary>A person's signature alone moved this much today.</summary>
public sealed record SingleSignatureSpent(PartyId Party, Currency Currency, DateOnly Day, Amount Total) : LedgerEvent;

/// <summary>So much of a mandate's cap the day's acts took.</summary>
public sealed record MandateUsed(Id<Parties.Mandate> Mandate, DateOnly Day, Amount Used) : LedgerEvent;
