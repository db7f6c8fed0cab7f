using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Suites;
using Ledger.Tests.Vectors;

namespace Ledger.Tests.State;

/// <summary>Of deadlines some end what somebody waits for, and by the others something leaves that ended long ago. No kind is both or neither.</summary>
public sealed class DeparturesTests
{
    public static TheoryData<DeadlineKind> Kinds => [.. Enum.GetValues<DeadlineKind>()];

    static bool IsDeparture(DeadlineKind kind) => new Deadline(default, kind, default).IsDeparture;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void By_every_deadline_something_ends_or_something_leaves(DeadlineKind kind) =>
        Assert.Equal(IsDeparture(kind), Rulebook.Ended(new(default, kind, 1)) is null);

    [Fact]
    public void Everything_that_leaves_is_told_by_a_word_of_its_own()
    {
        var words = Enum.GetValues<DeadlineKind>().Where(IsDeparture).Select(static kind => Assert.Single(new ThingLeft(kind, 1, []).Tells(States(GoldenStory.First)[0])).Detail.Name).ToArray();

        Assert.Equal(words.Length, words.Distinct().Count());
    }

    /// <summary>Where nothing more is told of the frozen stories time passes from one deadline to the next, until of every kind something was late to leave.</summary>
    [Fact]
    public void Nothing_that_is_late_to_leave_keeps_an_attempt_off_the_record()
    {
        var all = Enum.GetValues<DeadlineKind>().Where(IsDeparture).ToHashSet();
        var late = new HashSet<DeadlineKind>();
        foreach (var told in GoldenStory.All.SelectMany(States).TakeWhile(_ => !late.SetEquals(all)))
        {
            var state = told;
            var last = state.Now.Add(3 * 366 * Timestamp.Day);
            while (state.NextDeadline is { } next && next.At <= last)
            {
                var time = next.At > state.Now ? next.At : state.Now;
                state = new BlockOpened(state.Height + 1, time, state.Validators.First().Bank, time, state.Height + 2, state.Ordering.Number).Enact(state);
                while (state.NextDeadline is { } due && due.At <= state.Now)
                {
                    // What has come at one time ends before anything leaves, so nothing else is due any more.
                    if (due.Kind is not (DeadlineKind.ProposalExpires or DeadlineKind.ProposalDue)) Assert.Equal(!IsDeparture(due.Kind), state.IsUntidy);
                    if (IsDeparture(due.Kind)) late.Add(due.Kind);
                    state = Rulebook.Fire(state, due).Enact(state);
                }
            }
        }

        Assert.Equal(all.Order(), late.Order());
    }

    // Behind every block.
    static List<LedgerState> States(GoldenStory story)
    {
        var states = new List<LedgerState>();
        var genesis = Genesis.Read(story.Frozen(FolderLayout.Genesis), KnownSuites.Find, out _);
        var audit = new ChainAudit(genesis!, verifySignatures: false) { OnBlock = folded => states.Add(folded.State) };
        foreach (var name in story.SegmentNames) Assert.Null(audit.Read(name, story.Frozen(name)));
        return states;
    }
}
