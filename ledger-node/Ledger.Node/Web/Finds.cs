using System.Globalization;
using Ledger.Core.Primitives;

namespace Ledger.Node.Web;

/// <summary>What a search finds, whatever was typed: a height, a hash, an id, a number of a bill or platform, a party's number or a part of its name.</summary>
static class Finds
{
    const int Most = 50;

    public static Sheet SheetOf() => new(Words.Found, [new("kind", Words.Kind), new("name", Words.Name), new("more", Words.Details)]);

    public static Sheet Of(Visit v, string asked)
    {
        var sheet = SheetOf();
        if (ulong.TryParse(asked.Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            if (v.Library.Block(number) is { } block) sheet.Add(new(v[Words.Block]), new(Figures.Number(number), Links.OfBlock(number)), new(v.Time(block.Header.Time)));
            if (v.Library.Entry(number) is { } entry) sheet.Add(new(v[Words.Entry]), new(Figures.Number(number), Links.OfEntry(number)), new(string.Join(v[Words.Comma], entry.Verbs.Select(v.Verb))));
        }

        if (v.Library.Offer(asked) is { } offer) sheet.Add(new(v[Words.Offer]), new(asked, Links.Of(offer.Id)), new(v[Names.Of(offer.Status)]));
        if (v.Library.Financing(asked) is { } financing) sheet.Add(new(v[Words.Financing]), new(asked, Links.Of(financing.Id)), new(v[Names.Of(financing.Status)]));
        foreach (var one in v.Library.Instruments().Where(one => one.Id.ToString() == asked || one.Number == asked || one.Bill?.PackageNumber == asked).Take(Most))
            sheet.Add(new(v[Words.Instrument]), new(asked, Links.Of(one.Id)), new($"{v.Name(one.Obligor)} {Figures.Money(one.Face, one.Currency)}"));
        foreach (var party in v.Library.Parties().Where(one => one.Id.Text.Equals(asked, StringComparison.OrdinalIgnoreCase) || one.Name.Contains(asked, StringComparison.OrdinalIgnoreCase)).OrderBy(one => one.Id).Take(Most))
            sheet.Add(new(v[Words.Party]), new(party.Name, Links.Of(party.Id)), new(party.Id.Text));
        if (Hash256.TryParse(asked, out var hash)) AddHash(v, sheet, hash);
        return sheet;
    }

    static void AddHash(Visit v, Sheet sheet, Hash256 hash)
    {
        if (hash == v.Node.Genesis.Chain.ChainId) sheet.Add(new(v[Words.ChainId]), new(v.Node.Genesis.Chain.Name, "/blocks/0"), Cell.Empty);
    }
}
