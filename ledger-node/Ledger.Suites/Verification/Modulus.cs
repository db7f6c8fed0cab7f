using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ledger.Suites.Verification;

/// <summary>
/// Whole numbers modulo an odd prime between 2^255 and 2^256, each below it: products by Montgomery with R = 2^256, inverses by halving and
/// subtracting. How long it takes tells the numbers: they must be public.
/// </summary>
sealed class Modulus
{
    readonly UInt256 n;

    // −1/n modulo 2^64: the multiple of n that clears a lowest word.
    readonly ulong clearing;
    readonly UInt256 squareOfR;

    public Modulus(BigInteger prime)
    {
        n = UInt256.Of(prime);
        squareOfR = UInt256.Of(BigInteger.ModPow(2, 512, prime));

        // Newton: each step doubles how many bits of the inverse are right, beginning with one.
        var inverse = 1ul;
        for (var i = 0; i < 6; i++) unchecked { inverse *= 2 - (n.W0 * inverse); }
        clearing = unchecked(0 - inverse);
    }

    public UInt256 Value => n;

    /// <summary>Whether 1 ≤ a &lt; n.</summary>
    public bool IsUnit(in UInt256 a) => !a.IsZero && a.IsBelow(n);

    /// <summary>What is left of any 256 bits, which hold n once at most.</summary>
    public UInt256 Reduce(in UInt256 a) => a.IsBelow(n) ? a : UInt256.Subtract(a, n, out _);

    public UInt256 Add(in UInt256 a, in UInt256 b)
    {
        var sum = UInt256.Add(a, b, out var carry);
        return carry || !sum.IsBelow(n) ? UInt256.Subtract(sum, n, out _) : sum;
    }

    public UInt256 Subtract(in UInt256 a, in UInt256 b)
    {
        var difference = UInt256.Subtract(a, b, out var borrow);
        return borrow ? UInt256.Add(difference, n, out _) : difference;
    }

    /// <summary>a·R: what <see cref="Multiply"/> makes a plain product of.</summary>
    public UInt256 ToMontgomery(in UInt256 a) => Multiply(a, squareOfR);

    /// <summary>a·b/R.</summary>
    public UInt256 Multiply(in UInt256 a, in UInt256 b)
    {
        var (sum, top) = Row(a.W0, b, default, 0);
        (sum, top) = Row(a.W1, b, sum, top);
        (sum, top) = Row(a.W2, b, sum, top);
        (sum, top) = Row(a.W3, b, sum, top);
        return top != 0 || !sum.IsBelow(n) ? UInt256.Subtract(sum, n, out _) : sum;
    }

    /// <summary>
    /// 1/a, for an a that is not zero. All the way u = a·x and v = a·y modulo n, and both are odd: the greater is lessened by the other, and what is even by
    /// then is halved, until they are the same, which is 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public UInt256 Invert(in UInt256 a)
    {
        UInt256 u = a, v = n, x = new(1, 0, 0, 0), y = default;
        Halve(ref u, ref x);
        while (u != v)
        {
            if (u.IsBelow(v))
            {
                v = UInt256.Subtract(v, u, out _);
                y = Subtract(y, x);
                Halve(ref v, ref y);
            }
            else
            {
                u = UInt256.Subtract(u, v, out _);
                x = Subtract(x, y);
                Halve(ref u, ref x);
            }
        }

        return x;
    }

    // Takes every factor of two out of u, and as many out of x modulo n: with the multiple of n that makes it divisible.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Halve(ref UInt256 u, ref UInt256 x)
    {
        while (u.IsEven)
        {
            var bits = Math.Min(BitOperations.TrailingZeroCount(u.W0), 63);
            var m = unchecked(x.W0 * clearing) & ((1ul << bits) - 1);
            ulong c = 0;
            UInt256 sum = new(MultiplyAdd(m, n.W0, x.W0, ref c), MultiplyAdd(m, n.W1, x.W1, ref c), MultiplyAdd(m, n.W2, x.W2, ref c), MultiplyAdd(m, n.W3, x.W3, ref c));
            x = ShiftRight(c, sum, bits);
            u = ShiftRight(0, u, bits);
        }
    }

    // One to 63 bits.
    static UInt256 ShiftRight(ulong top, in UInt256 a, int bits) => new(
        (a.W0 >> bits) | (a.W1 << (64 - bits)), (a.W1 >> bits) | (a.W2 << (64 - bits)), (a.W2 >> bits) | (a.W3 << (64 - bits)), (a.W3 >> bits) | (top << (64 - bits)));

    // (t + x·b + m·n)/2^64, with the m that makes it divisible.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    (UInt256 Sum, ulong Top) Row(ulong x, in UInt256 b, in UInt256 t, ulong top)
    {
        ulong c = 0;
        var t0 = MultiplyAdd(x, b.W0, t.W0, ref c);
        var t1 = MultiplyAdd(x, b.W1, t.W1, ref c);
        var t2 = MultiplyAdd(x, b.W2, t.W2, ref c);
        var t3 = MultiplyAdd(x, b.W3, t.W3, ref c);
        var t4 = unchecked(top + c);
        var t5 = t4 < c ? 1ul : 0;

        var m = unchecked(t0 * clearing);
        c = 0;
        MultiplyAdd(m, n.W0, t0, ref c);
        t1 = MultiplyAdd(m, n.W1, t1, ref c);
        t2 = MultiplyAdd(m, n.W2, t2, ref c);
        t3 = MultiplyAdd(m, n.W3, t3, ref c);
        t4 = unchecked(t4 + c);
        return (new(t1, t2, t3, t4), t4 < c ? t5 + 1 : t5);
    }

    // x·y + t + carry, which 128 bits always hold.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong MultiplyAdd(ulong x, ulong y, ulong t, ref ulong carry)
    {
        unchecked
        {
            var high = Math.BigMul(x, y, out var low);
            low += t;
            if (low < t) high++;
            low += carry;
            if (low < carry) high++;
            carry = high;
            return low;
        }
    }
}
