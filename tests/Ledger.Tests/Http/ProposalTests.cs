using System.Text.Json;
using Ledger.Core.Rules;
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

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
