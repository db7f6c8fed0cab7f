using System.Buffers;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>The three hashes of an RFC 6962 tree. The first byte keeps a leaf from ever being taken for a node.</summary>
public static class MerkleHash
{
    const int StackLimit = 1024;

    public static Hash256 OfNothing(CryptoSuite suite) => suite.Hash([]);

    public static Hash256 OfLeaf(CryptoSuite suite, ReadOnlySpan<byte> leaf)
    {
        var size = leaf.Length + 1;
        var rented = size > StackLimit ? ArrayPool<byte>.Shared.Rent(size) : null;
        var input = (rented ?? stackalloc byte[StackLimit])[..size];
        input[0] = 0;
        leaf.CopyTo(input[1..]);
        var hash = suite.Hash(input);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    public static Hash256 OfNode(CryptoSuite suite, Hash256 left, Hash256 right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Hash256.Size)];
        input[0] = 1;
        left.Write(input[1..]);
        right.Write(input[(1 + Hash256.Size)..]);
        return suite.Hash(input);
    }
}
