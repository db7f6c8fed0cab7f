using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Drafts;

/// <summary>
/// Which bank's node speaks for a party. The ledger says who registered it, its sponsor, and nothing else that would be a bank's node: a validator speaks for itself, another party's sponsor for it
/// where that is a validator, and for whom neither is, nobody does.
/// </summary>
static class DraftBanks
{
    public static PartyId? Of(LedgerState state, PartyId party)
    {
        if (state.Validator(party) is not null) return party;
        return state.Party(party) is { Sponsor: var sponsor } && state.Validator(sponsor) is not null ? sponsor : null;
    }

    /// <summary>Whose customers share a room with a party: a validator's own drafts are in none but its own, another party's in that of its sponsor's customers, whether that one votes or not.</summary>
    public static PartyId PoolOf(LedgerState state, PartyId party) => state.Validator(party) is null && state.Party(party) is { Sponsor: var sponsor } ? sponsor : party;
}
