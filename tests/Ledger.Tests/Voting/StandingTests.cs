using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Monitoring;
using Ledger.Node.Voting;

namespace Ledger.Tests.Voting;

/// <summary>What a bank's node says of itself while the others are no quorum, and once they are.</summary>
[Collection(Networks.Name)]
public sealed class StandingTests
{
    [Fact]
    public async Task A_node_whose_quorum_is_stalled_says_so_and_names_whose_votes_it_waits_for()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, third, fourth) = (network.Banks[0], network.Banks[2], network.Banks[3]);
        var before = await first.SubmitAsync(network.Act(first.Bank, 1));
        await network.AgreeAsync(before.Height!.Value);
        Assert.Null(ReadinessChecks.Finality(first.Loop).Why());
        Assert.Equal((3, 4), (first.Loop.Voting?.Quorum, first.Loop.Voting?.Voters.Count));

        // What they have voted on is final; from now on they vote on nothing.
        await network.UntilAsync(() => network.Banks.All(static bank => bank.Ledger.Pending == 0));
        third.Withholds = fourth.Withholds = static _ => true;
        await third.KillAsync();
        await fourth.KillAsync();
        var waits = first.SubmitAsync(network.Act(first.Bank, 2));
        await network.UntilAsync(() => ReadinessChecks.Finality(first.Loop).Why() is not null);

        Assert.Equal(Refusal.FinalityStalled, StandingReader.TroubleOf(first.Loop)?.Code);
        var voting = Assert.IsType<VotingStanding>(first.Loop.Voting);
        Assert.Equal([third.Bank, fourth.Bank], voting.Missing);
        Assert.True(voting is { Pending: > 0, IsStalled: true, Waits: not null });

        // What is final is read as ever.
        Assert.True(StandingReader.Reads(first.Loop));
        var suite = network.Founding.Genesis.Chain.Suite;
        var node = new StandingReader(first.Loop, new(suite, new(suite, first.Bank, new Dictionary<uint, byte[]>())), RunningNode.Open).Now();
        Assert.True(node.Height >= before.Height.Value && node.Folded > node.Height);
        Assert.Contains(Ledger.Node.Health.NextStep.Of(node), step => step.Code == Refusal.FinalityStalled && step.English.Contains(third.Bank.Text, StringComparison.Ordinal) && step.Chinese.Contains(fourth.Bank.Text, StringComparison.Ordinal));

        third.Withholds = static _ => false;
        third.Start();
        await network.UntilAsync(() => StandingReader.TroubleOf(first.Loop) is null && first.Height > node.Height);
        await waits;
    }

    [Fact]
    public async Task While_a_quorum_is_stalled_who_finds_no_room_is_told_so_by_number_and_comes_again()
    {
        await using var network = new VotingNetwork(new Hurried());
        var (first, third, fourth) = (network.Banks[0], network.Banks[2], network.Banks[3]);
        var isFull = false;
        first.Orders = order => new FullAhead(order, () => isFull);
        foreach (var bank in network.Banks) bank.Start();
        var before = await first.SubmitAsync(network.Act(first.Bank, 1));
        await network.AgreeAsync(before.Height!.Value);
        await network.UntilAsync(() => network.Banks.All(static bank => bank.Ledger.Pending == 0));
        third.Withholds = fourth.Withholds = static _ => true;
        await third.KillAsync();
        await fourth.KillAsync();
        var pending = first.SubmitAsync(network.Act(first.Bank, 2));
        await network.UntilAsync(() => ReadinessChecks.Finality(first.Loop).Why() is not null);

        // One batch waits for the order, one fills, and the intake behind them.
        isFull = true;
        var taken = new List<Task<Answer>>();
        var number = 3UL;
        var refusedAct = Array.Empty<byte>();
        Answer? refused = null;
        while (refused is null)
        {
            refusedAct = network.Act(first.Bank, number++ % 9);
            var answer = (await first.Loop.BeginAsync(refusedAct, TestContext.Current.CancellationToken)).Answer;
            if (answer.IsCompleted) refused = await answer;
            else taken.Add(answer);
        }

        Assert.Equal((Refusal.FinalityStalled, null), (refused.Code, refused.Leaf));
        Assert.InRange(taken.Count, 1000, 3000);

        // When it goes on nobody is left without an answer, and who was refused is taken.
        isFull = false;
        third.Withholds = static _ => false;
        third.Start();
        await network.UntilAsync(() => StandingReader.TroubleOf(first.Loop) is null);
        foreach (var answer in taken.Append(pending)) Assert.Contains((await answer).Code, new[] { Refusal.None, Refusal.EpochEnded });
        Assert.Equal(Refusal.None, (await first.SubmitAgainAsync(refusedAct)).Code);
    }

    [Fact]
    public async Task A_node_that_lost_its_ballot_says_that_it_does_not_vote_and_is_ready_all_the_same()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, fourth) = (network.Banks[0], network.Banks[3]);
        var before = await first.SubmitAsync(network.Act(first.Bank, 1));
        await network.AgreeAsync(before.Height!.Value);

        await fourth.KillAsync();
        fourth.Disk.Remove(FolderLayout.Ballot);
        fourth.Start();

        await network.UntilAsync(() => fourth.Loop.Voting is { HasLostBallot: true });
        Assert.NotNull(fourth.Loop.Voting?.Silence);
        Assert.Null(ReadinessChecks.Order(fourth.Loop).Why());
    }
}
