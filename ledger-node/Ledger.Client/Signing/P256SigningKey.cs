using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ledger.Suites;

namespace Ledger.Client.Signing;

/// <summary>ES256 by the platform's code.</summary>
sealed class P256SigningKey : SigningKey
{
    readonly ECDsa ecdsa;

    P256SigningKey(ECDsa ecdsa)
        : base(KnownSuites.P256, P256Scalar.PublicKey(ecdsa.ExportParameters(includePrivateParameters: false))) => this.ecdsa = ecdsa;

    public static P256SigningKey CreateNew() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static bool TryRead(ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out P256SigningKey? key)
    {
        key = P256Scalar.TryRead(scalar, out var parameters) ? new(ECDsa.Create(parameters)) : null;
        return key is not null;
    }

    public override byte[] ToScalar() => ecdsa.ExportParameters(includePrivateParameters: true).D!;

    public override byte[] Sign(ReadOnlySpan<byte> message) =>
        ecdsa.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public override byte[] SignNote(ReadOnlySpan<byte> noteText) =>
        ecdsa.SignData(noteText, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    protected override void Dispose(bool disposing) => ecdsa.Dispose();
}
