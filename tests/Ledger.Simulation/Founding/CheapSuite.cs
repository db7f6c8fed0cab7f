using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Simulation.Founding;

/// <summary>
/// A suite in which a signature is a hash of key and message: the same octets in every run, and a thousand times cheaper than a true one. Whoever knows a public key could forge it;
/// in a simulation nobody does but a liar under its own name.
/// </summary>
sealed class CheapSuite : CryptoSuite
{
    public static readonly CheapSuite One = new();

    // Notes and transactions know two suites by name, and it stands in for one of them.
    public override string Name => P256Suite.SuiteName;

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

    public override bool IsPublicKey(ReadOnlySpan<byte> publicKey) => publicKey.Length == PublicKeySize && publicKey[0] == 4;

    public override bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize && Sign(publicKey, message).AsSpan().SequenceEqual(signature);

    public override bool VerifyNote(ByteString publicKey, ReadOnlySpan<byte> noteText, ReadOnlySpan<byte> signature) => Verify(publicKey, noteText, signature);

    public override uint NoteKeyId(string keyName, ByteString publicKey) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(keyName), .. publicKey.Span]));

    public static byte[] Sign(ByteString publicKey, ReadOnlySpan<byte> message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(publicKey.Span);
        hash.AppendData(message);
        var signature = new byte[SignatureSize];
        hash.GetHashAndReset(signature);
        signature.AsSpan(0, Hash256.Size).CopyTo(signature.AsSpan(Hash256.Size));
        return signature;
    }
}

/// <summary>A key of that suite, by its name.</summary>
sealed class CheapKey(string name) : SigningKey(CheapSuite.One, PublicKeyOf(name))
{
    public override byte[] ToScalar() => SHA256.HashData(Encoding.UTF8.GetBytes(name));

    public override byte[] Sign(ReadOnlySpan<byte> message) => CheapSuite.Sign(PublicKey, message);

    public override byte[] SignNote(ReadOnlySpan<byte> noteText) => Sign(noteText);

    protected override void Dispose(bool disposing)
    {
    }

    static ByteString PublicKeyOf(string name) => new((byte[])[4, .. SHA512.HashData(Encoding.UTF8.GetBytes(name))]);
}
