using Ledger.Client.Text;
using Ledger.Node.Nouns;
using Ledger.Node.Views;

namespace Ledger.Node.Web;

/// <summary>What a search finds, whatever was typed: a height, a hash, an id, a number of a bill, invoice or platform, a party's number or a part of its name.</summary>
static class Finds
{
    public static Sheet SheetOf() => new(Words.Found, [new("kind", Words.Kind), new("name", Words.Name), new("more", Words.Details)]);

    public static Sheet Of(Visit v, string asked)
    {
        var sheet = SheetOf();
        foreach (var hit in v.Library.Search(asked)) Add(v, sheet, hit);
        return sheet;
    }

    static void Add(Visit v, Sheet sheet, Hit hit)
    {
        switch (hit.Type)
        {
            case "block" when ulong.TryParse(hit.Key, out var height) && v.Library.Block(height) is not null:
                sheet.Add(new(v[Words.Block]), new(Figures.Number(height), Links.OfBlock(height)), new(hit.Text));
                break;
            case "entry" when ulong.TryParse(hit.Key, out var leaf) && v.Library.Entry(leaf) is { } entry:
                sheet.Add(new(v[Words.Entry]), new(Figures.Number(leaf), Links.OfEntry(leaf)), new(string.Join(v[Words.Comma], entry.Verbs.Select(v.Verb))));
                break;
            case "party" when v.Library.Party(hit.Key) is { } party:
                sheet.Add(new(v[Words.Party]), new(party.Name, Links.Of(party.Id)), new(party.Id.Text));
                break;
            case "instrument" when v.Library.Instrument(hit.Key) is { } one:
                sheet.Add(new(v[Words.Instrument]), new(hit.Key, Links.Of(one.Id)), new($"{v.Name(one.Obligor)} {Figures.Money(one.Face, one.Currency)}"));
                break;
            case "offer" when v.Library.Offer(hit.Key) is { } offer:
                sheet.Add(new(v[Words.Offer]), new(hit.Key, Links.Of(offer.Id)), new($"{v[Names.Of(offer.Kind)]} {v[Names.Of(offer.Status)]}"));
                break;
            case "measure" when v.Library.Measure(hit.Key) is { } measure:
                sheet.Add(new(v[Words.Measure]), new(hit.Key, Links.Of(measure.Id)), new($"{v[Names.Of(measure.Kind)]} {v[Names.Of(measure.Status)]}"));
                break;
            case "financing" when v.Library.Financing(hit.Key) is { } financing:
                sheet.Add(new(v[Words.Financing]), new(hit.Key, Links.Of(financing.Id)), new(v[Names.Of(financing.Status)]));
                break;
            case "document" when v.Library.Document(hit.Key) is { } document:
                sheet.Add(new(v[Names.Of(document.Kind)]), new(hit.Key, Links.Of(document.Id)), new($"{v.Name(document.Seller)} → {v.Name(document.Buyer)} {Figures.Money(document.NetTotal, document.Currency)}"));
                break;
            default:
                // It is not the visitor's to see, or has no page of its own and is found over the API.
                break;
        }
    }
}
