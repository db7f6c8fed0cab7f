using Ledger.Core.Chain;

namespace Ledger.Tests.Chain;

/// <summary>Of tiles alone comes what comes of leaves.</summary>
public class TiledHistoryTests
{
    // More than a tile of the second level.
    const int Size = 66_000;

    static readonly Lazy<HistoryTree> History = new(() =>
    {
        var tree = new HistoryTree(Sample.Suite);
        for (var i = 0; i < Size; i++) tree.Append(Sample.Number(i));
        return tree;
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(511)]
    [InlineData(1_000)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(Size)]
    public void The_tiles_that_are_named_make_the_root_now_the_one_before_and_the_proof_between(int size)
    {
        foreach (var earlier in Earlier(size))
        {
            var given = TiledHistory.Needed((ulong)size, earlier).Distinct().ToDictionary(tile => tile, tile => History.Value.Read(tile));
            var tiled = new TiledHistory(Sample.Suite, (ulong)size, tile => given[tile]);

            Assert.Equal(History.Value.RootAt((ulong)size), tiled.Root());
            Assert.Equal(History.Value.RootAt(earlier), tiled.RootAt(earlier));
            if (earlier > 0) Assert.Equal(History.Value.ConsistencyProof(earlier, (ulong)size), tiled.ConsistencyProof(earlier));
            Assert.InRange(given.Count, 1, 6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(300)]
    [InlineData(698)]
    [InlineData(699)]
    public void Where_two_histories_part_is_found_to_the_leaf(int at)
    {
        var other = new HistoryTree(Sample.Suite);
        for (var i = 0; i < 900; i++) other.Append(Sample.Number(i < at ? i : -i - 1));

        Assert.Equal((ulong)at, Of(History.Value, 700).CommonWith(Of(other, 900), 700));
        Assert.Equal((ulong)at, Of(other, 900).CommonWith(Of(History.Value, 700), 700));
        Assert.Equal(700UL, Of(History.Value, 700).CommonWith(Of(History.Value, 900), 700));
    }

    [Fact]
    public void A_history_has_at_each_place_one_tile_of_one_width()
    {
        for (var size = 1UL; size < 70_000; size += size < 600 ? 1UL : 97)
        {
            for (var level = 0; level <= Tile.MaxLevel; level++)
            {
                Tile[] all = [.. Numbers().Select(index => Tile.Of(size, level, index)).TakeWhile(tile => tile is not null).Select(tile => tile!.Value)];
                Assert.Equal(size >> (8 * level), (ulong)all.Sum(tile => tile.Width));
                Assert.All(all, tile => Assert.True(tile.IsWithin(size)));
                Assert.Equal(Tile.Full(size, level), (ulong)all.Count(tile => tile.Width == Tile.MaxWidth));
                Assert.Equal(all.Where(tile => tile.Width < Tile.MaxWidth), Tile.Edge(size).Where(tile => tile.Level == level));
            }
        }

        Assert.Null(Tile.Of(ulong.MaxValue, 7, 1));
        Assert.Equal(255, Tile.Of(ulong.MaxValue, 7, 0)?.Width);
        Assert.Empty(Tile.Edge(0));
    }

    [Fact]
    public void A_bundle_is_read_as_it_was_written_and_in_no_other_way()
    {
        ReadOnlyMemory<byte>[] leaves = [Array.Empty<byte>(), new byte[] { 7 }, new byte[Leaf.MaxSize], new byte[256]];
        var octets = EntryBundle.Write(leaves);

        Assert.Equal(4 * 2 + 1 + Leaf.MaxSize + 256, octets.Length);
        Assert.True(EntryBundle.TryRead(octets, leaves.Length, out var read));
        Assert.Equal(leaves.Select(leaf => leaf.ToArray()), read.Select(leaf => leaf.ToArray()));
        Assert.False(EntryBundle.TryRead(octets, leaves.Length - 1, out _));
        Assert.False(EntryBundle.TryRead(octets, leaves.Length + 1, out _));
        foreach (var length in (int[])[0, 1, 2, 3, 4, 5, 100, octets.Length - 1]) Assert.False(EntryBundle.TryRead(octets.AsMemory(0, length), leaves.Length, out _), $"{length}");
        Assert.False(EntryBundle.TryRead((byte[])[.. octets, 0], leaves.Length, out _));
    }

    static TiledHistory Of(HistoryTree tree, ulong size) => new(Sample.Suite, size, tile => tree.Read(tile));

    static IEnumerable<ulong> Numbers()
    {
        for (var number = 0UL; ; number++) yield return number;
    }

    // All of a small history; of a large one what lies around the edges of tiles.
    static IEnumerable<ulong> Earlier(int size)
    {
        ulong[] around = [0, 1, 2, 3, 127, 128, 129, 254, 255, 256, 257, 300, 511, 512, 513, 32_767, 32_768, 32_769, 65_279, 65_280, 65_281, 65_535, 65_536, 65_537, 65_792, (ulong)size - 1, (ulong)size];
        return size <= 1_000 ? Numbers().TakeWhile(number => number <= (ulong)size) : around.Where(number => number <= (ulong)size);
    }
}
