using System.Collections.Immutable;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Tests.Laws;

namespace Ledger.Tests.State;

/// <summary>Deadlines come in their order, whatever their ids, and a set of them stays as it was when another is made of it.</summary>
public class DeadlinesTests
{
    static readonly long[] Times = [long.MinValue, -1, 0, 1, Timestamp.Minute, 2 * Timestamp.Minute, Timestamp.MaxUnixMilliseconds, long.MaxValue];

    [Law]
    public void Deadlines_are_the_frameworks_sorted_set(int[] steps)
    {
        var versions = new List<(Deadlines Deadlines, ImmutableSortedSet<Deadline> Model)> { (Deadlines.None, []) };
        foreach (var (place, step) in steps.Concat(steps.Reverse()).Index())
        {
            var (deadlines, model) = versions[^1];
            var deadline = Named(unchecked(step * 40_503) & int.MaxValue);
            versions.Add(place % 4 == 0 ? (deadlines.Remove(deadline), model.Remove(deadline)) : (deadlines.Add(deadline), model.Add(deadline)));
        }

        foreach (var (deadlines, model) in versions)
        {
            Assert.Equal(model.ToArray(), deadlines.ToArray());
            Assert.Equal(model.ToArray(), Deadlines.Of([.. model.Reverse(), .. model]).ToArray());
            Assert.Equal(model.IsEmpty, deadlines.IsEmpty);
            if (!model.IsEmpty) Assert.Equal(model.Min, deadlines.Min);
            Assert.Same(deadlines, model.IsEmpty ? deadlines.Remove(Named(0)) : deadlines.Remove(model.Min with { Id = UInt128.MaxValue >> 1 }));
        }
    }

    [Fact]
    public void Whatever_is_taken_away_first_nothing_is_left_at_the_end()
    {
        var all = Enumerable.Range(0, 2_000)
            .Select(static number => new Deadline(new(number % 7), DeadlineKind.OfferLeaves, (UInt128)number << (number % 100))).Distinct().ToArray();

        var left = all.Reverse().Aggregate(Deadlines.Of(all), static (deadlines, deadline) => deadlines.Remove(deadline));

        Assert.True(left.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => left.Min);
    }

    // Few times and kinds, and ids that differ in one bit or in some.
    static Deadline Named(int number) => new(
        new(Times[number % Times.Length]), (DeadlineKind)(1 + (number / 8 % 3)),
        (number / 24 % 3) switch
        {
            0 => (UInt128)1 << (number / 72 % 128),
            1 => (UInt128)(number / 72 % 12),
            _ => UInt128.MaxValue - (UInt128)(number / 72 % 12),
        });
}
