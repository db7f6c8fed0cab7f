using System.Numerics;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>Checks of Merkle proofs (RFC 9162 2.1.3.2 and 2.1.4.2). A proof that is longer or shorter than the sizes ask for is false.</summary>
public static class Proofs
{
    /// <summary>Whether the leaf stands at <paramref name="index"/> of the tree of <paramref name="size"/> leaves with that root.</summary>
    public static bool VerifyInclusion(
        CryptoSuite suite, Hash256 leafHash, ulong index, ulong size, ReadOnlySpan<Hash256> proof, Hash256 root) =>
        InclusionRoot(suite, leafHash, index, size, proof) == root;

    /// <summary>The root under which the proof puts the leaf; null when the proof is longer or shorter than the size asks for.</summary>
    public static Hash256? InclusionRoot(CryptoSuite suite, Hash256 leafHash, ulong index, ulong size, ReadOnlySpan<Hash256> proof)
    {
        if (index >= size) return null;

        var (place, last) = (index, size - 1);
        var hash = leafHash;
        foreach (var sibling in proof)
        {
            if (last == 0) return null;
            if (IsRight(place) || place == last)
            {
                hash = MerkleHash.OfNode(suite, sibling, hash);
                (place, last) = SkipLevelsWithoutSibling(place, last);
            }
            else
            {
                hash = MerkleHash.OfNode(suite, hash, sibling);
            }

            (place, last) = (place >> 1, last >> 1);
        }

        return last == 0 ? hash : null;
    }

    /// <summary>
    /// Whether the tree of <paramref name="size2"/> leaves begins with the tree of <paramref name="size1"/>. Nothing is consistent with an
    /// empty tree by proof: every tree begins with it.
    /// </summary>
    public static bool VerifyConsistency(
        CryptoSuite suite, ulong size1, ulong size2, ReadOnlySpan<Hash256> proof, Hash256 root1, Hash256 root2) =>
        ConsistentRoots(suite, size1, size2, proof, root1) == (root1, root2);

    /// <summary>
    /// The roots of both trees that the proof makes, where <paramref name="root1"/> is that of the first one; null when the proof is longer or shorter than the sizes ask for.
    /// </summary>
    public static (Hash256 First, Hash256 Second)? ConsistentRoots(CryptoSuite suite, ulong size1, ulong size2, ReadOnlySpan<Hash256> proof, Hash256 root1)
    {
        if (size1 == 0 || size1 > size2) return null;
        if (size1 == size2) return proof.IsEmpty ? (root1, root1) : null;
        if (proof.IsEmpty) return null;

        var shared = BitOperations.TrailingZeroCount(size1);
        var (place, last) = ((size1 - 1) >> shared, (size2 - 1) >> shared);

        // A first tree that is one complete subtree is the seed itself; otherwise the proof brings the seed.
        var isComplete = BitOperations.IsPow2(size1);
        var hash1 = isComplete ? root1 : proof[0];
        var hash2 = hash1;
        foreach (var sibling in isComplete ? proof : proof[1..])
        {
            if (last == 0) return null;
            if (IsRight(place) || place == last)
            {
                hash1 = MerkleHash.OfNode(suite, sibling, hash1);
                hash2 = MerkleHash.OfNode(suite, sibling, hash2);
                (place, last) = SkipLevelsWithoutSibling(place, last);
            }
            else
            {
                hash2 = MerkleHash.OfNode(suite, hash2, sibling);
            }

            (place, last) = (place >> 1, last >> 1);
        }

        return last == 0 ? (hash1, hash2) : null;
    }

    static bool IsRight(ulong place) => (place & 1) == 1;

    /// <summary>The last node of a level with an even place has no sibling there and rises unchanged.</summary>
    static (ulong Place, ulong Last) SkipLevelsWithoutSibling(ulong place, ulong last)
    {
        while (!IsRight(place) && place != 0) (place, last) = (place >> 1, last >> 1);
        return (place, last);
    }
}
