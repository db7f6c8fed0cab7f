using Ledger.Core.Parties;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// What a proposal can be about: what it must say, why it cannot be done, and what is done. It is judged when it is proposed and once more when it is due.
public static partial class Rulebook
{
    /// <summary>The first member that the action lacks, or that it does not need.</summary>
    internal static string? MisplacedMember(Propose proposed)
    {
        string[] needed = proposed.Action switch
        {
            ProposalAction.RolesGrant or ProposalAction.RolesWithdraw => ["party", "roles"],
            ProposalAction.ValidatorAdd => ["party", "nodeKey", "proof"],
            ProposalAction.ValidatorRemove => ["party"],
            ProposalAction.NodeKeyRotate => ["nodeKey", "proof"],
            ProposalAction.RulesAdopt => ["rules"],
            ProposalAction.ProtocolRaise => ["version"],
            ProposalAction.EpochOpen => ["epoch"],
            ProposalAction.ProgrammeAdopt => ["programme"],
        };
        (string Name, bool IsSaid)[] members =
        [
            ("party", proposed.Party is not null), ("roles", proposed.Roles is not null), ("nodeKey", proposed.NodeKey is not null), ("proof", proposed.Proof is not null),
            ("rules", proposed.Rules is not null), ("version", proposed.Version is not null), ("epoch", proposed.Epoch is not null),
            ("programme", proposed.Programme is not null),
        ];
        return members.FirstOrDefault(member => member.IsSaid != needed.Contains(member.Name)).Name;
    }

    internal static Verdict.Refused? WhyNotDone(LedgerState state, Proposal proposal) => proposal.Action switch
    {
        ProposalAction.RolesGrant or ProposalAction.RolesWithdraw => WhyNotRoles(state, proposal),
        ProposalAction.ValidatorAdd => WhyNotAdded(state, proposal),
        ProposalAction.ValidatorRemove => WhyNotRemoved(state, proposal),
        ProposalAction.NodeKeyRotate => WhyNotRotated(state, proposal),
        ProposalAction.RulesAdopt => WhyNotRules(state, RulesOf(proposal)),
        ProposalAction.ProtocolRaise => proposal.Version == state.Protocol.Number + 1 ? null : Verdict.No(Refusal.ProtocolOutOfOrder, $"{state.Protocol.Number + 1}"),
        ProposalAction.EpochOpen => WhyNotEpoch(state, EpochOf(proposal)),
        ProposalAction.ProgrammeAdopt => WhyNotProgramme(state, ProgrammeOf(proposal)),
    };

    internal static LedgerState Done(LedgerState state, Proposal proposal) => proposal.Action switch
    {
        ProposalAction.RolesGrant or ProposalAction.RolesWithdraw => WithRoles(state, proposal),
        ProposalAction.ValidatorAdd => state.WithValidators(now => now.With(new Validator(proposal.Party, proposal.NodeKey))),
        ProposalAction.ValidatorRemove => state.WithValidators(now => now.Without(ValidatorNamed(now, proposal.Party))),
        ProposalAction.NodeKeyRotate => state.WithValidators(now => now.With(ValidatorNamed(now, proposal.Proposer) with { NodeKey = proposal.NodeKey })),
        ProposalAction.RulesAdopt => state.With(RulesOf(proposal)),
        ProposalAction.ProtocolRaise => state.With(new ProtocolVersion(proposal.Version, state.Height)),
        ProposalAction.EpochOpen => WithEpoch(state, EpochOf(proposal)),
        ProposalAction.ProgrammeAdopt => WithProgramme(state, ProgrammeOf(proposal)),
    };
}
