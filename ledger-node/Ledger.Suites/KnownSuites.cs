using Ledger.Core.Crypto;
using Ledger.Suites.Verification;

namespace Ledger.Suites;

/// <summary>The suites that a genesis may name. One instance each, for they keep prepared keys.</summary>
public static class KnownSuites
{
    /// <summary>Over what both verify by themselves: where one is found wrong, neither goes on.</summary>
    public static VerificationWatch Verification { get; } = new(KnownKeyVerifier<CurveP256>.IsSupported);

    public static CryptoSuite P256 { get; } = new FastP256Suite(Verification);

    public static CryptoSuite Sm2 { get; } = new FastSm2Suite(Verification);

    /// <summary>The suite as the platform or the crypto package alone verifies it: what the known ones are measured and tested against.</summary>
    public static CryptoSuite? PlatformOf(string name) => name switch
    {
        P256Suite.SuiteName => new P256Suite(),
        Sm2Suite.SuiteName => new Sm2Suite(),
        _ => null,
    };

    public static CryptoSuite? Find(string name) => name switch
    {
        P256Suite.SuiteName => P256,
        Sm2Suite.SuiteName => Sm2,
        _ => null,
    };
}
