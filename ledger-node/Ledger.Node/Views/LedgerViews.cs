using System.Collections.Concurrent;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>The views cannot answer now: they are being made from the chain, or did not reach a height in time.</summary>
public sealed class ViewsNotReadyException : Exception;

/// <summary>
/// Finds what the ledger's state has no way to: by party, by history, by text, at any height that the chain had. All of it is in <c>views.db</c>, which
/// follows the final blocks and holds nothing that the chain does not tell: it may be deleted at any time and is made again.
/// <para>Every question takes a height, and answers as of the last block where it is left out. <see cref="ReachAsync"/> waits for what was just
/// written. A question throws <see cref="ViewsNotReadyException"/> while there is no answer.</para>
/// </summary>
public sealed class LedgerViews : IDisposable
{
    /// <summary>So long somebody who asks is made to wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public const int LongestSearch = Views.Search.MostCharacters;

    readonly string path;
    readonly Genesis genesis;
    readonly Follower follower;
    readonly ConcurrentBag<(Sql Sql, int Generation)> idle = [];
    bool isClosed;

    LedgerViews(string path, Genesis genesis, Action<string> say)
    {
        this.path = path;
        this.genesis = genesis;
        follower = new(path, genesis, say);
        Reviews = new(Path.Combine(Path.GetDirectoryName(path) ?? "", FolderLayout.Local));
    }

    /// <summary>Opens the views of a chain in a file, or begins to make them.</summary>
    public static LedgerViews Open(string path, Genesis genesis, Action<string> say) => new(path, genesis, say);

    /// <summary>The height that they are at.</summary>
    public ulong Height => follower.Height;

    /// <summary>What this node's people decided, which is beside the views and not of them.</summary>
    public Reviews Reviews { get; }

    public ViewsStanding Standing => follower.Standing;

    /// <summary>How often a file was opened or made since the start: more than once or twice tells of a disk, or of somebody who takes it away.</summary>
    public int TimesOpened => follower.Generation;

    /// <summary>Takes the next block in. It waits only when many are waiting.</summary>
    public ValueTask TakeAsync(FoldedBlock folded, CancellationToken cancel) => follower.FeedAsync(folded, cancel);

    public void Take(FoldedBlock folded) => TakeAsync(folded, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <summary>From here on they may read the chain, which has blocks up to <paramref name="tip"/>.</summary>
    public void Follow(Func<ulong, Block?> blocks, ulong tip) => follower.Follow(blocks, tip);

    /// <summary>Waits until a height can be answered for; false when that takes too long.</summary>
    public async Task<bool> ReachAsync(ulong height, CancellationToken cancel = default)
    {
        if (isClosed) return false;
        if (follower.Generation > 0 && Height >= height) return true;
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            var advanced = follower.Advanced;
            if (follower.Generation > 0 && Height >= height) return true;
            var left = end - Environment.TickCount64;
            if (left <= 0) return false;
            await Task.WhenAny(advanced, Task.Delay((int)left, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Asks what may be asked again until there is an answer, as of a tip that may move on meanwhile.</summary>
    /// <exception cref="ViewsNotReadyException">There was none for too long.</exception>
    public async Task<T> AskAsync<T>(Func<ulong> tip, Func<T> question, CancellationToken cancel)
    {
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return question();
            }
            catch (ViewsNotReadyException) when (Environment.TickCount64 < end)
            {
                if (!await ReachAsync(tip(), cancel)) throw;
            }
        }
    }

    /// <summary><see cref="ReachAsync"/> for who cannot wait otherwise.</summary>
    public bool Reach(ulong height) => ReachAsync(height).GetAwaiter().GetResult();

    /// <summary>
    /// A state of these things as they were at a height, with what their answers are written from: an instrument with its tokens and maturity, a party
    /// with its keys, a financing with its attestations. What was not asked for is not in it.
    /// </summary>
    public LedgerState StateAt(ulong height, params IEnumerable<ThingRef> things) => Read(height, (sql, at) =>
    {
        var point = new PointInTime(sql, genesis.Chain, at);
        foreach (var thing in things) point.Add(thing.Key);
        point.AddRules();
        return point.State();
    });

    /// <summary>A state that has these things as they are now, or as they were when they left the state.</summary>
    public LedgerState StateNow(params IEnumerable<ThingRef> things) => StateAt(Height, things);

    /// <summary>The header's row of a height.</summary>
    public BlockRow? Block(ulong height) => Read(null, (sql, _) => Lists.Block(sql, height));

    /// <summary>The height of the block that a leaf of the history is in, null for a leaf that is not there yet.</summary>
    public ulong? BlockOf(ulong leaf) => Read(null, (sql, _) => Lists.BlockOf(sql, leaf));

    /// <summary>Blocks from a height down, newest first.</summary>
    public IReadOnlyList<BlockRow> Blocks(ulong from, int limit) => Read(from, (sql, _) => Lists.Blocks(sql, from, limit));

    /// <summary>
    /// The entry that answered a transaction id; where an id was used again after its expiry, the newest. It says what the chain says: the words of a
    /// refusal's facts are not on it.
    /// </summary>
    public EntryLocation? Entry(PartyId party, Id<Transaction> id, ulong? height = null) => Read(height, (sql, at) => Lists.Entry(sql, at, party, id));

    /// <summary>The live units that a party holds, by instrument, in the order in which the instruments came to be.</summary>
    public IReadOnlyList<Holding> Held(PartyId holder, ulong? height = null, Slice slice = default) =>
        Read(height, (sql, at) => Lists.Held(sql, at, holder, slice.OrAll()));

    /// <summary>
    /// The live tokens that a party holds, by instrument and first unit, after such a place, and after what it goes on, null at the end. To
    /// <paramref name="seenBy"/> only on instruments in which it has a part.
    /// </summary>
    public (IReadOnlyList<(Id<Instrument> Instrument, ulong First)> Found, (Id<Instrument> Instrument, ulong First)? Through) TokensOf(
        PartyId holder, ulong? height = null, UInt128 afterInstrument = default, ulong afterUnit = 0, int limit = int.MaxValue, PartyId seenBy = default) =>
        Read(height, (sql, at) => Lists.TokensOf(sql, at, holder, afterInstrument, afterUnit, limit, seenBy));

    /// <summary>What part a party has in each of these things, as of the newest that they have; <paramref name="since"/> is the least that they must have.</summary>
    public IReadOnlyList<Involvement> PartsIn(PartyId party, IReadOnlyCollection<ThingRef> things, ulong since) =>
        Read(since, (sql, _) => Lists.PartsIn(sql, party, things.Select(thing => thing.Key)));

    /// <summary>Everybody who holds live units of an instrument.</summary>
    public IReadOnlyList<PartyId> HoldersOf(Id<Instrument> instrument, ulong? height = null) => Read(height, (sql, at) => Lists.HoldersOf(sql, at, instrument));

    public Piece<Instrument> InstrumentsOwedBy(PartyId obligor, ulong? height = null, Slice slice = default) =>
        Of<Instrument>(ListOf.OwedBy, obligor, height, slice);

    public Piece<Instrument> InstrumentsOwedTo(PartyId creditor, ulong? height = null, Slice slice = default) =>
        Of<Instrument>(ListOf.OwedTo, creditor, height, slice);

    public Piece<Offer> OpenOffersFrom(PartyId party, ulong? height = null, Slice slice = default) => Of<Offer>(ListOf.OpenFrom, party, height, slice);

    public Piece<Offer> OpenOffersTo(PartyId party, ulong? height = null, Slice slice = default) => Of<Offer>(ListOf.OpenTo, party, height, slice);

    /// <summary>Measures that a party made, that are against it or one that it brought in, or by which it gains, while they are not settled.</summary>
    public Piece<Measure> OpenMeasuresOf(PartyId party, ulong? height = null, Slice slice = default) => Of<Measure>(ListOf.OpenMeasures, party, height, slice);

    public Piece<Document> DocumentsSoldBy(PartyId seller, ulong? height = null, Slice slice = default) =>
        Of<Document>(ListOf.SoldBy, seller, height, slice);

    public Piece<Document> DocumentsBoughtBy(PartyId buyer, ulong? height = null, Slice slice = default) =>
        Of<Document>(ListOf.BoughtBy, buyer, height, slice);

    public Piece<Document> DocumentsAttestedBy(PartyId attester, ulong? height = null, Slice slice = default) =>
        Of<Document>(ListOf.AttestedBy, attester, height, slice);

    /// <summary>Pledges of documents that a party gave or took, released ones among them.</summary>
    public Piece<Offer> PledgesOf(PartyId party, ulong? height = null, Slice slice = default) => Of<Offer>(ListOf.Pledges, party, height, slice);

    /// <summary>Financings that a party applied for or was asked for, whatever became of them.</summary>
    public Piece<Financing> FinancingsOf(PartyId party, ulong? height = null, Slice slice = default) =>
        Of<Financing>(ListOf.Financings, party, height, slice);

    /// <summary>Financings on units of an instrument, whatever became of them.</summary>
    public Piece<Financing> FinancingsOn(Id<Instrument> instrument, ulong? height = null, Slice slice = default) =>
        Of<Financing>(ListOf.FinancingsOn, ThingKey.Of(instrument), height, slice);

    /// <summary>Freezes that stand on an instrument.</summary>
    public Piece<Freeze> FreezesOn(Id<Instrument> instrument, ulong? height = null, Slice slice = default) =>
        Of<Freeze>(ListOf.Freezes, ThingKey.Of(instrument), height, slice);

    /// <summary>Credit lines that a bank keeps, or that others keep for a party's debts.</summary>
    public Piece<CreditLine> LinesOf(PartyId party, ulong? height = null, Slice slice = default) => Of<CreditLine>(ListOf.Lines, party, height, slice);

    /// <summary>Every payment that a bank receipted for an instrument, returned and disputed ones among them.</summary>
    public Piece<Payment> PaymentsOn(Id<Instrument> instrument, ulong? height = null, Slice slice = default) =>
        Of<Payment>(ListOf.PaymentsOn, ThingKey.Of(instrument), height, slice);

    /// <summary>The payments in which a party has a share.</summary>
    public Piece<Payment> PaymentsTo(PartyId payee, ulong? height = null, Slice slice = default) => Of<Payment>(ListOf.PaymentsTo, payee, height, slice);

    /// <summary>Every leg that moved any of the units, oldest first: for one unit, its whole way from hand to hand.</summary>
    public IReadOnlyList<LineageLeg> Legs(Id<Instrument> instrument, Interval units, ulong? height = null) =>
        Read(height, (sql, at) => Lineage.Of(sql, Things.Find(sql, ThingKey.Of(instrument)), (long)at, units));

    /// <summary>Where the units of an instrument went, from its issue forward to everybody who has some.</summary>
    public IReadOnlyList<TreeNode> Tree(Id<Instrument> instrument, ulong? height = null) =>
        Read(height, (sql, at) => Lineage.Tree(Lineage.Of(sql, Things.Find(sql, ThingKey.Of(instrument)), (long)at, null)));

    /// <summary>Double-pledge attempts on the chain, oldest first, after a leaf; those of a party where one is named.</summary>
    public IReadOnlyList<Attempt> Attempts(ulong? height = null, PartyId party = default, ulong after = 0, int limit = int.MaxValue) =>
        Read(height, (sql, at) => Lists.Attempts(sql, at, party, after, limit));

    /// <summary>The same, newest first, before a leaf.</summary>
    public IReadOnlyList<Attempt> LatestAttempts(ulong? height = null, PartyId party = default, ulong before = ulong.MaxValue, int limit = int.MaxValue) =>
        Read(height, (sql, at) => Newest.Attempts(sql, at, party, before, limit));

    /// <summary>All instruments, offers, financings or documents, newest first, before one of them.</summary>
    public IReadOnlyList<Id<TNoun>> Latest<TNoun>(ulong? height = null, Id<TNoun> before = default, int limit = int.MaxValue) =>
        Read(height, (sql, at) => Newest.All(sql, at, before, limit));

    /// <summary>
    /// Those of them in which a party has or had a part: a side of it, held or passed on, offered, applied for and asked for, cited; with
    /// <paramref name="seenBy"/> those in which both have one.
    /// </summary>
    public Piece<TNoun> LatestOf<TNoun>(PartyId party, ulong? height = null, Id<TNoun> before = default, int limit = int.MaxValue, PartyId seenBy = default) =>
        Read(height, (sql, at) => Newest.Of(sql, at, party, before, limit, seenBy));

    /// <summary>What touched a thing, oldest first, after a place; each says whether it names or concerns <paramref name="reader"/>.</summary>
    public IReadOnlyList<HistoryStep> History(
        ThingRef thing, ulong? height = null, ulong after = 0, uint afterNumber = 0, int limit = int.MaxValue, PartyId reader = default) =>
        Read(height, (sql, at) => Lists.History(sql, at, thing.Key, after, afterNumber, limit, reader));

    /// <summary>
    /// The entries that a party signed or that concern it, newest first, before a leaf, and before which it goes on, null at the end. To another
    /// <paramref name="reader"/> those that concern both.
    /// </summary>
    public (IReadOnlyList<HistoryStep> Found, ulong? Through) EntriesOf(
        PartyId party, ulong? height = null, ulong before = long.MaxValue, int limit = int.MaxValue, PartyId reader = default) =>
        Read(height, (sql, at) => Lists.EntriesOf(sql, at, party, before, limit, reader));

    /// <summary>All entries, newest first, before a leaf.</summary>
    public IReadOnlyList<HistoryStep> Entries(ulong? height = null, ulong before = long.MaxValue, int limit = int.MaxValue) =>
        Read(height, (sql, at) => Lists.Entries(sql, at, before, limit));

    /// <summary>
    /// What happened after a place in the history, oldest first: entries that a party signed or that concern it and what deadlines did to it, or
    /// everything where no party is named. A leaf's own number is 0; what deadlines did at the opening of its block is counted from 1.
    /// </summary>
    public Happenings HappenedAfter(PartyId? party, ulong leaf, uint number, int limit) =>
        Read(null, (sql, at) => Lists.HappenedAfter(sql, at, party, leaf, number, limit));

    /// <summary>Completes when they have gone on from where they are.</summary>
    public Task Advanced => follower.Advanced;

    /// <summary>All parties, in the order in which they joined; a part of the name or the beginning of a region where one is given.</summary>
    public IReadOnlyList<PartyRow> Parties(ulong? height = null, PartyId after = default, int limit = int.MaxValue) =>
        Read(height, (sql, at) => Lists.Parties(sql, at, after, limit));

    /// <summary>What a party holds, owes and has lent or borrowed, with sums by currency.</summary>
    public Portfolio PortfolioOf(PartyId party, ulong? height = null) => Read(height, (sql, at) => Portfolios.Of(sql, genesis.Chain, at, party));

    /// <summary>What waits for a party to be done, with dates, the soonest first.</summary>
    public IReadOnlyList<ToDo> ToDosOf(PartyId party, ulong? height = null) => Read(height, (sql, at) => ToDos.Of(sql, genesis.Chain, at, party));

    /// <summary>Pairs of documents that are nearly the same, oldest first, after a number; where an attester is named, those with a side of its own.</summary>
    public IReadOnlyList<NearMatch> NearMatches(ulong? height = null, ulong after = 0, int limit = int.MaxValue, PartyId attester = default) =>
        Read(height, (sql, at) => Lists.NearMatches(sql, at, after, limit, attester));

    /// <summary>
    /// Whatever a text can stand for: heights, leaves, hashes, ids of every kind, package and platform numbers, USCC, LEI, keys, bank references, names.
    /// <paramref name="fingerprints"/> makes the keyed fingerprints of a document's number, where this node has the keys.
    /// </summary>
    public IReadOnlyList<Hit> Search(string text, ulong? height = null, Func<string, IEnumerable<Fingerprint>>? fingerprints = null) =>
        Read(height, (sql, at) => new Search(sql, at, fingerprints).Of(text));

    /// <summary>A metric's figures, sorted, whole numbers only: the same question at the same height has the same answer to the byte.</summary>
    public StatisticsTable Statistics(StatisticsQuestion question, ulong? height = null) =>
        Read(height, (sql, at) => new Statistics(sql, genesis.Chain, at).Of(question));

    public void Dispose()
    {
        if (isClosed) return;
        isClosed = true;
        follower.Dispose();
        while (idle.TryTake(out var one)) one.Sql.Dispose();
    }

    Piece<TNoun> Of<TNoun>(ListOf list, PartyId owner, ulong? height, Slice slice) => Of<TNoun>(list, ThingKey.Of(owner), height, slice);

    Piece<TNoun> Of<TNoun>(ListOf list, ThingKey owner, ulong? height, Slice slice) =>
        Read(height, (sql, at) => Lists.Of<TNoun>(sql, at, list, owner, slice.OrAll()));

    // A reader has a connection to itself while it reads. What it finds broken is told, and made again.
    T Read<T>(ulong? height, Func<Sql, ulong, T> read)
    {
        var generation = follower.Generation;
        var at = height ?? Height;
        if (isClosed || generation == 0 || at > Height) throw new ViewsNotReadyException();
        Sql? sql = null;
        try
        {
            sql = Take(generation);
            var answer = read(sql, at);

            // Read partly from a file that was thrown away meanwhile, it would be no answer.
            if (follower.Generation != generation) throw new ViewsNotReadyException();
            sql.Rest();
            idle.Add((sql, generation));
            sql = null;
            return answer;
        }
        catch (Exception fault) when (fault is ViewsFault or StateRecordException)
        {
            follower.Suspect(fault.Message);
            throw new ViewsNotReadyException();
        }
        finally
        {
            sql?.Dispose();
        }
    }

    Sql Take(int generation)
    {
        while (idle.TryTake(out var one))
        {
            if (one.Generation == generation) return one.Sql;
            one.Sql.Dispose();
        }

        return Sql.Open(path, write: false);
    }
}

/// <summary>A thing of the ledger, whatever it is.</summary>
public readonly record struct ThingRef
{
    internal ThingRef(ThingKey key) => Key = key;

    internal ThingKey Key { get; }

    /// <summary>Whether a state has it, whole. Of what no state ever lets go nobody needs to ask.</summary>
    public bool IsIn(LedgerState state) => Key.Section is Section.Parties or Section.Keys or Section.Documents
        || (BlockWriter.IsIn(state, Key) && !(Key.Section == Section.Instruments && state.IsLeaving(new(Key.Id))));

    public static ThingRef To(PartyId party) => new(ThingKey.Of(party));

    public static ThingRef To(KeyId key) => new(ThingKey.Of(key));

    /// <summary>An instrument, offer, document, financing, payment, credit line, freeze, mandate or attestation.</summary>
    public static ThingRef To<TNoun>(Id<TNoun> id) => new(ThingKey.Of(id));

    /// <summary>A pledge of documents, which has its offer's id.</summary>
    public static ThingRef ToPledge(Id<Offer> id) => new(ThingKey.Of(Section.Pledges, id.Value));
}

static class SliceExtensions
{
    /// <summary>A slice that says nothing is the whole list.</summary>
    public static Slice OrAll(this Slice slice) => slice.Limit == 0 ? slice with { Limit = int.MaxValue } : slice;
}
