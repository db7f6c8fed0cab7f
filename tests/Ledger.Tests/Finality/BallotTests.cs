using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using static Ledger.Tests.World;

namespace Ledger.Tests.Finality;

/// <summary>What a bank does not sign, rule by rule.</summary>
public class BallotTests
{
    static readonly BlockPoint Genesis = new(0, 1, new(1, 0));
    static readonly BlockPoint First = new(1, 2, new(1, 2));
    static readonly BlockPoint Second = new(1, 3, new(1, 3));
    static readonly BlockPoint Foreign = new(1, 3, new(9, 3));
    static readonly BlockPoint Later = new(2, 4, new(1, 4));
    static readonly Line Mine = new(Genesis, First, Second, Later);
    static readonly Ballot Fresh = Ballot.First(1, Genesis);

    [Fact]
    public void It_prepares_what_it_has_in_order_and_in_its_epoch()
    {
        var prepared = Fresh.Prepare(Mine, First);
        Assert.Equal(First, prepared?.Prepared);
        Assert.Null(prepared!.Prepare(Mine, First));
        Assert.Null(Fresh.Prepare(Mine, Foreign));
        Assert.Null(Fresh.Prepare(Mine, Later));
        Assert.Null(prepared.Prepare(new Line(Genesis, Foreign), Foreign));
        Assert.Equal(Second, prepared.Prepare(Mine, Second)?.Prepared);
    }

    [Fact]
    public void It_commits_to_what_a_quorum_and_itself_prepared()
    {
        var prepared = Fresh.Prepare(Mine, First)!;
        Assert.Null(Fresh.Commit(Mine, Of(First)));
        Assert.Null(prepared.Commit(Mine, Of(Second)));
        var committed = prepared.Commit(Mine, Of(First));
        Assert.Equal(First, committed?.Lock?.Block);
        Assert.Null(committed!.Commit(Mine, Of(First)));
        Assert.Null(prepared.Commit(new Line(Genesis, Foreign), Of(Foreign)));
        Assert.Equal(Second, committed.Prepare(Mine, Second)!.Commit(Mine, Of(Second))?.Lock?.Block);
    }

    [Fact]
    public void Who_reported_signs_no_more_and_reports_what_it_committed_to_or_higher()
    {
        var committed = Fresh.Prepare(Mine, First)!.Commit(Mine, Of(First))!;
        var reported = committed.Report(null);
        Assert.Equal(First, reported.Reported?.Block);
        Assert.Null(reported.Prepare(Mine, Second));
        Assert.Null(reported.Commit(Mine, Of(Second)));
        Assert.Equal(reported, reported.Report(null));
        Assert.Equal(Second, reported.Report(Of(Second)).Reported?.Block);
        Assert.Equal(Second, reported.Report(Of(Second)).Report(Of(First)).Reported?.Block);
        Assert.Equal(Second, committed.Report(Of(Second)).Reported?.Block);
        Assert.Equal(First, committed.Report(Of(Later)).Reported?.Block);
        Assert.Null(Fresh.Report(null).Reported);
    }

    [Fact]
    public void A_new_epoch_takes_a_quorum_of_reports_and_goes_on_from_the_highest_by_epoch_and_then_size()
    {
        var reported = Fresh.Report(null);
        Report[] reports = [Said(X, null), Said(Y, Of(First)), Said(Z, null)];
        Assert.Null(Fresh.Enter(reports, quorum: 3, Genesis));
        Assert.Null(reported.Enter(reports[..2], quorum: 3, Genesis));
        Assert.Null(reported.Enter([reports[0], reports[1], reports[1]], quorum: 3, Genesis));
        Assert.Null(reported.Enter([.. reports, Said(W, null, epoch: 2)], quorum: 3, Genesis));
        Assert.Equal((2U, First, First, BallotStanding.Votes), Stand(reported.Enter(reports, quorum: 3, Genesis)));
        Assert.Equal((2U, Genesis, Genesis, BallotStanding.Votes), Stand(reported.Enter([Said(X, null), Said(Y, null), Said(Z, null)], quorum: 3, Genesis)));

        var second = Fresh.Report(null).Enter([Said(X, null), Said(Y, null), Said(Z, null)], quorum: 3, Genesis)!.Report(null);
        var longest = Of(new(1, 9, new(1, 9)));
        Assert.Equal((3U, new BlockPoint(2, 2, new(2, 2)), new BlockPoint(2, 2, new(2, 2)), BallotStanding.Votes),
            Stand(second.Enter([Said(X, longest, 2), Said(Y, Of(new(2, 2, new(2, 2))), 2), Said(Z, null, 2)], quorum: 3, Genesis)));
    }

    [Fact]
    public void Who_is_late_enters_behind_the_end_of_a_later_epoch_or_what_is_final_in_one_and_keeps_what_it_committed_to()
    {
        var committed = Fresh.Prepare(Mine, First)!.Commit(Mine, Of(First))!;
        var entered = committed.Enter([Said(X, null, 3), Said(Y, Of(Later), 3), Said(Z, null, 3)], quorum: 3, Genesis);
        Assert.Equal((4U, Later, Later, BallotStanding.Votes), Stand(entered));
        Assert.Equal(First, entered?.Lock?.Block);
        Assert.Null(entered!.Enter([Said(X, null, 3), Said(Y, Of(Later), 3), Said(Z, null, 3)], quorum: 3, Genesis));

        var behind = committed.Report(null).EnterBehind(Later);
        Assert.Equal((2U, Later, Later, BallotStanding.Votes), Stand(behind));
        Assert.Equal(First, behind?.Lock?.Block);
        Assert.Null(behind!.EnterBehind(Later));
        Assert.Null(committed.EnterBehind(Second));
    }

    [Fact]
    public void Where_the_epoch_goes_on_from_it_may_vote_on_again_before_anything_else()
    {
        var entered = Fresh.Report(null).Enter([Said(X, null), Said(Y, Of(Second)), Said(Z, null)], quorum: 3, Genesis)!;
        var again = new BlockPoint(2, Second.Size, Second.Root);
        var held = new Line(Genesis, First, Second, again, Later);
        Assert.Equal(again, entered.BaseAgain);
        Assert.Null(entered.Prepare(held, First with { Epoch = 2 }));
        Assert.Null(entered.Prepare(Mine, Later)!.Prepare(held, again));

        var prepared = entered.Prepare(held, again);
        Assert.Equal(again, prepared?.Prepared);
        Assert.Null(prepared!.Prepare(held, again));
        Assert.Null(entered.Commit(held, Of(again)));
        Assert.Equal(again, prepared.Commit(held, Of(again))?.Lock?.Block);
        Assert.Equal(Later, prepared.Prepare(held, Later)?.Prepared);
    }

    [Fact]
    public void What_no_quorum_tells_of_where_the_epoch_ends_it_lets_go()
    {
        var committed = Fresh.Prepare(Mine, First)!.Prepare(Mine, Second)!.Commit(Mine, Of(Second))!;
        Assert.Equal(First, committed.Report(null).Enter([Said(X, null), Said(Y, Of(First)), Said(Z, null)], quorum: 3, Genesis)?.Lock?.Block);
        Assert.Null(committed.Report(null).Enter([Said(X, null), Said(Y, null), Said(Z, null)], quorum: 3, Genesis)?.Lock);
        Assert.Equal(Second, committed.Report(null).Enter([Said(X, null), Said(Y, Of(Second)), Said(Z, null)], quorum: 3, Genesis)?.Lock?.Block);

        // So it does not tell of it where a later epoch ends, when its blocks are nowhere any more.
        Assert.Equal(First, committed.Report(null).Enter([Said(X, null), Said(Y, Of(First)), Said(Z, null)], quorum: 3, Genesis)?.Report(null).Reported?.Block);
    }

    [Fact]
    public void What_it_committed_to_it_lets_go_once_something_else_is_final()
    {
        var committed = Fresh.Prepare(Mine, First)!.Prepare(Mine, Second)!.Commit(Mine, Of(Second))!;
        var other = new Line(Genesis, First, Foreign);
        Assert.Null(committed.LetGo(other, Foreign).Lock);
        Assert.Equal(committed, committed.LetGo(other, First));
        Assert.Equal(committed, committed.LetGo(Mine, Second));
        Assert.Equal(committed, committed.LetGo(Mine, Later));
    }

    [Fact]
    public void What_is_final_to_it_by_a_later_epoch_it_enters_the_next_behind()
    {
        var entered = Fresh.Report(null).Enter([Said(X, null), Said(Y, Of(First)), Said(Z, null)], quorum: 3, Genesis)!;
        Assert.Equal((2U, Second, Second, BallotStanding.Votes), Stand(entered.NotBefore(Mine, Second)));
        Assert.Equal(entered, entered.NotBefore(Mine, First));
        Assert.Equal(entered, entered.NotBefore(Mine, Later with { Size = 5 }));

        // Others may have entered it from reports that tell of another line, and made that final.
        Assert.Equal((2U, Foreign, Foreign, BallotStanding.Votes), Stand(entered.NotBefore(new Line(Genesis, Foreign), Foreign)));
        var beside = Fresh.Report(null).Enter([Said(X, null), Said(Y, Of(Second)), Said(Z, null)], quorum: 3, Genesis)!;
        Assert.Equal((2U, Foreign, Foreign, BallotStanding.Votes), Stand(beside.NotBefore(new Line(Genesis, Foreign), Foreign)));
        Assert.Equal(beside, beside.NotBefore(new Line(Genesis, First, Second), Second));
    }

    [Fact]
    public void Who_lost_its_memory_is_silent_until_the_next_epoch_and_can_end_this_one()
    {
        var resumed = Ballot.Resumed(Of(Second));
        Assert.Null(resumed.Prepare(Mine, new(1, 4, new(1, 4))));
        Assert.Null(resumed.Commit(Mine, Of(Second)));
        var entered = resumed.Report(null).Enter([Said(X, null), Said(Y, Of(Second)), Said(Z, null)], quorum: 3, Genesis);
        Assert.Equal(Later, entered?.Prepare(Mine, Later)?.Prepared);
    }

    static (uint, BlockPoint, BlockPoint, BallotStanding)? Stand(Ballot? ballot) => ballot is null ? null : (ballot.Epoch, ballot.Base, ballot.Prepared, ballot.Standing);

    static Certificate Of(BlockPoint block) => new(block, []);

    static Report Said(PartyId bank, Certificate? certificate, uint epoch = 1) => new(default, epoch, bank, certificate, default);

    sealed class Line(params BlockPoint[] points) : IBlockLine
    {
        public bool Has(BlockPoint point) => points.Contains(point);
    }
}
