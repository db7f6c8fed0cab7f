using Ledger.Client.Founding;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Storage;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Hosting;

public sealed class StoryClockTests : IDisposable
{
    static readonly Timestamp Founded = new(1_780_000_020_000);
    static readonly Timestamp Later = new(4_102_444_800_000);

    readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("ledger-clock-").FullName, "data");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder) ?? folder, recursive: true);

    [Fact]
    public async Task A_held_clock_stands_through_a_restart()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Founded);
        using (var host = Open(founding)) Assert.Equal(Refusal.None, await host.Loop.SetClockAsync(Later, TestContext.Current.CancellationToken));

        using var again = Open(founding);

        Assert.Equal((true, Later), (again.Loop.Reader.IsClockHeld, again.Loop.Reader.LedgerTime));
        Assert.Equal(Refusal.ClockGoesBack, await again.Loop.SetClockAsync(Later.Add(-1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_test_chain_that_begins_in_the_past_is_told_from_its_beginning()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo") with { Purpose = Purpose.Test }, new(1_700_000_040_000));
        var start = new Timestamp(1_700_000_040_000);
        using var host = Open(founding);
        Assert.True(host.Loop.Reader.LedgerTime > start.Add(Timestamp.Day));

        // Nothing on the chain is later than genesis, so the story's first day may be; before genesis there is none.
        Assert.Equal(Refusal.ClockGoesBack, await host.Loop.SetClockAsync(start.Add(-1), TestContext.Current.CancellationToken));
        Assert.Equal(Refusal.None, await host.Loop.SetClockAsync(start.Add(Timestamp.Day), TestContext.Current.CancellationToken));
        Assert.Equal(start.Add(Timestamp.Day), host.Loop.Reader.LedgerTime);

        // Once it was said, it is not taken back.
        Assert.Equal(Refusal.ClockGoesBack, await host.Loop.SetClockAsync(start.Add(Timestamp.Day).Add(-1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_live_chains_time_cannot_be_set_whatever_lies_in_its_folder()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo") with { Purpose = Purpose.Live }, Founded);
        using (Open(founding)) { }
        await File.WriteAllTextAsync(Path.Combine(folder, "story-clock"), $"{Later}\n", TestContext.Current.CancellationToken);

        using var host = Open(founding);

        Assert.False(host.Loop.Reader.IsClockHeld);
        Assert.Equal(Refusal.ClockNotSettable, await host.Loop.SetClockAsync(Later, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon\n")]
    [InlineData("4102444800000")]
    [InlineData("99999999999999999999\n")]
    public void A_node_does_not_guess_at_a_damaged_time(string kept)
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Founded);
        using (Open(founding)) { }
        File.WriteAllText(Path.Combine(folder, "story-clock"), kept);

        Assert.Null(NodeHost.Open(Options, founding.Genesis, Key(founding), TimeProvider.System, _ => { }, out var cannot));
        Assert.Contains("story-clock", cannot?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_that_could_not_be_kept_is_not_shown()
    {
        var storage = new MemoryStorage { FlushFails = true };
        var clock = Assert.IsType<StoryClock>(StoryClock.Open(TimeProvider.System, storage, Purpose.Test));

        Assert.Throws<IOException>(() => clock.Hold(Later));

        Assert.False(clock.IsHeld);
        Assert.False(storage.Has("story-clock"));
    }

    NodeHost Open(FoundingKeys founding) =>
        NodeHost.Open(Options, founding.Genesis, Key(founding), TimeProvider.System, _ => { }, out var cannot) ?? throw new InvalidOperationException(cannot?.Reason);

    NodeOptions Options => new(folder, "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes) { Founds = true };

    static NodeKey Key(FoundingKeys founding) => NodeKeys.NodeKeyOf(founding.NodeKeys.Keys.First(), founding.NodeKeys.Values.First());
}
