using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Client.Files;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites;
using Base64Url = Ledger.Core.Primitives.Base64Url;

namespace Ledger.Client.Signing;

/// <summary>
/// One private key under a password: PBKDF2 with SHA-256, then AES-256-GCM, with every other member bound as associated data. What can be read
/// without the password (suite, name, public key) is therefore to be believed only once the file has been opened.
/// </summary>
public sealed class KeyFile
{
    public const int MinIterations = 100_000;
    public const int MaxIterations = 10_000_000;

    /// <summary>For new files: OWASP's figure for PBKDF2 with SHA-256.</summary>
    public const int RecommendedIterations = 600_000;

    const string KdfName = "PBKDF2-SHA256";
    const string CipherName = "AES-256-GCM";
    const int SaltSize = 16;
    const int CipherKeySize = 32;
    const int NonceSize = 12;
    const int TagSize = 16;
    const int MaxKeyLength = 128;

    readonly int iterations;
    readonly byte[] salt;
    readonly byte[] nonce;
    readonly byte[] tag;
    readonly byte[] ciphertext;

    KeyFile(string suite, string key, ByteString publicKey, int iterations, byte[] salt, byte[] nonce, byte[] tag, byte[] ciphertext)
    {
        (Suite, Key, PublicKey) = (suite, key, publicKey);
        (this.iterations, this.salt, this.nonce, this.tag, this.ciphertext) = (iterations, salt, nonce, tag, ciphertext);
    }

    /// <summary>The key's use: <c>ES256</c> or <c>SM2</c> for a signing key, <c>ECDH-ES</c> for a sealing key, <c>secp256k1</c> for one that pays on EVM chains, <c>VOPRF-P256</c> for a share of a pledge key.</summary>
    public string Suite { get; }

    /// <summary>The key's id on the ledger, or the name that its holder gave it.</summary>
    public string Key { get; }

    public ByteString PublicKey { get; }

    public int Iterations => iterations;

    public static KeyFile Lock(PrivateKey privateKey, string key, ReadOnlySpan<char> password, int iterations)
    {
        var scalar = privateKey.ToScalar();
        var file = Lock(privateKey.Use, key, privateKey.PublicKey, scalar, password, iterations);
        CryptographicOperations.ZeroMemory(scalar);
        return file;
    }

    /// <summary>
    /// Reads the JSON strictly: unknown, missing or duplicate members, other algorithms or sizes, and iterations out of bounds are refused.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out KeyFile? file)
    {
        file = null;
        if (!StrictJson.TryRead(json, StrictJson.Default.KeyFileText, out var text)
            || text is not { Version: 1, Kdf.Name: KdfName, Cipher.Name: CipherName }
            || text.Suite is not (P256Suite.SuiteName or Sm2Suite.SuiteName or SealingKey.UseName or EvmKey.UseName or PledgeShareKey.UseName)
            || !IsKeyName(text.Key)
            || text.Kdf.Iterations is < MinIterations or > MaxIterations
            || !ByteString.TryParse(text.PublicKey, out var publicKey) || publicKey.Length != CryptoSuite.PublicKeySize
            || !TryDecode(text.Kdf.Salt, SaltSize, out var salt)
            || !TryDecode(text.Cipher.Nonce, NonceSize, out var nonce)
            || !TryDecode(text.Cipher.Tag, TagSize, out var tag)
            || !TryDecode(text.Cipher.Ciphertext, PrivateKey.ScalarSize, out var ciphertext)) return false;

        file = new(text.Suite, text.Key, publicKey, text.Kdf.Iterations, salt, nonce, tag, ciphertext);
        return true;
    }

    public byte[] ToJson()
    {
        var text = new KeyFileText(
            1,
            Suite,
            Key,
            PublicKey.ToString(),
            new(KdfName, iterations, Base64Url.Encode(salt)),
            new(CipherName, Base64Url.Encode(nonce), Base64Url.Encode(tag), Base64Url.Encode(ciphertext)));
        return [.. JsonSerializer.SerializeToUtf8Bytes(text, StrictJson.Default.KeyFileText), (byte)'\n'];
    }

    /// <summary>Writes a file that only its owner can read; false if one of that name is there already, which is left as it is.</summary>
    public bool TryWriteNew(string path)
    {
        FileStream stream;
        try
        {
            stream = OwnerOnly.Create(path, FileMode.CreateNew);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }

        using (stream)
        {
            stream.Write(ToJson());
            stream.Flush(flushToDisk: true);
        }

        return true;
    }

    /// <summary>Gives the key if the password fits and the key is one of the kind asked for.</summary>
    public KeyFileOpening TryOpen<T>(ReadOnlySpan<char> password, out T? key)
        where T : PrivateKey
    {
        key = null;
        if (!TryUnlock(password, out var scalar)) return KeyFileOpening.WrongPasswordOrChanged;

        var isKey = PrivateKey.TryRead(Suite, scalar, out var opened);
        CryptographicOperations.ZeroMemory(scalar);
        if (isKey && opened!.PublicKey == PublicKey && opened is T wanted)
        {
            key = wanted;
            return KeyFileOpening.Opened;
        }

        opened?.Dispose();
        return isKey && opened is not T ? KeyFileOpening.OtherUse : KeyFileOpening.NotThisKey;
    }

    internal static KeyFile Lock(
        string suite, string key, ByteString publicKey, ReadOnlySpan<byte> scalar, ReadOnlySpan<char> password, int iterations)
    {
        if (!IsKeyName(key)) throw new ArgumentException($"A key's name has 1 to {MaxKeyLength} characters and no control characters.", nameof(key));
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, MinIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);

        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var file = new KeyFile(suite, key, publicKey, iterations, salt, nonce, new byte[TagSize], new byte[PrivateKey.ScalarSize]);
        using var cipher = file.Cipher(password);
        cipher.Encrypt(nonce, scalar, file.ciphertext, file.tag, file.AssociatedData());
        return file;
    }

    bool TryUnlock(ReadOnlySpan<char> password, out byte[] scalar)
    {
        scalar = new byte[PrivateKey.ScalarSize];
        using var cipher = Cipher(password);
        try
        {
            cipher.Decrypt(nonce, ciphertext, tag, scalar, AssociatedData());
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    AesGcm Cipher(ReadOnlySpan<char> password)
    {
        var cipherKey = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, CipherKeySize);
        var cipher = new AesGcm(cipherKey, TagSize);
        CryptographicOperations.ZeroMemory(cipherKey);
        return cipher;
    }

    // One member a line, in the file's order; no member can hold a line feed.
    byte[] AssociatedData() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"1\n{Suite}\n{Key}\n{PublicKey}\n{KdfName}\n{iterations}\n{Base64Url.Encode(salt)}\n{CipherName}\n{Base64Url.Encode(nonce)}\n"));

    static bool IsKeyName(string key) => key.Length > 0 && ShownText.IsNoLonger(key, MaxKeyLength) && !key.Any(char.IsControl);

    static bool TryDecode(string text, int size, [NotNullWhen(true)] out byte[]? bytes) =>
        Base64Url.TryDecode(text, out bytes) && bytes.Length == size;
}

public enum KeyFileOpening
{
    Opened,

    /// <summary>The cipher cannot tell a wrong password from a changed file.</summary>
    WrongPasswordOrChanged,

    /// <summary>A sealing key where a signing key was asked for, or the other way round.</summary>
    OtherUse,

    /// <summary>The password fits, but the secret inside does not belong to the public key beside it.</summary>
    NotThisKey,
}

sealed record KeyFileText(int Version, string Suite, string Key, string PublicKey, KeyFileKdf Kdf, KeyFileCipher Cipher);

sealed record KeyFileKdf(string Name, int Iterations, string Salt);

sealed record KeyFileCipher(string Name, string Nonce, string Tag, string Ciphertext);
