using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node;

/// <summary>
/// The fingerprint keys of a bank, 32 octets an epoch: those at hand, and those that its sealing keys open as the ledger opens epochs, so that a running node attests under
/// a new one from its block on. A key that is not what its epoch committed to is none.
/// </summary>
public sealed class EpochKeyRing(CryptoSuite suite, PartyId bank, IReadOnlyDictionary<uint, byte[]> atHand, params IReadOnlyList<SealingKey> sealingKeys)
{
    readonly Lock gate = new();
    readonly Dictionary<uint, byte[]> opened = new(atHand);
    readonly HashSet<uint> tried = [.. atHand.Keys];

    /// <summary>The keys of the state's epochs, as far as this bank has them.</summary>
    public IReadOnlyDictionary<uint, byte[]> Of(LedgerState state)
    {
        lock (gate)
        {
            foreach (var epoch in state.Epochs)
            {
                if (tried.Add(epoch.Number) && KeyOf(epoch.KeyCommitment, epoch.SealedKeys) is { } key) opened[epoch.Number] = key;
            }

            return state.Epochs.Where(epoch => opened.ContainsKey(epoch.Number)).ToDictionary(static epoch => epoch.Number, epoch => opened[epoch.Number]);
        }
    }

    byte[]? KeyOf(Hash256 commitment, ValueList<Core.Instruments.SealedEpochKey> sealedKeys)
    {
        foreach (var sealedKey in sealedKeys.Where(one => one.Bank == bank))
        {
            if (EpochKeys.Open(suite, commitment, sealedKey.Sealed, sealingKeys) is { } key) return key;
        }

        return null;
    }
}
