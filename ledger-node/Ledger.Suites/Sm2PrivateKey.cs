using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Math;
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

    readonly ECPrivateKeyParameters key;

    Sm2PrivateKey(BigInteger scalar)
    {
        key = new(scalar, Sm2Curve.Domain);

        // The comb reads its whole table at each step: which multiple is taken is a secret.
        PublicKey = new(new FixedPointCombMultiplier().Multiply(Sm2Curve.Domain.G, scalar).Normalize().GetEncoded(compressed: false));
    }

    public ByteString PublicKey { get; }

    public static Sm2PrivateKey Create() =>
        new(BigIntegers.CreateRandomInRange(BigInteger.One, Sm2Curve.Order.Subtract(BigInteger.Two), Randomness));

    /// <summary>False unless 1 ≤ d ≤ n − 2 (GB/T 32918.1): n − 1 has no signatures.</summary>
    public static bool TryRead(ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out Sm2PrivateKey? key)
    {
        key = null;
        if (scalar.Length != ScalarSize) return false;
        var d = new BigInteger(1, scalar);
        if (d.SignValue == 0 || d.CompareTo(Sm2Curve.Order.Subtract(BigInteger.One)) >= 0) return false;
        key = new(d);
        return true;
    }

    public byte[] ToScalar() => BigIntegers.AsUnsignedByteArray(ScalarSize, key.D);

    /// <summary>r‖s, 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => Sign(message, Randomness);

    /// <summary>With the k that a standard's example names; k is never chosen elsewhere.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> message, SecureRandom randomness)
    {
        var signer = Sm2Curve.Signer(forSigning: true, new ParametersWithRandom(key, randomness));
        signer.BlockUpdate(message);
        return signer.GenerateSignature();
    }
}
