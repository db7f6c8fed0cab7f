using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Finality;

/// <summary>
/// A bank's last word in an epoch: the certificate of its last commit, or a higher one that it knows, or none where it never committed to anything. Whoever reported
/// signs no block of the epoch, or of an earlier one, again.
/// </summary>
public sealed record Report(Hash256 ChainId, uint Epoch, PartyId Bank, Certificate? Certificate, ByteString Signature)
{
    public byte[] SignedBytes()
    {
        var writer = new BigEndianWriter(1024).Bytes("ledger-report\n"u8);
        WriteBody(writer);
        return writer.ToArray();
    }

    /// <summary>Whether a validator signed it, and its certificate is good to whoever asks.</summary>
    /// <param name="set">The validators of now.</param>
    /// <param name="final">What is final to whoever asks; a point is of it only with its own epoch.</param>
    public bool IsGood(ValidatorSet set, IBlockLine final) => IsGood(set, set, final);

    /// <summary>The same, of a report that a validator of another time signed, perhaps of those before these.</summary>
    public bool IsGood(ValidatorSet signers, ValidatorSet set, IBlockLine final) =>
        ChainId == set.ChainId && signers.KeyOf(Bank) is { } key && set.Suite.Verify(key, SignedBytes(), Signature.Span)
        && (Certificate is not { } certificate || certificate.IsGood(set, final));

    public byte[] Write()
    {
        var writer = new BigEndianWriter(1024);
        WriteBody(writer);
        return writer.Bytes(Signature.Span).ToArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Report? report)
    {
        report = null;
        var reader = new BigEndianReader(bytes);
        var (chainId, epoch, bank) = (reader.Hash(), reader.U32(), reader.Party());
        var has = reader.U8();
        var certificate = has == 1 ? Finality.Certificate.Read(ref reader) : null;
        var signature = reader.Bytes(CryptoSuite.SignatureSize);
        if (!reader.IsComplete || chainId.IsZero || epoch == 0 || bank == default || has > 1 || (has == 1) != certificate is not null) return false;
        if (certificate?.Block.Epoch > epoch) return false;
        report = new(chainId, epoch, bank, certificate, new(signature.ToArray()));
        return true;
    }

    void WriteBody(BigEndianWriter writer)
    {
        writer.Hash(ChainId).U32(Epoch).Party(Bank).U8((byte)(Certificate is null ? 0 : 1));
        Certificate?.Write(writer);
    }
}
