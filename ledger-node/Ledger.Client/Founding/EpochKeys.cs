using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Client.Founding;

/// <summary>Fingerprint keys of the consortium: what genesis or the ledger says of them.</summary>
public static class EpochKeys
{
    /// <summary>The commitment by which a bank recognises the key that it opened.</summary>
    public static Hash256 Commitment(CryptoSuite suite, ReadOnlySpan<byte> key) => suite.Hash([.. "ledger-epoch-key-v1\n"u8, .. key]);
}
