using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Crypto;
using Ledger.Core.DoublePledge;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Chain;

/// <summary>A bank's signed word that these transactions, in this order, are its batch number <paramref name="Counter"/> of the epoch.</summary>
public sealed record Envelope(
    Hash256 ChainId,
    uint Epoch,
    PartyId Bank,
    ulong Counter,
    Timestamp Clock,
    uint TransactionCount,
    Hash256 Digest,
    ByteString Signature)
{
    const byte DigestTag = 0x17;

    /// <summary>What the bank signs. The prefix keeps the signature from standing for a message of another kind.</summary>
    public byte[] SignedBytes()
    {
        var writer = new BigEndianWriter(192).Bytes("ledger-envelope\n"u8);
        WriteBody(writer);
        return writer.ToArray();
    }

    /// <summary>The digest over a batch, from the hashes of its transactions' exact bytes, in order.</summary>
    public static Hash256 DigestOf(CryptoSuite suite, ReadOnlySpan<Hash256> transactionHashes)
    {
        var writer = new BigEndianWriter(1 + (transactionHashes.Length * Hash256.Size)).U8(DigestTag);
        foreach (var hash in transactionHashes) writer.Hash(hash);
        return suite.Hash(writer.Written);
    }

    internal void WriteBody(BigEndianWriter writer)
    {
        writer.Hash(ChainId).U32(Epoch).Party(Bank).U64(Counter).U64((ulong)Clock.UnixMilliseconds).U32(TransactionCount).Hash(Digest);
    }

    internal static Envelope? ReadBodyAndSignature(ref BigEndianReader reader)
    {
        var chainId = reader.Hash();
        var epoch = reader.U32();
        var bank = reader.Party();
        var counter = reader.U64();
        var clock = reader.U64();
        var transactionCount = reader.U32();
        var digest = reader.Hash();
        var signature = reader.Bytes(CryptoSuite.SignatureSize);

        if (chainId.IsZero || bank == default || clock > Timestamp.MaxUnixMilliseconds || digest.IsZero || signature.IsEmpty) return null;
        return new(chainId, epoch, bank, counter, new((long)clock), transactionCount, digest, new(signature.ToArray()));
    }
}

/// <summary>A transaction of the batch that left no entry: where it stood, why, and the hash of its bytes, without which the digest cannot be checked.</summary>
public readonly record struct Skipped(uint Position, ushort Code, Hash256 Hash);

/// <summary>The first leaf of a block: the envelope that ordered it, and what of the batch is not in the entries.</summary>
public sealed record EnvelopeLeaf(Envelope Envelope, ValueList<Skipped> Skipped)
{
    public const ushort Version = 1;

    /// <summary>As many as are sure to fit into a leaf; a batch that could skip more must be smaller.</summary>
    public const int MaxSkipped = 1_719;

    const int SkippedSize = 38;

    /// <summary>
    /// Whether a refusal leaves no entry: one below 2000, or a double-pledge attempt, of which those beyond the quotas are passed over. No hash and no
    /// rule binds the number, for the transaction is not on the chain, so at least it must be one that can be.
    /// </summary>
    public static bool IsReason(ushort code) => code > 0 && Enum.IsDefined((Refusal)code) && (code < 2000 || DoublePledgeCheck.IsAttempt((Refusal)code));

    public byte[] Write()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Skipped.Count, MaxSkipped);

        var writer = new BigEndianWriter(256 + (Skipped.Count * SkippedSize)).U8(Leaf.EnvelopeKind).U16(Version);
        Envelope.WriteBody(writer);
        writer.Bytes(Envelope.Signature.Span).U32((uint)Skipped.Count);
        foreach (var skipped in Skipped) writer.U32(skipped.Position).U16(skipped.Code).Hash(skipped.Hash);
        return writer.ToArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out EnvelopeLeaf? leaf)
    {
        leaf = null;
        if (bytes.Length > Leaf.MaxSize) return false;

        var reader = new BigEndianReader(bytes);
        if (reader.U8() != Leaf.EnvelopeKind || reader.U16() != Version) return false;
        if (Envelope.ReadBodyAndSignature(ref reader) is not { } envelope) return false;

        var skippedCount = reader.U32();
        if (skippedCount > envelope.TransactionCount || skippedCount > MaxSkipped || reader.Remaining != skippedCount * SkippedSize) return false;

        var skipped = new Skipped[skippedCount];
        for (var i = 0; i < skipped.Length; i++)
        {
            skipped[i] = new(reader.U32(), reader.U16(), reader.Hash());
            if (skipped[i].Position >= envelope.TransactionCount || (i > 0 && skipped[i].Position <= skipped[i - 1].Position)) return false;
            if (!IsReason(skipped[i].Code) || skipped[i].Hash.IsZero) return false;
        }

        if (!reader.IsComplete) return false;
        leaf = new(envelope, [.. skipped]);
        return true;
    }
}
