using Ledger.Tests.Laws;

namespace Ledger.Tests.Finality;

/// <summary>No two blocks that exclude each other are both final, whatever order and one bank of four do; and each rule of voting is needed for that.</summary>
public class VoteModelTests
{
    static int Limit => Thorough.IsAsked ? 150_000 : 25_000;

    [Theory]
    [InlineData(new[] { 3 }, 0)]
    [InlineData(new[] { 1, 1 }, 0)]
    [InlineData(new[] { 2, 1, 1 }, 0)]
    [InlineData(new[] { 2 }, 1)]
    [InlineData(new[] { 2, 1 }, 1)]
    public void Whatever_the_order_shows_to_whom_nothing_final_excludes_another(int[] depths, int losses)
    {
        var (states, fork) = new VoteModel(depths, Broken.Nothing, losses).Search(Limit);
        Assert.Null(fork);
        Assert.True(states > 1_000, $"only {states} states");
    }

    [Theory]
    [InlineData(Broken.OnePhase, new[] { 1, 1 }, 0, null)]
    [InlineData(Broken.ReportsNothing, new[] { 1, 1 }, 0, null)]
    [InlineData(Broken.VotesAfterReport, new[] { 1, 1 }, 0, null)]
    [InlineData(Broken.RanksBySize, new[] { 2, 1, 1 }, 0, RankedBySize)]
    [InlineData(Broken.GoesOnAfterLoss, new[] { 2 }, 1, null)]
    [InlineData(Broken.ResumesWithoutEnvelope, new[] { 2 }, 2, null)]
    [InlineData(Broken.ResumesAtOnce, new[] { 2, 1 }, 1, ResumedAtOnce)]
    [InlineData(Broken.VotesOnAnyBaseAgain, new[] { 1, 1, 1 }, 0, VotedOnAgain)]
    public void Without_this_rule_the_ledger_forks(Broken broken, int[] depths, int losses, string? story) =>
        Assert.NotNull(new VoteModel(depths, broken, losses).Search(1_000_000, story).Fork);

    [Theory]
    [InlineData(new[] { 2, 1, 1 }, 0, RankedBySize)]
    [InlineData(new[] { 2, 1 }, 1, ResumedAtOnce)]
    [InlineData(new[] { 1, 1, 1 }, 0, VotedOnAgain)]
    public void With_it_the_same_stories_do_not_fork_it(int[] depths, int losses, string story) => Assert.Null(new VoteModel(depths, Broken.Nothing, losses).Search(1_000_000, story).Fork);

    // A branch of two blocks is certified and forgotten; a later epoch makes one block final; then the long branch comes to light.
    const string RankedBySize = "AAAARRREEEAACCRREEAACC";

    // A bank that reported and lost its memory commits again in the epoch that its report ended.
    const string ResumedAtOnce = "PRLPPCCUPPCCRREEPPCC";

    // What was certified, and left behind by an epoch that made something else final, is voted on again.
    const string VotedOnAgain = "AARREEBBCCRREEGGCC";

    [Fact]
    public void What_an_epoch_left_unfinished_becomes_final_by_voting_on_it_again()
    {
        // It is certified and committed to by one; two more epochs go by in which there is no block.
        Assert.True(new VoteModel([1, 0, 0], Broken.Nothing, 0).Reaches("AACRREEGGCRREEGGCC", "1a"));
    }
}
