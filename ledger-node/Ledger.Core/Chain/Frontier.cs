using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>The right edge of a history tree: enough to append and to know the root, in a logarithm of memory, but not to prove anything.</summary>
public sealed class Frontier
{
    readonly CryptoSuite suite;

    // Roots of the complete subtrees that make up the tree, largest first: one for each bit that is set in the size.
    readonly List<Hash256> peaks;

    public Frontier(CryptoSuite suite) => (this.suite, peaks) = (suite, []);

    internal Frontier(CryptoSuite suite, ulong size, List<Hash256> peaks) => (this.suite, Size, this.peaks) = (suite, size, peaks);

    public ulong Size { get; private set; }

    /// <summary>The same edge, to which something else may be appended.</summary>
    public Frontier Copy() => new(suite, Size, [.. peaks]);

    public void Append(Hash256 leafHash)
    {
        var hash = leafHash;
        for (var carry = Size; (carry & 1) == 1; carry >>= 1)
        {
            hash = MerkleHash.OfNode(suite, peaks[^1], hash);
            peaks.RemoveAt(peaks.Count - 1);
        }

        peaks.Add(hash);
        Size++;
    }

    public Hash256 Root()
    {
        if (Size == 0) return MerkleHash.OfNothing(suite);

        var root = peaks[^1];
        for (var i = peaks.Count - 2; i >= 0; i--) root = MerkleHash.OfNode(suite, peaks[i], root);
        return root;
    }
}
