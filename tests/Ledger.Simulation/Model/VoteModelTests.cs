namespace Ledger.Simulation.Model;

/// <summary>No two blocks that exclude each other are both final, whatever order and one bank of four do; and each rule of voting is needed for that.</summary>
public sealed class VoteModelTests
{
    const int Most = 1_000_000;

    static readonly bool isThorough = Environment.GetEnvironmentVariable("LEDGER_THOROUGH") == "1";

    [Theory]
    [InlineData(new[] { 3 }, 0)]
    [InlineData(new[] { 2 }, 1)]
    [InlineData(new[] { 2 }, 2)]
    [InlineData(new[] { 1, 1 }, 0)]
    public void In_no_state_of_so_few_blocks_does_anything_final_exclude_another(int[] depths, int losses)
    {
        // Two epochs, in the second of which the base may be voted on again, are half a million states.
        var isLong = depths.Length > 1;
        var (states, isWhole, fork) = new VoteModel(depths, Broken.Nothing, losses).Search(isLong && !isThorough ? 100_000 : Most);
        TestContext.Current.TestOutputHelper?.WriteLine($"{states} states");
        Assert.Null(fork);
        Assert.Equal(!isLong || isThorough, isWhole);
    }

    [Theory]
    [InlineData(new[] { 2, 1, 1 }, 0)]
    [InlineData(new[] { 2, 1 }, 1)]
    public void Nor_in_the_nearest_of_more(int[] depths, int losses)
    {
        var (states, isWhole, fork) = new VoteModel(depths, Broken.Nothing, losses).Search(isThorough ? 150_000 : 25_000);
        Assert.Null(fork);
        Assert.False(isWhole, $"only {states} states");
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
    public void Without_this_rule_the_ledger_forks(Broken broken, int[] depths, int losses, string? story) => Assert.NotNull(new VoteModel(depths, broken, losses).Search(Most, story).Fork);

    [Theory]
    [InlineData(new[] { 2, 1, 1 }, 0, RankedBySize)]
    [InlineData(new[] { 2, 1 }, 1, ResumedAtOnce)]
    [InlineData(new[] { 1, 1, 1 }, 0, VotedOnAgain)]
    public void With_it_the_same_stories_do_not_fork_it(int[] depths, int losses, string story) => Assert.Null(new VoteModel(depths, Broken.Nothing, losses).Search(Most, story).Fork);

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
