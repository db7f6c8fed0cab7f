using Ledger.Core.Crypto;

namespace Ledger.Suites;

/// <summary>The suites that a genesis may name. One instance each, for they keep prepared keys.</summary>
public static class KnownSuites
{
    public static CryptoSuite P256 { get; } = new P256Suite();

    public static CryptoSuite Sm2 { get; } = new Sm2Suite();

    public static CryptoSuite? Find(string name) => name switch
    {
        P256Suite.SuiteName => P256,
        Sm2Suite.SuiteName => Sm2,
        _ => null,
    };
}
