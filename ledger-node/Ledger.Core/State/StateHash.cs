using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>The hashes of the state tree. Each begins with a tag of its own, so none can be taken for another.</summary>
static class StateHash
{
    const byte LeafTag = 0x10;
    const byte BranchTag = 0x11;
    const byte EmptySectionTag = 0x12;
    const byte StateTag = 0x13;
    const byte PathTag = 0x14;
    const byte CommitmentTag = 0x18;

    const int MaxChildren = 16;

    public static Hash256 Path(CryptoSuite suite, byte section, ReadOnlySpan<byte> key) => Tagged(suite, PathTag, [section], key);

    /// <summary>A record's content, blinded by its salt.</summary>
    public static Hash256 Commitment(CryptoSuite suite, Hash256 salt, ReadOnlySpan<byte> value)
    {
        Span<byte> blinding = stackalloc byte[Hash256.Size];
        salt.Write(blinding);
        return Tagged(suite, CommitmentTag, blinding, value);
    }

    /// <summary>
    /// The content enters as a commitment, so that a proof of absence can show which other record stands in the place without showing that
    /// record's content, and cannot pass off the record itself as another.
    /// </summary>
    public static Hash256 Leaf(CryptoSuite suite, Hash256 path, Hash256 commitment)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Hash256.Size)];
        input[0] = LeafTag;
        path.Write(input[1..]);
        commitment.Write(input[(1 + Hash256.Size)..]);
        return suite.Hash(input);
    }

    /// <summary>Bit n of <paramref name="bitmap"/> says that child n is there; the hashes are those of the children that are, ascending.</summary>
    public static Hash256 Branch(CryptoSuite suite, ushort bitmap, ReadOnlySpan<Hash256> children)
    {
        Span<byte> input = stackalloc byte[3 + (MaxChildren * Hash256.Size)];
        input[0] = BranchTag;
        BinaryPrimitives.WriteUInt16BigEndian(input[1..], bitmap);
        for (var i = 0; i < children.Length; i++) children[i].Write(input[(3 + (i * Hash256.Size))..]);
        return suite.Hash(input[..(3 + (children.Length * Hash256.Size))]);
    }

    public static Hash256 EmptySection(CryptoSuite suite) => suite.Hash([EmptySectionTag]);

    public static Hash256 State(CryptoSuite suite, ReadOnlySpan<Hash256> sectionRoots)
    {
        Span<byte> input = stackalloc byte[2 + (StateTree.MaxSections * Hash256.Size)];
        input[0] = StateTag;
        input[1] = (byte)sectionRoots.Length;
        for (var i = 0; i < sectionRoots.Length; i++) sectionRoots[i].Write(input[(2 + (i * Hash256.Size))..]);
        return suite.Hash(input[..(2 + (sectionRoots.Length * Hash256.Size))]);
    }

    /// <summary>The place of child <paramref name="nibble"/> among the children that are there.</summary>
    public static int Rank(ushort bitmap, int nibble) => BitOperations.PopCount(bitmap & ((1u << nibble) - 1));

    public static bool Has(ushort bitmap, int nibble) => (bitmap >> nibble & 1) == 1;

    public static Hash256 Tagged(CryptoSuite suite, byte tag, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        const int stackLimit = 1024;
        var size = 1 + head.Length + tail.Length;
        var rented = size > stackLimit ? ArrayPool<byte>.Shared.Rent(size) : null;
        var input = (rented ?? stackalloc byte[stackLimit])[..size];
        input[0] = tag;
        head.CopyTo(input[1..]);
        tail.CopyTo(input[(1 + head.Length)..]);
        var hash = suite.Hash(input);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }
}
