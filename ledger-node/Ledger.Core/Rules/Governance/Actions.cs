using Ledger.Core.Parties;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// What a proposal can be about: what it must say, why it cannot be done, and what is done. It is judged when it is proposed and once more when it is due.
public static partial class Rulebook
{
    /// <summary>The first member that the action lacks, or that it does not need.</summary>
    internal static string? MisplacedMember(Propose proposed)
    {
        var (party, roles, nodeKey, rules, version) = proposed.Action switch
        {
            ProposalAction.RolesGrant or ProposalAction.RolesWithdraw => (true, true, false, false, false),
            ProposalAction.ValidatorAdd => (true, false, true, false, false),
            ProposalAction.ValidatorRemove => (true, false, false, false, false),
            ProposalAction.NodeKeyRotate => (false, false, true, false, false),
            ProposalAction.RulesAdopt => (false, false, false, true, false),
            ProposalAction.ProtocolRaise => (false, false, false, false, true),
        };
        if (proposed.Party is null == party) return "party";
        if (proposed.Roles is null == roles) return "roles";
        if (proposed.NodeKey is null == nodeKey) return "nodeKey";
        if (proposed.Proof is null == nodeKey) return "proof";
        if (proposed.Rules is null == rules) return "rules";
        return proposed.Version is null == version ? "version" : null;
    }

    internal static Verdict.Refused? WhyNotDone(LedgerState state, Proposal proposal) => proposal.Action switch
    {
        ProposalAction.RolesGrant or ProposalAction.RolesWithdraw => WhyNotRoles(state, proposal),
        ProposalAction.ValidatorAdd => WhyNotAdded(state, proposal),
        ProposalAction.ValidatorRemove => WhyNotRemoved(state, proposal),
        ProposalAction.NodeKeyRotate => WhyNotRotated(state, proposal),
        ProposalAction.RulesAdopt => WhyNotRules(state, RulesOf(proposal)),
        ProposalAction.ProtocolRaise => proposal.Version == state.Protocol.Number + 1 ? null : Verdict.No(Refusal.ProtocolOutOfOrder, $"{state.Protocol.Number + 1}"),
    };

    internal static LedgerState Done(LedgerState state, Proposal proposal) => proposal.Action switch
    {
        ProposalAction.RolesGrant or ProposalAction.RolesWithdraw => WithRoles(state, proposal),
        ProposalAction.ValidatorAdd => state.WithValidators(now => now.With(new Validator(proposal.Party, proposal.NodeKey))),
        ProposalAction.ValidatorRemove => state.WithValidators(now => now.Without(ValidatorNamed(now, proposal.Party))),
        ProposalAction.NodeKeyRotate => state.WithValidators(now => now.With(ValidatorNamed(now, proposal.Proposer) with { NodeKey = proposal.NodeKey })),
        ProposalAction.RulesAdopt => state.With(RulesOf(proposal)),
        ProposalAction.ProtocolRaise => state.With(new ProtocolVersion(proposal.Version, state.Height)),
    };
}
