using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Laws;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Governance;

public class ValidatorTests
{
    [Fact]
    public void A_fifth_bank_joins_by_three_votes_and_the_four_before_certify_the_block_that_lets_it_in()
    {
        using var world = FourBanks.World();
        var joining = world.Joining(FourBanks.Fifth(world));
        world.Accepts(X, joining, Key(FourBanks.V));
        world.Vote(joining.Proposal, true, X, Y, Z);
        Assert.Equal(4, world.State.Validators.Count());

        world.Append();
        Assert.True(world.State.ChangesValidators);
        Assert.Equal(FourBanks.All, world.State.Certifiers.Select(one => one.Bank));
        Assert.Equal([.. FourBanks.All.Append(FourBanks.V).Order()], world.State.Validators.Select(one => one.Bank));
        Assert.Equal(2u, world.State.ValidatorChange?.Number);

        world.Append();
        Assert.False(world.State.ChangesValidators);
        Assert.Equal(5, world.State.Certifiers.Count());

        // Its first envelope said its clock.
        world.Sealer = FourBanks.V;
        Assert.Equal(2ul, world.Append().Block.Envelope?.Envelope.Counter);
        RestoreLaw.Holds(world.State);
    }

    [Fact]
    public void A_removed_bank_neither_seals_nor_votes_and_goes_on_counting_when_it_comes_back()
    {
        using var world = FourBanks.World();
        world.Sealer = W;
        world.Append();
        world.Sealer = X;
        var (key, leaving) = (world.NodeKeyOf(W), world.Leaving(W));
        world.Accepts(Y, leaving);
        world.Vote(leaving.Proposal, true, X, Y, Z);
        world.Append();

        Assert.False(world.Fold.Takes(world.Envelope(W, key)));
        world.Refuses(Refusal.NotAValidator, W, FourBanks.Role(world, A));
        RestoreLaw.Holds(world.State);

        var back = world.Joining(W);
        world.Accepts(X, back, Key(W));
        world.Vote(back.Proposal, true, X, Y, Z);
        world.Append();
        Assert.False(world.Fold.Takes(world.Envelope(W, key)));
        world.Sealer = W;
        Assert.Equal(3ul, world.Append().Block.Envelope?.Envelope.Counter);
    }

    [Fact]
    public void A_bank_may_ask_to_be_removed_itself()
    {
        using var world = FourBanks.World();
        var leaving = world.Leaving(X);
        world.Accepts(X, leaving);
        world.Vote(leaving.Proposal, true, X, Y, Z);
        world.Sealer = Y;
        world.Append();

        Assert.Null(world.State.Validator(X));
        Assert.True(world.State.Party(X)?.Has(Roles.Bank));
    }

    [Fact]
    public void A_new_node_key_seals_and_the_old_one_does_not()
    {
        using var world = FourBanks.World();
        var (old, (key, proof)) = (world.NodeKeyOf(X), world.NewNodeKey(X));
        var rotating = new Propose(world.New<Proposal>(), ProposalAction.NodeKeyRotate, world.Tomorrow, NodeKey: key, Proof: proof);
        world.Accepts(X, rotating);
        world.Vote(rotating.Proposal, true, Y, Z, W);
        world.Append();

        Assert.Equal(key, world.NodeKeyOf(X));
        Assert.False(world.Fold.Takes(world.Envelope(X, old)));
        Assert.True(world.Fold.Takes(world.Envelope(X, key)));
        Assert.True(world.State.IsKnown(key));
        Assert.False(world.State.IsKnown(old));
        RestoreLaw.Holds(world.State);
    }

    [Fact]
    public void Two_changes_that_are_adopted_at_once_are_done_in_two_blocks()
    {
        using var world = FourBanks.World();
        var (joining, leaving) = (world.Joining(FourBanks.Fifth(world)), world.Leaving(W));
        world.Accepts(X, joining, Key(FourBanks.V));
        world.Accepts(X, leaving);
        foreach (var one in new[] { joining, leaving }) world.Vote(one.Proposal, true, X, Y);
        world.Append([.. new[] { joining, leaving }.Select(one => world.Sign(world.Draft(Z, new VoteOn(one.Proposal, IsFor: true))))]);

        // Of five, three are no longer more than two thirds: the other change needs a vote more.
        world.Append();
        Assert.Equal(5, world.State.Validators.Count());
        Assert.Equal(ProposalStatus.Open, world.ProposalOf(leaving.Proposal).Status);
        world.Vote(leaving.Proposal, true, FourBanks.V);
        world.Append();
        Assert.Equal(4, world.State.Validators.Count());
        Assert.Equal(3u, world.State.ValidatorChange?.Number);
    }

    [Fact]
    public void A_second_change_in_one_block_waits_for_the_next_minute()
    {
        using var world = FourBanks.World(static genesis => genesis with { Voting = genesis.Voting with { Validators = Majority.MoreThanHalf } });
        var (joining, leaving) = (world.Joining(FourBanks.Fifth(world)), world.Leaving(W));
        world.Accepts(X, joining, Key(FourBanks.V));
        world.Accepts(X, leaving);
        foreach (var one in new[] { joining, leaving }) world.Vote(one.Proposal, true, X, Y);
        world.Append([.. new[] { joining, leaving }.Select(one => world.Sign(world.Draft(Z, new VoteOn(one.Proposal, IsFor: true))))]);

        world.Append();
        Assert.Equal(5, world.State.Validators.Count());
        Assert.Equal(ProposalStatus.Adopted, world.ProposalOf(leaving.Proposal).Status);
        world.Append();
        Assert.Equal(5, world.State.Validators.Count());
        world.Pass(Timestamp.Minute);
        Assert.Equal(4, world.State.Validators.Count());
    }

    [Fact]
    public void Who_was_removed_has_no_vote_on_what_was_pending()
    {
        using var world = FourBanks.World();
        var (role, other, leaving) = (FourBanks.Role(world, A), FourBanks.Role(world, B), world.Leaving(W));
        world.Accepts(X, role);
        world.Accepts(Y, other);
        world.Accepts(Z, leaving);
        world.Vote(role.Proposal, true, X, Y);
        world.Vote(other.Proposal, true, W, Y);
        world.Vote(leaving.Proposal, true, X, Y, Z);
        world.Append();

        // Two of three carry the one at once; the other has lost a vote.
        Assert.Equal(ProposalStatus.Enacted, world.ProposalOf(role.Proposal).Status);
        Assert.Equal(new VoteCount(3, 1, 0, 2), Rulebook.CountOf(world.State, world.ProposalOf(other.Proposal)));
    }

    [Fact]
    public void Whom_a_proposal_lets_in_had_no_vote_on_it()
    {
        using var world = FourBanks.World();
        var joining = world.Joining(FourBanks.Fifth(world));
        world.Accepts(X, joining, Key(FourBanks.V));
        world.Refuses(Refusal.NotAValidator, FourBanks.V, new VoteOn(joining.Proposal, IsFor: true));
    }

    [Fact]
    public void A_bank_that_came_in_by_another_proposal_overtakes_the_first()
    {
        using var world = FourBanks.World();
        var joining = world.Joining(FourBanks.Fifth(world));
        world.Accepts(X, joining, Key(FourBanks.V));
        world.Vote(joining.Proposal, true, X, Y);
        var again = world.Joining(FourBanks.V);
        world.Accepts(X, again, Key(FourBanks.V));
        world.Vote(again.Proposal, true, X, Y);
        world.Vote(again.Proposal, true, Z);
        world.Append();
        world.Vote(joining.Proposal, true, Z, W);
        world.Append();

        Assert.Equal(ProposalStatus.Overtaken, world.ProposalOf(joining.Proposal).Status);
    }
}
