using Ledger.Core.Primitives;

namespace Ledger.Core.Parties;

/// <summary>
/// A principal lets an agent sign for it (授权委托): these verbs, up to this amount a day (the ledger's days), with these counterparties
/// (none named: any), until then. <paramref name="Used"/> is what the acts of <paramref name="UsedOn"/> took of it.
/// <paramref name="Paper"/> is the hash of the paper 授权书, zero when the principal granted it with its own key.
/// </summary>
public sealed record Mandate(
    Id<Mandate> Id,
    PartyId Principal,
    PartyId Agent,
    ValueList<string> Verbs,
    Currency Currency,
    Amount Cap,
    ValueList<PartyId> Counterparties,
    Timestamp Expires,
    Hash256 Paper,
    DateOnly UsedOn = default,
    Amount Used = default)
{
    /// <summary>What acts of this day took of the cap.</summary>
    public Amount UsedBy(DateOnly day) => UsedOn == day ? Used : Amount.Zero;
}
