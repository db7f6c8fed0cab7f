using Ledger.Core.Parties;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    // A bank is one by its keys and its papers, and others have it for their sponsor: that comes and stays with its registration.
    static Verdict.Refused? WhyNotRoles(LedgerState state, Proposal proposal)
    {
        if (state.Party(proposal.Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, proposal.Party.Text);
        if ((proposal.Roles & Roles.Bank) != 0) return new(Refusal.RoleNotByVote, Facts.None);
        var held = party.Roles & proposal.Roles;
        var changes = proposal.Action == ProposalAction.RolesGrant ? held == Roles.None : held == proposal.Roles;
        return changes && proposal.Roles != Roles.None ? null : new(Refusal.RolesUnchanged, Facts.None);
    }

    static LedgerState WithRoles(LedgerState state, Proposal proposal)
    {
        var party = PartyNamed(state, proposal.Party);
        return state.With(party with { Roles = proposal.Action == ProposalAction.RolesGrant ? party.Roles | proposal.Roles : party.Roles & ~proposal.Roles });
    }
}
