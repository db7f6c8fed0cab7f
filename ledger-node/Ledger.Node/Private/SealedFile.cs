using System.Security.Cryptography;

namespace Ledger.Node.Private;

/// <summary>Why the content of a file is not to be had.</summary>
public enum SealedFileFault
{
    None,

    /// <summary>Its name is not the hash of its bytes, or the bytes are no sealed file.</summary>
    Damaged,

    /// <summary>It was sealed under another key than the node's.</summary>
    OtherKey,
}

/// <summary>
/// Bytes sealed under the node's private key with AES-256-GCM. A file is named by the SHA-256 of all its octets: the nonce is random, so the name
/// tells nothing about the content, not even that two files say the same, and a copy can be checked by whoever has no key.
/// </summary>
public static class SealedFile
{
    public const int KeySize = 32;

    /// <summary>Contents are padded to a multiple of this, so that a length does not tell which terms there are.</summary>
    public const int Block = 1_024;

    const int KeyMarkSize = 8;
    const int NonceSize = 12;
    const int TagSize = 16;

    static ReadOnlySpan<byte> Magic => "ledger-private-v1\n"u8;

    static int HeadSize => Magic.Length + KeyMarkSize;

    static int TagAt => HeadSize + NonceSize;

    static int TextAt => TagAt + TagSize;

    /// <summary>What a file of so much content is at most.</summary>
    public static int LargestOf(int content) => TextAt + ((content + Block - 1) / Block * Block);

    /// <summary>The key under which files are sealed, from the 32 secret octets of a key file.</summary>
    public static byte[] KeyOf(ReadOnlySpan<byte> secret)
    {
        var key = new byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: [], info: Magic);
        return key;
    }

    /// <summary>Seals a JSON text, which may be followed by white space.</summary>
    public static (string Name, byte[] Bytes) Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json)
    {
        var padded = new byte[(json.Length + Block - 1) / Block * Block];
        json.CopyTo(padded);
        padded.AsSpan(json.Length).Fill((byte)' ');

        var bytes = new byte[TextAt + padded.Length];
        Magic.CopyTo(bytes);
        KeyMark(key).CopyTo(bytes.AsSpan(Magic.Length));
        RandomNumberGenerator.Fill(bytes.AsSpan(HeadSize, NonceSize));
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(bytes.AsSpan(HeadSize, NonceSize), padded, bytes.AsSpan(TextAt), bytes.AsSpan(TagAt, TagSize), bytes.AsSpan(0, HeadSize));
        CryptographicOperations.ZeroMemory(padded);
        return (NameOf(bytes), bytes);
    }

    /// <summary>The JSON text of a file, with its padding; null and why when it cannot be had.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> key, string name, byte[] bytes, out SealedFileFault fault)
    {
        fault = SealedFileFault.Damaged;
        if (bytes.Length < TextAt || !bytes.AsSpan().StartsWith(Magic) || NameOf(bytes) != name) return null;
        if (!bytes.AsSpan(Magic.Length, KeyMarkSize).SequenceEqual(KeyMark(key)))
        {
            fault = SealedFileFault.OtherKey;
            return null;
        }

        var content = new byte[bytes.Length - TextAt];
        using var cipher = new AesGcm(key, TagSize);
        try
        {
            cipher.Decrypt(bytes.AsSpan(HeadSize, NonceSize), bytes.AsSpan(TextAt), bytes.AsSpan(TagAt, TagSize), content, bytes.AsSpan(0, HeadSize));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        fault = SealedFileFault.None;
        return content;
    }

    static string NameOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // Tells a file of an older key from a damaged one; it says nothing about the key.
    static ReadOnlySpan<byte> KeyMark(ReadOnlySpan<byte> key) => HMACSHA256.HashData(key, Magic).AsSpan(0, KeyMarkSize);
}
