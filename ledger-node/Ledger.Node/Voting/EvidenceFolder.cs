using System.Collections.Immutable;
using System.Globalization;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>
/// The folder <c>evidence</c>: what proves that a bank broke the rules of voting, one file for each bank and epoch, as <c>ledger verify evidence</c> reads it. More of the same bank and
/// epoch would prove nothing more.
/// </summary>
sealed class EvidenceFolder
{
    // Other proofs lie beside.
    const string Extension = ".evidence";

    readonly IStorage storage;

    // Never changed in place: peers and monitoring look here while the writer adds one.
    volatile ImmutableSortedSet<string> names;

    public EvidenceFolder(IStorage storage)
    {
        this.storage = storage;
        names = storage.List(FolderLayout.Evidence).Where(static name => name.EndsWith(Extension, StringComparison.Ordinal)).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    public int Count => names.Count;

    /// <summary>The file's name where it is new; null where such a breach is known.</summary>
    public string? Keep(Evidence evidence)
    {
        var name = NameOf(evidence.Bank, evidence.One.Epoch);
        if (names.Contains(name)) return null;
        storage.CreateFolder(FolderLayout.Evidence);
        var path = $"{FolderLayout.Evidence}/{name}";
        try
        {
            using (var file = storage.Create(path))
            {
                file.Write(0, evidence.Write());
                file.Flush();
            }

            storage.FlushFolder(FolderLayout.Evidence);
        }
        catch (IOException cause)
        {
            throw new StorageFault(path, "writing", mayRetry: false, cause);
        }

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

    static string NameOf(PartyId bank, uint epoch) => string.Create(CultureInfo.InvariantCulture, $"{bank}-{epoch}{Extension}");
}
