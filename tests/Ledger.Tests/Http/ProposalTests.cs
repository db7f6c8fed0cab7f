using System.Text.Json;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Governance;
using static Ledger.Tests.World;

namespace Ledger.Tests.Http;

/// <summary>What the validators' banks vote on, as the API answers it.</summary>
public sealed class ProposalTests
{
    [Fact]
    public void A_proposal_is_listed_and_told_with_its_votes_before_and_after_it_is_done()
    {
        using var world = new World(Stage.Es256OverHttp, Morning);
        var (carried, idle) = (FourBanks.Role(world, A), FourBanks.Role(world, B));
        world.Accepts(X, carried);
        world.Accepts(X, idle);

        var pending = world.Get($"v1/proposals/{idle.Proposal}");
        Assert.Equal(("rolesGrant", "open", B.Text), (Text(pending, "action"), Text(pending, "status"), Text(pending, "party")));
        Assert.Equal(["gateway"], pending.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal((0, 0, 1, 1), (Number(pending, "votesFor"), Number(pending, "votesAgainst"), Number(pending, "votesNeeded"), Number(pending, "banks")));

        world.Accepts(X, new VoteOn(carried.Proposal, IsFor: true));
        world.Accepts(X, new VoteOn(idle.Proposal, IsFor: false));
        var done = world.Get($"v1/proposals/{carried.Proposal}");
        Assert.Equal("enacted", Text(done, "status"));
        Assert.False(done.TryGetProperty("votesNeeded", out _));
        var vote = Assert.Single(done.GetProperty("votes").EnumerateArray());
        Assert.Equal((X.Text, true), (Text(vote, "bank"), vote.GetProperty("isFor").GetBoolean()));

        // Newest first, and page by page.
        var page = world.Get("v1/proposals?limit=1");
        Assert.Equal((idle.Proposal.ToString(), "rejected"), (Text(page.GetProperty("proposals")[0], "id"), Text(page.GetProperty("proposals")[0], "status")));
        var next = world.Get($"v1/proposals?limit=1&cursor={Text(page, "next")}");
        Assert.Equal(carried.Proposal.ToString(), Text(next.GetProperty("proposals")[0], "id"));

        // As it was when it was made.
        Assert.Equal("open", Text(world.Get($"v1/proposals/{carried.Proposal}?height={Number(vote, "height") - 1}"), "status"));
    }

    [Fact]
    public void A_programme_is_told_before_it_holds_and_a_party_with_what_its_debts_are_held_to()
    {
        using var world = new World(Stage.Es256OverHttp, Morning);
        var adopting = world.Programme(FourBanks.Usual with { TenorMonths = 3 });
        world.Accepts(X, adopting);
        world.Accepts(X, new VoteOn(adopting.Proposal, IsFor: true));
        world.Accepts(B, new SetPolicy([]));
        world.Pass(Timestamp.Day);
        world.Accepts(A, new SetPolicy([]));

        var told = world.Get($"v1/proposals/{adopting.Proposal}");
        Assert.Equal((IndustryChain, 3), (Text(told.GetProperty("programme"), "industryChain"), Number(told.GetProperty("programme").GetProperty("settings"), "tenorMonths")));
        Assert.Equal(3, Number(world.Get($"v1/parties/{C}").GetProperty("programme"), "tenorMonths"));
        Assert.False(world.Get($"v1/parties/{A}").TryGetProperty("programme", out _));

        // As it was when it was voted on, and as it is asked for at the height of today.
        var height = Number(told.GetProperty("votes")[0], "height");
        Assert.False(world.Get($"v1/parties/{C}?height={height}").TryGetProperty("programme", out _));
        Assert.Equal(3, Number(world.Get($"v1/parties/{C}?height={Number(world.Get("v1/health"), "height")}").GetProperty("programme"), "tenorMonths"));
    }

    [Fact]
    public void A_key_epoch_is_told_with_its_commitment_and_the_keys_that_banks_open()
    {
        using var world = new World(Stage.Es256OverHttp, Morning);
        var next = world.NextEpoch();
        world.Accepts(X, next);

        var told = world.Get($"v1/proposals/{next.Proposal}").GetProperty("epoch");
        Assert.Equal((2, next.Epoch?.KeyCommitment.ToString()), (Number(told, "number"), Text(told, "keyCommitment")));
        Assert.Equal(next.Epoch?.SealedKeys.Select(key => key.Bank.Text), told.GetProperty("sealedKeys").EnumerateArray().Select(key => Text(key, "bank")));
    }

    [Fact]
    public void What_is_in_force_is_told_in_one_answer_and_follows_what_was_voted()
    {
        using var world = new World(Stage.Es256OverHttp, Morning);
        var adopting = world.Programme(FourBanks.Usual with { TenorMonths = 3 });
        var before = world.Get("v1/governance");
        Assert.Equal([X.Text], before.GetProperty("validators").EnumerateArray().Select(one => Text(one, "bank")));
        Assert.Equal((1, 1, 0), (Number(before, "quorum"), Number(before, "protocol"), Number(before, "validatorsSince")));
        Assert.Equal(Enum.GetNames<ProposalAction>().Length, before.GetProperty("majorities").GetArrayLength());
        Assert.Equal(world.State.Epochs[0].KeyCommitment.ToString(), Text(before.GetProperty("epochs")[0], "keyCommitment"));
        Assert.Equal(RuleSet.ParameterCount, before.GetProperty("ruleSets")[0].GetProperty("parameters").GetArrayLength());
        Assert.Empty(before.GetProperty("programmes").EnumerateArray());

        world.Accepts(X, adopting);
        world.Accepts(X, new VoteOn(adopting.Proposal, IsFor: true));
        world.Accepts(B, new SetPolicy([]));
        var programme = Assert.Single(world.Get("v1/governance").GetProperty("programmes").EnumerateArray());
        Assert.Equal((IndustryChain, 3), (Text(programme, "industryChain"), Number(programme.GetProperty("settings")[0], "tenorMonths")));
    }

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
