using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Node.Views;

namespace Ledger.Node.Web;

/// <summary>What stands below an instrument's picture: its tokens, its legs, and what is owed, financed and paid on it.</summary>
static class TokenTables
{
    const int MostSteps = 100;

    public static Listing Of(Visit v, Instrument instrument)
    {
        var sheet = new Sheet(Words.Tokens,
        [
            new("units", Words.Interval, ColumnKind.Code), new("amount", Words.Amount, ColumnKind.Money), new("holder", Words.Holder), new("standing", Words.Status),
            new("burdens", Words.Burdens), new("cause", Words.CameBy), new("depth", Words.Depth, ColumnKind.Number), new("since", Words.Since),
            new("voucher", Words.Voucher),
        ]);
        return Listing.Of(v, Words.Tokens, null, [], sheet, v.Library.Tokens(instrument), (sheet, token) => v.Shown(sheet, (instrument, token)).Add(
            new(token.Units.ToString()), Cell.Money(token.Units.Amount, instrument.Currency), Lists.Party(v, token.Holder),
            new(v[UnitStandings.NameOf(UnitStandings.Of(v.State, instrument, token))], Tone: Tones.Of(UnitStandings.Of(v.State, instrument, token))),
            new(string.Join(v[Words.Semicolon], token.Encumbrances.Where(burden => burden.Until > v.State.Now).Select(burden => Burden(v, burden)))), new(v[Names.Of(token.Leg.Cause)]),
            new(token.Leg.Depth.ToString(CultureInfo.InvariantCulture)), new(v.Time(token.Leg.At)), new(v[Words.Print], Links.Voucher(instrument.Id, token.Units))));
    }

    /// <summary>Every leg that moved any of the units, oldest first, as the back of a bill has them (背书).</summary>
    public static Sheet Legs(Visit v, Instrument instrument, Interval units, Word caption)
    {
        var sheet = new Sheet(caption,
        [
            new("no", Words.Ordinal, ColumnKind.Number), new("at", Words.Time), new("cause", Words.CameBy), new("from", Words.Endorser), new("to", Words.Endorsee),
            new("amount", Words.Amount, ColumnKind.Money), new("units", Words.Interval, ColumnKind.Code), new("leaf", Words.Entry, ColumnKind.Number),
        ]);
        foreach (var (i, leg) in v.Library.Legs(instrument, units).Index())
        {
            sheet.Add(
                new((i + 1).ToString(CultureInfo.InvariantCulture)), new(v.Time(leg.At)), new(v[Names.Of(leg.Cause)]), Lists.Party(v, leg.From), Lists.Party(v, leg.To),
                Cell.Money(LineageTree.Sum(leg.Units), instrument.Currency), new(string.Join(' ', leg.Units)), new(Figures.Number(leg.Leaf), Links.OfEntry(leg.Leaf)));
        }

        return sheet;
    }

    public static IEnumerable<Sheet> About(Visit v, Instrument instrument)
    {
        yield return Instructions(v, instrument);

        var financings = Lists.FinancingSheet(Words.Financings);
        foreach (var one in v.Library.FinancingsOn(instrument).OrderBy(one => one.AppliedAt)) Lists.Add(v, financings, one);
        yield return financings;

        var payments = new Sheet(Words.Payments,
        [
            new("date", Words.ValueDate), new("amount", Words.Amount, ColumnKind.Money), new("bank", Words.ReceiptedBy), new("reference", Words.BankReference, ColumnKind.Code),
            new("status", Words.Status), new("shares", Words.Payees), new("announced", Words.AnnouncedTo),
        ]);
        foreach (var one in v.Library.PaymentsOn(instrument))
        {
            payments.Add(
                new(Figures.Date(one.ValueDate)), Cell.Money(one.Amount, instrument.Currency), Lists.Party(v, one.Bank), new(one.Reference),
                new(v[Names.Of(one.Status)], Tone: one.Status switch { PaymentStatus.Received => "good", PaymentStatus.Announced => "warn", _ => "bad" }),
                new(string.Join(v[Words.Comma], v.Library.Payees(instrument, one).Select(v.Name))),
                new(string.Join(v[Words.Comma], v.Library.Announced(instrument, one).Select(share => $"{v.Name(share.Payee)} {Figures.Money(share.Amount, instrument.Currency)}"))));
        }

        yield return payments;

        var documents = DocumentSheet();
        foreach (var use in instrument.Documents)
        {
            if (v.Library.Document(use.Document) is { } document) Add(v, documents, document);
        }

        yield return documents;

        var history = Lists.StepSheet(Words.History);
        foreach (var step in v.Library.History(ThingRef.To(instrument.Id), MostSteps)) Lists.Add(v, history, step);
        yield return history;
    }

    public static Sheet DocumentSheet() => new(Words.Documents,
    [
        new("kind", Words.Kind), new("seller", Words.Seller), new("buyer", Words.Buyer), new("total", Words.Total, ColumnKind.Money),
        new("used", Words.Used, ColumnKind.Money), new("date", Words.Date), new("attester", Words.AttestedBy), new("id", Words.Number, ColumnKind.Code),
    ]);

    public static void Add(Visit v, Sheet sheet, Document document) => sheet.Add(
        new(v[Names.Of(document.Kind)]), Lists.Party(v, document.Seller), Lists.Party(v, document.Buyer), Cell.Money(document.NetTotal, document.Currency),
        Cell.Money(document.Taken, document.Currency), new(Figures.Date(document.Date)), Lists.Party(v, document.Attester), new(document.Id.ToString(), Links.Of(document.Id)));

    static Sheet Instructions(Visit v, Instrument instrument)
    {
        var sheet = new Sheet(Words.Instructions,
        [
            new("units", Words.Interval, ColumnKind.Code), new("payee", Words.Payee), new("principal", Words.Principal, ColumnKind.Money),
            new("interest", Words.LateInterest, ColumnKind.Money), new("costs", Words.Costs, ColumnKind.Money), new("total", Words.Total, ColumnKind.Money), new("announced", Words.Announced, ColumnKind.Money),
        ]);
        foreach (var one in v.Library.Instructions(instrument))
        {
            sheet.Add(
                new(one.Units.ToString()), Lists.Party(v, one.Payee), Cell.Money(one.Principal, instrument.Currency), Cell.Money(one.Interest, instrument.Currency),
                Cell.Money(one.Costs, instrument.Currency), Cell.Money(one.Total, instrument.Currency),
                one.Announced.IsZero ? Cell.Empty : Cell.Money(one.Announced, instrument.Currency));
        }

        return sheet;
    }

    static string Burden(Visit v, Encumbrance burden)
    {
        var (kind, who) = (v[Names.Of(burden.Kind)], v.Name(burden.Beneficiary));
        return burden.Until == PartyKey.Forever ? v[Words.BurdenFor, kind, who] : v[Words.BurdenUntil, kind, who, v.Time(burden.Until)];
    }
}
