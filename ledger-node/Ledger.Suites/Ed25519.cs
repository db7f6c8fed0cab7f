using Algorithm = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace Ledger.Suites;

/// <summary>
/// Ed25519 (RFC 8032), for the cosignatures on published checkpoints. Strict: one encoding of key and signature, and no key of small order,
/// under which one signature would fit many messages.
/// </summary>
public static class Ed25519
{
    public const int SeedSize = 32;
    public const int PublicKeySize = 32;
    public const int SignatureSize = 64;

    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        var publicKey = new byte[PublicKeySize];
        Algorithm.GeneratePublicKey(Exactly(seed, SeedSize), 0, publicKey, 0);
        return publicKey;
    }

    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        var signature = new byte[SignatureSize];
        Algorithm.Sign(Exactly(seed, SeedSize), 0, message.ToArray(), 0, message.Length, signature, 0);
        return signature;
    }

    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey) =>
        publicKey.Length == PublicKeySize && Algorithm.ValidatePublicKeyFull(publicKey.ToArray(), 0);

    /// <summary>Whether the signature is the key holder's; false for anything malformed.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize && IsPublicKey(publicKey)
        && Algorithm.Verify(signature.ToArray(), 0, publicKey.ToArray(), 0, message.ToArray(), 0, message.Length);

    static byte[] Exactly(ReadOnlySpan<byte> bytes, int size) =>
        bytes.Length == size ? bytes.ToArray() : throw new ArgumentException($"Needs {size} bytes, not {bytes.Length}.");
}
