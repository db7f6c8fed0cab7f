using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Node.Web;

/// <summary>An entry as its block keeps it, with what was signed.</summary>
public sealed record Entry(Block Block, ulong Leaf, EntryLeaf Answer, SignedTransaction Signed)
{
    public Refusal Refusal => (Refusal)Answer.Code;

    public IEnumerable<string> Verbs => Signed.Body.Operations.Select(operation => Core.Rules.Rulebook.Verbs[operation.GetType()]);
}

/// <summary>What the pages ask beyond the ledger's state. Every page reads through here, so that who may see what is asked in one place.</summary>
public sealed class Reads(Visit visit)
{
    NodeLoop Node => visit.Node;

    LedgerState State => visit.State;

    public Instrument? Instrument(string id) => Id<Instrument>.TryParse(id, out var read) ? State.Instrument(read) : null;

    public Offer? Offer(string id) => Id<Offer>.TryParse(id, out var read) ? State.Offer(read) : null;

    public Financing? Financing(string id) => Id<Financing>.TryParse(id, out var read) ? State.Financing(read) : null;

    public Core.Parties.Party? Party(string id) => PartyId.TryParse(id, out var read) ? State.Party(read) : null;

    public IEnumerable<Core.Parties.Party> Parties() => State.AllParties;

    public IEnumerable<Instrument> Instruments() => State.AllInstruments;

    public IEnumerable<Instrument> OwedBy(PartyId obligor) => Node.Index.InstrumentsOwedBy(obligor).Select(State.Instrument).OfType<Instrument>();

    public IReadOnlyList<(Instrument Instrument, ValueList<Interval> Units)> HeldBy(PartyId holder) =>
        [.. Node.Index.Held(holder).Select(held => (Instrument: State.Instrument(held.Instrument), held.Units)).Where(held => held.Instrument is not null)
            .Select(held => (held.Instrument!, held.Units))];

    public IEnumerable<Offer> Offers() => State.AllOffers;

    public IEnumerable<Offer> OpenOffersTo(PartyId party) => Node.Index.OpenOffersTo(party).Select(State.Offer).OfType<Offer>();

    public IEnumerable<Offer> OpenOffersFrom(PartyId party) => Node.Index.OpenOffersFrom(party).Select(State.Offer).OfType<Offer>();

    public IEnumerable<Financing> Financings() => State.AllFinancings;

    public IEnumerable<Financing> FinancingsOf(PartyId party) => Node.Index.FinancingsOf(party).Select(State.Financing).OfType<Financing>();

    public IEnumerable<Payment> PaymentsOn(Id<Instrument> instrument) => Node.Index.PaymentsOn(instrument).Select(State.Payment).OfType<Payment>();

    public IReadOnlyList<TreeLeg> Legs(Instrument instrument, Interval units) =>
        [.. Node.Index.Legs(instrument.Id, units).Select(leg => new TreeLeg(leg.Act, leg.Cause, leg.From, leg.To, leg.Units, leg.At, leg.Leaf))];

    public IReadOnlyList<(PartyId Party, Refusal Code, Timestamp At, ulong Height, ulong Leaf)> Attempts() =>
        [.. Node.Index.Attempts().Reverse().Select(attempt => (attempt.Party, attempt.Code, attempt.At, attempt.Height, attempt.Leaf))];

    public Block? Block(ulong height) => Node.Log.ReadBlock(height);

    public Note? Checkpoint(ulong height) => Node.Log.ReadNote(height);

    public Entry? Entry(ulong leaf)
    {
        if (Node.Index.BlockOf(leaf) is not { } height || Block(height) is not { } block) return null;
        var place = leaf - block.FirstLeaf;
        return place >= 1 && place <= (ulong)block.Entries.Count ? Entry(block, (int)place - 1) : null;
    }

    public IEnumerable<Entry> Entries(Block block) => Enumerable.Range(0, block.Entries.Count).Select(place => Entry(block, place));

    /// <summary>A receipt of an entry under the latest checkpoint.</summary>
    public TlogProof? Receipt(Entry entry) => Node.Receipt(entry.Leaf, entry.Block.Leaves[(int)(entry.Leaf - entry.Block.FirstLeaf)]);

    // It was read before it became an entry; one that cannot be read again is a damaged chain.
    Entry Entry(Block block, int place)
    {
        var answer = block.Entries[place];
        var chain = Node.Genesis.Chain;
        var signed = TransactionText.Read(answer.Transaction.Memory, chain.Suite, chain.ChainId, out var refused)
            ?? throw new InvalidDataException($"An entry cannot be read: {refused?.Refusal}.");
        return new(block, block.FirstLeaf + 1 + (ulong)place, answer, signed);
    }
}
