using Ledger.Core.Primitives;

namespace Ledger.Core.Crypto;

/// <summary>
/// The hash and the signature scheme of one chain, chosen in genesis. Public keys are uncompressed SEC 1 points of 65 bytes, signatures are
/// r‖s of 64 bytes; a high s is accepted, for a transaction's identity is the hash of its payload. Implementations are safe for many threads.
/// </summary>
public abstract class CryptoSuite
{
    public const int PublicKeySize = 65;
    public const int SignatureSize = 64;

    /// <summary>The suite's name in genesis and in the <c>alg</c> header.</summary>
    public abstract string Name { get; }

    public abstract Hash256 Hash(ReadOnlySpan<byte> bytes);

    /// <summary>HMAC (RFC 2104) with the suite's hash.</summary>
    public abstract Hash256 Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message);

    /// <summary>Whether the bytes are a point on the suite's curve.</summary>
    public abstract bool IsPublicKey(ReadOnlySpan<byte> publicKey);

    /// <summary>Whether <paramref name="signature"/> is the key holder's over <paramref name="message"/>; false for anything malformed.</summary>
    public abstract bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>Whether a checkpoint's signed note line (the signature after the four bytes of key id) is the key holder's over the note text.</summary>
    public abstract bool VerifyNote(ByteString publicKey, ReadOnlySpan<byte> noteText, ReadOnlySpan<byte> signature);

    /// <summary>The four bytes that name the key in a signed note (C2SP signed-note).</summary>
    public abstract uint NoteKeyId(string keyName, ByteString publicKey);
}
