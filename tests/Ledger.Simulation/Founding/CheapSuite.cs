using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Simulation.Founding;

/// <summary>
/// A suite in which a hash only tells apart what nobody made to look alike, and a signature is a hash of key and message: the same octets in every run, and a thousand times cheaper than a true one. Whoever knows a public
/// key could forge it; in a simulation nobody does but a liar under its own name.
/// </summary>
sealed class CheapSuite : CryptoSuite
{
    public static readonly CheapSuite One = new();

    // Notes and transactions know two suites by name, and it stands in for one of them.
    public override string Name => P256Suite.SuiteName;

    public override Hash256 Hash(ReadOnlySpan<byte> bytes) => Hmac(default, bytes);

    public override Hash256 Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        Span<byte> code = stackalloc byte[Hash256.Size];
        Mix(key, message, code);
        return Hash256.Read(code);
    }

    public override bool IsPublicKey(ReadOnlySpan<byte> publicKey) => publicKey.Length == PublicKeySize && publicKey[0] == 4;

    public override bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize && Sign(publicKey, message).AsSpan().SequenceEqual(signature);

    public override bool VerifyNote(ByteString publicKey, ReadOnlySpan<byte> noteText, ReadOnlySpan<byte> signature) => Verify(publicKey, noteText, signature);

    public override uint NoteKeyId(string keyName, ByteString publicKey) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(keyName), .. publicKey.Span]));

    public static byte[] Sign(ByteString publicKey, ReadOnlySpan<byte> message)
    {
        var signature = new byte[SignatureSize];
        Mix(publicKey.Span, message, signature.AsSpan(0, Hash256.Size));
        signature.AsSpan(0, Hash256.Size).CopyTo(signature.AsSpan(Hash256.Size));
        return signature;
    }

    // Four lanes, each of which is stirred by a word and by its neighbour, and then all with all. SHA-256 was a quarter of a run.
    static void Mix(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> into)
    {
        Span<ulong> lanes = [0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89];
        Absorb(lanes, key);
        Absorb(lanes, message);
        for (var round = 0; round < 3 * lanes.Length; round++) Stir(lanes, round, 0);
        for (var i = 0; i < lanes.Length; i++) BinaryPrimitives.WriteUInt64BigEndian(into[(sizeof(ulong) * i)..], lanes[i]);
    }

    static void Absorb(Span<ulong> lanes, ReadOnlySpan<byte> bytes)
    {
        Stir(lanes, 0, (ulong)bytes.Length);
        var at = 1;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) Stir(lanes, at++, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        bytes.CopyTo(last);
        Stir(lanes, at, BinaryPrimitives.ReadUInt64LittleEndian(last));
    }

    static void Stir(Span<ulong> lanes, int at, ulong word)
    {
        ref var lane = ref lanes[at & 3];
        var stirred = unchecked((lane ^ word) * 0x9E3779B97F4A7C15);
        lane = unchecked(BitOperations.RotateLeft(stirred ^ (stirred >> 32), 29) + lanes[(at + 1) & 3]);
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
