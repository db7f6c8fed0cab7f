using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Ledger.Suites.Verification;

/// <summary>
/// A curve y² = x³ − 3x + b of prime order over a prime p that is sparse in base 2^52 with −1 in its lowest place: so the multiple of p that clears a lowest
/// limb is the limb itself, and all of the multiple but one product is shifts.
/// </summary>
interface ICurve
{
    /// <summary>As the crypto package calls it.</summary>
    static abstract string Name { get; }

    static abstract BigInteger P { get; }

    static abstract BigInteger N { get; }

    static abstract BigInteger Gx { get; }

    static abstract BigInteger Gy { get; }

    /// <summary>p in limbs of 52 bits above the lowest, which is 2^52 − 1.</summary>
    static abstract ulong P1 { get; }

    static abstract ulong P2 { get; }

    static abstract ulong P3 { get; }

    static abstract ulong P4 { get; }

    /// <summary>Adds m·p but for −m at limb 0 and m·(2^48 − 2^16) at limb 4.</summary>
    static abstract void Fold(V m, ref V t1, ref V t2, ref V t3, ref V t4);

    /// <summary>Adds q·(2^256 − p).</summary>
    static abstract void Wrap(V q, ref V t0, ref V t1, ref V t3, ref V t4);

    /// <summary>
    /// The signature's equation: u1 and u2 so that R = u1·G + u2·Q, and what R's x must be modulo n. Given are 1 ≤ r, s &lt; n and the digest modulo n; false
    /// where there is no such R.
    /// </summary>
    static abstract bool Equation(Modulus n, in UInt256 r, in UInt256 s, in UInt256 e, out UInt256 u1, out UInt256 u2, out UInt256 x);
}

/// <summary>P-256 (FIPS 186-5, SP 800-186): p = 2^256 − 2^224 + 2^192 + 2^96 − 1, under ECDSA.</summary>
readonly struct CurveP256 : ICurve
{
    public static string Name => "secp256r1";

    public static BigInteger P { get; } = Hex.Number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

    public static BigInteger N { get; } = Hex.Number("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    public static BigInteger Gx { get; } = Hex.Number("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");

    public static BigInteger Gy { get; } = Hex.Number("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

    public static ulong P1 => 0x00000FFFFFFFFFFF;

    public static ulong P2 => 0;

    public static ulong P3 => 0x0000001000000000;

    public static ulong P4 => 0x0000FFFFFFFF0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(V m, ref V t1, ref V t2, ref V t3, ref V t4)
    {
        // 2^96 is 2^44 at limb 1, and 2^192 is 2^36 at limb 3.
        var mask = Vector256.Create(Limb.Mask);
        t1 += (m << 44) & mask;
        t2 += m >>> 8;
        t3 += (m << 36) & mask;
        t4 += m >>> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wrap(V q, ref V t0, ref V t1, ref V t3, ref V t4)
    {
        t0 += q;
        t1 -= q << 44;
        t3 -= q << 36;
        t4 += q << 16;
    }

    /// <summary>FIPS 186-5, 6.4.2: u1 = e/s, u2 = r/s, x = r.</summary>
    public static bool Equation(Modulus n, in UInt256 r, in UInt256 s, in UInt256 e, out UInt256 u1, out UInt256 u2, out UInt256 x)
    {
        var inverse = n.ToMontgomery(n.Invert(s));
        (u1, u2, x) = (n.Multiply(inverse, e), n.Multiply(inverse, r), r);
        return true;
    }
}

/// <summary>The curve of GB/T 32918.5: p = 2^256 − 2^224 − 2^96 + 2^64 − 1, under SM2.</summary>
readonly struct CurveSm2 : ICurve
{
    public static string Name => "sm2p256v1";

    public static BigInteger P { get; } = Hex.Number("fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff");

    public static BigInteger N { get; } = Hex.Number("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123");

    public static BigInteger Gx { get; } = Hex.Number("32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7");

    public static BigInteger Gy { get; } = Hex.Number("bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0");

    public static ulong P1 => 0x000FF00000000FFF;

    public static ulong P2 => Limb.Mask;

    public static ulong P3 => Limb.Mask;

    public static ulong P4 => 0x0000FFFFFFFEFFFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(V m, ref V t1, ref V t2, ref V t3, ref V t4)
    {
        // 2^64 is 2^12 at limb 1, and −2^96 is −2^44 there.
        var mask = Vector256.Create(Limb.Mask);
        t1 += ((m << 12) & mask) - ((m << 44) & mask);
        t2 += (m >>> 40) - (m >>> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wrap(V q, ref V t0, ref V t1, ref V t3, ref V t4)
    {
        t0 += q;
        t1 += (q << 44) - (q << 12);
        t4 += q << 16;
    }

    /// <summary>GB/T 32918.2, 7.1: u1 = s, u2 = r + s, which may not be zero, and r = e + x.</summary>
    public static bool Equation(Modulus n, in UInt256 r, in UInt256 s, in UInt256 e, out UInt256 u1, out UInt256 u2, out UInt256 x)
    {
        (u1, u2, x) = (s, n.Add(r, s), n.Subtract(r, e));
        return !u2.IsZero;
    }
}

static class Hex
{
    public static BigInteger Number(string digits) => BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
