using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Chain;

/// <summary>
/// The last leaf of a block: what the ledger is after it. It names the header before it, so that headers are a chain by themselves, and being a
/// leaf it is covered by every checkpoint.
/// </summary>
public sealed record Header(
    Hash256 ChainId,
    ulong Height,
    Timestamp Time,
    Hash256 Previous,
    ulong FirstLeaf,
    uint EntryCount,
    uint SkippedCount,
    Hash256 StateRoot,
    Hash256 ValidatorSet,
    Hash256 RuleSet)
{
    public const ushort Version = 1;

    public const int Size = 195;

    public byte[] Write() =>
        new BigEndianWriter(Size).U8(Leaf.HeaderKind).U16(Version).Hash(ChainId).U64(Height).U64((ulong)Time.UnixMilliseconds).Hash(Previous)
            .U64(FirstLeaf).U32(EntryCount).U32(SkippedCount).Hash(StateRoot).Hash(ValidatorSet).Hash(RuleSet).ToArray();

    /// <summary>What the next header names as its previous.</summary>
    public Hash256 LeafHash(CryptoSuite suite) => MerkleHash.OfLeaf(suite, Write());

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Header? header)
    {
        header = null;
        var reader = new BigEndianReader(bytes);
        if (reader.U8() != Leaf.HeaderKind || reader.U16() != Version) return false;

        var chainId = reader.Hash();
        var height = reader.U64();
        var time = reader.U64();
        var previous = reader.Hash();
        var firstLeaf = reader.U64();
        var (entryCount, skippedCount) = (reader.U32(), reader.U32());
        var (stateRoot, validatorSet, ruleSet) = (reader.Hash(), reader.Hash(), reader.Hash());

        if (!reader.IsComplete || time > Timestamp.MaxUnixMilliseconds) return false;
        if (chainId.IsZero || stateRoot.IsZero || validatorSet.IsZero || ruleSet.IsZero) return false;

        // Block 0 is genesis: nothing stands before it, and it orders nothing.
        var isGenesis = height == 0;
        if (isGenesis != previous.IsZero || isGenesis != (firstLeaf == 0)) return false;
        if (isGenesis && (entryCount != 0 || skippedCount != 0)) return false;

        header = new(chainId, height, new((long)time), previous, firstLeaf, entryCount, skippedCount, stateRoot, validatorSet, ruleSet);
        return true;
    }
}
