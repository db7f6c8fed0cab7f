using Ledger.Client.Disclosures;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Private;

/// <summary>What the node holds of one transaction, and how many files of it can no longer be read.</summary>
public sealed record HeldDisclosures(IReadOnlyList<DisclosureFile> Files, int Unreadable);

/// <summary>
/// The disclosures that this bank was given, sealed in files of which each is one posting. Memory holds only which transaction a file is about and
/// which disclosures are there; the values are read when somebody asks. Nothing here is needed to run the ledger: a file that cannot be read is named,
/// left as it is, and passed over.
/// </summary>
public sealed class DisclosureStore
{
    readonly Lock gate = new();
    readonly IPrivateFiles files;
    readonly byte[] key;
    readonly CryptoSuite suite;
    readonly Hash256 chain;
    readonly Action<string> say;
    readonly Dictionary<(PartyId Party, Id<Transaction> Id), Held> held = [];
    readonly Dictionary<Hash256, string> fileOf = [];

    DisclosureStore(IPrivateFiles files, byte[] key, CryptoSuite suite, Hash256 chain, Action<string> say)
    {
        (this.files, this.key, this.suite, this.chain, this.say) = (files, key, suite, chain, say);
    }

    static int LargestFile => SealedFile.LargestOf(DisclosureFile.MaxSize);

    /// <summary>Reads every file once, to know what there is; whatever cannot be used is said, by name.</summary>
    public static DisclosureStore Open(IPrivateFiles files, byte[] key, CryptoSuite suite, Hash256 chain, Action<string> say)
    {
        var store = new DisclosureStore(files, key, suite, chain, say);
        foreach (var name in files.List())
        {
            if (store.Read(name) is { } read) store.Remember(name, read);
        }

        return store;
    }

    /// <summary>
    /// Keeps what is new of these disclosures and returns how many were; null, with the term, when another value of one is held. When it returns they
    /// survive a crash. Their digests were compared with the ledger before.
    /// </summary>
    public int? Keep(DisclosureFile given, out Term contradicted)
    {
        contradicted = default;
        lock (gate)
        {
            var known = held.GetValueOrDefault((given.Party, given.Id));
            var fresh = new List<Disclosure>();
            foreach (var (term, disclosure) in given.Set.All)
            {
                if (known is null || !known.Terms.TryGetValue((given.Operation, term), out var before)) fresh.Add(disclosure);
                else if (before != disclosure.Digest(suite))
                {
                    contradicted = term;
                    return null;
                }
            }

            if (fresh.Count == 0 || DisclosureSet.Of(fresh, out _) is not { } set) return 0;
            var file = given with { Set = set };
            var (name, bytes) = SealedFile.Seal(key, file.ToJson());
            files.Write(name, bytes);
            Remember(name, file);
            return fresh.Count;
        }
    }

    /// <summary>All that is held of a transaction, one file for each operation; null when nothing ever was.</summary>
    public HeldDisclosures? Find(PartyId party, Id<Transaction> id)
    {
        string[] names;
        lock (gate)
        {
            if (!held.TryGetValue((party, id), out var known)) return null;
            names = [.. known.Files];
        }

        var read = names.Select(Read).ToArray();
        var byOperation =
            from file in read.OfType<DisclosureFile>()
            group file by file.Operation into one
            orderby one.Key
            let disclosures = one.SelectMany(file => file.Set.All).DistinctBy(pair => pair.Key).Select(pair => pair.Value)
            select one.First() with { Set = DisclosureSet.Of(disclosures, out _) ?? DisclosureSet.Empty };
        return new([.. byOperation], read.Count(file => file is null));
    }

    /// <summary>What is held behind these digests, whichever act carried them; of what is not held, or can no longer be read, nothing.</summary>
    public IReadOnlyDictionary<Hash256, Disclosure> Behind(IEnumerable<Hash256> digests)
    {
        var wanted = digests.ToHashSet();
        string[] names;
        lock (gate) names = [.. wanted.Select(digest => fileOf.GetValueOrDefault(digest)).OfType<string>().Distinct()];
        var found = new Dictionary<Hash256, Disclosure>();
        foreach (var (_, disclosure) in names.Select(Read).OfType<DisclosureFile>().SelectMany(file => file.Set.All))
        {
            if (disclosure.Digest(suite) is var digest && wanted.Contains(digest)) found.TryAdd(digest, disclosure);
        }

        return found;
    }

    DisclosureFile? Read(string name)
    {
        try
        {
            if (files.Read(name, LargestFile) is not { } bytes) return Skip(name, "missing or too large", "缺失或过大");
            if (SealedFile.Open(key, name, bytes, out var fault) is not { } json)
            {
                return fault == SealedFileFault.OtherKey
                    ? Skip(name, "sealed under another key", "由另一密钥封存")
                    : Skip(name, "damaged", "已损坏");
            }

            if (!DisclosureFile.TryRead(json.AsSpan().TrimEnd((byte)' '), out var file, out var problem)) return Skip(name, $"not readable ({problem.Refusal})", "内容不可读");
            return file.Chain == chain ? file : Skip(name, "of another chain", "属于另一条链");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Skip(name, unreadable.Message, "读取失败");
        }
    }

    DisclosureFile? Skip(string name, string english, string chinese)
    {
        say($"private/{name}: {english}; these disclosures are not available until they are given again. {chinese}，请重新提供该披露。");
        return null;
    }

    void Remember(string name, DisclosureFile file)
    {
        var place = (file.Party, file.Id);
        if (!held.TryGetValue(place, out var known)) held[place] = known = new([], []);
        known.Files.Add(name);
        foreach (var (term, disclosure) in file.Set.All)
        {
            // Enough to know a disclosure again, and where it is; what it says stays on the disk.
            var digest = disclosure.Digest(suite);
            known.Terms.TryAdd((file.Operation, term), digest);
            fileOf.TryAdd(digest, name);
        }
    }

    sealed record Held(List<string> Files, Dictionary<(int Operation, Term Term), Hash256> Terms);
}
