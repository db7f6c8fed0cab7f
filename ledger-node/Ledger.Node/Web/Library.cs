using System.Globalization;
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

    public IEnumerable<string> Verbs => Signed.Body.Operations.Select(operation => operation.Kind);
}

/// <summary>
/// What the pages ask, and the one place where what the visitor may not see is left out. A page never asks the ledger's state for a thing that has
/// an owner but through here.
/// </summary>
public sealed class Library(Visit visit)
{
    LedgerReader Ledger => visit.Ledger;

    LedgerState State => visit.State;

    Sight Sight => visit.Sight;

    PartyId Me => Sight.Caller.Principal;

    // All of a page is as of one height, also what the views find.
    ulong At => visit.View.Header.Height;

    public Instrument? Instrument(string id) => Id<Instrument>.TryParse(id, out var read) ? Instrument(read) : null;

    public Instrument? Instrument(Id<Instrument> id) => Find(Guards.Instrument, id);

    public Offer? Offer(string id) => Id<Offer>.TryParse(id, out var read) ? Find(Guards.Offer, read) : null;

    public Measure? Measure(string id) => Id<Measure>.TryParse(id, out var read) ? Find(Guards.Measure, read) : null;

    public Proposal? Proposal(string id) => Id<Proposal>.TryParse(id, out var read) ? Find(Guards.Proposal, read) : null;

    /// <summary>Proposals, decided ones too, newest first.</summary>
    public IReadOnlyList<(string Key, Proposal? Thing)> Proposals(string? after, int limit) => Latest(Guards.Proposal, after, limit, party: default);

    public Measure? MeasureBehind(Id<Offer> offer) => Find(Guards.Measure, new(offer.Value)) is { IsOnUnits: true } measure ? measure : null;

    public Financing? Financing(string id) => Id<Financing>.TryParse(id, out var read) ? Find(Guards.Financing, read) : null;

    public Document? Document(string id) => Id<Document>.TryParse(id, out var read) ? Document(read) : null;

    public Document? Document(Id<Document> id) => Find(Guards.Document, id);

    public Party? Party(string id)
    {
        if (!PartyId.TryParse(id, out var read) || Sight.Of(Resource.Party) == Extent.Nothing) return null;
        visit.Recall(ThingRef.To(read));
        return State.Party(read);
    }

    /// <summary>Who is said to control a party that the visitor was shown, then or now.</summary>
    public Control? Control(PartyId party) => State.Control(party);

    /// <summary>Parties in the order in which they joined, after one of them.</summary>
    public IReadOnlyList<(string Key, Party? Thing)> Parties(string? after, int limit)
    {
        if (Sight.Of(Resource.Party) == Extent.Nothing) return [];
        var rows = Ledger.Views.Parties(At, after is not null && PartyId.TryParse(after, out var last) ? last : default, limit);
        visit.Recall(rows.Select(row => ThingRef.To(row.Id)));
        return [.. rows.Select(row => (row.Id.Text, State.Party(row.Id)))];
    }

    /// <summary>
    /// Instruments, newest first: all, or those in which the visitor has or had a part: what it owes, is owed, holds, held, is offered or is asked to
    /// finance. Where a party is named, those in which both have a part.
    /// </summary>
    public IReadOnlyList<(string Key, Instrument? Thing)> Instruments(string? after, int limit, PartyId party = default) =>
        Latest(Guards.Instrument, after, limit, party);

    /// <summary>Offers, answered ones too, newest first; where a party is named, those that it made or got.</summary>
    public IReadOnlyList<(string Key, Offer? Thing)> Offers(string? after, int limit, PartyId party = default) =>
        Latest(Guards.Offer, after, limit, party);

    public IReadOnlyList<(string Key, Financing? Thing)> Financings(string? after, int limit, PartyId party = default) =>
        Latest(Guards.Financing, after, limit, party);

    public IReadOnlyList<(string Key, Document? Thing)> Documents(string? after, int limit, PartyId party = default) =>
        Latest(Guards.Document, after, limit, party);

    public IEnumerable<Instrument> OwedBy(PartyId obligor) => Seen(Guards.Instrument, own => Ledger.Views.InstrumentsOwedBy(obligor, At, own));

    /// <summary>Tokens of live units that somebody holds, as far as they are seen.</summary>
    public IEnumerable<(Instrument Instrument, Token Token)> HeldBy(PartyId holder)
    {
        var held = Ledger.Views.TokensOf(holder, At, seenBy: Sight.SeesBy(Resource.Token)).Found.Select(token => token.Instrument).Distinct().ToArray();
        visit.Recall(held.Select(id => ThingRef.To(id)));
        foreach (var id in held)
        {
            if (Seen(Guards.Instrument, State.Instrument(id)) is not { } instrument) continue;
            foreach (var token in Tokens(instrument))
            {
                if (token.Holder == holder && token.State == UnitState.Live) yield return (instrument, token);
            }
        }
    }

    /// <summary>All tokens of an instrument that the visitor was shown; of one that left the state those that it had.</summary>
    public Tokens? Held(Id<Instrument> instrument) => StateWith(ThingRef.To(instrument)).Tokens(instrument);

    /// <summary>The tokens of an instrument that are seen, ascending.</summary>
    public IReadOnlyList<Token> Tokens(Instrument instrument) => Held(instrument.Id) is { } tokens ? Sight.Seen(instrument, tokens) : [];

    public IEnumerable<Offer> OpenOffersTo(PartyId party) => Seen(Guards.Offer, own => Ledger.Views.OpenOffersTo(party, At, own));

    public IEnumerable<Offer> OpenOffersFrom(PartyId party) => Seen(Guards.Offer, own => Ledger.Views.OpenOffersFrom(party, At, own));

    public IEnumerable<Financing> FinancingsOf(PartyId party) => Seen(Guards.Financing, own => Ledger.Views.FinancingsOf(party, At, own));

    public IEnumerable<Financing> FinancingsOn(Instrument instrument) => Seen(Guards.Financing, own => Ledger.Views.FinancingsOn(instrument.Id, At, own));

    public IEnumerable<Payment> PaymentsOn(Instrument instrument) => Seen(Guards.Payment, own => Ledger.Views.PaymentsOn(instrument.Id, At, own));

    /// <summary>What a party holds, owes, has lent and borrowed, in sums by currency; nothing where that is not for the visitor.</summary>
    public IReadOnlyList<Sum> Sums(PartyId party)
    {
        if (!Sight.IsOwnOrAll(Resource.Token, party)) return [];
        Sight.Show(party);
        return [.. Ledger.Views.PortfolioOf(party, At).Sums];
    }

    /// <summary>What waits for a party, the soonest first; nothing where that is not for the visitor.</summary>
    public IReadOnlyList<Views.ToDo> ToDosOf(PartyId party)
    {
        if (!Sight.IsOwnOrAll(Resource.Offer, party)) return [];
        Sight.Show(party);
        return Ledger.Views.ToDosOf(party, At);
    }

    /// <summary>A state that has these things, as of the page's height; what left the state since it was over, as it was last.</summary>
    public LedgerState StateWith(params IEnumerable<ThingRef> things)
    {
        ThingRef[] all = [.. things];
        visit.Recall(all);
        return visit.IsPast || Array.TrueForAll(all, thing => thing.IsIn(State)) ? State : Ledger.Views.StateAt(At, all);
    }

    public bool HasStatistics => Sight.Of(Resource.Statistics) != Extent.Nothing;

    /// <summary>A metric's figures: everybody's, or those in which the visitor has a part.</summary>
    public StatisticsTable Statistics(Metric metric, IReadOnlyList<string> by, DateOnly? from = null, DateOnly? to = null) =>
        Ledger.Views.Statistics(new(metric, by, from, to, Sight.SeesAll(Resource.Statistics) ? default : Me), At);

    /// <summary>What touched a thing, oldest first, as far as it is seen.</summary>
    public IEnumerable<HistoryStep> History(ThingRef thing, int limit) => Ledger.Views.History(thing, At, limit: limit, reader: Sight.SeesBy(Resource.Entry)).Where(IsSeen).Select(Shown);

    /// <summary>What a party signed or what concerned it, newest first, as far as it is seen.</summary>
    public IEnumerable<HistoryStep> EntriesOf(PartyId party, int limit) => Ledger.Views.EntriesOf(party, At, limit: limit, reader: Sight.SeesBy(Resource.Entry)).Found.Where(IsSeen).Select(Shown);

    /// <summary>The newest entries: all, or those that concern the visitor.</summary>
    public IEnumerable<HistoryStep> LatestEntries(int limit) => Sight.SeesAll(Resource.Entry)
        ? Ledger.Views.Entries(At, limit: limit).Select(Shown)
        : EntriesOf(Me, limit);

    // What is to be paid is told for today only.
    public IEnumerable<Core.Rules.PaymentInstruction> Instructions(Instrument instrument) => visit.IsPast || Sight.Of(Resource.Instruction) == Extent.Nothing
        ? []
        : Core.Rules.Rulebook.Instructions(State, instrument.Id, State.Today).Where(one => Sight.Sees(Guards.Instruction, (instrument, one)));

    /// <summary>The acts that moved any of the units, oldest first, each with those of its units that are seen.</summary>
    public IReadOnlyList<LineageLeg> Legs(Instrument instrument, Interval units) =>
        [.. Ledger.Views.Legs(instrument.Id, units, At)
            .Select(leg => leg with { Units = Sight.Part(instrument, leg.From, leg.To, leg.Units) })
            .Where(leg => leg.Units.Count > 0).Select(Shown)];

    /// <summary>Attempts on the record that are seen, newest first, after one of them.</summary>
    public IReadOnlyList<(string Key, Attempt? Thing)> Attempts(string? after, int limit, PartyId party = default)
    {
        var own = Sight.SeesAll(Resource.Attempt) ? party : Me;
        if (Sight.Of(Resource.Attempt) == Extent.Nothing || (party != default && party != own)) return [];
        var before = after is null ? ulong.MaxValue : ulong.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var leaf) ? leaf : 0;
        return [.. Ledger.Views.LatestAttempts(At, own, before, limit)
            .Select(attempt => (attempt.Leaf.ToString(CultureInfo.InvariantCulture), attempt))];
    }

    /// <summary>What a text can stand for, each with its type and the key under which the thing is asked for, as far as it is seen.</summary>
    public IReadOnlyList<Hit> Search(string text) =>
        text.Length > LedgerViews.LongestSearch ? [] : Ledger.Views.Search(text, At, visit.Fingerprints);

    /// <summary>Pairs of documents that are nearly the same, newest first: to a bank those of which it attested one side.</summary>
    public IReadOnlyList<NearMatch> NearMatches() => Sight.Of(Resource.Review) == Extent.Nothing ? [] : [.. Ledger.Views.NearMatches(At, attester: Sight.SeesBy(Resource.Review)).Where(IsSeen).Reverse()];

    public NearMatch? NearMatch(ulong number) => number == 0 || Sight.Of(Resource.Review) == Extent.Nothing
        ? null
        : Ledger.Views.NearMatches(At, number - 1, 1).FirstOrDefault(match => match.Number == number && IsSeen(match));

    /// <summary>A side of a pair, where it is seen; who decides about pairs compares both.</summary>
    public Document? SideOf(NearMatch match, Id<Document> side)
    {
        if (!Sight.MayReview || (side != match.One && side != match.Other)) return Document(side);
        if (State.Document(side) is { } document) Sight.Show(Guards.Document, document);
        return State.Document(side);
    }

    /// <summary>What people of this node decided about a pair, oldest first.</summary>
    public IReadOnlyList<Review> ReviewsOf(NearMatch match) => !Sight.SeesReviews ? [] : Ledger.Views.Reviews.Of(Reviews.SubjectOf(match));

    /// <summary>Keeps a decision about a pair that the visitor sees; false where it could not be kept.</summary>
    public bool TryReview(NearMatch match, string decision, string note) =>
        Sight.MayReview && Ledger.Views.Reviews.TryAdd(new(Reviews.SubjectOf(match), decision, note, Sight.Caller.How == CallerKind.Pass ? $"{Sight.Caller.Key}" : "", Ledger.ClockTime));

    public Block? Block(ulong height) => Sight.Of(Resource.Block) == Extent.Nothing ? null : Ledger.Block(height);

    public Note? Checkpoint(ulong height) => Ledger.Checkpoint(height);

    public Entry? Entry(ulong leaf)
    {
        if (Ledger.HeightOf(leaf) is not { } height || Ledger.Block(height) is not { } block) return null;
        var place = leaf - block.FirstLeaf;
        return place >= 1 && place <= (ulong)block.Entries.Count && Read(block, (int)place - 1) is var entry && IsSeen(entry) ? Shown(entry) : null;
    }

    /// <summary>The entries of a block that are seen.</summary>
    public IEnumerable<Entry> Entries(Block block) => Enumerable.Range(0, block.Entries.Count).Select(place => Read(block, place)).Where(IsSeen).Select(Shown);

    /// <summary>A receipt of an entry under the latest checkpoint.</summary>
    public TlogProof? Receipt(Entry entry) => Ledger.Receipt(entry.Leaf, entry.Block.Leaves[(int)(entry.Leaf - entry.Block.FirstLeaf)]);

    bool IsSeen(NearMatch match) =>
        Sight.Sees(Guards.NearMatch, (match, State.Document(match.One)?.Attester ?? default, State.Document(match.Other)?.Attester ?? default));

    bool IsSeen(HistoryStep step) => Sight.Sees(step) || (step.Deadline is null && Entry(step.Leaf) is not null);

    bool IsSeen(Entry entry) => Sight.Sees(entry.Signed, entry.Answer.Code == 0);

    Entry Shown(Entry entry)
    {
        Sight.Show(entry.Signed);
        return entry;
    }

    HistoryStep Shown(HistoryStep step)
    {
        Sight.Show(step.Party, step.Principal);
        return step;
    }

    LineageLeg Shown(LineageLeg leg)
    {
        Sight.Show(leg.From, leg.To);
        return leg;
    }

    T? Seen<T>(Guard<T> guard, T? thing)
        where T : class
    {
        if (thing is null || !Sight.Sees(guard, thing)) return null;
        Sight.Show(guard, thing);
        return thing;
    }

    T? Find<TNoun, T>(Guard<TNoun, T> guard, Id<TNoun> id)
        where T : class => Seen(guard, guard.Find(StateWith(guard.Thing(id)), id));

    IEnumerable<T> Seen<TNoun, T>(Guard<TNoun, T> guard, Func<Slice, IReadOnlyList<Id<TNoun>>> list)
        where T : class => Rows(guard, list(new(SeenBy: Sight.SeesBy(guard.Resource)))).Select(row => row.Thing).OfType<T>();

    // A registry's gateway is told of all financings, which are under no name of its own.
    List<(string Key, T? Thing)> Latest<TNoun, T>(Guard<TNoun, T> guard, string? after, int limit, PartyId party)
        where T : class
    {
        if (Sight.Of(guard.Resource) == Extent.Nothing) return [];
        var (mine, before) = (Sight.SeesBy(guard.Resource), Read<TNoun>(after));
        if (mine == default && party == default) return [.. Rows(guard, Ledger.Views.Latest(At, before, limit))];
        var piece = Ledger.Views.LatestOf(party == default ? mine : party, At, before, limit, party == default ? default : mine);

        // What was looked at behind the last that was found is passed over: the next piece begins there.
        var rows = Rows(guard, piece).ToList();
        while (rows.Count < limit && piece.Through is { } through)
        {
            piece = Ledger.Views.LatestOf(party == default ? mine : party, At, through, limit - rows.Count, party == default ? default : mine);
            rows.AddRange(Rows(guard, piece));
        }

        return rows;
    }

    IEnumerable<(string Key, T? Thing)> Rows<TNoun, T>(Guard<TNoun, T> guard, IReadOnlyList<Id<TNoun>> ids)
        where T : class
    {
        var state = StateWith(ids.Select(guard.Thing));
        var found = ids.Select(id => guard.Find(state, id)).ToArray();
        Sight.Expect(found.OfType<T>().Select(guard.Guarding));
        return ids.Zip(found, (id, one) => (id.ToString(), one is not null && Sight.Sees(guard, one) ? one : null));
    }

    // What cannot be read is an id that nothing has.
    static Id<T> Read<T>(string? key) => key is null ? default : Id<T>.TryParse(key, out var id) ? id : new(UInt128.MaxValue);

    // It was read before it became an entry; one that cannot be read again is a damaged chain.
    Entry Read(Block block, int place)
    {
        var answer = block.Entries[place];
        var chain = Ledger.Genesis.Chain;
        var signed = TransactionText.Read(answer.Transaction.Memory, chain.Suite, chain.ChainId, out var refused)
            ?? throw new InvalidDataException($"An entry cannot be read: {refused?.Refusal}.");
        return new(block, block.FirstLeaf + 1 + (ulong)place, answer, signed);
    }
}
