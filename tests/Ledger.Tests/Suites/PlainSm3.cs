using System.Buffers.Binary;
using System.Numerics;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Suites;

/// <summary>SM3 as GB/T 32905-2016 spells it, step by step and for nothing but comparison: the suite hashes with the package's.</summary>
static class PlainSm3
{
    public static Hash256 Hash(byte[] message)
    {
        byte[] padded = [.. message, 0x80, .. new byte[(119 - (message.Length % 64)) % 64], .. new byte[8]];
        BinaryPrimitives.WriteUInt64BigEndian(padded.AsSpan(padded.Length - 8), 8 * (ulong)message.Length);

        uint[] v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E];
        for (var at = 0; at < padded.Length; at += 64) v = Compress(v, padded.AsSpan(at, 64));

        var digest = new byte[Hash256.Size];
        for (var i = 0; i < 8; i++) BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(4 * i), v[i]);
        return Hash256.Read(digest);
    }

    // Section 5.3.
    static uint[] Compress(uint[] v, ReadOnlySpan<byte> block)
    {
        unchecked
        {
            var w = new uint[68];
            for (var j = 0; j < 16; j++) w[j] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * j)..]);
            for (var j = 16; j < 68; j++)
                w[j] = P1(w[j - 16] ^ w[j - 9] ^ BitOperations.RotateLeft(w[j - 3], 15)) ^ BitOperations.RotateLeft(w[j - 13], 7) ^ w[j - 6];

            var (a, b, c, d, e, f, g, h) = (v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
            for (var j = 0; j < 64; j++)
            {
                var t = j < 16 ? 0x79CC4519u : 0x7A879D8Au;
                var ss1 = BitOperations.RotateLeft(BitOperations.RotateLeft(a, 12) + e + BitOperations.RotateLeft(t, j % 32), 7);
                var ss2 = ss1 ^ BitOperations.RotateLeft(a, 12);
                var ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
                var gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
                var tt1 = ff + d + ss2 + (w[j] ^ w[j + 4]);
                var tt2 = gg + h + ss1 + w[j];
                (a, b, c, d) = (tt1, a, BitOperations.RotateLeft(b, 9), c);
                (e, f, g, h) = (P0(tt2), e, BitOperations.RotateLeft(f, 19), g);
            }

            return [v[0] ^ a, v[1] ^ b, v[2] ^ c, v[3] ^ d, v[4] ^ e, v[5] ^ f, v[6] ^ g, v[7] ^ h];
        }
    }

    static uint P0(uint x) => x ^ BitOperations.RotateLeft(x, 9) ^ BitOperations.RotateLeft(x, 17);

    static uint P1(uint x) => x ^ BitOperations.RotateLeft(x, 15) ^ BitOperations.RotateLeft(x, 23);
}
