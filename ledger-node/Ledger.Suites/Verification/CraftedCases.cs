using System.Numerics;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using Number = Org.BouncyCastle.Math.BigInteger;
using Point = Org.BouncyCastle.Math.EC.ECPoint;

namespace Ledger.Suites.Verification;

/// <summary>A digest's signature under a key, and whether it is good.</summary>
sealed record SignatureCase(ByteString PublicKey, byte[] Digest, byte[] Signature, bool IsGood);

/// <summary>
/// Signatures made backwards, from the u1 and u2 that a verifier is to meet, with the crypto package's points: nothing is added where they are infinite, or the same,
/// or opposite, and R has an x between n and p. Each comes with one whose digest is another, which is not good.
/// </summary>
static class CraftedCases<TCurve>
    where TCurve : struct, ICurve
{
    static readonly X9ECParameters Curve = CustomNamedCurves.GetByName(TCurve.Name);

    static BigInteger N => TCurve.N;

    /// <summary>Keys d·G, with all pairs of scalars, and the multiples of both that meet or cancel each other.</summary>
    public static IEnumerable<SignatureCase> Of(IEnumerable<BigInteger> keys, IReadOnlyList<BigInteger> scalars)
    {
        foreach (var d in keys)
        {
            ByteString key = new(Multiple(d).GetEncoded(compressed: false));
            foreach (var u2 in scalars.Where(static u2 => !u2.IsZero))
            {
                foreach (var u1 in scalars.Append(u2 * d % N).Append(N - (u2 * d % N)))
                {
                    var sum = (u1 + (u2 * d)) % N;
                    foreach (var one in Pair(key, u1, u2, sum.IsZero ? null : X(Multiple(sum)))) yield return one;
                }
            }
        }
    }

    /// <summary>R with the first x from <paramref name="from"/> on that has a point, under the key that it takes.</summary>
    public static IEnumerable<SignatureCase> OfX(BigInteger from, BigInteger u1, BigInteger u2)
    {
        for (var x = from; ; x++)
        {
            byte[] encoded = [2, .. Bytes(x)];
            if (!IsPoint(encoded)) continue;
            var key = Curve.Curve.DecodePoint(encoded).Subtract(Multiple(u1)).Multiply(Package(BigInteger.ModPow(u2, N - 2, N))).Normalize();
            return Pair(new(key.GetEncoded(compressed: false)), u1, u2, x);
        }
    }

    static IEnumerable<SignatureCase> Pair(ByteString key, BigInteger u1, BigInteger u2, BigInteger? x)
    {
        // Where R is infinite no r is right; any will do.
        var (r, s, e) = Signature(u1, u2, x ?? 1);
        if (r.IsZero || s.IsZero) yield break;
        byte[] signature = [.. Bytes(r), .. Bytes(s)];
        yield return new(key, Bytes(e), signature, x is not null);
        yield return new(key, Bytes((e + 1) % N), signature, IsGood: false);
    }

    // The equation the other way round.
    static (BigInteger R, BigInteger S, BigInteger E) Signature(BigInteger u1, BigInteger u2, BigInteger x)
    {
        if (typeof(TCurve) == typeof(CurveSm2))
        {
            var r = (u2 + N - (u1 % N)) % N;
            return (r, u1 % N, (r + (2 * N) - x) % N);
        }

        var s = x % N * BigInteger.ModPow(u2, N - 2, N) % N;
        return (x % N, s, u1 * s % N);
    }

    static Point Multiple(BigInteger scalar) => new FixedPointCombMultiplier().Multiply(Curve.G, Package(scalar)).Normalize();

    static BigInteger X(Point point) => new(point.AffineXCoord.GetEncoded(), isUnsigned: true, isBigEndian: true);

    static bool IsPoint(byte[] encoded)
    {
        try
        {
            Curve.Curve.DecodePoint(encoded);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    static Number Package(BigInteger value) => new(1, Bytes(value % N));

    static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[UInt256.Size];
        value.TryWriteBytes(bytes.AsSpan(bytes.Length - value.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }
}
