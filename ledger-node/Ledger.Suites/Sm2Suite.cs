using System.Collections.Concurrent;
using System.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Crypto.Parameters;

namespace Ledger.Suites;

/// <summary>SM2 signatures with SM3 under the user id <c>1234567812345678</c> (GB/T 32918, GB/T 32905, GB/T 35276).</summary>
public class Sm2Suite : CryptoSuite
{
    public const string SuiteName = "SM2";

    // A decoded key keeps the multiples that make verifying fast. The bound is a memory limit, not a rule: forgetting is harmless.
    const int CachedKeys = 4096;

    // C2SP gives SM2 no signature type, so a note line is of the type kept for longer names, 0xff, and this is the name.
    static ReadOnlySpan<byte> NoteType => [0xFF, (byte)'s', (byte)'m', (byte)'2', (byte)'s', (byte)'m', (byte)'3'];

    readonly ConcurrentDictionary<ByteString, ECPublicKeyParameters> keys = new();

    public override string Name => SuiteName;

    public override Hash256 Hash(ReadOnlySpan<byte> bytes) => Sm3.Hash(bytes);

    public override Hash256 Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message) => Sm3.Hmac(key, message);

    public override bool IsPublicKey(ReadOnlySpan<byte> publicKey) => Sm2Curve.TryDecode(publicKey, out _);

    public override bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize || Key(publicKey) is not { } key) return false;
        var verifier = Sm2Curve.Signer(forSigning: false, key);
        verifier.BlockUpdate(message);
        return verifier.VerifySignature(signature.ToArray());
    }

    /// <summary>A note's signature is the same r‖s as any other: no public tool expects another form.</summary>
    public override bool VerifyNote(ByteString publicKey, ReadOnlySpan<byte> noteText, ReadOnlySpan<byte> signature) =>
        Verify(publicKey, noteText, signature);

    /// <summary>C2SP: the hash of name, line feed, type and key, here by SM3.</summary>
    public override uint NoteKeyId(string keyName, ByteString publicKey) =>
        (uint)(Sm3.Hash([.. Encoding.UTF8.GetBytes(keyName), (byte)'\n', .. NoteType, .. publicKey.Span]).High >> 96);

    ECPublicKeyParameters? Key(ByteString publicKey)
    {
        if (keys.TryGetValue(publicKey, out var known)) return known;
        if (!Sm2Curve.TryDecode(publicKey.Span, out var key)) return null;
        if (keys.Count >= CachedKeys) keys.Clear();
        return keys.GetOrAdd(new ByteString(publicKey.Span.ToArray()), key);
    }
}
