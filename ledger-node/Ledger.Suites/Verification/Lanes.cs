using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using D = System.Runtime.Intrinsics.Vector256<double>;
using V = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Ledger.Suites.Verification;

static class Limb
{
    public const int Bits = 52;
    public const int Count = 5;
    public const ulong Mask = (1ul << Bits) - 1;
}

/// <summary>
/// Four field elements side by side, each v·R modulo p with R = 2^260, in five limbs of 52 bits. Whatever is made has limbs below 2^52 and is below 1.072·2^256,
/// and any such may be given: (1.072·2^256)²/R + p is below it again. So zero is written as 0 or as p.
/// </summary>
readonly struct Lanes<TCurve>
    where TCurve : struct, ICurve
{
    public const int Count = 4;

    // A product of two limbs is below 2^104. Added to 2^104 in one rounding it leaves its upper half, rounded, in the 52 bits of the sum's fraction; what
    // that was rounded by lies between −2^51 and 2^51, is exact in a second rounding, and so 1.5·2^52 more than it has it in its fraction.
    const double Upper = 20282409603651670423947251286016.0;
    const double Lower = 6755399441055744.0;
    const ulong UpperBits = 0x4670000000000000;
    const ulong LowerBits = 0x4338000000000000;

    // 2^52, under whose exponent a limb is its own fraction.
    const double Whole = 4503599627370496.0;
    const ulong WholeBits = 0x4330000000000000;

    public static readonly Lanes<TCurve> One = All(UInt256.Of(BigInteger.ModPow(2, 260, TCurve.P)));

    static readonly Lanes<TCurve> SquareOfR = All(UInt256.Of(BigInteger.ModPow(2, 520, TCurve.P)));
    static readonly Lanes<TCurve> CubeOfR = All(UInt256.Of(BigInteger.ModPow(2, 780, TCurve.P)));
    static readonly Modulus Field = new(TCurve.P);

    readonly V l0, l1, l2, l3, l4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Lanes(V l0, V l1, V l2, V l3, V l4) => (this.l0, this.l1, this.l2, this.l3, this.l4) = (l0, l1, l2, l3, l4);

    /// <summary>The same number below p in all lanes.</summary>
    public static Lanes<TCurve> Of(in UInt256 number) => All(number) * SquareOfR;

    /// <summary>From a table's words: five of each lane, from its place on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes<TCurve> Read(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, ReadOnlySpan<ulong> c, ReadOnlySpan<ulong> d) => new(
        Vector256.Create(a[0], b[0], c[0], d[0]), Vector256.Create(a[1], b[1], c[1], d[1]), Vector256.Create(a[2], b[2], c[2], d[2]), Vector256.Create(a[3], b[3], c[3], d[3]), Vector256.Create(a[4], b[4], c[4], d[4]));

    public void Write(int lane, Span<ulong> words)
    {
        words[0] = l0[lane];
        words[1] = l1[lane];
        words[2] = l2[lane];
        words[3] = l3[lane];
        words[4] = l4[lane];
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Lanes<TCurve> operator *(in Lanes<TCurve> a, in Lanes<TCurve> b)
    {
        D a0 = Double(a.l0), a1 = Double(a.l1), a2 = Double(a.l2), a3 = Double(a.l3), a4 = Double(a.l4);
        D b0 = Double(b.l0), b1 = Double(b.l1), b2 = Double(b.l2), b3 = Double(b.l3), b4 = Double(b.l4);

        // What is added to a column are doubles as they are written; it begins with what their exponents come to, taken away.
        V t0 = Column(1, 0), t1 = Column(2, 1), t2 = Column(3, 2), t3 = Column(4, 3), t4 = Column(6, 4), t5 = Column(5, 6), t6 = Column(4, 5), t7 = Column(3, 4), t8 = Column(2, 3), t9 = Column(0, 2);
        Product(a0, b0, ref t0, ref t1);
        Clear(t0, ref t1, ref t2, ref t3, ref t4, ref t5);
        Product(a0, b1, ref t1, ref t2);
        Product(a1, b0, ref t1, ref t2);
        Clear(t1, ref t2, ref t3, ref t4, ref t5, ref t6);
        Product(a0, b2, ref t2, ref t3);
        Product(a1, b1, ref t2, ref t3);
        Product(a2, b0, ref t2, ref t3);
        Clear(t2, ref t3, ref t4, ref t5, ref t6, ref t7);
        Product(a0, b3, ref t3, ref t4);
        Product(a1, b2, ref t3, ref t4);
        Product(a2, b1, ref t3, ref t4);
        Product(a3, b0, ref t3, ref t4);
        Clear(t3, ref t4, ref t5, ref t6, ref t7, ref t8);
        Product(a0, b4, ref t4, ref t5);
        Product(a1, b3, ref t4, ref t5);
        Product(a2, b2, ref t4, ref t5);
        Product(a3, b1, ref t4, ref t5);
        Product(a4, b0, ref t4, ref t5);
        Clear(t4, ref t5, ref t6, ref t7, ref t8, ref t9);
        Product(a1, b4, ref t5, ref t6);
        Product(a2, b3, ref t5, ref t6);
        Product(a3, b2, ref t5, ref t6);
        Product(a4, b1, ref t5, ref t6);
        Product(a2, b4, ref t6, ref t7);
        Product(a3, b3, ref t6, ref t7);
        Product(a4, b2, ref t6, ref t7);
        Product(a3, b4, ref t7, ref t8);
        Product(a4, b3, ref t7, ref t8);
        Product(a4, b4, ref t8, ref t9);
        return Carried(t5, t6, t7, t8, t9);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Lanes<TCurve> operator +(in Lanes<TCurve> a, in Lanes<TCurve> b) => Wrapped(a.l0 + b.l0, a.l1 + b.l1, a.l2 + b.l2, a.l3 + b.l3, a.l4 + b.l4);

    // With 2p in front nothing falls below zero.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Lanes<TCurve> operator -(in Lanes<TCurve> a, in Lanes<TCurve> b) => Wrapped(
        a.l0 - b.l0 + Vector256.Create(2 * Limb.Mask), a.l1 - b.l1 + Vector256.Create(2 * TCurve.P1), a.l2 - b.l2 + Vector256.Create(2 * TCurve.P2),
        a.l3 - b.l3 + Vector256.Create(2 * TCurve.P3), a.l4 - b.l4 + Vector256.Create(2 * TCurve.P4));

    /// <summary>The negatives in the lanes where all bits of <paramref name="where"/> are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes<TCurve> NegatedWhere(V where) => (default(Lanes<TCurve>) - this).Or(this, where);

    /// <summary>These in the lanes where all bits are set, and the others in the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes<TCurve> Or(in Lanes<TCurve> others, V where) => new(
        Vector256.ConditionalSelect(where, l0, others.l0), Vector256.ConditionalSelect(where, l1, others.l1), Vector256.ConditionalSelect(where, l2, others.l2),
        Vector256.ConditionalSelect(where, l3, others.l3), Vector256.ConditionalSelect(where, l4, others.l4));

    /// <summary>Every lane has what lay two lanes on.</summary>
    public Lanes<TCurve> TurnedByTwo()
    {
        var places = Vector256.Create(2ul, 3, 0, 1);
        return new(Vector256.Shuffle(l0, places), Vector256.Shuffle(l1, places), Vector256.Shuffle(l2, places), Vector256.Shuffle(l3, places), Vector256.Shuffle(l4, places));
    }

    /// <summary>Every lane has what lay one lane on.</summary>
    public Lanes<TCurve> TurnedByOne()
    {
        var places = Vector256.Create(1ul, 2, 3, 0);
        return new(Vector256.Shuffle(l0, places), Vector256.Shuffle(l1, places), Vector256.Shuffle(l2, places), Vector256.Shuffle(l3, places), Vector256.Shuffle(l4, places));
    }

    /// <summary>All bits in the lanes that are zero modulo p.</summary>
    public V IsZero()
    {
        var isZero = Vector256.Equals(l0 | l1 | l2 | l3 | l4, V.Zero);
        var isP = (l0 ^ Vector256.Create(Limb.Mask)) | (l1 ^ Vector256.Create(TCurve.P1)) | (l2 ^ Vector256.Create(TCurve.P2)) | (l3 ^ Vector256.Create(TCurve.P3)) | (l4 ^ Vector256.Create(TCurve.P4));
        return isZero | Vector256.Equals(isP, V.Zero);
    }

    /// <summary>The inverses of four that are not zero, at the price of one: that of their product.</summary>
    public Lanes<TCurve> Inverted()
    {
        var next = TurnedByOne();
        var pair = this * next;
        var others = next * pair.TurnedByTwo();
        var product = this * others;

        // What is inverted is the product times R, so the inverse lacks R twice and a product brings one away.
        return All(Field.Invert(product.Number(0))) * CubeOfR * others;
    }

    /// <summary>The number below p that stands in a lane, with R still in it.</summary>
    public UInt256 Number(int lane)
    {
        UInt256 low = new(l0[lane] | (l1[lane] << 52), (l1[lane] >> 12) | (l2[lane] << 40), (l2[lane] >> 24) | (l3[lane] << 28), (l3[lane] >> 36) | (l4[lane] << 16));
        return l4[lane] >> 48 == 0 ? Field.Reduce(low) : UInt256.Subtract(low, Field.Value, out _);
    }

    static Lanes<TCurve> All(in UInt256 number) => new(
        Vector256.Create(number.W0 & Limb.Mask), Vector256.Create(((number.W0 >> 52) | (number.W1 << 12)) & Limb.Mask), Vector256.Create(((number.W1 >> 40) | (number.W2 << 24)) & Limb.Mask),
        Vector256.Create(((number.W2 >> 28) | (number.W3 << 36)) & Limb.Mask), Vector256.Create(number.W3 >> 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static D Double(V limb) => (limb | Vector256.Create(WholeBits)).AsDouble() - Vector256.Create(Whole);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Column(ulong lower, ulong upper) => Vector256.Create(unchecked(0 - (lower * LowerBits) - (upper * UpperBits)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Product(D a, D b, ref V lower, ref V upper)
    {
        var high = Vector256.FusedMultiplyAdd(a, b, Vector256.Create(Upper));
        var low = Vector256.FusedMultiplyAdd(a, b, Vector256.Create(Upper) - high + Vector256.Create(Lower));
        upper += high.AsUInt64();
        lower += low.AsUInt64();
    }

    /// <summary>Adds the multiple of p that makes the column divisible by 2^52, and carries what is left of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Clear(V t0, ref V t1, ref V t2, ref V t3, ref V t4, ref V t5)
    {
        var m = t0 & Vector256.Create(Limb.Mask);
        t1 += Carry(t0);
        TCurve.Fold(m, ref t1, ref t2, ref t3, ref t4);
        Product(Double(m), Vector256.Create((double)((1ul << 48) - (1ul << 16))), ref t4, ref t5);
    }

    // A column may be below zero. The processor shifts 64 bits without their sign only, so 2^63 more is shifted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Carry(V column) => ((column + Vector256.Create(1ul << 63)) >>> Limb.Bits) - Vector256.Create(1ul << 11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Lanes<TCurve> Carried(V t0, V t1, V t2, V t3, V t4)
    {
        var mask = Vector256.Create(Limb.Mask);
        t1 += Carry(t0);
        t2 += Carry(t1);
        t3 += Carry(t2);
        t4 += Carry(t3);
        return new(t0 & mask, t1 & mask, t2 & mask, t3 & mask, t4);
    }

    /// <summary>What is above 2^256 comes back as what 2^256 is modulo p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Lanes<TCurve> Wrapped(V t0, V t1, V t2, V t3, V t4)
    {
        var above = t4 >>> 48;
        t4 &= Vector256.Create((1ul << 48) - 1);
        TCurve.Wrap(above, ref t0, ref t1, ref t3, ref t4);
        return Carried(t0, t1, t2, t3, t4);
    }
}
