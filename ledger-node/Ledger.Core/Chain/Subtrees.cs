using System.Numerics;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>
/// Roots and proofs of a tree out of its complete subtrees (RFC 6962 2.1), wherever these are kept: <c>complete(level, index)</c> is the root over leaves [index·2^level, (index+1)·2^level).
/// </summary>
static class Subtrees
{
    /// <summary>The root over leaves [start, end), where start is a multiple of the least power of two that is not below the length.</summary>
    public static Hash256 Root(CryptoSuite suite, ulong start, ulong end, Func<int, ulong, Hash256> complete)
    {
        var length = end - start;
        if (BitOperations.IsPow2(length))
        {
            var level = BitOperations.TrailingZeroCount(length);
            return complete(level, start >> level);
        }

        var middle = start + LeftSize(length);
        return MerkleHash.OfNode(suite, Root(suite, start, middle, complete), Root(suite, middle, end, complete));
    }

    /// <summary>RFC 6962 2.1.1: the hashes that lead from leaf <paramref name="index"/> to the root at <paramref name="size"/>, nearest first.</summary>
    public static Hash256[] Inclusion(CryptoSuite suite, ulong index, ulong size, Func<int, ulong, Hash256> complete)
    {
        var proof = new List<Hash256>();
        var (start, end) = (0UL, size);
        while (end - start > 1)
        {
            var middle = start + LeftSize(end - start);
            if (index < middle)
            {
                proof.Add(Root(suite, middle, end, complete));
                end = middle;
            }
            else
            {
                proof.Add(Root(suite, start, middle, complete));
                start = middle;
            }
        }

        proof.Reverse();
        return [.. proof];
    }

    /// <summary>RFC 6962 2.1.2: the hashes which show that the tree at <paramref name="size2"/> begins with the tree at <paramref name="size1"/>.</summary>
    public static Hash256[] Consistency(CryptoSuite suite, ulong size1, ulong size2, Func<int, ulong, Hash256> complete)
    {
        var proof = new List<Hash256>();
        var (start, end) = (0UL, size2);
        while (end != size1)
        {
            var middle = start + LeftSize(end - start);
            if (size1 <= middle)
            {
                proof.Add(Root(suite, middle, end, complete));
                end = middle;
            }
            else
            {
                proof.Add(Root(suite, start, middle, complete));
                start = middle;
            }
        }

        // Where the old tree is itself a subtree, the verifier holds its root already.
        if (start != 0) proof.Add(Root(suite, start, end, complete));
        proof.Reverse();
        return [.. proof];
    }

    /// <summary>The largest power of two below <paramref name="length"/>.</summary>
    static ulong LeftSize(ulong length) => 1UL << BitOperations.Log2(length - 1);
}
