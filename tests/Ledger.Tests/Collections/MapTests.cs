using System.Collections.Immutable;
using Ledger.Core.Collections;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Collections;

/// <summary>A map does what the framework's dictionary does, whatever the hashes of its keys, and what it was before stays as it was.</summary>
public class MapTests
{
    [Law]
    public void A_map_is_the_frameworks_dictionary(int[] steps) => Follows(steps, static number => number.GetHashCode());

    [Law]
    public void Keys_of_few_hashes_do_not_disturb_each_other(int[] steps) => Follows(steps, static number => number % 3);

    [Law]
    public void Keys_whose_hashes_part_at_the_end_do_not_disturb_each_other(int[] steps) => Follows(steps, static number => number << 27);

    [Fact]
    public void What_is_made_at_once_is_what_is_made_one_by_one()
    {
        var entries = Enumerable.Range(0, 3_000).Select(static number => KeyValuePair.Create(new Key(number, number.GetHashCode() * 7_919), number)).ToArray();

        var atOnce = Map<Key, int>.Of([.. entries, KeyValuePair.Create(entries[5].Key, -5)]);

        Assert.Equal(entries.Length, atOnce.Count);
        Assert.Equal(-5, atOnce[entries[5].Key]);
        var oneByOne = entries.Aggregate(Map<Key, int>.Empty, static (map, entry) => map.SetItem(entry.Key, entry.Value)).SetItem(entries[5].Key, -5);
        Assert.Equal(oneByOne.Order(ByNumber), atOnce.Order(ByNumber));
        var left = entries.Aggregate(atOnce, static (map, entry) => map.Remove(entry.Key));
        Assert.True(left.IsEmpty);
        Assert.Empty(left);
    }

    [Fact]
    public void A_key_that_is_not_there_has_no_value()
    {
        Assert.Throws<KeyNotFoundException>(static () => Map<string, int>.Empty["a"]);
        Assert.Throws<ArgumentException>(static () => Map<string, int>.Empty.Add("a", 1).Add("a", 2));
        Assert.Equal(1, Map<string, int>.Empty.Add("a", 1).Add("a", 1)["a"]);
    }

    // A step names one of sixty keys and what is done with it.
    static void Follows(int[] steps, Func<int, int> hash)
    {
        List<(Map<Key, int> Map, ImmutableDictionary<Key, int> Model)> versions = [(Map<Key, int>.Empty, ImmutableDictionary<Key, int>.Empty)];
        foreach (var (place, step) in steps.Concat(steps.Reverse()).Index())
        {
            var (map, model) = versions[^1];
            var number = (step & int.MaxValue) % 60;
            var key = new Key(number, hash(number));
            versions.Add((place % 4, model.ContainsKey(key)) switch
            {
                (0, _) => (map.Remove(key), model.Remove(key)),
                (_, false) => (map.Add(key, place), model.Add(key, place)),
                (_, true) => (map.SetItem(key, place), model.SetItem(key, place)),
            });
        }

        foreach (var (map, model) in versions)
        {
            Assert.Equal((model.Count, model.IsEmpty), (map.Count, map.IsEmpty));
            Assert.Equal(model.Order(ByNumber), map.Order(ByNumber));
            Assert.Equal(model.Values.Order(), map.Values.Order());
            for (var number = 0; number < 60; number++)
            {
                var key = new Key(number, hash(number));
                Assert.Equal((model.TryGetValue(key, out var expected), expected), (map.TryGetValue(key, out var value), value));
                Assert.Equal(model.GetValueOrDefault(key), map.GetValueOrDefault(key));
            }
        }
    }

    static readonly Comparer<KeyValuePair<Key, int>> ByNumber =
        Comparer<KeyValuePair<Key, int>>.Create(static (one, other) => one.Key.Number.CompareTo(other.Key.Number));

    readonly record struct Key(int Number, int Hash)
    {
        public override int GetHashCode() => Hash;
    }
}
