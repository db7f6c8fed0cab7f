namespace Ledger.Simulation.Model;

/// <summary>Within these bounds no state that can be reached has a fork, and without any one rule some have.</summary>
public sealed class VoteModelTests
{
    const int Most = 4_000_000;

    [Theory]
    [InlineData(new[] { 2 }, 0)]
    [InlineData(new[] { 1, 1 }, 0)]
    [InlineData(new[] { 2 }, 1)]
    [InlineData(new[] { 1 }, 2)]
    public void The_rules_of_voting_never_fork(int[] depths, int losses)
    {
        var explored = new VoteModel(depths, losses, Mutant.None).Explore(Most);
        TestContext.Current.TestOutputHelper?.WriteLine($"{explored.States} states");
        Assert.True(explored.Fork is null, string.Join('\n', explored.Fork ?? []));
        Assert.True(explored.IsWhole, $"{explored.States} states are more than are looked at");
    }

    [Theory]
    [InlineData("EmptyReport", new[] { 1, 1 }, 0)]
    [InlineData("VotesAfterReport", new[] { 1, 1 }, 0)]
    [InlineData("GoesOnAfterLoss", new[] { 2 }, 1)]
    [InlineData("ResumesWithoutEnvelope", new[] { 2 }, 2)]
    [InlineData("OnePhase", new[] { 1, 1 }, 0)]
    public void Without_one_of_them_they_do(string left, int[] depths, int losses)
    {
        var explored = new VoteModel(depths, losses, Enum.Parse<Mutant>(left)).Explore(Most);
        Assert.NotNull(explored.Fork);
        TestContext.Current.TestOutputHelper?.WriteLine($"{explored.States} states:\n{string.Join('\n', explored.Fork)}");
    }

    // Three epochs are too many for every state, so the kinds of steps are named: a long branch that is certified and never final, a short one that is, and then the long one again.
    [Theory]
    [InlineData("None", false)]
    [InlineData("RankedBySize", true)]
    public void Certificates_count_by_their_epoch_first(string left, bool forks)
    {
        string[] way =
        [
            .. Enumerable.Repeat("prepares", 4), "reports", "reports", "enters", "enters", "prepares", "prepares", "commits", "commits", "reports", "reports", "enters", "enters", "prepares", "prepares", "commits", "commits",
        ];
        Assert.Equal(forks, new VoteModel([2, 1, 1], 0, Enum.Parse<Mutant>(left)).Explore(Most, way).Fork is not null);
    }
}
