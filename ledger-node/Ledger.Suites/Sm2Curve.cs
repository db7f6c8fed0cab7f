using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Ledger.Suites;

/// <summary>The curve of GB/T 32918.5-2017, and the signer of GB/T 32918.2 over it: SM3, the user id of GB/T 35276, and r‖s of 64 octets.</summary>
static class Sm2Curve
{
    // The package's written-out field is nine times as fast as its general one (GMNamedCurves).
    static readonly X9ECParameters Parameters = CustomNamedCurves.GetByName("sm2p256v1");

    static readonly byte[] UserId = Encoding.ASCII.GetBytes("1234567812345678");

    public static ECDomainParameters Domain { get; } = new(Parameters.Curve, Parameters.G, Parameters.N, Parameters.H);

    public static BigInteger Order => Parameters.N;

    public static bool TryDecode(ReadOnlySpan<byte> point, [NotNullWhen(true)] out ECPublicKeyParameters? decoded)
    {
        decoded = null;
        if (point.Length != CryptoSuite.PublicKeySize || point[0] != 4) return false;
        try
        {
            decoded = new(Parameters.Curve.DecodePoint(point), Domain);
            return true;
        }
        catch (ArgumentException)
        {
            // The package says "not on the curve" with an exception; for the ledger it is an ordinary no.
            return false;
        }
    }

    /// <summary>What is hashed before every message under a key: Z of GB/T 32918.2, 5.5, which names user, curve and key.</summary>
    public static Hash256 Before(ReadOnlySpan<byte> publicKey) => Sm3.Hash(
        [0, (byte)(8 * UserId.Length), .. UserId, .. Parameters.Curve.A.GetEncoded(), .. Parameters.Curve.B.GetEncoded(), .. Parameters.G.GetEncoded(compressed: false).AsSpan(1), .. publicKey[1..]]);

    /// <summary>A signer is one thread's, for one message.</summary>
    public static SM2Signer Signer(bool forSigning, ICipherParameters key)
    {
        var signer = new SM2Signer(PlainDsaEncoding.Instance);
        signer.Init(forSigning, new ParametersWithID(key, UserId));
        return signer;
    }
}
