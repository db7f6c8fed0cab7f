using Ledger.Client.Disclosures;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Private;

/// <summary>Disclosures as somebody sent them: readable, or why not.</summary>
public abstract record DisclosureReading
{
    private protected DisclosureReading() { }

    public virtual Refusal Refusal => Refusal.None;

    public virtual string? Reason => null;

    public sealed record Readable : DisclosureReading
    {
        internal Readable(DisclosureFile file) => File = file;

        internal DisclosureFile File { get; }

        public PartyId Party => File.Party;

        public Id<Transaction> Id => File.Id;

        public int Operation => File.Operation;
    }

    public sealed record NotTaken(Refusal Why, string? Place) : DisclosureReading
    {
        public override Refusal Refusal => Why;

        public override string? Reason => Place;
    }
}

/// <summary>How many disclosures were new and how many were held before, or why none was kept.</summary>
public readonly record struct DisclosuresKept(int New, int Known, Refusal Refusal = Refusal.None, string? Reason = null);

/// <summary>What is held of a transaction, each item the JSON of a disclosures file.</summary>
public sealed record DisclosuresFound(IReadOnlyList<byte[]> Files, int Unreadable);

/// <summary>
/// Takes disclosures in and gives them out. Only those are kept whose digests the ledger has under the parties' signatures: nobody can fill the folder
/// with anything else. What comes beside a transaction is looked at before it is ordered.
/// </summary>
public sealed class DisclosureDesk(DisclosureStore store, CryptoSuite suite, Hash256 chain, PartyId bank)
{
    public const int MaxSize = DisclosureFile.MaxSize;

    readonly FiguresBeforeOrdering figures = new(store, suite, chain, bank);

    /// <summary>Why this node does not order a transaction that the ledger would take; null for nothing.</summary>
    public NotOrdered? Judge(LedgerState before, LedgerState after, Transaction transaction, DisclosedBeside? beside) =>
        figures.Judge(before, after, transaction, beside);

    /// <summary>Keeps what came beside a transaction that was accepted; how much was new, or why not all is kept.</summary>
    public DisclosuresKept Keep(DisclosedBeside beside, Transaction transaction)
    {
        var kept = new DisclosuresKept(0, 0);
        foreach (var file in beside.Files)
        {
            var one = Keep(new DisclosureReading.Readable(file), transaction);
            if (one.Refusal != Refusal.None) return one;
            kept = new(kept.New + one.New, kept.Known + one.Known);
        }

        return kept;
    }

    /// <summary>What a financing's price follows from, as far as this node was shown it.</summary>
    public FinancingReckoning Reckon(LedgerState state, Financing financing)
    {
        var held = store.Behind(financing.Terms);
        return FinancingReckoning.Of(state, financing, [.. financing.Terms.Select(held.GetValueOrDefault).OfType<Disclosure>()], financing.Terms.Count - held.Count);
    }

    public DisclosureReading Read(ReadOnlySpan<byte> json)
    {
        if (!DisclosureFile.TryRead(json, out var file, out var problem)) return new DisclosureReading.NotTaken(problem.Refusal, problem.Reason);
        return file.Chain == chain ? new DisclosureReading.Readable(file) : new DisclosureReading.NotTaken(Refusal.DisclosedOnAnotherChain, null);
    }

    /// <summary>Keeps what was read, when the accepted transaction that it names carries every digest.</summary>
    public DisclosuresKept Keep(DisclosureReading.Readable given, Transaction transaction)
    {
        if (given.Operation >= transaction.Operations.Count) return new(0, 0, Refusal.DisclosedOperationMissing);
        var set = given.File.Set;
        if (set.FirstForeign(suite, transaction.Operations[given.Operation]) is { } foreign) return new(0, 0, Refusal.DisclosureNotCommitted, foreign.Name);
        try
        {
            return store.Keep(given.File, out var contradicted) is { } fresh
                ? new(fresh, set.Count - fresh)
                : new(0, 0, Refusal.DisclosedTwice, contradicted.Name());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new(0, 0, Refusal.DisclosuresNotKept);
        }
    }

    public DisclosuresFound? Find(PartyId party, Id<Transaction> id) =>
        store.Find(party, id) is { } held ? new([.. held.Files.Select(file => file.ToJson())], held.Unreadable) : null;
}
