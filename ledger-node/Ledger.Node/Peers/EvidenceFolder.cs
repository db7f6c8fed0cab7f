using System.Collections.Immutable;
using System.Globalization;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node.Storage;

namespace Ledger.Node.Peers;

/// <summary>A proof that a bank broke the rules of voting in an epoch, and the file of the data folder that holds it.</summary>
public sealed record Breach(PartyId Bank, uint Epoch, string File);

/// <summary>
/// The folder <c>evidence</c>: what proves that a bank broke the rules of voting, one file for each bank and epoch, as <c>ledger verify evidence</c> reads it. More of the same bank and
/// epoch would prove nothing more.
/// </summary>
public sealed class EvidenceFolder
{
    // Other proofs lie beside.
    const string Extension = ".evidence";

    readonly IStorage storage;
    readonly Lock gate = new();

    // Never changed in place: peers and monitoring look here while one is added, by the votes that this bank counts or by what another bank showed.
    volatile ImmutableSortedSet<string> names;

    public EvidenceFolder(IStorage storage)
    {
        this.storage = storage;
        names = storage.List(FolderLayout.Evidence).Where(static name => name.EndsWith(Extension, StringComparison.Ordinal)).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    /// <summary>What is kept, by bank and epoch.</summary>
    public IReadOnlyList<Breach> Kept => [.. names.Select(BreachOf).OfType<Breach>()];

    /// <summary>Whether something is kept of a bank, of whichever epoch: that a bank cheats is proved once.</summary>
    public bool Convicts(PartyId bank) => Kept.Any(breach => breach.Bank == bank);

    /// <summary>The file's name where it is new; null where such a breach is known.</summary>
    public string? Keep(Evidence evidence)
    {
        lock (gate) return Add(evidence);
    }

    string? Add(Evidence evidence)
    {
        var name = NameOf(evidence.Bank, evidence.One.Epoch);
        if (names.Contains(name)) return null;
        storage.CreateFolder(FolderLayout.Evidence);
        var path = $"{FolderLayout.Evidence}/{name}";
        StorageFault.Do(path, "writing", () => WholeFile.Write(storage, path, evidence.Write()));
        names = names.Add(name);
        return path;
    }

    /// <summary>All that is kept and can be read.</summary>
    public IReadOnlyList<Evidence> All()
    {
        var all = new List<Evidence>();
        foreach (var name in names)
        {
            using var file = storage.Open($"{FolderLayout.Evidence}/{name}");
            if (file is null) continue;
            var octets = new byte[file.Length];
            if (file.Read(0, octets) == octets.Length && Evidence.TryRead(octets, out var evidence)) all.Add(evidence);
        }

        return all;
    }

    static Breach? BreachOf(string name)
    {
        var stem = name.AsSpan(0, name.Length - Extension.Length);
        var end = stem.LastIndexOf('-');
        return end > 0 && PartyId.TryParse(stem[..end], out var bank) && uint.TryParse(stem[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? new(bank, epoch, $"{FolderLayout.Evidence}/{name}")
            : null;
    }

    static string NameOf(PartyId bank, uint epoch) => string.Create(CultureInfo.InvariantCulture, $"{bank}-{epoch}{Extension}");
}
