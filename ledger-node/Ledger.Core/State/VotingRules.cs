using Ledger.Core.Parties;

namespace Ledger.Core.State;

/// <summary>How the validators' banks decide together: how many proposals a bank may have pending, for how long one may stand open, and what each kind of change takes.</summary>
public sealed record VotingRules(int PendingProposals, int LongestDays, Majority Roles, Majority Validators, Majority Rules, Majority Protocol, Majority Epochs, Majority Programmes)
{
    public const int MostPending = 16;
    public const int MostDays = 90;

    public Majority For(ProposalAction action) => action switch
    {
        ProposalAction.RolesGrant or ProposalAction.RolesWithdraw => Roles,
        ProposalAction.ValidatorAdd or ProposalAction.ValidatorRemove or ProposalAction.NodeKeyRotate => Validators,
        ProposalAction.RulesAdopt => Rules,
        ProposalAction.ProtocolRaise => Protocol,
        ProposalAction.EpochOpen => Epochs,
        ProposalAction.ProgrammeAdopt => Programmes,
    };
}
