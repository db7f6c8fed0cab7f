using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Nethereum.Signer;

namespace Ledger.Evm;

/// <summary>Why what a bank gave as its word does not count.</summary>
public enum AnchorWordFault
{
    /// <summary>It gave none: it was not reached, does not know of the text, or holds no key of the set.</summary>
    Silent,

    /// <summary>What came is no sequence of words, or longer than words may be.</summary>
    Malformed,

    /// <summary>The word of a key that is not in the set in force.</summary>
    ForeignKey,

    /// <summary>s is in the upper half of the order: a second spelling of a signature, which is not taken.</summary>
    HighS,

    /// <summary>The signature is not the key's over this text: another root, another size, another rotation, or none at all.</summary>
    FalseSignature,
}

/// <summary>A bank's word under its anchor key, on secp256k1, over a text that contracts verify by recovering its signer (FORMATS, Anchors). Nothing is known of it before it is verified.</summary>
/// <param name="Key">Whose it says that it is.</param>
/// <param name="Signature">r ‖ yParityAndS of EIP-2098, 64 octets, over the text as EIP-191 hashes it.</param>
public readonly record struct AnchorWord(EvmAddress Key, ByteString Signature)
{
    public const int SignatureSize = 64;
    public const int Size = EvmAddress.Size + SignatureSize;

    const int WordSize = 32;

    // n and (n − 1) / 2 of SEC 2, section 2.4.1.
    static readonly BigInteger Order = BigInteger.Parse("0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    static readonly BigInteger HalfOfOrder = Order >> 1;

    public static AnchorWord Of(EvmKey key, ReadOnlySpan<byte> text)
    {
        // Without it a signature takes ten times as long, for the library tries which of four keys it recovers.
        EthECKey.SignRecoverable = true;
        var scalar = key.ToScalar();
        var signed = new EthECKey(scalar, isPrivate: true).SignAndCalculateV(Digest(text).ToBytes());
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(scalar);
        var octets = new byte[SignatureSize];
        signed.R.CopyTo(octets, WordSize - signed.R.Length);
        signed.S.CopyTo(octets, SignatureSize - signed.S.Length);
        if (signed.V[0] == 28) octets[WordSize] |= 0x80;
        return new(LocalSigner.AddressOf(key), new(octets));
    }

    public byte[] Write() => [.. Key.ToBytes(), .. Signature.Span];

    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out AnchorWord? word)
    {
        word = octets.Length == Size ? new(EvmAddress.Read(octets[..EvmAddress.Size]), new(octets[EvmAddress.Size..].ToArray())) : null;
        return word is not null;
    }

    /// <summary>What is wrong with it as a word over a text; null where it is the key's.</summary>
    public AnchorWordFault? FaultOver(ReadOnlySpan<byte> text)
    {
        if (Signature.Length != SignatureSize) return AnchorWordFault.Malformed;
        byte[] s = [(byte)(Signature.Span[WordSize] & 0x7F), .. Signature.Span[(WordSize + 1)..]];
        if (new BigInteger(s, isUnsigned: true, isBigEndian: true) > HalfOfOrder) return AnchorWordFault.HighS;
        return Recover(Digest(text), Signature.Span[..WordSize].ToArray(), s, Signature.Span[WordSize] >> 7) == Key ? null : AnchorWordFault.FalseSignature;
    }

    /// <summary>What is signed of a text: EIP-191, version 45 ("personal_sign").</summary>
    static Hash256 Digest(ReadOnlySpan<byte> text) =>
        Keccak.Hash([0x19, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Ethereum Signed Message:\n{text.Length}")), .. text]);

    static EvmAddress? Recover(Hash256 digest, byte[] r, byte[] s, int parity)
    {
        var (first, second) = (new BigInteger(r, isUnsigned: true, isBigEndian: true), new BigInteger(s, isUnsigned: true, isBigEndian: true));
        if (first.IsZero || first >= Order || second.IsZero) return null;
        try
        {
            return EvmAddress.Read(EthECKey.RecoverFromSignature(EthECDSASignatureFactory.FromComponents(r, s, (byte)(27 + parity)), digest.ToBytes()).GetPublicAddressAsBytes());
        }
        catch (Exception none) when (none is not OutOfMemoryException)
        {
            // The library says "no point has this x" with exceptions of many kinds.
            return null;
        }
    }
}
