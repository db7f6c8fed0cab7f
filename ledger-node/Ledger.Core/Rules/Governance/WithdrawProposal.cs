using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>Whoever proposed something lets it go (撤回提案, <c>governance.withdraw</c>), while it has neither its votes nor so many against it.</summary>
public sealed record WithdrawProposal(Id<Proposal> Proposal) : Operation<WithdrawProposal>, IVerb
{
    public static Verb Verb { get; } = new("governance.withdraw", "撤回提案", "withdraw a proposal");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Proposal(Proposal) is not { } proposal) return Verdict.No(Refusal.ProposalNotFound, Proposal.ToString());
        if (proposal.Proposer != act.Party) return Refusal.NotTheProposer;
        if (!IsOpen(state, proposal)) return Refusal.ProposalNotOpen;

        return new ProposalWithdrawn(Proposal);
    }
}

public sealed record ProposalWithdrawn(Id<Proposal> Proposal) : LedgerEvent<ProposalWithdrawn>, IEvent
{
    public static (string Chinese, string English) Words => ("提案已撤回", "proposal withdrawn");

    public override LedgerState Enact(LedgerState state) => state.With(ProposalNamed(state, Proposal) with { Status = ProposalStatus.Withdrawn });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Proposal.Is(Proposal)];
}
