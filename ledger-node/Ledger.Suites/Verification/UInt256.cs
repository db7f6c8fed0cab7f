using System.Buffers.Binary;
using System.Numerics;

namespace Ledger.Suites.Verification;

/// <summary>256 bits, the least significant word first.</summary>
readonly record struct UInt256(ulong W0, ulong W1, ulong W2, ulong W3)
{
    public const int Size = 32;

    public bool IsZero => (W0 | W1 | W2 | W3) == 0;

    public bool IsEven => (W0 & 1) == 0;

    public static UInt256 Read(ReadOnlySpan<byte> bigEndian) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bigEndian[24..]), BinaryPrimitives.ReadUInt64BigEndian(bigEndian[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bigEndian[8..]), BinaryPrimitives.ReadUInt64BigEndian(bigEndian));

    public static UInt256 Of(BigInteger value) => new(
        (ulong)(value & ulong.MaxValue), (ulong)((value >> 64) & ulong.MaxValue), (ulong)((value >> 128) & ulong.MaxValue), (ulong)(value >> 192));

    public BigInteger ToBigInteger() => W0 + ((BigInteger)W1 << 64) + ((BigInteger)W2 << 128) + ((BigInteger)W3 << 192);

    /// <summary>The sum modulo 2^256, and the bit that did not fit.</summary>
    public static UInt256 Add(in UInt256 a, in UInt256 b, out bool carry)
    {
        ulong c = 0;
        UInt256 sum = new(Add(a.W0, b.W0, ref c), Add(a.W1, b.W1, ref c), Add(a.W2, b.W2, ref c), Add(a.W3, b.W3, ref c));
        carry = c != 0;
        return sum;
    }

    /// <summary>The difference modulo 2^256, and whether it is below zero.</summary>
    public static UInt256 Subtract(in UInt256 a, in UInt256 b, out bool borrow)
    {
        ulong c = 0;
        UInt256 difference = new(Subtract(a.W0, b.W0, ref c), Subtract(a.W1, b.W1, ref c), Subtract(a.W2, b.W2, ref c), Subtract(a.W3, b.W3, ref c));
        borrow = c != 0;
        return difference;
    }

    public bool IsBelow(in UInt256 other) =>
        W3 != other.W3 ? W3 < other.W3 : W2 != other.W2 ? W2 < other.W2 : W1 != other.W1 ? W1 < other.W1 : W0 < other.W0;

    static ulong Add(ulong a, ulong b, ref ulong carry)
    {
        unchecked
        {
            var sum = a + b;
            var total = sum + carry;
            carry = (sum < a ? 1ul : 0) + (total < sum ? 1ul : 0);
            return total;
        }
    }

    static ulong Subtract(ulong a, ulong b, ref ulong borrow)
    {
        unchecked
        {
            var difference = a - b;
            var total = difference - borrow;
            borrow = (a < b ? 1ul : 0) + (difference < borrow ? 1ul : 0);
            return total;
        }
    }
}
