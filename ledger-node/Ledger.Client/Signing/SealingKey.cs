using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ledger.Core.Crypto;

namespace Ledger.Client.Signing;

/// <summary>A bank's P-256 key for opening what is sealed to it. It never signs, and a signing key never opens.</summary>
public sealed class SealingKey : PrivateKey
{
    public const string UseName = "ECDH-ES";

    readonly ECDiffieHellman ecdh;

    SealingKey(ECDiffieHellman ecdh)
        : base(UseName, P256Scalar.PublicKey(ecdh.ExportParameters(includePrivateParameters: false))) => this.ecdh = ecdh;

    public static SealingKey Create() => new(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    public static bool TryRead(ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out SealingKey? key)
    {
        key = P256Scalar.TryRead(scalar, out var parameters) ? new(ECDiffieHellman.Create(parameters)) : null;
        return key is not null;
    }

    public override byte[] ToScalar() => ecdh.ExportParameters(includePrivateParameters: true).D!;

    /// <summary>The shared x of ECDH (Z of RFC 7518 section 4.6); false if the other key is not a point on the curve.</summary>
    internal bool TryAgree(ReadOnlySpan<byte> otherPublicKey, [NotNullWhen(true)] out byte[]? shared)
    {
        shared = null;
        if (otherPublicKey.Length != CryptoSuite.PublicKeySize || otherPublicKey[0] != 4) return false;
        var point = new ECPoint { X = otherPublicKey[1..33].ToArray(), Y = otherPublicKey[33..].ToArray() };
        try
        {
            using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            using var otherKey = other.PublicKey;
            shared = ecdh.DeriveRawSecretAgreement(otherKey);
            return true;
        }
        catch (CryptographicException)
        {
            // The platform says "not on the curve" with an exception; here it is an ordinary no.
            return false;
        }
    }

    protected override void Dispose(bool disposing) => ecdh.Dispose();
}
