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
}
