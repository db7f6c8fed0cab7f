using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Laws;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Governance;

public class ProposalTests
{
    [Fact]
    public void Three_of_four_banks_give_a_party_a_role_and_the_next_block_does_it()
    {
        using var world = FourBanks.World();
        var asked = FourBanks.Role(world, A);
        world.Accepts(X, asked);

        world.Vote(asked.Proposal, true, X, Y);
        Assert.Equal(ProposalStatus.Open, world.ProposalOf(asked.Proposal).Status);
        world.Vote(asked.Proposal, true, Z);
        Assert.Equal(ProposalStatus.Adopted, world.ProposalOf(asked.Proposal).Status);
        Assert.False(world.State.Party(A)?.Has(Roles.Gateway));

        var block = world.Append();
        Assert.Contains(new ProposalCameDue(asked.Proposal), block.Opening);
        Assert.Equal(ProposalStatus.Enacted, world.ProposalOf(asked.Proposal).Status);
        Assert.True(world.State.Party(A)?.Has(Roles.Gateway | Roles.Supplier));
        Assert.Equal([X, Y, Z], world.ProposalOf(asked.Proposal).Votes.Select(vote => vote.Bank));
    }

    [Fact]
    public void A_role_is_taken_away_as_it_is_given()
    {
        using var world = FourBanks.World();
        var asked = FourBanks.Role(world, C, Roles.CoreEnterprise, ProposalAction.RolesWithdraw);
        world.Accepts(W, asked);
        world.Vote(asked.Proposal, true, W, Z, Y);
        world.Append();

        world.Refuses(Refusal.ObligorRoleMissing, C, world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))));
    }

    [Fact]
    public void Two_banks_of_four_are_no_majority_and_two_against_end_it()
    {
        using var world = FourBanks.World();
        var asked = FourBanks.Role(world, A);
        world.Accepts(X, asked);
        world.Vote(asked.Proposal, true, X, W);
        world.Vote(asked.Proposal, false, Y);
        Assert.Equal(ProposalStatus.Open, world.ProposalOf(asked.Proposal).Status);

        world.Vote(asked.Proposal, false, Z);
        Assert.Equal(ProposalStatus.Rejected, world.ProposalOf(asked.Proposal).Status);
    }

    [Fact]
    public void What_nobody_carries_expires_and_what_is_withdrawn_gets_no_votes()
    {
        using var world = FourBanks.World();
        var (idle, regretted) = (FourBanks.Role(world, A), FourBanks.Role(world, B));
        world.Accepts(X, idle);
        world.Accepts(X, regretted);
        world.Accepts(X, new WithdrawProposal(regretted.Proposal));
        world.Refuses(Refusal.ProposalNotOpen, Y, new VoteOn(regretted.Proposal, IsFor: true));

        world.Until(idle.Expires);
        Assert.Equal(ProposalStatus.Expired, world.ProposalOf(idle.Proposal).Status);
        Assert.Equal(ProposalStatus.Withdrawn, world.ProposalOf(regretted.Proposal).Status);
        world.Refuses(Refusal.ProposalNotOpen, Y, new VoteOn(idle.Proposal, IsFor: true));
    }

    [Fact]
    public void Two_proposals_of_one_change_and_the_later_is_overtaken()
    {
        using var world = FourBanks.World();
        var (first, second) = (FourBanks.Role(world, A), FourBanks.Role(world, A));
        world.Accepts(X, first);
        world.Accepts(Y, second);
        world.Vote(first.Proposal, true, X, Y);
        world.Vote(second.Proposal, true, X, Y);
        world.Append([.. new[] { first, second }.Select(one => world.Sign(world.Draft(Z, new VoteOn(one.Proposal, IsFor: true))))]);
        world.Append();

        Assert.Equal(ProposalStatus.Enacted, world.ProposalOf(first.Proposal).Status);
        Assert.Equal(ProposalStatus.Overtaken, world.ProposalOf(second.Proposal).Status);
    }

    /// <summary>What waits for the next block to be done holds up no judgement of this one.</summary>
    [Fact]
    public void An_attempt_goes_on_record_also_behind_the_vote_that_carries_a_proposal()
    {
        using var world = FourBanks.World();
        var note = world.Certificate(A, 100);
        world.Accepts(A, world.Trade(note, A, B, 1, 50));
        var asked = FourBanks.Role(world, A);
        world.Accepts(X, asked);
        world.Vote(asked.Proposal, true, X, Y);

        var block = world.Append(world.Sign(world.Draft(Z, new VoteOn(asked.Proposal, IsFor: true))), world.Sign(world.Draft(A, world.Trade(note, A, B, 50, 51))));
        Assert.Equal([Refusal.None, Refusal.UnitsOffered], block.Answers.Select(answer => answer.Code));
        Assert.NotNull(block.Answers[1].Leaf);
    }

    [Fact]
    public void Rules_that_were_adopted_hold_from_their_day_on()
    {
        using var world = FourBanks.World();
        var adopting = FourBanks.Adopting(world, days: 2, (RuleParameter.MinimumTransfer, 500));
        var certificate = world.Certificate(A, 1_000);
        world.Accepts(X, adopting);
        world.Vote(adopting.Proposal, true, Y, Z, W);
        world.Append();
        Assert.Equal(ProposalStatus.Enacted, world.ProposalOf(adopting.Proposal).Status);
        Assert.Equal(adopting.Rules?.From, world.State.RuleSets[^1].From);

        world.Accepts(A, world.Trade(certificate, A, B, 1, 100));
        world.Pass(2 * Timestamp.Day);
        world.Refuses(Refusal.BelowMinimum, A, world.Trade(certificate, A, B, 101, 200));
        RestoreLaw.Holds(world.State);
    }

    [Fact]
    public void Rules_whose_day_has_come_before_their_votes_are_overtaken()
    {
        using var world = FourBanks.World(static genesis => genesis with { Voting = genesis.Voting with { Rules = Majority.All } });
        var adopting = FourBanks.Adopting(world, days: 1) with { Expires = world.Clock.Add(5 * Timestamp.Day).CeilingMinute() };
        world.Accepts(X, adopting);
        world.Vote(adopting.Proposal, true, X, Y, Z);
        world.Pass(2 * Timestamp.Day);
        world.Vote(adopting.Proposal, true, W);
        world.Append();

        Assert.Equal(ProposalStatus.Overtaken, world.ProposalOf(adopting.Proposal).Status);
        Assert.DoesNotContain(world.State.RuleSets, rules => rules.From == adopting.Rules?.From);
    }

    [Fact]
    public void What_all_must_agree_to_one_bank_prevents()
    {
        using var world = FourBanks.World(genesis => genesis with { Voting = genesis.Voting with { Roles = Majority.All } });
        var asked = FourBanks.Role(world, A);
        world.Accepts(X, asked);
        world.Vote(asked.Proposal, true, X, Y, Z);
        Assert.Equal(ProposalStatus.Open, world.ProposalOf(asked.Proposal).Status);

        world.Vote(asked.Proposal, false, W);
        Assert.Equal(ProposalStatus.Rejected, world.ProposalOf(asked.Proposal).Status);
    }

    [Theory]
    [InlineData(Majority.MoreThanHalf, 1, 1)]
    [InlineData(Majority.MoreThanHalf, 4, 3)]
    [InlineData(Majority.MoreThanHalf, 5, 3)]
    [InlineData(Majority.MoreThanTwoThirds, 3, 3)]
    [InlineData(Majority.MoreThanTwoThirds, 4, 3)]
    [InlineData(Majority.MoreThanTwoThirds, 6, 5)]
    [InlineData(Majority.MoreThanTwoThirds, 7, 5)]
    [InlineData(Majority.All, 4, 4)]
    public void Half_is_more_than_half_and_two_thirds_more_than_two_thirds(Majority majority, int banks, int needed) =>
        Assert.Equal(needed, Rulebook.Needed(majority, banks));

    [Fact]
    public void A_decided_proposal_leaves_the_state_after_the_retention()
    {
        using var world = FourBanks.World(Forgetful);
        var asked = FourBanks.Role(world, A);
        world.Accepts(X, asked);
        world.Accepts(X, new WithdrawProposal(asked.Proposal));

        world.Pass((30 * Timestamp.Day) - Timestamp.Minute);
        Assert.NotNull(world.State.Proposal(asked.Proposal));
        world.Pass(Timestamp.Minute);
        Assert.Null(world.State.Proposal(asked.Proposal));
        Assert.True(world.State.Party(A)?.Has(Roles.Supplier));
    }

    [Fact]
    public void A_bank_whose_policy_asks_for_two_persons_votes_with_two()
    {
        using var world = FourBanks.World();
        var asked = FourBanks.Role(world, A);
        world.Accepts(X, asked);
        world.Accepts(Y, new SetPolicy([new(Currency.Cny, new(1), new(1))]));

        world.Refuses(Refusal.SecondPersonMissing, Y, new VoteOn(asked.Proposal, IsFor: true));
        world.Accepts(Y, new VoteOn(asked.Proposal, IsFor: true), Key(Y, 1), Key(Y, 2));
    }
}
