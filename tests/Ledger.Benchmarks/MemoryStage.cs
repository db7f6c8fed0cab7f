using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Benchmarks;

/// <summary>What a state holds of the heap, thing by thing: by how much a state that is restored without a section's records is smaller.</summary>
static class MemoryStage
{
    const int BlockSize = 500;

    public static void Run(Workload work)
    {
        for (var first = 0; first < work.Transfers.Count; first += BlockSize)
            work.Append([.. work.Transfers.Skip(first).Take(BlockSize).Select(static bytes => new BatchItem(bytes, null))]);
        Tell("at once", work.Fold.State);

        var blocks = work.Pass((work.Genesis.Chain.RetentionDays + 1) * Timestamp.Day);
        Tell($"{work.Genesis.Chain.RetentionDays + 1} days and {blocks} blocks later", work.Fold.State);
    }

    static void Tell(string when, LedgerState state)
    {
        var records = state.AllRecords().ToArray();
        var all = Held(state, records);
        Console.WriteLine($"{when}: {records.Length} records, {all / 1e6:F1} MB");
        Section[] documents = [Section.Documents, Section.Fingerprints, Section.Skeletons];
        Of("live tokens", Section.Tokens);
        Of("offers", Section.Offers);
        Of("documents with fingerprints and skeletons", documents);

        void Of(string what, params Section[] sections)
        {
            var count = records.Count(record => record.Section == sections[0]);
            var rest = Held(state, [.. records.Where(record => !sections.Contains(record.Section))]);
            Console.WriteLine($"  {count,9} {what}, {(count == 0 ? 0 : (all - rest) / count),6} bytes each");
        }
    }

    static long Held(LedgerState like, StateRecord[] records)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var state = LedgerState.Restore(like.Chain, like.Height, like.Now, records);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(state);
        return held;
    }
}
