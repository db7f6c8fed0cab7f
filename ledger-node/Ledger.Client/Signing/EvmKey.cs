using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ledger.Core.Primitives;

namespace Ledger.Client.Signing;

/// <summary>
/// A key of secp256k1, which pays on EVM chains and signs nothing on the ledger. One in 256 is left out, whose scalar begins with 00: libraries that sign lose that octet.
/// </summary>
public sealed class EvmKey : PrivateKey
{
    public const string UseName = "secp256k1";

    // n of SEC 2 section 2.4.1.
    static readonly Hash256 Order = Hash256.Read(Convert.FromHexString("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141"));

    readonly byte[] scalar;

    EvmKey(byte[] scalar, ByteString publicKey)
        : base(UseName, publicKey) => this.scalar = scalar;

    public static EvmKey Create()
    {
        while (true)
        {
            using var ecdsa = ECDsa.Create(Curve);
            if (TryRead(ecdsa.ExportParameters(includePrivateParameters: true).D, out var key)) return key;
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out EvmKey? key)
    {
        key = null;
        if (scalar.Length != ScalarSize || scalar[0] == 0 || Hash256.Read(scalar) is var value && (value.IsZero || value.CompareTo(Order) >= 0)) return false;
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = Curve, D = scalar.ToArray() });
        key = new(scalar.ToArray(), P256Scalar.PublicKey(ecdsa.ExportParameters(includePrivateParameters: false)));
        return true;
    }

    public override byte[] ToScalar() => [.. scalar];

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(scalar);

    static ECCurve Curve => ECCurve.CreateFromValue("1.3.132.0.10");
}
