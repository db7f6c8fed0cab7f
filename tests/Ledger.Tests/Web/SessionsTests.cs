using Ledger.Client.Invoices;
using Ledger.Core.Primitives;
using Ledger.Node.Web;

namespace Ledger.Tests.Web;

/// <summary>A session ends by itself: after half an hour without use, and after eight hours in any case.</summary>
public class SessionsTests
{
    static readonly KeyId Key = new(FictionalUscc.Of("310115", 1), 1);
    readonly Clock clock = new();

    [Fact]
    public void It_lasts_while_it_is_used_and_not_for_ever()
    {
        var sessions = new Sessions(clock);
        var name = sessions.Begin(Key, null);
        for (var i = 0; i < 16; i++)
        {
            clock.Now += TimeSpan.FromMinutes(29);
            Assert.NotNull(sessions.Find(name));
        }

        clock.Now += TimeSpan.FromMinutes(20);
        Assert.Null(sessions.Find(name));
    }

    [Fact]
    public void It_ends_when_it_was_not_used_for_long_and_does_not_come_back()
    {
        var sessions = new Sessions(clock);
        var name = sessions.Begin(Key, null);
        clock.Now += Sessions.Idle;

        Assert.Null(sessions.Find(name));
        clock.Now -= Sessions.Idle;
        Assert.Null(sessions.Find(name));
    }

    [Fact]
    public void Names_are_long_never_the_same_and_only_the_right_one_is_found()
    {
        var sessions = new Sessions(clock);
        var names = Enumerable.Range(0, 40).Select(_ => sessions.Begin(Key, null)).ToArray();

        Assert.All(names, name => Assert.Equal(43, name.Length));
        Assert.Equal(40, names.Distinct().Count());
        Assert.Null(sessions.Find(names[0][..^1]));
        sessions.End(names[0]);
        Assert.Null(sessions.Find(names[0]));
        Assert.NotNull(sessions.Find(names[1]));
    }

    [Fact]
    public void Who_signs_in_ever_again_ends_sessions_of_its_own_and_nobody_elses()
    {
        var sessions = new Sessions(clock);
        var other = sessions.Begin(new(FictionalUscc.Of("310115", 2), 1), null);
        var kept = sessions.Begin(Key, null);
        var names = new List<string>();
        for (var i = 0; i < 10_050; i++)
        {
            clock.Now += TimeSpan.FromMilliseconds(10);
            names.Add(sessions.Begin(Key, null));
            Assert.NotNull(sessions.Find(kept));
        }

        Assert.NotNull(sessions.Find(other));
        Assert.Equal(Sessions.MostOfParty - 1, names.Count(name => sessions.Find(name) is not null));
        Assert.NotNull(sessions.Find(names[^1]));
    }

    sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
