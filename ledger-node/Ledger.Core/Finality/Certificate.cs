using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Finality;

/// <summary>A bank's signature under something that it is not repeated in.</summary>
public readonly record struct BankSignature(PartyId Bank, ByteString Signature);

/// <summary>
/// A quorum's word that it has a block durably and prepared it: no other block of this size can get one in the same epoch, for two quorums share a bank that keeps the
/// rules. Whoever commits keeps it, and shows it when the epoch ends.
/// </summary>
public sealed record Certificate(BlockPoint Block, ValueList<BankSignature> Prepares)
{
    /// <summary>As many signers as a note has lines.</summary>
    public const int MaxSigners = Note.MaxSignatures;

    /// <summary>Whether the signatures are of enough validators, each once, in the order of their numbers.</summary>
    public bool IsGood(ValidatorSet set)
    {
        if (Prepares.Count < set.Quorum || Prepares.Count > MaxSigners) return false;
        var text = Vote.PrepareBytes(set.ChainId, Block);
        for (var i = 0; i < Prepares.Count; i++)
        {
            var (bank, signature) = Prepares[i];
            if (i > 0 && Prepares[i - 1].Bank.CompareTo(bank) >= 0) return false;
            if (set.KeyOf(bank) is not { } key || !set.Suite.Verify(key, text, signature.Span)) return false;
        }

        return true;
    }

    /// <summary>
    /// The same, long after: by the signatures of these validators; of a block that is final to whoever asks by those of the validators before them, who certified the change too, and may have done so in a later epoch than the
    /// block's own; or, in its own epoch, by its being final, for it may be from before both.
    /// </summary>
    /// <param name="set">The validators of now.</param>
    /// <param name="final">What is final; a point is of it only with its own epoch.</param>
    public bool IsGood(ValidatorSet set, IBlockLine final) => final.Has(Block) || IsGood(set) || (set.Before is { } before && final.HasAgain(Block) && IsGood(before));

    internal void Write(BigEndianWriter writer)
    {
        Block.Write(writer);
        writer.U8((byte)Prepares.Count);
        foreach (var (bank, signature) in Prepares) writer.Party(bank).Bytes(signature.Span);
    }

    internal static Certificate? Read(ref BigEndianReader reader)
    {
        var block = BlockPoint.Read(ref reader);
        var signers = new BankSignature[Math.Min((int)reader.U8(), MaxSigners + 1)];
        for (var i = 0; i < signers.Length; i++)
        {
            var bank = reader.Party();
            signers[i] = new(bank, new(reader.Bytes(CryptoSuite.SignatureSize).ToArray()));
            if (bank == default || signers[i].Signature.Length == 0) return null;
        }

        return block.Size == 0 || block.Root.IsZero || signers.Length > MaxSigners ? null : new(block, [.. signers]);
    }
}
