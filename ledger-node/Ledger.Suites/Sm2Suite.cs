using System.Collections.Concurrent;
using System.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Suites;

/// <summary>SM2 signatures with SM3 under the user id <c>1234567812345678</c> (GB/T 32918, GB/T 32905, GB/T 35276).</summary>
public sealed class Sm2Suite : CryptoSuite
{
    public const string SuiteName = "SM2";

    // Preparing a key costs about as much as two verifications. The bound is a memory limit, not a rule: forgetting is harmless.
    const int CachedKeys = 4096;

    // C2SP gives SM2 no signature type, so a note line is of the type kept for longer names, 0xff, and this is the name.
    static ReadOnlySpan<byte> NoteType => [0xFF, (byte)'s', (byte)'m', (byte)'2', (byte)'s', (byte)'m', (byte)'3'];

    readonly ConcurrentDictionary<ByteString, Sm2PublicKey> keys = new();

    public override string Name => SuiteName;

    public override Hash256 Hash(ReadOnlySpan<byte> bytes) => Sm3.Hash(bytes);

    public override Hash256 Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message) => Sm3.Hmac(key, message);

    public override bool IsPublicKey(ReadOnlySpan<byte> publicKey) => Sm2Curve.TryDecode(publicKey, out _);

    public override bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize && Key(publicKey) is { } key && key.Verify(message, signature);

    /// <summary>A note's signature is the same r‖s as any other: no public tool expects another form.</summary>
    public override bool VerifyNote(ByteString publicKey, ReadOnlySpan<byte> noteText, ReadOnlySpan<byte> signature) =>
        Verify(publicKey, noteText, signature);

    /// <summary>C2SP: the hash of name, line feed, type and key, here by SM3.</summary>
    public override uint NoteKeyId(string keyName, ByteString publicKey)
    {
        var sm3 = new Sm3();
        sm3.Append(Encoding.UTF8.GetBytes(keyName));
        sm3.Append("\n"u8);
        sm3.Append(NoteType);
        sm3.Append(publicKey.Span);
        return (uint)(sm3.Finish().High >> 96);
    }

    Sm2PublicKey? Key(ByteString publicKey)
    {
        if (keys.TryGetValue(publicKey, out var known)) return known;
        if (!Sm2PublicKey.TryDecode(publicKey.Span, out var key)) return null;
        if (keys.Count >= CachedKeys) keys.Clear();
        return keys.GetOrAdd(new ByteString(publicKey.Span.ToArray()), key);
    }
}
