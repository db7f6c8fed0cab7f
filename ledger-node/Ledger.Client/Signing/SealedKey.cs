using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Primitives;
using Base64Url = Ledger.Core.Primitives.Base64Url;

namespace Ledger.Client.Signing;

/// <summary>
/// A consortium's fingerprint key on its way to one bank: a JWE in compact form, ECDH-ES on P-256 with A256GCM (RFC 7516, RFC 7518). It hides
/// the key but does not say who sent it; the commitment in genesis says whether it is the right one.
/// </summary>
public static class SealedKey
{
    public const int KeySize = 32;

    const string Algorithm = "ECDH-ES";
    const string Encryption = "A256GCM";
    const int NonceSize = 12;
    const int TagSize = 16;

    /// <exception cref="ArgumentException">The recipient's key is not a point on P-256, or the secret is not 32 bytes.</exception>
    public static string Seal(ReadOnlySpan<byte> secret, ByteString recipient)
    {
        if (secret.Length != KeySize) throw new ArgumentException($"A fingerprint key has {KeySize} bytes.", nameof(secret));

        using var ephemeral = SealingKey.Create();
        if (!ephemeral.TryAgree(recipient.Span, out var shared)) throw new ArgumentException("Not a point on P-256.", nameof(recipient));

        var x = Base64Url.Encode(ephemeral.PublicKey.Span[1..33]);
        var y = Base64Url.Encode(ephemeral.PublicKey.Span[33..]);
        var header = Base64Url.Encode(Encoding.ASCII.GetBytes(
            $$$"""{"alg":"{{{Algorithm}}}","enc":"{{{Encryption}}}","epk":{"kty":"EC","crv":"P-256","x":"{{{x}}}","y":"{{{y}}}"}}"""));

        var contentKey = DeriveKey(shared, Encryption, [], [], 8 * KeySize);
        using var aes = new AesGcm(contentKey, TagSize);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var ciphertext = new byte[secret.Length];
        var tag = new byte[TagSize];
        aes.Encrypt(nonce, secret, ciphertext, tag, Encoding.ASCII.GetBytes(header));
        CryptographicOperations.ZeroMemory(contentKey);
        CryptographicOperations.ZeroMemory(shared);

        // The second part is empty: under ECDH-ES the agreed key encrypts the content itself.
        return $"{header}..{Base64Url.Encode(nonce)}.{Base64Url.Encode(ciphertext)}.{Base64Url.Encode(tag)}";
    }

    /// <summary>False for whatever is malformed, sealed to another key, changed on the way, or not 32 bytes inside.</summary>
    public static bool TryOpen(string compact, SealingKey recipient, [NotNullWhen(true)] out byte[]? secret)
    {
        secret = null;
        if (compact.Split('.') is not [var header, "", var nonceText, var ciphertextText, var tagText]
            || !TryReadHeader(header, out var agreement)
            || !Base64Url.TryDecode(nonceText, out var nonce) || nonce.Length != NonceSize
            || !Base64Url.TryDecode(ciphertextText, out var ciphertext) || ciphertext.Length != KeySize
            || !Base64Url.TryDecode(tagText, out var tag) || tag.Length != TagSize
            || !recipient.TryAgree(agreement.EphemeralKey, out var shared)) return false;

        var contentKey = DeriveKey(shared, Encryption, agreement.PartyU, agreement.PartyV, 8 * KeySize);
        using var aes = new AesGcm(contentKey, TagSize);
        var opened = new byte[KeySize];
        try
        {
            aes.Decrypt(nonce, ciphertext, tag, opened, Encoding.ASCII.GetBytes(header));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
            CryptographicOperations.ZeroMemory(shared);
        }

        secret = opened;
        return true;
    }

    /// <summary>The Concat KDF of RFC 7518 section 4.6.2, for keys of at most one SHA-256.</summary>
    internal static byte[] DeriveKey(
        ReadOnlySpan<byte> shared, string algorithm, ReadOnlySpan<byte> partyU, ReadOnlySpan<byte> partyV, int keyBits)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendNumber(hash, 1);
        hash.AppendData(shared);
        AppendCounted(hash, Encoding.ASCII.GetBytes(algorithm));
        AppendCounted(hash, partyU);
        AppendCounted(hash, partyV);
        AppendNumber(hash, keyBits);
        return hash.GetHashAndReset()[..(keyBits / 8)];
    }

    static void AppendCounted(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        AppendNumber(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    static void AppendNumber(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        hash.AppendData(bytes);
    }

    // Another library may name the parties (apu, apv) or the key (kid); a member that would change the meaning (zip, crit) is refused.
    static bool TryReadHeader(string text, out Agreement agreement)
    {
        agreement = default;
        if (!Base64Url.TryDecode(text, out var json)
            || !StrictJson.TryRead(json, StrictJson.Default.JweHeader, out var header)
            || header is not { Alg: Algorithm, Enc: Encryption, Epk: { Kty: "EC", Crv: "P-256" } epk }
            || !Base64Url.TryDecode(epk.X, out var x) || x.Length != 32
            || !Base64Url.TryDecode(epk.Y, out var y) || y.Length != 32
            || !Base64Url.TryDecode(header.Apu, out var partyU)
            || !Base64Url.TryDecode(header.Apv, out var partyV)) return false;

        agreement = new Agreement([4, .. x, .. y], partyU, partyV);
        return true;
    }

    readonly record struct Agreement(byte[] EphemeralKey, byte[] PartyU, byte[] PartyV);
}

sealed record JweHeader(string Alg, string Enc, EphemeralJwk Epk, string Apu = "", string Apv = "", string Kid = "");

sealed record EphemeralJwk(string Kty, string Crv, string X, string Y);
