using System.Security.Cryptography;
using Ledger.Core.Primitives;

namespace Ledger.Client.Signing;

/// <summary>Between 32 bytes and the platform's P-256 parameters.</summary>
static class P256Scalar
{
    // n of SEC 2 section 2.4.2.
    static readonly Hash256 Order = Hash256.Read(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"));

    public static bool TryRead(ReadOnlySpan<byte> scalar, out ECParameters parameters)
    {
        parameters = default;
        if (scalar.Length != PrivateKey.ScalarSize) return false;
        var value = Hash256.Read(scalar);
        if (value.IsZero || value.CompareTo(Order) >= 0) return false;
        parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar.ToArray() };
        return true;
    }

    public static ByteString PublicKey(ECParameters parameters) => new((byte[])[4, .. parameters.Q.X!, .. parameters.Q.Y!]);
}
