using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;

namespace Ledger.Suites;

/// <summary>The curve of GB/T 32918.5-2017, and what is hashed ahead of a message.</summary>
static class Sm2Curve
{
    // The package's written-out field is nine times as fast as its general one (GMNamedCurves).
    static readonly X9ECParameters Parameters = CustomNamedCurves.GetByName("sm2p256v1");

    public static ECPoint Generator => Parameters.G;

    public static BigInteger Order => Parameters.N;

    static ReadOnlySpan<byte> UserId => "1234567812345678"u8;

    public static ECFieldElement FieldElement(BigInteger x) => Parameters.Curve.FromBigInteger(x);

    public static bool IsFieldElement(BigInteger x) => Parameters.Curve.IsValidFieldElement(x);

    public static bool TryDecode(ReadOnlySpan<byte> point, [NotNullWhen(true)] out ECPoint? decoded)
    {
        decoded = null;
        if (point.Length != CryptoSuite.PublicKeySize || point[0] != 4) return false;
        try
        {
            decoded = Parameters.Curve.DecodePoint(point.ToArray());
            return true;
        }
        catch (ArgumentException)
        {
            // The package says "not on the curve" with an exception; for the ledger it is an ordinary no.
            return false;
        }
    }

    /// <summary>Z of GB/T 32918.2 section 5.5: the user id, the curve and the key.</summary>
    public static Hash256 Identity(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> userId)
    {
        Span<byte> bits = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bits, (ushort)(8 * userId.Length));
        var sm3 = new Sm3();
        sm3.Append(bits);
        sm3.Append(userId);
        sm3.Append(Parameters.Curve.A.GetEncoded());
        sm3.Append(Parameters.Curve.B.GetEncoded());
        sm3.Append(Generator.GetEncoded(compressed: false).AsSpan(1));
        sm3.Append(publicKey[1..]);
        return sm3.Finish();
    }

    public static Hash256 Identity(ReadOnlySpan<byte> publicKey) => Identity(publicKey, UserId);

    /// <summary>e of GB/T 32918.2: what is really signed.</summary>
    public static Hash256 Digest(Hash256 identity, ReadOnlySpan<byte> message)
    {
        Span<byte> prefix = stackalloc byte[Hash256.Size];
        identity.Write(prefix);
        var sm3 = new Sm3();
        sm3.Append(prefix);
        sm3.Append(message);
        return sm3.Finish();
    }
}
