using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Web;

/// <summary>An entry as its block keeps it, with what was signed.</summary>
public sealed record Entry(Block Block, ulong Leaf, EntryLeaf Answer, SignedTransaction Signed)
{
    public Refusal Refusal => (Refusal)Answer.Code;

    public IEnumerable<string> Verbs => Signed.Body.Operations.Select(operation => Core.Rules.Rulebook.Verbs[operation.GetType()]);
}

/// <summary>A double-pledge attempt on the record.</summary>
public sealed record AttemptRow(PartyId Party, Refusal Code, Timestamp At, ulong Leaf);

/// <summary>
/// What the pages ask, and the one place where what the visitor may not see is left out. A page never asks the ledger's state for a thing that has
/// an owner but through here.
/// </summary>
public sealed class Library(Visit visit)
{
    NodeLoop Node => visit.Node;

    LedgerState State => visit.State;

    Sight Sight => visit.Sight;

    PartyId Me => Sight.Caller.Principal;

    // All of a page is as of one height, also what the views find.
    ulong At => visit.View.Header.Height;

    public Instrument? Instrument(string id) => Id<Instrument>.TryParse(id, out var read) ? Instrument(read) : null;

    public Instrument? Instrument(Id<Instrument> id) => Seen(State.Instrument(id));

    public Offer? Offer(string id) => Id<Offer>.TryParse(id, out var read) ? Seen(State.Offer(read)) : null;

    public Financing? Financing(string id) => Id<Financing>.TryParse(id, out var read) ? Seen(State.Financing(read)) : null;

    public Document? Document(Id<Document> id) => Seen(State.Document(id));

    public Party? Party(string id) => PartyId.TryParse(id, out var read) && Sight.Of(Resource.Party) != Extent.Nothing ? State.Party(read) : null;

    public IEnumerable<Party> Parties() => Sight.Of(Resource.Party) == Extent.Nothing ? [] : State.AllParties;

    /// <summary>All instruments that the visitor sees: for most that is what it owes, is owed, holds, is offered or is asked to finance.</summary>
    public IEnumerable<Instrument> Instruments()
    {
        if (Sight.SeesAll(Resource.Instrument)) return State.AllInstruments;
        var own = Node.Views.InstrumentsOwedBy(Me, At).Concat(Node.Views.InstrumentsOwedTo(Me, At)).Concat(Node.Views.Held(Me, At).Select(held => held.Instrument))
            .Concat(OpenOffersTo(Me).Concat(OpenOffersFrom(Me)).Select(offer => offer.Instrument)).Concat(FinancingsOf(Me).Select(financing => financing.Instrument));
        return own.Distinct().Select(State.Instrument).OfType<Instrument>().Where(Sight.Sees);
    }

    public IEnumerable<Instrument> OwedBy(PartyId obligor) => Node.Views.InstrumentsOwedBy(obligor, At).Select(State.Instrument).OfType<Instrument>().Where(Sight.Sees);

    /// <summary>Tokens of live units that somebody holds, as far as they are seen.</summary>
    public IEnumerable<(Instrument Instrument, Token Token)> HeldBy(PartyId holder)
    {
        foreach (var held in Node.Views.Held(holder, At))
        {
            if (Seen(State.Instrument(held.Instrument)) is not { } instrument) continue;
            foreach (var token in Tokens(instrument))
            {
                if (token.Holder == holder && token.State == UnitState.Live) yield return (instrument, token);
            }
        }
    }

    /// <summary>The tokens of an instrument that are seen, ascending.</summary>
    public IReadOnlyList<Token> Tokens(Instrument instrument)
    {
        if (State.Tokens(instrument.Id) is not { } tokens) return [];
        var all = tokens.Span.ToArray();
        return Sight.SeesAll(Resource.Token) ? all : Array.FindAll(all, token => Sight.Sees(instrument, token));
    }

    public IEnumerable<Offer> Offers() => Sight.SeesAll(Resource.Offer) ? State.AllOffers : State.AllOffers.Where(Sight.Sees);

    public IEnumerable<Offer> OpenOffersTo(PartyId party) => Node.Views.OpenOffersTo(party, At).Select(State.Offer).OfType<Offer>().Where(Sight.Sees);

    public IEnumerable<Offer> OpenOffersFrom(PartyId party) => Node.Views.OpenOffersFrom(party, At).Select(State.Offer).OfType<Offer>().Where(Sight.Sees);

    public IEnumerable<Financing> Financings() => Sight.SeesAll(Resource.Financing) ? State.AllFinancings : State.AllFinancings.Where(Sight.Sees);

    public IEnumerable<Financing> FinancingsOf(PartyId party) => Node.Views.FinancingsOf(party, At).Select(State.Financing).OfType<Financing>().Where(Sight.Sees);

    public IEnumerable<Payment> PaymentsOn(Instrument instrument) => Node.Views.PaymentsOn(instrument.Id, At).Select(State.Payment).OfType<Payment>().Where(Sight.Sees);

    /// <summary>To whom a payment went, as far as that is seen.</summary>
    public IEnumerable<PartyId> Payees(Instrument instrument, Payment payment) =>
        payment.Shares.Select(share => share.Payee).Where(payee => Sight.SeesShare(instrument, payment.Bank, payee)).Distinct();

    public IEnumerable<Core.Rules.PaymentInstruction> Instructions(Instrument instrument) => Sight.Of(Resource.Instruction) == Extent.Nothing
        ? []
        : Core.Rules.Rulebook.Instructions(State, instrument.Id, State.Today).Where(one => Sight.SeesShare(instrument, default, one.Payee));

    /// <summary>The acts that moved any of the units, oldest first, each with those of its units that are seen.</summary>
    public IReadOnlyList<TreeLeg> Legs(Instrument instrument, Interval units) =>
        [.. Node.Views.Legs(instrument.Id, units, At)
            .Select(leg => new TreeLeg(leg.Act, leg.Cause, leg.From, leg.To, Sight.Part(instrument, leg.From, leg.To, leg.Units), leg.At, leg.Leaf))
            .Where(leg => leg.Units.Count > 0)];

    /// <summary>Attempts on the record that are seen, newest first.</summary>
    public IReadOnlyList<AttemptRow> Attempts() =>
        [.. Node.Views.Attempts(At).Reverse().Where(attempt => Sight.IsOwnOrAll(Resource.Attempt, attempt.Party))
            .Select(attempt => new AttemptRow(attempt.Party, attempt.Code, attempt.At, attempt.Leaf))];

    /// <summary>What a text can stand for, each with its type and the key under which it has its page; what is not for the visitor is no hit.</summary>
    public IReadOnlyList<Hit> Search(string text) =>
        text.Length > LedgerViews.LongestSearch ? [] : [.. Node.Views.Search(text, At, visit.Fingerprints).Where(IsSeen)];

    /// <summary>Pairs of documents that are nearly the same, newest first: to a bank those of which it attested one side.</summary>
    public IReadOnlyList<NearMatch> NearMatches() => Sight.Of(Resource.Review) == Extent.Nothing ? [] : [.. Node.Views.NearMatches(At).Where(IsSeen).Reverse()];

    public NearMatch? NearMatch(ulong number) => NearMatches().FirstOrDefault(match => match.Number == number);

    /// <summary>What people of this node decided about a pair, oldest first.</summary>
    public IReadOnlyList<Review> ReviewsOf(NearMatch match) => Node.Views.Reviews.Of(Reviews.SubjectOf(match));

    /// <summary>Keeps a decision about a pair that the visitor sees; false where it could not be kept.</summary>
    public bool TryReview(NearMatch match, string decision, string note) =>
        Node.Views.Reviews.TryAdd(new(Reviews.SubjectOf(match), decision, note, Sight.Caller.How == CallerKind.Pass ? $"{Sight.Caller.Key}" : "", Node.ClockTime));

    public Block? Block(ulong height) => Sight.Of(Resource.Block) == Extent.Nothing ? null : Node.Log.ReadBlock(height);

    public Note? Checkpoint(ulong height) => Node.Log.ReadNote(height);

    public Entry? Entry(ulong leaf)
    {
        if (Node.Log.BlockOf(leaf) is not { } height || Node.Log.ReadBlock(height) is not { } block) return null;
        var place = leaf - block.FirstLeaf;
        return place >= 1 && place <= (ulong)block.Entries.Count && Read(block, (int)place - 1) is var entry && IsSeen(entry) ? entry : null;
    }

    /// <summary>The entries of a block that are seen.</summary>
    public IEnumerable<Entry> Entries(Block block) => Enumerable.Range(0, block.Entries.Count).Select(place => Read(block, place)).Where(IsSeen);

    /// <summary>A receipt of an entry under the latest checkpoint.</summary>
    public TlogProof? Receipt(Entry entry) => Node.Receipt(entry.Leaf, entry.Block.Leaves[(int)(entry.Leaf - entry.Block.FirstLeaf)]);

    bool IsSeen(NearMatch match) => Sight.Sees(Owned.Of(
        match, Resource.Review, State.Document(match.One)?.Attester ?? default, State.Document(match.Other)?.Attester ?? default));

    bool IsSeen(Hit hit) => hit.Type switch
    {
        "block" => Sight.Of(Resource.Block) != Extent.Nothing,
        "party" => Sight.Of(Resource.Party) != Extent.Nothing,
        "entry" => ulong.TryParse(hit.Key, out var leaf) && Entry(leaf) is not null,
        "instrument" => Instrument(hit.Key) is not null,
        "offer" => Offer(hit.Key) is not null,
        "financing" => Financing(hit.Key) is not null,
        "document" => Id<Document>.TryParse(hit.Key, out var document) && Document(document) is not null,

        // What has no page of its own is found over the API.
        _ => false,
    };

    bool IsSeen(Entry entry) => Sight.Sees(entry.Signed, entry.Answer.Code == 0);

    T? Seen<T>(T? thing)
        where T : class
    {
        if (thing is null || !Sight.Sees(thing)) return null;
        Sight.Show(thing);
        return thing;
    }

    // It was read before it became an entry; one that cannot be read again is a damaged chain.
    Entry Read(Block block, int place)
    {
        var answer = block.Entries[place];
        var chain = Node.Genesis.Chain;
        var signed = TransactionText.Read(answer.Transaction.Memory, chain.Suite, chain.ChainId, out var refused)
            ?? throw new InvalidDataException($"An entry cannot be read: {refused?.Refusal}.");
        return new(block, block.FirstLeaf + 1 + (ulong)place, answer, signed);
    }
}
