using Ledger.Core.Chain;
using Ledger.Tests.Strangers;

namespace Ledger.Tests.Chain;

/// <summary>The history in tiles, of which everybody makes roots and proofs himself.</summary>
public class TileTests
{
    // More than a tile of the second level, which takes 65,536 leaves.
    const int Size = 66_100;

    static readonly Lazy<HistoryTree> History = new(() =>
    {
        var tree = new HistoryTree(Sample.Suite);
        for (var i = 0; i < Size; i++) tree.Append(MerkleHash.OfLeaf(Sample.Suite, BitConverter.GetBytes(i)));
        return tree;
    });

    // The second is the one that the specification shows.
    [Theory]
    [InlineData("0/000", 0, 0UL, 256)]
    [InlineData("3/x001/x234/067", 3, 1_234_067UL, 256)]
    [InlineData("0/x001/000.p/255", 0, 1_000UL, 255)]
    [InlineData("7/999.p/1", 7, 999UL, 1)]
    [InlineData("0/x072/x057/x594/x037/x927/935", 0, 72_057_594_037_927_935UL, 256)]
    public void A_tile_has_one_name(string name, int level, ulong index, int width)
    {
        Assert.True(Tile.TryParse(name, out var tile));
        Assert.Equal(new Tile(level, index, width), tile);
        Assert.Equal(name, tile.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0/")]
    [InlineData("/000")]
    [InlineData("0/0")]
    [InlineData("0/00")]
    [InlineData("0/0000")]
    [InlineData("00/000")]
    [InlineData("8/000")]
    [InlineData("-1/000")]
    [InlineData("0/-01")]
    [InlineData("0/x000/001")]
    [InlineData("0/x001/x002")]
    [InlineData("0/001/002")]
    [InlineData("0/xx01/002")]
    [InlineData("0/X001/002")]
    [InlineData("0/x001//002")]
    [InlineData("0/000/")]
    [InlineData("0/000.p")]
    [InlineData("0/000.p/")]
    [InlineData("0/000.p/0")]
    [InlineData("0/000.p/256")]
    [InlineData("0/000.p/01")]
    [InlineData("0/000.p/1/")]
    [InlineData("0/000.p/1.p/1")]
    [InlineData("0/000.P/1")]
    [InlineData("0/ 00")]
    [InlineData("entries/000")]
    [InlineData("0/x072/x057/x594/x037/x927/936")]
    [InlineData("0/x999/x999/x999/x999/x999/x999/x999/999")]
    public void What_is_no_name_of_a_tile_is_none(string name) => Assert.False(Tile.TryParse(name, out _));

    [Fact]
    public void A_history_has_the_tiles_that_are_complete_in_it_and_no_other()
    {
        Assert.True(new Tile(0, 0, 1).IsWithin(1));
        Assert.False(new Tile(0, 0, 1).IsWithin(0));
        Assert.True(new Tile(0, 1, 44).IsWithin(300));
        Assert.False(new Tile(0, 1, 45).IsWithin(300));
        Assert.True(new Tile(1, 0, 1).IsWithin(300));
        Assert.False(new Tile(1, 0, 2).IsWithin(511));
        Assert.True(new Tile(1, 0, 2).IsWithin(512));
        Assert.False(new Tile(0, ulong.MaxValue / 256, 256).IsWithin(ulong.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => History.Value.Read(new(0, Size / 256, 256)));
    }

    [Fact]
    public void What_a_tile_holds_never_changes()
    {
        var tree = new HistoryTree(Sample.Suite);
        var told = new Dictionary<Tile, byte[]>();
        for (var size = 1UL; size <= 600; size++)
        {
            tree.Append(Sample.Number((int)size));
            foreach (var tile in TilesOf(size)) Assert.Equal(told.TryGetValue(tile, out var before) ? before : told[tile] = tree.Read(tile), tree.Read(tile));
        }

        foreach (var (tile, octets) in told) Assert.Equal(octets, tree.Read(tile));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(Size)]
    public void A_stranger_makes_the_root_of_the_tiles_alone(int size)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-tiles-").FullName;
        try
        {
            foreach (var tile in TilesOf((ulong)size))
            {
                var path = Path.Combine(folder, tile.ToString());
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, History.Value.Read(tile));
            }

            Assert.Equal((Python.Verified, $"{History.Value.RootAt((ulong)size)}"), Python.Start("root_of_tiles.py", folder, $"{size}"));
            var last = Path.Combine(folder, TilesOf((ulong)size).Last(tile => tile.Level == 0).ToString());
            var octets = File.ReadAllBytes(last);
            octets[^1] ^= 1;
            File.WriteAllBytes(last, octets);

            // A full tile is held against the one above it; a partial one makes another root.
            var (code, said) = Python.Start("root_of_tiles.py", folder, $"{size}");
            Assert.Equal(size % Tile.MaxWidth == 0 ? Python.False : Python.Verified, code);
            Assert.NotEqual($"{History.Value.RootAt((ulong)size)}", said);
            File.WriteAllBytes(last, octets[1..]);
            Assert.Equal(Python.NotChecked, Python.Start("root_of_tiles.py", folder, $"{size}").Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Those that a checkpoint of that size is made of.
    static IEnumerable<Tile> TilesOf(ulong size)
    {
        for (var level = 0; size >> (8 * level) is > 0 and var hashes; level++)
        {
            for (var index = 0UL; index < hashes; index += Tile.MaxWidth) yield return new(level, index / Tile.MaxWidth, (int)Math.Min(hashes - index, Tile.MaxWidth));
        }
    }
}
