using Ledger.Core.Primitives;

namespace Ledger.Core.Parties;

/// <summary>
/// A principal lets an agent sign for it (授权委托): these verbs, up to this amount an act, with these counterparties (none named: any), until then.
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
    Hash256 Paper);
