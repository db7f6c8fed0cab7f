using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>A proposal ran out before it had its votes.</summary>
public sealed record ProposalExpired(Id<Proposal> Proposal) : LedgerEvent<ProposalExpired>, IEvent
{
    public static (string Chinese, string English) Words => ("提案已过期", "proposal expired");

    public override LedgerState Enact(LedgerState state) => state.With(ProposalNamed(state, Proposal) with { Status = ProposalStatus.Expired });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Proposal.Is(Proposal)];
}

/// <summary>A block opened behind the vote that gave a proposal its majority: the votes are counted once more, and if it still has it, it is done.</summary>
public sealed record ProposalCameDue(Id<Proposal> Proposal) : LedgerEvent<ProposalCameDue>, IEvent
{
    public static (string Chinese, string English) Words => ("通过的提案已到执行时", "adopted proposal came due");

    public override LedgerState Enact(LedgerState state)
    {
        var proposal = ProposalNamed(state, Proposal);
        if (CountOf(state, proposal).Result != ProposalStatus.Adopted) return Counted(state, proposal);

        // Whoever certifies a block must be told from the block before it.
        if (proposal.ChangesValidators && state.ChangesValidators) return state.With(proposal with { DueAt = state.Now.FloorMinute().Add(Timestamp.Minute) });
        if (WhyNotDone(state, proposal) is not null) return state.With(proposal with { Status = ProposalStatus.Overtaken });
        var next = Done(state, proposal).With(proposal with { Status = ProposalStatus.Enacted });
        return proposal.ChangesValidators ? CountedAgain(next) : next;
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
        state.Proposal(Proposal) is { } proposal ? [.. Details.Of(proposal), Details.Status.Is(proposal.Status)] : [Details.Proposal.Is(Proposal)];
}

public static partial class Rulebook
{
    internal static bool IsOpen(LedgerState state, Proposal proposal) => proposal.Status == ProposalStatus.Open && proposal.Expires > state.Now;

    /// <summary>How many of so many banks it takes.</summary>
    public static int Needed(Majority majority, int banks) => majority switch
    {
        Majority.MoreThanHalf => (banks / 2) + 1,
        Majority.MoreThanTwoThirds => (2 * banks / 3) + 1,
        Majority.All => banks,
    };

    /// <summary>The proposal with what its votes make of it now, due at once where they are enough.</summary>
    internal static LedgerState Counted(LedgerState state, Proposal proposal)
    {
        var result = CountOf(state, proposal).Result;
        return state.With(proposal with { Status = result, DueAt = result == ProposalStatus.Adopted ? state.Now.FloorMinute() : default });
    }

    /// <summary>Where other banks are validators than before, votes may make something else of what is pending.</summary>
    internal static LedgerState CountedAgain(LedgerState state)
    {
        foreach (var pending in state.PendingProposals)
        {
            if (CountOf(state, pending).Result != pending.Status) state = Counted(state, pending);
        }

        return state;
    }

    /// <summary>
    /// The votes on a proposal. Only who is a validator now has one: whoever left since counts neither way, and whoever a proposal let in had none on it.
    /// </summary>
    public static VoteCount CountOf(LedgerState state, Proposal proposal)
    {
        var (banks, yes, no) = (0, 0, 0);
        foreach (var validator in state.Validators)
        {
            banks++;
            foreach (var vote in proposal.Votes)
            {
                if (vote.Bank != validator.Bank) continue;
                if (vote.IsFor) yes++;
                else no++;
            }
        }

        return new(banks, yes, no, Needed(state.Chain.Voting.For(proposal.Action), banks));
    }
}

/// <summary>Of so many banks so many are for a proposal and so many against it; it takes so many.</summary>
public readonly record struct VoteCount(int Banks, int For, int Against, int Needed)
{
    public ProposalStatus Result => For >= Needed ? ProposalStatus.Adopted : Banks - Against < Needed ? ProposalStatus.Rejected : ProposalStatus.Open;
}
