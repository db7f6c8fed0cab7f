using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node;

/// <summary>
/// The fingerprint keys of a bank, 32 octets an epoch: those at hand, those that its sealing keys open as the ledger opens epochs, so that a running node attests under
/// a new one from its block on, and those that another bank sealed to it later. A key that is not what its epoch committed to is none.
/// </summary>
public sealed class EpochKeyRing(CryptoSuite suite, PartyId bank, IReadOnlyDictionary<uint, byte[]> atHand, params IReadOnlyList<SealingKey> sealingKeys)
{
    // What is sealed is some hundreds of characters long.
    const int LongestSealed = 4_096;

    readonly Lock gate = new();
    readonly Dictionary<uint, byte[]> opened = new(atHand);
    readonly HashSet<uint> tried = [.. atHand.Keys];

    /// <summary>Where keys lie that other banks sealed to this one, as files of <see cref="EpochKeys.FileOf"/>; looked at until they are there. Null for nowhere.</summary>
    public string? Folder { get; init; }

    /// <summary>The epochs whose key this bank has not.</summary>
    public IReadOnlyList<uint> Missing(LedgerState state)
    {
        var keys = Of(state);
        return [.. state.Epochs.Select(static epoch => epoch.Number).Where(number => !keys.ContainsKey(number))];
    }

    /// <summary>The keys of the state's epochs, as far as this bank has them.</summary>
    public IReadOnlyDictionary<uint, byte[]> Of(LedgerState state)
    {
        lock (gate)
        {
            foreach (var epoch in state.Epochs)
            {
                if (opened.ContainsKey(epoch.Number)) continue;
                if (((tried.Add(epoch.Number) ? KeyOf(epoch.KeyCommitment, epoch.SealedKeys) : null) ?? Given(epoch)) is { } key) opened[epoch.Number] = key;
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

    // A file that cannot be read is as good as none: what the node lacks it says.
    byte[]? Given(Core.Instruments.Epoch epoch)
    {
        if (Folder is null) return null;
        try
        {
            var file = new FileInfo(Path.Combine(Folder, EpochKeys.FileOf(epoch.Number)));
            return file is { Exists: true, Length: <= LongestSealed } ? EpochKeys.Open(suite, epoch.KeyCommitment, File.ReadAllText(file.FullName).Trim(), sealingKeys) : null;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
