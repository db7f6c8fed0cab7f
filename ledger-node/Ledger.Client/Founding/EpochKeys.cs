using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Client.Founding;

/// <summary>Fingerprint keys of the consortium: what genesis or the ledger says of them.</summary>
public static class EpochKeys
{
    /// <summary>The commitment by which a bank recognises the key that it opened.</summary>
    public static Hash256 Commitment(CryptoSuite suite, ReadOnlySpan<byte> key) => suite.Hash([.. "ledger-epoch-key-v1\n"u8, .. key]);

    /// <summary>The name under which a bank keeps, in its folder <c>keys</c>, a key that another bank sealed to it: it is read as it came, and opened by the bank's sealing key alone.</summary>
    public static string FileOf(uint epoch) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"epoch-{epoch}.key");

    /// <summary>The key that was sealed to the owner of <paramref name="sealingKeys"/>, 32 octets; null where none of them opens it or it is not the one committed to.</summary>
    public static byte[]? Open(CryptoSuite suite, Hash256 commitment, string sealedKey, IEnumerable<SealingKey> sealingKeys)
    {
        foreach (var sealing in sealingKeys)
        {
            if (SealedKey.TryOpen(sealedKey, sealing, out var key) && Commitment(suite, key) == commitment) return key;
        }

        return null;
    }
}
