using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>A validator's bank says yes or no to a proposal (表决, <c>governance.vote</c>): once, for its vote is its word and others decide by it.</summary>
public sealed record VoteOn(Id<Proposal> Proposal, bool IsFor) : Operation<VoteOn>, IVerb
{
    public static Verb Verb { get; } = new("governance.vote", "表决", "vote on a proposal");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Validator(act.Party) is null) return Refusal.NotAValidator;
        if (state.Proposal(Proposal) is not { } proposal) return Verdict.No(Refusal.ProposalNotFound, Proposal.ToString());
        if (!IsOpen(state, proposal)) return Refusal.ProposalNotOpen;
        if (proposal.HasVoteOf(act.Party)) return Refusal.AlreadyVoted;

        return new VoteCast(Proposal, new(act.Party, IsFor, state.Height));
    }
}

/// <summary>A vote was given, and the votes were counted.</summary>
public sealed record VoteCast(Id<Proposal> Proposal, BankVote Vote) : LedgerEvent<VoteCast>, IEvent
{
    public static (string Chinese, string English) Words => ("已表决", "vote cast");

    public override LedgerState Enact(LedgerState state)
    {
        var proposal = ProposalNamed(state, Proposal);
        return Counted(state, proposal with { Votes = proposal.Votes.Add(Vote) });
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Proposal.Is(Proposal), Details.Bank.Is(Vote.Bank), Details.IsFor.Is(Vote.IsFor), Details.Status.Is(state.Proposal(Proposal)?.Status),
    ];
}
