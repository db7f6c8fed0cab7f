using System.Numerics;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>
/// A history of which the tiles are at hand and not the leaves: makes of them what <see cref="HistoryTree"/> makes. It takes tiles for what they say; whose they are shows at the root, and a full one against the hash above it
/// (<see cref="RootOf"/>).
/// </summary>
/// <param name="suite">What hashes.</param>
/// <param name="size">How many leaves the history has.</param>
/// <param name="read">Gives each tile that is asked for, in full length.</param>
public sealed class TiledHistory(CryptoSuite suite, ulong size, Func<Tile, ReadOnlyMemory<byte>> read)
{
    public ulong Size => size;

    public Hash256 Root() => RootAt(size);

    /// <summary>The root as it was at an earlier size.</summary>
    public Hash256 RootAt(ulong earlier)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, size);
        return earlier == 0 ? MerkleHash.OfNothing(suite) : Subtrees.Root(suite, 0, earlier, Complete);
    }

    /// <summary>That the history begins with its first <paramref name="earlier"/> leaves.</summary>
    public Hash256[] ConsistencyProof(ulong earlier)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, size);
        ArgumentOutOfRangeException.ThrowIfZero(earlier);
        return Subtrees.Consistency(suite, earlier, size, Complete);
    }

    /// <summary>How many leaves this history and another have in common from the first on; both have at least <paramref name="most"/>.</summary>
    public ulong CommonWith(TiledHistory other, ulong most)
    {
        // Complete subtrees that are the same are passed over, the first that differs is looked into.
        var common = 0UL;
        for (var level = BitOperations.Log2(Math.Max(most, 1)); level >= 0; level--)
        {
            while (most - common >= 1UL << level && Complete(level, common >> level) == other.Complete(level, common >> level)) common += 1UL << level;
        }

        return common;
    }

    /// <summary>The tiles of a history of that many leaves by which its root at an earlier size, and the proof from there, are made.</summary>
    public static IEnumerable<Tile> Needed(ulong size, ulong earlier)
    {
        foreach (var tile in Tile.Edge(size)) yield return tile;
        if (earlier == 0) yield break;
        for (var level = 0; level <= Tile.MaxLevel && size >> (8 * level) > 0; level++)
        {
            if (Tile.Of(size, level, ((earlier - 1) >> (8 * level)) / Tile.MaxWidth) is { Width: Tile.MaxWidth } full) yield return full;
        }
    }

    /// <summary>The root over a full tile, which is a hash of the tile above it.</summary>
    public static Hash256 RootOf(CryptoSuite suite, ReadOnlySpan<byte> tile)
    {
        var edge = new Frontier(suite);
        for (; !tile.IsEmpty; tile = tile[Hash256.Size..]) edge.Append(Hash256.Read(tile));
        return edge.Root();
    }

    Hash256 Complete(int level, ulong index)
    {
        // A tile has hashes of every eighth level; of those between, the ones below are made.
        var (tileLevel, between) = (level / 8, level % 8);
        var first = index << between;
        var tile = Tile.Of(size, tileLevel, first / Tile.MaxWidth) ?? throw new ArgumentOutOfRangeException(nameof(index), index, "The history has not grown so far.");
        var from = (int)(first % Tile.MaxWidth) * Hash256.Size;
        return RootOf(suite, read(tile).Span.Slice(from, Hash256.Size << between));
    }
}
