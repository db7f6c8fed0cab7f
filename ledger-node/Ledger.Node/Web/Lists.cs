using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Views;

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
            v, Words.Instruments, null,
            [
                Filter.Text("obligor", Words.Obligor), Filter.Of<InstrumentKind>("kind", Words.Kind, Names.Of),
                Filter.Of<InstrumentStatus>("status", Words.Status, Names.Of), Filter.Text("number", Words.Number),
            ],
            InstrumentSheet(Words.Instruments), fetch,
            one => (obligor is null || one.Obligor.Text == obligor || v.Name(one.Obligor).Contains(obligor, StringComparison.OrdinalIgnoreCase))
                && (status is null || one.Status.ToString() == status) && (kind is null || one.Kind.ToString() == kind),
            (sheet, one) => Add(v, sheet, one));
    }

    public static Sheet InstrumentSheet(Word caption) => new(caption,
    [
        new("id", Words.Instrument, ColumnKind.Code), new("kind", Words.Kind), new("status", Words.Status), new("obligor", Words.Obligor),
        new("creditor", Words.Creditor), new("face", Words.Face, ColumnKind.Money), new("outstanding", Words.Outstanding, ColumnKind.Money),
        new("issueDate", Words.IssueDate), new("dueDate", Words.DueDate),
    ]);

    public static void Add(Visit v, Sheet sheet, Instrument one) => v.Shown(sheet, one).Add(
        new(one.Id.ToString(), Links.Of(one.Id)), new(v[Names.Of(one.Kind)]), new(v[Names.Of(one.Status)], Tone: Tones.Of(one.Status)),
        Party(v, one.Obligor), Party(v, one.Creditor), Cell.Money(one.Face, one.Currency),
        v.Library.Held(one.Id) is not null ? Cell.Money(Live(v.Library.Tokens(one)), one.Currency) : Cell.Empty, new(Shown(one.IssueDate)), new(Shown(one.DueDate)));

    public static Listing Parties(Visit v)
    {
        var (name, role) = (v.Query("name"), v.Query("role"));
        var sheet = new Sheet(Words.Parties,
        [
            new("id", Words.PartyNumber, ColumnKind.Code), new("name", Words.Name), new("roles", Words.Roles), new("size", Words.Size), new("region", Words.Region),
            new("sponsor", Words.Sponsor), new("standing", Words.Standing),
        ]);
        var roles = Enum.GetValues<Roles>().Where(one => one != Roles.None).Select(one => (one.ToString(), Names.Of(one).First())).ToArray();
        return Listing.Of(
            v, Words.Parties, null, [Filter.Text("name", Words.NameOrNumber), new("role", Words.Roles, roles)], sheet, v.Library.Parties,
            one => (name is null || one.Id.Text == name || one.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
                && (role is null || (Enum.TryParse<Roles>(role, out var wanted) && one.Has(wanted))),
            (sheet, one) => sheet.Add(
                new(one.Id.Text, Links.Of(one.Id)), new(one.Name, Links.Of(one.Id)), new(string.Join(v[Words.Comma], Names.Of(one.Roles).Select(role => v[role]))),
                new(v[Names.Of(one.Size)]), new(one.Region), Party(v, one.Sponsor), new(v[Names.Of(one.Standing)], Tone: one.Standing == Standing.Active ? "good" : "bad")));
    }

    public static Listing Offers(Visit v)
    {
        var (status, kind, party) = (v.Query("status"), v.Query("kind"), v.Query("party"));
        return Listing.Of(
            v, Words.Offers, Words.OffersIntro,
            [Filter.Of<OfferKind>("kind", Words.Kind, Names.Of), Filter.Of<OfferStatus>("status", Words.Status, Names.Of), Filter.Text("party", Words.PartyNumber)],
            OfferSheet(Words.Offers), (after, limit) => v.Library.Offers(after, limit, PartyOf(party)),
            one => (status is null || one.Status.ToString() == status) && (kind is null || one.Kind.ToString() == kind)
                && (party is null || one.From.Text == party || one.To.Text == party),
            (sheet, one) => Add(v, sheet, one));
    }

    public static Sheet OfferSheet(Word caption) => new(caption,
    [
        new("id", Words.Offer, ColumnKind.Code), new("kind", Words.Kind), new("status", Words.Status), new("from", Words.From), new("to", Words.To),
        new("amount", Words.Amount, ColumnKind.Money), new("instrument", Words.Instrument, ColumnKind.Code), new("madeAt", Words.MadeAt), new("expires", Words.Expires),
    ]);

    public static void Add(Visit v, Sheet sheet, Offer one) => v.Shown(sheet, one).Add(
        new(one.Id.ToString(), Links.Of(one.Id)), new(v[Names.Of(one.Kind)]), new(v[Names.Of(one.Status)], Tone: Tones.Of(one.Status)), Party(v, one.From), Party(v, one.To),
        Cell.Money(one.Amount, one.Currency), one.Instrument == default ? Cell.Empty : new(one.Instrument.ToString(), Links.Of(one.Instrument)),
        new(v.Time(one.MadeAt)), new(v.Time(one.Expires)));

    public static Listing Financings(Visit v)
    {
        var (status, form, party) = (v.Query("status"), v.Query("form"), v.Query("party"));
        return Listing.Of(
            v, Words.Financings, null,
            [Filter.Of<FinancingForm>("form", Words.Form, Names.Of), Filter.Of<FinancingStatus>("status", Words.Status, Names.Of), Filter.Text("party", Words.PartyNumber)],
            FinancingSheet(Words.Financings), (after, limit) => v.Library.Financings(after, limit, PartyOf(party)),
            one => (status is null || one.Status.ToString() == status) && (form is null || one.Form.ToString() == form)
                && (party is null || one.Applicant.Text == party || one.Financier.Text == party),
            (sheet, one) => Add(v, sheet, one));
    }

    public static Sheet FinancingSheet(Word caption) => new(caption,
    [
        new("id", Words.Financing, ColumnKind.Code), new("form", Words.Form), new("status", Words.Status), new("applicant", Words.Applicant),
        new("financier", Words.Financier), new("principal", Words.Principal, ColumnKind.Money), new("start", Words.PaidOutOn), new("end", Words.EndsOn),
        new("instrument", Words.Instrument, ColumnKind.Code),
    ]);

    public static void Add(Visit v, Sheet sheet, Financing one) => v.Shown(sheet, one).Add(
        new(one.Id.ToString(), Links.Of(one.Id)), new(v[Names.Of(one.Form)]), new(v[Names.Of(one.Status)], Tone: Tones.Of(one.Status)), Party(v, one.Applicant),
        Party(v, one.Financier), Cell.Money(one.Principal, one.Currency), new(Shown(one.Start)), new(Shown(one.End)), new(one.Instrument.ToString(), Links.Of(one.Instrument)));

    public static Listing Attempts(Visit v)
    {
        var (party, code) = (v.Query("party"), v.Query("code"));
        return Listing.Of(
            v, Words.Attempts, Words.AttemptsIntro, [Filter.Text("party", Words.PartyNumber), Filter.Text("code", Words.RefusalNumber)],
            AttemptSheet(), (after, limit) => v.Library.Attempts(after, limit, PartyOf(party)),
            one => (party is null || one.Party.Text == party) && (code is null || ((ushort)one.Code).ToString(CultureInfo.InvariantCulture) == code), (sheet, one) => sheet.Add(
                new(v.Time(one.At)), Party(v, one.Party), new(((ushort)one.Code).ToString(CultureInfo.InvariantCulture), Tone: "bad"), new(v.Sentence(one.Code)),
                new(Figures.Number(one.Leaf), Links.OfEntry(one.Leaf))));
    }

    /// <summary>Documents (贸易背景材料), newest first.</summary>
    public static Listing Documents(Visit v)
    {
        var (kind, party, number) = (v.Query("kind"), v.Query("party"), v.Query("number"));
        Func<string?, int, IReadOnlyList<(string, Document?)>> fetch = number is null
            ? (after, limit) => v.Library.Documents(after, limit, PartyOf(party))
            : (_, _) => [.. v.Library.Search(number).Where(hit => hit.Type == "document").Select(hit => (hit.Key, v.Library.Document(hit.Key)))];
        return Listing.Of(
            v, Words.Documents, Words.DocumentsIntro,
            [Filter.Of<DocumentKind>("kind", Words.Kind, Names.Of), Filter.Text("party", Words.PartyNumber), Filter.Text("number", Words.Number)],
            TokenTables.DocumentSheet(), fetch,
            one => (kind is null || one.Kind.ToString() == kind) && (party is null || one.Seller.Text == party || one.Buyer.Text == party || one.Attester.Text == party),
            (sheet, one) => TokenTables.Add(v, v.Shown(sheet, one), one));
    }

    static Sheet AttemptSheet() => new(Words.Attempts,
    [
        new("at", Words.Time), new("party", Words.Party), new("code", Words.RefusalNumber), new("reason", Words.Reason), new("leaf", Words.Entry, ColumnKind.Number),
    ]);

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

    public static Sheet StepSheet(Word caption) => new(caption,
    [
        new("leaf", Words.Entry, ColumnKind.Number), new("at", Words.Time), new("act", Words.Act), new("party", Words.Party), new("answer", Words.Answer),
    ]);

    public static void Add(Visit v, Sheet sheet, HistoryStep step)
    {
        if (step.Deadline is { } deadline)
        {
            sheet.Add(new(Figures.Number(step.Height), Links.OfBlock(step.Height)), new(v.Time(step.At)), new(v[Words.ByTime, deadline]), Cell.Empty, Cell.Empty);
            return;
        }

        sheet.Add(
            new(Figures.Number(step.Leaf), Links.OfEntry(step.Leaf)), new(v.Time(step.At)), new(string.Join(v[Words.Comma], step.Verbs.Split(',').Distinct().Select(v.Verb)), Links.OfEntry(step.Leaf)),
            Party(v, step.Party),
            new(step.Code == Refusal.None ? v[Words.Accepted] : v[Words.RefusedWith, (ushort)step.Code], Tone: step.Code == Refusal.None ? "good" : "bad"));
    }

    static PartyId PartyOf(string? text) => text is not null && PartyId.TryParse(text, out var party) ? party : default;

    public static Cell Party(Visit v, PartyId party) => party == default ? Cell.Empty : new(v.Name(party), Links.Of(party));

    public static string Shown(DateOnly date) => date == DateOnly.MinValue ? "" : Figures.Date(date);

    public static Amount Live(IEnumerable<Token> tokens)
    {
        var sum = Amount.Zero;
        foreach (var token in tokens)
        {
            if (token.State == UnitState.Live) sum += token.Units.Amount;
        }

        return sum;
    }

    /// <summary>So many heights without reading any.</summary>
    sealed class Heights(IEnumerable<ulong> heights, int count) : IReadOnlyList<ulong>
    {
        public int Count => count;

        public ulong this[int index] => heights.ElementAt(index);

        public IEnumerator<ulong> GetEnumerator() => heights.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
