using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Ledger.Core.Primitives;

namespace Ledger.Suites;

/// <summary>
/// SM3 (GB/T 32905-2016), in parts or in one call. Written out here because every leaf and every node of the trees is hashed: without objects
/// on the heap it is several times as fast as the package's.
/// </summary>
public ref struct Sm3
{
    const int BlockSize = 64;

    State state;
    Block pending;
    int pendingLength;
    ulong length;

    public Sm3()
    {
        ReadOnlySpan<uint> initial =
            [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E];
        initial.CopyTo(state);
    }

    public static Hash256 Hash(ReadOnlySpan<byte> bytes)
    {
        var sm3 = new Sm3();
        sm3.Append(bytes);
        return sm3.Finish();
    }

    public static Hash256 Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        Span<byte> pad = stackalloc byte[BlockSize];
        pad.Clear();
        if (key.Length > BlockSize) Hash(key).Write(pad);
        else key.CopyTo(pad);

        foreach (ref var octet in pad) octet ^= 0x36;
        var inner = new Sm3();
        inner.Append(pad);
        inner.Append(message);
        Span<byte> digest = stackalloc byte[Hash256.Size];
        inner.Finish().Write(digest);

        foreach (ref var octet in pad) octet ^= 0x36 ^ 0x5C;
        var outer = new Sm3();
        outer.Append(pad);
        outer.Append(digest);
        return outer.Finish();
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        length += (ulong)bytes.Length;
        Span<byte> block = pending;
        if (pendingLength > 0)
        {
            var taken = Math.Min(bytes.Length, BlockSize - pendingLength);
            bytes[..taken].CopyTo(block[pendingLength..]);
            pendingLength += taken;
            bytes = bytes[taken..];
            if (pendingLength < BlockSize) return;
            Compress(state, block);
        }

        for (; bytes.Length >= BlockSize; bytes = bytes[BlockSize..]) Compress(state, bytes);
        bytes.CopyTo(block);
        pendingLength = bytes.Length;
    }

    /// <summary>Pads and gives the digest; nothing may be appended after it.</summary>
    public Hash256 Finish()
    {
        Span<byte> block = pending;
        block[pendingLength..].Clear();
        block[pendingLength] = 0x80;
        if (pendingLength >= BlockSize - sizeof(ulong))
        {
            Compress(state, block);
            block.Clear();
        }

        BinaryPrimitives.WriteUInt64BigEndian(block[(BlockSize - sizeof(ulong))..], length * 8);
        Compress(state, block);

        Span<byte> digest = stackalloc byte[Hash256.Size];
        for (var i = 0; i < 8; i++) BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], state[i]);
        return Hash256.Read(digest);
    }

    static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        unchecked
        {
            Span<uint> w = stackalloc uint[68];
            for (var j = 0; j < 16; j++) w[j] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * j)..]);
            for (var j = 16; j < 68; j++)
            {
                var x = w[j - 16] ^ w[j - 9] ^ BitOperations.RotateLeft(w[j - 3], 15);
                w[j] = x ^ BitOperations.RotateLeft(x, 15) ^ BitOperations.RotateLeft(x, 23)
                    ^ BitOperations.RotateLeft(w[j - 13], 7) ^ w[j - 6];
            }

            var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
            var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
            for (var j = 0; j < 64; j++)
            {
                var a12 = BitOperations.RotateLeft(a, 12);
                var ss1 = BitOperations.RotateLeft(a12 + e + BitOperations.RotateLeft(j < 16 ? 0x79CC4519u : 0x7A879D8Au, j), 7);
                var ff = j < 16 ? a ^ b ^ c : (a & b) | ((a | b) & c);
                var gg = j < 16 ? e ^ f ^ g : ((f ^ g) & e) ^ g;
                var tt1 = ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4]);
                var tt2 = gg + h + ss1 + w[j];
                (d, c, b, a) = (c, BitOperations.RotateLeft(b, 9), a, tt1);
                (h, g, f, e) = (g, BitOperations.RotateLeft(f, 19), e, tt2 ^ BitOperations.RotateLeft(tt2, 9) ^ BitOperations.RotateLeft(tt2, 17));
            }

            state[0] ^= a;
            state[1] ^= b;
            state[2] ^= c;
            state[3] ^= d;
            state[4] ^= e;
            state[5] ^= f;
            state[6] ^= g;
            state[7] ^= h;
        }
    }

    [InlineArray(8)]
    struct State
    {
        uint first;
    }

    [InlineArray(BlockSize)]
    struct Block
    {
        byte first;
    }
}
