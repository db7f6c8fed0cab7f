using Ledger.Core.Parties;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// What a proposal can be about: what it must say, why it cannot be done, and what is done. It is judged when it is proposed and once more when it is due.
public static partial class Rulebook
{
    /// <summary>The first member that the action lacks, or that it does not need.</summary>
    internal static string? MisplacedMember(Propose proposed)
    {
        var isAboutRoles = proposed.Action is ProposalAction.RolesGrant or ProposalAction.RolesWithdraw;
        var bringsKey = proposed.Action is ProposalAction.ValidatorAdd or ProposalAction.NodeKeyRotate;
        if (proposed.Party is null == proposed.Action is not ProposalAction.NodeKeyRotate) return "party";
        if (proposed.Roles is null == isAboutRoles) return "roles";
        if (proposed.NodeKey is null == bringsKey) return "nodeKey";
        return proposed.Proof is null == bringsKey ? "proof" : null;
    }

    internal static Verdict.Refused? WhyNotDone(LedgerState state, Proposal proposal) => proposal.Action switch
    {
        ProposalAction.RolesGrant or ProposalAction.RolesWithdraw => WhyNotRoles(state, proposal),
        ProposalAction.ValidatorAdd => WhyNotAdded(state, proposal),
        ProposalAction.ValidatorRemove => WhyNotRemoved(state, proposal),
        ProposalAction.NodeKeyRotate => WhyNotRotated(state, proposal),
    };

    internal static LedgerState Done(LedgerState state, Proposal proposal) => proposal.Action switch
    {
        ProposalAction.RolesGrant or ProposalAction.RolesWithdraw => WithRoles(state, proposal),
        ProposalAction.ValidatorAdd => state.WithValidators(now => now.With(new Validator(proposal.Party, proposal.NodeKey))),
        ProposalAction.ValidatorRemove => state.WithValidators(now => now.Without(ValidatorNamed(now, proposal.Party))),
        ProposalAction.NodeKeyRotate => state.WithValidators(now => now.With(ValidatorNamed(now, proposal.Proposer) with { NodeKey = proposal.NodeKey })),
    };
}
