using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A validator's bank proposes a change to what all have agreed on (提案, <c>governance.propose</c>). It is not yet for it: it votes like the others. What an action
/// needs beside its name is said with it, and nothing else.
/// </summary>
public sealed record Propose(
    Id<Proposal> Proposal, ProposalAction Action, Timestamp Expires, PartyId? Party = null, Roles? Roles = null, ByteString? NodeKey = null, ByteString? Proof = null,
    DatedRules? Rules = null, uint? Version = null, NextEpoch? Epoch = null, NextProgramme? Programme = null)
    : Operation<Propose>, IVerb
{
    public static Verb Verb { get; } = new("governance.propose", "提案", "propose a change");

    public override ValueList<UInt128> Makes(LedgerState state) => [Proposal.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => Stake.EverythingOf(act);

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Validator(act.Party) is null) return Refusal.NotAValidator;
        if (state.Proposal(Proposal) is not null) return Refusal.ProposalIdInUse;
        if (!Expires.IsWholeMinute || Expires <= state.Now || Expires > state.Now.Add(state.Chain.Voting.LongestDays * Timestamp.Day)) return Refusal.ProposalTermInvalid;
        if (state.PendingProposals.Count(pending => pending.Proposer == act.Party) >= state.Chain.Voting.PendingProposals) return Refusal.TooManyProposals;
        if (MisplacedMember(this) is { } member) return Verdict.No(Refusal.ActionMembersDiffer, member);
        var proposal = new Proposal(
            Proposal, Action, ProposalStatus.Open, act.Party, state.Now, Expires, Party ?? default, Roles ?? default, NodeKey ?? default,
            Rules is null ? null : new(Rules.From, Rules.Parameters.Values), Version ?? 0, Epoch, Programme, Votes: []);
        if ((WhyNotDone(state, proposal) ?? WhyNotAgreed(state, act, this) ?? WhyNotSealed(state, Epoch)) is { } no) return no;

        return new ProposalMade(proposal);
    }
}

public sealed record ProposalMade(Proposal Proposal) : LedgerEvent<ProposalMade>, IEvent
{
    public static (string Chinese, string English) Words => ("已提案", "proposal made");

    public override LedgerState Enact(LedgerState state) => state.With(Proposal);

    public override IEnumerable<Told> Tells(LedgerState state) => Details.Of(Proposal);
}
