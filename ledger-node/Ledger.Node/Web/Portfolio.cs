using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Node.Web;

/// <summary>What one party holds, owes, is asked and may sign with.</summary>
static class Portfolio
{
    public static IEnumerable<Sheet> Of(Visit v, Party party)
    {
        yield return Holdings(v, party.Id);

        var owed = Lists.InstrumentSheet(Words.Payables);
        foreach (var one in v.Library.OwedBy(party.Id).OrderBy(one => one.DueDate)) Lists.Add(v, owed, one);
        yield return owed;

        var offers = Lists.OfferSheet(Words.OpenOffers);
        foreach (var one in v.Library.OpenOffersTo(party.Id).Concat(v.Library.OpenOffersFrom(party.Id)).OrderBy(one => one.Expires)) Lists.Add(v, offers, one);
        yield return offers;

        var financings = Lists.FinancingSheet(Words.Financings);
        foreach (var one in v.Library.FinancingsOf(party.Id).OrderByDescending(one => one.AppliedAt)) Lists.Add(v, financings, one);
        yield return financings;

        yield return Keys(v, party);
    }

    /// <summary>Live units by instrument, with where they stand: the holder's portfolio.</summary>
    public static Sheet Holdings(Visit v, PartyId holder)
    {
        var sheet = new Sheet(Words.Holdings,
        [
            new("instrument", Words.Instrument, ColumnKind.Code), new("obligor", Words.Obligor), new("units", Words.Interval, ColumnKind.Code),
            new("amount", Words.Amount, ColumnKind.Money), new("standing", Words.Status), new("dueDate", Words.DueDate), new("voucher", Words.Voucher),
        ]);
        foreach (var (instrument, token) in v.Library.HeldBy(holder).OrderBy(held => held.Instrument.DueDate).ThenBy(held => held.Instrument.Id).ThenBy(held => held.Token.Units))
        {
            var standing = UnitStandings.Of(v.State, instrument, token);
            sheet.Add(
                new(instrument.Id.ToString(), Links.Of(instrument.Id)), Lists.Party(v, instrument.Obligor), new(token.Units.ToString()),
                Cell.Money(token.Units.Amount, instrument.Currency), new(v[UnitStandings.NameOf(standing)], Tone: Tones.Of(standing)), new(Figures.Date(instrument.DueDate)),
                new(v[Words.Print], Links.Voucher(instrument.Id, token.Units)));
        }

        return sheet;
    }

    static Sheet Keys(Visit v, Party party)
    {
        var sheet = new Sheet(Words.Keys,
        [
            new("key", Words.Key, ColumnKind.Code), new("use", Words.Use), new("role", Words.KeyRole), new("person", Words.Person), new("from", Words.ValidFrom),
            new("until", Words.ValidUntil),
        ]);
        if (v.Sight.SeesInside(party)) v.Sight.Show(party.Id);
        for (var number = 1u; number <= party.LastKey; number++)
        {
            if (v.State.Key(new KeyId(party.Id, number)) is not { } key) continue;
            sheet.Add(
                new(number.ToString(CultureInfo.InvariantCulture)), new(v[Names.Of(key.Use)]), new(v[Names.Of(key.Role)]), new(v.Sight.SeesInside(party) ? key.Person : ""), new(v.Time(key.From)),
                new(key.Until == PartyKey.Forever ? "" : v.Time(key.Until)));
        }

        return sheet;
    }
}
