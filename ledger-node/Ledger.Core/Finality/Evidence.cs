using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Finality;

/// <summary>
/// That a bank broke the rules, for anybody to check: in one epoch it signed two blocks of which neither history begins with the other. Across epochs that is lawful. Of two
/// different sizes the shorter is no beginning of the longer where a consistency proof gives another root at its size.
/// </summary>
public sealed record Evidence(Vote One, byte OneLine, Vote Other, byte OtherLine, Hash256 PrefixRoot, ValueList<Hash256> Proof)
{
    static ReadOnlySpan<byte> Magic => "ledger-evidence\n"u8;

    // A proof is as long as a tree of 2^64 leaves is high, and one more.
    const int MaxProof = 65;

    public PartyId Bank => One.Bank;

    /// <summary>Whether it proves what it says against the key that the bank had then.</summary>
    public bool IsGood(ValidatorSet set)
    {
        if (One.Bank != Other.Bank || One.Epoch != Other.Epoch || OneLine >= One.Lines.Count || OtherLine >= Other.Lines.Count) return false;
        VoteLine one = One.Lines[OneLine], other = Other.Lines[OtherLine];
        var exclude = one.Size == other.Size
            ? one.Root != other.Root && PrefixRoot == other.Root && Proof.Count == 0
            : one.Size < other.Size && one.Root != PrefixRoot && Proofs.VerifyConsistency(set.Suite, one.Size, other.Size, Proof.Span, PrefixRoot, other.Root);

        // Signatures last: they cost most.
        return exclude && One.IsGood(set) && Other.IsGood(set);
    }

    public byte[] Write()
    {
        var writer = new BigEndianWriter(4096).Bytes(Magic);
        One.Write(writer);
        writer.U8(OneLine);
        Other.Write(writer);
        writer.U8(OtherLine).Hash(PrefixRoot).U8((byte)Proof.Count);
        foreach (var hash in Proof) writer.Hash(hash);
        return writer.ToArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Evidence? evidence)
    {
        evidence = null;
        var reader = new BigEndianReader(bytes);
        if (!reader.Bytes(Magic.Length).SequenceEqual(Magic) || Vote.Read(ref reader) is not { } one) return false;
        var oneLine = reader.U8();
        if (Vote.Read(ref reader) is not { } other) return false;
        var (otherLine, prefix) = (reader.U8(), reader.Hash());
        var hashes = reader.U8();
        if (hashes > MaxProof) return false;
        var proof = new Hash256[hashes];
        for (var i = 0; i < proof.Length; i++) proof[i] = reader.Hash();
        if (!reader.IsComplete) return false;
        evidence = new(one, oneLine, other, otherLine, prefix, [.. proof]);
        return true;
    }
}
