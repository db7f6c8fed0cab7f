using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ledger.Core.Primitives;

namespace Ledger.Core.Crypto;

/// <summary>ES256: ECDSA on P-256 with SHA-256, by the platform's code.</summary>
public class P256Suite : CryptoSuite
{
    public const string SuiteName = "ES256";

    // Importing a key costs more than two verifications, so keys are kept. The bound is a memory limit, not a rule: forgetting is harmless.
    const int CachedKeys = 4096;

    readonly ConcurrentDictionary<ByteString, ECDsa> keys = new();

    public override string Name => SuiteName;

    public override Hash256 Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[Hash256.Size];
        SHA256.HashData(bytes, digest);
        return Hash256.Read(digest);
    }

    public override Hash256 Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        Span<byte> code = stackalloc byte[Hash256.Size];
        HMACSHA256.HashData(key, message, code);
        return Hash256.Read(code);
    }

    public override bool IsPublicKey(ReadOnlySpan<byte> publicKey) => IsPoint(publicKey);

    /// <summary>Whether the bytes are a point on P-256, whatever the chain's suite.</summary>
    public static bool IsPoint(ReadOnlySpan<byte> publicKey)
    {
        if (!TryImport(publicKey, out var key)) return false;
        key.Dispose();
        return true;
    }

    public override bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize && Key(publicKey) is { } key
        && key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public override bool VerifyNote(ByteString publicKey, ReadOnlySpan<byte> noteText, ReadOnlySpan<byte> signature)
    {
        Span<byte> numbers = stackalloc byte[SignatureSize];
        return TryReadNote(signature, numbers) && Verify(publicKey, noteText, numbers);
    }

    /// <summary>Takes the DER of a note's signature apart into r‖s. The platform's reader takes a number below zero for one that is not, and so a second encoding of a signature.</summary>
    public static bool TryReadNote(ReadOnlySpan<byte> der, Span<byte> numbers)
    {
        if (der.Length < 2 || der[0] != 0x30 || der[1] != der.Length - 2) return false;
        der = der[2..];
        return TryReadInteger(ref der, numbers[..(SignatureSize / 2)]) && TryReadInteger(ref der, numbers[(SignatureSize / 2)..]) && der.IsEmpty;
    }

    static bool TryReadInteger(ref ReadOnlySpan<byte> der, Span<byte> number)
    {
        if (der.Length < 3 || der[0] != 2 || der[1] == 0 || der[1] > der.Length - 2) return false;
        var value = der.Slice(2, der[1]);
        der = der[(2 + value.Length)..];
        if (value[0] >= 0x80 || (value[0] == 0 && value.Length > 1 && value[1] < 0x80)) return false;
        if (value[0] == 0) value = value[1..];
        if (value.Length > number.Length) return false;
        number.Clear();
        value.CopyTo(number[^value.Length..]);
        return true;
    }

    /// <summary>C2SP: an ECDSA note key is named by the SHA-256 of its SubjectPublicKeyInfo.</summary>
    public override uint NoteKeyId(string keyName, ByteString publicKey)
    {
        Span<byte> digest = stackalloc byte[Hash256.Size];
        SHA256.HashData(SubjectPublicKeyInfo(publicKey.Span), digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(digest);
    }

    /// <summary>RFC 5480: the DER prefix of every uncompressed P-256 key, then the point.</summary>
    public static byte[] SubjectPublicKeyInfo(ReadOnlySpan<byte> point) => [.. SpkiPrefix, .. point];

    static ReadOnlySpan<byte> SpkiPrefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];

    ECDsa? Key(ByteString publicKey)
    {
        if (keys.TryGetValue(publicKey, out var known)) return known;
        if (!TryImport(publicKey.Span, out var key)) return null;
        if (keys.Count >= CachedKeys) keys.Clear();
        return keys.GetOrAdd(new ByteString(publicKey.Span.ToArray()), key);
    }

    static bool TryImport(ReadOnlySpan<byte> point, [NotNullWhen(true)] out ECDsa? key)
    {
        key = null;
        if (point.Length != PublicKeySize || point[0] != 4) return false;
        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
        };
        try
        {
            key = ECDsa.Create(parameters);
            return true;
        }
        catch (CryptographicException)
        {
            // The platform says "not on the curve" with an exception; for the ledger it is an ordinary no.
            return false;
        }
    }
}
