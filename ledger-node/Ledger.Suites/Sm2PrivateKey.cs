using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;

namespace Ledger.Suites;

/// <summary>An SM2 signing key. Safe for many threads.</summary>
public sealed class Sm2PrivateKey
{
    public const int ScalarSize = 32;

    // The operating system's randomness, with no generator of the package's own in between.
    static readonly SecureRandom Randomness = new(new CryptoApiRandomGenerator());

    readonly BigInteger d;
    readonly BigInteger inverse;
    readonly Hash256 identity;

    Sm2PrivateKey(BigInteger scalar)
    {
        d = scalar;
        inverse = scalar.Add(BigInteger.One).ModInverse(Sm2Curve.Order);
        var point = Multiple(scalar).GetEncoded(compressed: false);
        PublicKey = new ByteString(point);
        identity = Sm2Curve.Identity(point);
    }

    public ByteString PublicKey { get; }

    public static Sm2PrivateKey Create() => new(RandomBelow(Sm2Curve.Order.Subtract(BigInteger.One)));

    /// <summary>False unless 1 ≤ d ≤ n − 2 (GB/T 32918.1): n − 1 has no signatures.</summary>
    public static bool TryRead(ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out Sm2PrivateKey? key)
    {
        key = null;
        if (scalar.Length != ScalarSize) return false;
        var d = new BigInteger(1, scalar.ToArray());
        if (d.SignValue == 0 || d.CompareTo(Sm2Curve.Order.Subtract(BigInteger.One)) >= 0) return false;
        key = new(d);
        return true;
    }

    public byte[] ToScalar() => BigIntegers.AsUnsignedByteArray(ScalarSize, d);

    /// <summary>r‖s, 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var digest = Sm2Curve.Digest(identity, message);
        while (true)
        {
            if (TrySign(digest, RandomBelow(Sm2Curve.Order), out var signature)) return signature;
        }
    }

    /// <summary>GB/T 32918.2 section 6.1 from the digest e on; false for the few k that the standard tells to draw again.</summary>
    internal bool TrySign(Hash256 digest, BigInteger k, [NotNullWhen(true)] out byte[]? signature)
    {
        signature = null;
        var n = Sm2Curve.Order;
        var x = Multiple(k).AffineXCoord.ToBigInteger();
        var r = new BigInteger(1, digest.ToBytes()).Add(x).Mod(n);
        if (r.SignValue == 0 || r.Add(k).Equals(n)) return false;
        var s = inverse.Multiply(k.Subtract(r.Multiply(d))).Mod(n);
        if (s.SignValue == 0) return false;

        signature = new byte[CryptoSuite.SignatureSize];
        BigIntegers.AsUnsignedByteArray(ScalarSize, r).CopyTo(signature, 0);
        BigIntegers.AsUnsignedByteArray(ScalarSize, s).CopyTo(signature, ScalarSize);
        return true;
    }

    // This comb, unlike the one that verifies, reads its whole table at every step: which multiple is taken is a secret.
    static ECPoint Multiple(BigInteger scalar) => new FixedPointCombMultiplier().Multiply(Sm2Curve.Generator, scalar).Normalize();

    static BigInteger RandomBelow(BigInteger bound) => BigIntegers.CreateRandomInRange(BigInteger.One, bound.Subtract(BigInteger.One), Randomness);
}
