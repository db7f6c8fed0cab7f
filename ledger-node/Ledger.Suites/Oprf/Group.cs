using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;

namespace Ledger.Suites.Oprf;

/// <summary>P-256 as a group of prime order n, in the package's arithmetic.</summary>
static class Group
{
    static readonly X9ECParameters Parameters = CustomNamedCurves.GetByName("secp256r1");

    public static ECCurve Curve => Parameters.Curve;

    public static ECPoint Generator => Parameters.G;

    public static BigInteger Order => Parameters.N;

    public static BigInteger FieldPrime { get; } = Parameters.Curve.Field.Characteristic;

    /// <summary>
    /// A secret times a point, by Montgomery's ladder: it adds and doubles once for each bit, whatever the bit is, and a number of 257 bits stands for each scalar, so that the work does not tell the scalar's length.
    /// The package's field below it does not promise so much (THREATS).
    /// </summary>
    public static ECPoint Multiply(ECPoint point, BigInteger scalar)
    {
        var even = scalar.Add(Order);
        if (even.BitLength == Order.BitLength) even = even.Add(Order);

        // The second is always the first and the point together.
        ECPoint[] rungs = [Curve.Infinity, point];
        for (var bit = even.BitLength - 1; bit >= 0; bit--)
        {
            var set = even.TestBit(bit) ? 1 : 0;
            rungs[1 - set] = rungs[0].Add(rungs[1]);
            rungs[set] = rungs[set].Twice();
        }

        return rungs[0].Normalize();
    }

    /// <summary>Numbers that everybody knows times points.</summary>
    public static ECPoint Sum(IEnumerable<(BigInteger Scalar, ECPoint Point)> terms) =>
        terms.Aggregate(Curve.Infinity, static (sum, term) => sum.Add(term.Point.Multiply(term.Scalar.Mod(Order)))).Normalize();
}
