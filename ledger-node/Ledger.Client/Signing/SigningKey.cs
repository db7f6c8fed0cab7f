using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Client.Signing;

/// <summary>A private key of one of the suites. Safe for many threads until it is disposed.</summary>
public abstract class SigningKey : PrivateKey
{
    private protected SigningKey(CryptoSuite suite, ByteString publicKey)
        : base(suite.Name, publicKey) => Suite = suite;

    public CryptoSuite Suite { get; }

    public static SigningKey Create(CryptoSuite suite) => suite.Name switch
    {
        P256Suite.SuiteName => P256SigningKey.CreateNew(),
        Sm2Suite.SuiteName => new Sm2SigningKey(Sm2PrivateKey.Create()),
        _ => throw UnknownSuite(suite),
    };

    /// <summary>False if the scalar is not a private key of the suite.</summary>
    public static bool TryRead(CryptoSuite suite, ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out SigningKey? key)
    {
        key = suite.Name switch
        {
            P256Suite.SuiteName => P256SigningKey.TryRead(scalar, out var p256) ? p256 : null,
            Sm2Suite.SuiteName => Sm2PrivateKey.TryRead(scalar, out var sm2) ? new Sm2SigningKey(sm2) : null,
            _ => throw UnknownSuite(suite),
        };
        return key is not null;
    }

    /// <summary>r‖s, 64 bytes: what <see cref="CryptoSuite.Verify"/> takes.</summary>
    public abstract byte[] Sign(ReadOnlySpan<byte> message);

    /// <summary>What <see cref="CryptoSuite.VerifyNote"/> takes: DER under ES256, r‖s under SM2.</summary>
    public abstract byte[] SignNote(ReadOnlySpan<byte> noteText);

    static ArgumentException UnknownSuite(CryptoSuite suite) => new($"No signing key is known for the suite {suite.Name}.", nameof(suite));
}
