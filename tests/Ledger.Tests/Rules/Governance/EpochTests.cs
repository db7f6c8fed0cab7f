using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Laws;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Governance;

/// <summary>The next fingerprint key begins by votes, and no document gets another life by it.</summary>
public class EpochTests
{
    [Fact]
    public void Banks_open_the_next_key_epoch_and_what_was_registered_before_is_found_in_it()
    {
        using var world = FourBanks.World();
        var paper = world.Attested(X, world.Attestation(DocumentKind.Contract, "HT-2026-1", A, C, 100));
        var next = world.NextEpoch();
        world.Accepts(Y, next);
        world.Vote(next.Proposal, true, X, Y);
        world.Append();
        Assert.Single(world.State.Epochs);

        world.Vote(next.Proposal, true, Z);
        var block = world.Append();
        Assert.Contains(new ProposalCameDue(next.Proposal), block.Opening);
        Assert.Equal(new Epoch(2, next.Epoch?.KeyCommitment ?? default, next.Epoch?.SealedKeys ?? [], world.State.Now), world.State.Epochs[^1]);
        var again = world.Refuses(Refusal.DocumentAlreadyRegistered, Y, world.Attestation(DocumentKind.Contract, "HT-2026-1", A, C, 100), Key(A));
        Assert.Equal(paper.ToString(), again.Facts.Reference);
        RestoreLaw.Holds(world.State);
    }

    [Fact]
    public void What_was_pledged_under_an_old_key_is_not_pledged_again_under_a_new_one()
    {
        using var world = new World();
        var paper = world.Invoice(A, C, 100);
        var pledge = new PledgeDocuments(world.New<Offer>(), Y, Currency.Cny, new(100), [new(paper, new(100))], world.Tomorrow);
        world.Accepts(A, pledge);
        world.Accepts(Y, new AcceptOffer(pledge.Offer));
        world.OpenEpoch();

        world.Refuses(Refusal.DocumentUsedUp, A, pledge with { Offer = world.New<Offer>(), To = X });
    }

    [Fact]
    public void Epochs_follow_one_another_and_each_key_is_sealed_to_every_bank()
    {
        using var world = new World();
        var next = world.NextEpoch();
        world.Refuses(Refusal.EpochOutOfOrder, X, FourBanks.Otherwise(next, static epoch => epoch with { Number = 1 }));
        world.Refuses(Refusal.EpochOutOfOrder, X, FourBanks.Otherwise(next, static epoch => epoch with { Number = 3 }));
        world.Refuses(Refusal.SealedKeysIncomplete, X, FourBanks.Otherwise(next, static epoch => epoch with { SealedKeys = [.. epoch.SealedKeys.Reverse()] }));
        world.Refuses(Refusal.SealedKeysIncomplete, X, FourBanks.Otherwise(next, static epoch => epoch with { SealedKeys = [.. epoch.SealedKeys.Skip(1)] }));
        Assert.Equal("epoch", world.Refuses(Refusal.ActionMembersDiffer, X, next with { Epoch = null }).Facts.Reference);
        world.Refuses(Refusal.NotAValidator, Y, next);
    }

    [Fact]
    public void Of_two_proposals_of_the_next_epoch_the_later_is_overtaken()
    {
        using var world = FourBanks.World();
        var (first, second) = (world.NextEpoch(), FourBanks.Otherwise(world.NextEpoch(), static epoch => epoch with { Number = 2 }));
        world.Accepts(X, first);
        world.Accepts(Y, second);
        world.Vote(first.Proposal, true, X, Y, Z);
        world.Vote(second.Proposal, true, X, Y, Z);
        world.Append();

        Assert.Equal(ProposalStatus.Enacted, world.ProposalOf(first.Proposal).Status);
        Assert.Equal(ProposalStatus.Overtaken, world.ProposalOf(second.Proposal).Status);
        Assert.Equal(first.Epoch?.KeyCommitment, world.State.Epochs[^1].KeyCommitment);
    }

    /// <summary>Or whoever brings in a bank would hold up every new key.</summary>
    [Fact]
    public void A_bank_that_is_registered_while_the_others_vote_holds_up_no_epoch()
    {
        using var world = FourBanks.World();
        var next = world.NextEpoch();
        world.Accepts(X, next);
        FourBanks.Fifth(world);
        world.Vote(next.Proposal, true, X, Y, Z);
        world.Append();

        Assert.Equal(2u, world.State.Epochs[^1].Number);
        Assert.DoesNotContain(world.State.Epochs[^1].SealedKeys, key => key.Bank == FourBanks.V);
    }
}
