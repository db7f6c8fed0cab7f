using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>
/// The RFC 6962 tree over every leaf since genesis, as it is now and as it was at any earlier size. It keeps the hash of every complete
/// subtree, two hashes a leaf, so that every root and proof costs at most a logarithm of hashes. One writer appends while others take proofs: the
/// lock is held for one leaf or one proof, so neither waits for a whole block.
/// </summary>
public sealed class HistoryTree(CryptoSuite suite)
{
    // levels[k][i] is the root over leaves [i·2^k, (i+1)·2^k); only complete subtrees are kept, for they never change.
    readonly List<List<Hash256>> levels = [[]];
    readonly Lock gate = new();

    public ulong Size => (ulong)levels[0].Count;

    public void Append(Hash256 leafHash)
    {
        using var held = gate.EnterScope();
        levels[0].Add(leafHash);
        for (var level = 0; levels[level].Count % 2 == 0; level++)
        {
            if (level + 1 == levels.Count) levels.Add([]);
            levels[level + 1].Add(MerkleHash.OfNode(suite, levels[level][^2], levels[level][^1]));
        }
    }

    /// <summary>Forgets every leaf from <paramref name="size"/> on. Proofs for that size and below stay what they were.</summary>
    public void CutTo(ulong size)
    {
        using var held = gate.EnterScope();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        for (var level = 0; level < levels.Count; level++) levels[level].RemoveRange((int)(size >> level), levels[level].Count - (int)(size >> level));
    }

    public Hash256 LeafHash(ulong index)
    {
        using var held = gate.EnterScope();
        return levels[0][(int)index];
    }

    public Hash256 Root() => RootAt(Size);

    public Hash256 RootAt(ulong size)
    {
        using var held = gate.EnterScope();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return size == 0 ? MerkleHash.OfNothing(suite) : Subtrees.Root(suite, 0, size, Complete);
    }

    /// <summary>The right edge as it is now: what would become of the tree can be asked without changing it.</summary>
    public Frontier Edge() => EdgeAt(Size);

    /// <summary>The same as it was at an earlier size.</summary>
    public Frontier EdgeAt(ulong size)
    {
        using var held = gate.EnterScope();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        var peaks = new List<Hash256>();
        var start = 0UL;
        for (var level = levels.Count - 1; level >= 0; level--)
        {
            if ((size >> level & 1) == 0) continue;
            peaks.Add(levels[level][(int)(start >> level)]);
            start += 1UL << level;
        }

        return new(suite, size, peaks);
    }

    /// <summary>The hashes of a tile, one behind the other; the tree must have them.</summary>
    public byte[] Read(Tile tile)
    {
        using var held = gate.EnterScope();
        if (!tile.IsWithin(Size)) throw new ArgumentOutOfRangeException(nameof(tile), tile, "The history has not grown so far.");
        var octets = new byte[tile.Width * Hash256.Size];
        var first = (int)tile.Index * Tile.MaxWidth;
        for (var i = 0; i < tile.Width; i++) levels[8 * tile.Level][first + i].Write(octets.AsSpan(i * Hash256.Size));
        return octets;
    }

    /// <summary>RFC 6962 2.1.1: the hashes that lead from leaf <paramref name="index"/> to the root at <paramref name="size"/>, nearest first.</summary>
    public Hash256[] InclusionProof(ulong index, ulong size)
    {
        using var held = gate.EnterScope();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);

        return Subtrees.Inclusion(suite, index, size, Complete);
    }

    /// <summary>RFC 6962 2.1.2: the hashes which show that the tree at <paramref name="size2"/> begins with the tree at <paramref name="size1"/>.</summary>
    public Hash256[] ConsistencyProof(ulong size1, ulong size2)
    {
        using var held = gate.EnterScope();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size2, Size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size1, size2);
        ArgumentOutOfRangeException.ThrowIfZero(size1);

        return Subtrees.Consistency(suite, size1, size2, Complete);
    }

    Hash256 Complete(int level, ulong index) => levels[level][(int)index];
}
