using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

/// <summary>The console's lists: which rows under which filter. The tables below are shared by the pages on which a thing's own rows stand.</summary>
static class Lists
{
    public static Listing Instruments(Visit v)
    {
        var (obligor, status, kind, number) = (v.Query("obligor"), v.Query("status"), v.Query("kind"), v.Query("number"));
        var owing = obligor is not null && PartyId.TryParse(obligor, out var party) ? party : default;

        // A number is looked up; whatever else is asked for is a question of going through the list.
        Func<string?, int, IReadOnlyList<(string, Instrument?)>> fetch = number is null
            ? (after, limit) => v.Library.Instruments(after, limit, owing)
            : (_, _) => [.. v.Library.Search(number).Where(hit => hit.Type == "instrument").Select(hit => (hit.Key, v.Library.Instrument(hit.Key)))];
        return Listing.Of(
            v, null,
            [
                Filter.Text("obligor", Words.Obligor), Filter.Of<InstrumentKind>("kind", Words.Kind, Names.Of),
                Filter.Of<InstrumentStatus>("status", Words.Status, Names.Of), Filter.Text("number", Words.Number),
            ],
            NounSheet.Of(v, Words.Instruments, Shown.Instrument), fetch,
            one => (obligor is null || one.Obligor.Text == obligor || v.Name(one.Obligor).Contains(obligor, StringComparison.OrdinalIgnoreCase))
                && (status is null || one.Status.ToString() == status) && (kind is null || one.Kind.ToString() == kind));
    }

    public static Listing Parties(Visit v)
    {
        var (name, role) = (v.Query("name"), v.Query("role"));
        var roles = Enum.GetValues<Roles>().Where(one => one != Roles.None).Select(one => (one.ToString(), Names.Of(one).First())).ToArray();
        return Listing.Of(
            v, null, [Filter.Text("name", Words.NameOrNumber), new("role", Words.Roles, roles)], NounSheet.Of(v, Words.Parties, Shown.Party), v.Library.Parties,
            one => (name is null || one.Id.Text == name || one.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
                && (role is null || (Enum.TryParse<Roles>(role, out var wanted) && one.Has(wanted))));
    }

    public static Listing Offers(Visit v)
    {
        var (status, kind, party) = (v.Query("status"), v.Query("kind"), v.Query("party"));
        return Listing.Of(
            v, Words.OffersIntro,
            [Filter.Of<OfferKind>("kind", Words.Kind, Names.Of), Filter.Of<OfferStatus>("status", Words.Status, Names.Of), Filter.Text("party", Words.PartyNumber)],
            NounSheet.Of(v, Words.Offers, Shown.Offer), (after, limit) => v.Library.Offers(after, limit, PartyOf(party)),
            one => (status is null || one.Status.ToString() == status) && (kind is null || one.Kind.ToString() == kind)
                && (party is null || one.From.Text == party || one.To.Text == party));
    }

    public static Listing Proposals(Visit v)
    {
        var (action, status) = (v.Query("action"), v.Query("status"));
        return Listing.Of(
            v, Words.ProposalsIntro,
            [Filter.Of<ProposalAction>("action", Words.Action, Names.Of), Filter.Of<ProposalStatus>("status", Words.Status, Names.Of)],
            NounSheet.Of(v, Words.Proposals, Shown.Proposal), v.Library.Proposals,
            one => (status is null || one.Status.ToString() == status) && (action is null || one.Action.ToString() == action));
    }

    public static Listing Financings(Visit v)
    {
        var (status, form, party) = (v.Query("status"), v.Query("form"), v.Query("party"));
        return Listing.Of(
            v, null,
            [Filter.Of<FinancingForm>("form", Words.Form, Names.Of), Filter.Of<FinancingStatus>("status", Words.Status, Names.Of), Filter.Text("party", Words.PartyNumber)],
            NounSheet.Of(v, Words.Financings, Shown.Financing), (after, limit) => v.Library.Financings(after, limit, PartyOf(party)),
            one => (status is null || one.Status.ToString() == status) && (form is null || one.Form.ToString() == form)
                && (party is null || one.Applicant.Text == party || one.Financier.Text == party));
    }

    public static Listing Attempts(Visit v)
    {
        var (party, code) = (v.Query("party"), v.Query("code"));
        return Listing.Of(
            v, Words.AttemptsIntro, [Filter.Text("party", Words.PartyNumber), Filter.Text("code", Words.RefusalNumber)],
            NounSheet.Of(v, Words.Attempts, Shown.Attempt), (after, limit) => v.Library.Attempts(after, limit, PartyOf(party)),
            one => (party is null || one.Party.Text == party) && (code is null || ((ushort)one.Code).ToString(CultureInfo.InvariantCulture) == code));
    }

    /// <summary>Documents (贸易背景材料), newest first.</summary>
    public static Listing Documents(Visit v)
    {
        var (kind, party, number) = (v.Query("kind"), v.Query("party"), v.Query("number"));
        Func<string?, int, IReadOnlyList<(string, Document?)>> fetch = number is null
            ? (after, limit) => v.Library.Documents(after, limit, PartyOf(party))
            : (_, _) => [.. v.Library.Search(number).Where(hit => hit.Type == "document").Select(hit => (hit.Key, v.Library.Document(hit.Key)))];
        return Listing.Of(
            v, Words.DocumentsIntro,
            [Filter.Of<DocumentKind>("kind", Words.Kind, Names.Of), Filter.Text("party", Words.PartyNumber), Filter.Text("number", Words.Number)],
            NounSheet.Of(v, Words.Documents, Shown.Document), fetch,
            one => (kind is null || one.Kind.ToString() == kind) && (party is null || one.Seller.Text == party || one.Buyer.Text == party || one.Attester.Text == party));
    }

    public static Listing Blocks(Visit v)
    {
        // By height, newest first; nothing is read but what the page shows.
        var heights = Enumerable.Range(0, (int)Math.Min(v.View.Header.Height + 1, int.MaxValue - 1)).Select(back => v.View.Header.Height - (ulong)back);
        var sheet = new Sheet(Words.Blocks,
        [
            new("height", Words.Height, ColumnKind.Number), new("time", Words.Time), new("entries", Words.Entries, ColumnKind.Number),
            new("skipped", Words.SkippedColumn, ColumnKind.Number), new("bank", Words.SealedBy), new("stateRoot", Words.StateRoot, ColumnKind.Code),
        ]);
        return Listing.Of(v, Words.Blocks, null, [], sheet, new Heights(heights, (int)Math.Min(v.View.Header.Height + 1, int.MaxValue)), (sheet, height) =>
        {
            if (v.Library.Block(height) is { } block) Add(v, sheet, block);
        });
    }

    static void Add(Visit v, Sheet sheet, Block block) => sheet.Add(
        new(Figures.Number(block.Header.Height), Links.OfBlock(block.Header.Height)), new(v.Time(block.Header.Time)), new(Figures.Number((ulong)block.Header.EntryCount)),
        new(Figures.Number((ulong)block.Header.SkippedCount)), block.Envelope is { } envelope ? Party(v, envelope.Envelope.Bank) : Cell.Empty,
        new(block.Header.StateRoot.ToString()[..16] + "…"));

    public static Sheet EntrySheet(Word caption) => new(caption,
    [
        new("leaf", Words.Entry, ColumnKind.Number), new("verbs", Words.Act), new("party", Words.Party), new("answer", Words.Answer), new("sentence", Words.Sentence),
    ]);

    public static void Add(Visit v, Sheet sheet, Entry entry) => sheet.Add(
        new(Figures.Number(entry.Leaf), Links.OfEntry(entry.Leaf)), new(string.Join(v[Words.Comma], entry.Verbs.Distinct().Select(v.Verb)), Links.OfEntry(entry.Leaf)),
        Party(v, entry.Signed.Body.Principal),
        new(entry.Refusal == Refusal.None ? v[Words.Accepted] : ((ushort)entry.Refusal).ToString(CultureInfo.InvariantCulture), Tone: entry.Refusal == Refusal.None ? "good" : "bad"),
        new(entry.Refusal == Refusal.None ? "" : v.Sentence(entry.Refusal)));

    static PartyId PartyOf(string? text) => text is not null && PartyId.TryParse(text, out var party) ? party : default;

    public static Cell Party(Visit v, PartyId party) => party == default ? Cell.Empty : new(v.Name(party), Links.Of(party));

    /// <summary>So many heights without reading any.</summary>
    sealed class Heights(IEnumerable<ulong> heights, int count) : IReadOnlyList<ulong>
    {
        public int Count => count;

        public ulong this[int index] => heights.ElementAt(index);

        public IEnumerator<ulong> GetEnumerator() => heights.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
