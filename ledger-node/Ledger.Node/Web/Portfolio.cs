using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

/// <summary>What one party holds, owes, is asked and may sign with.</summary>
static class Portfolio
{
    public static IEnumerable<Sheet> Of(Visit v, Party party)
    {
        yield return Holdings(v, party.Id);

        yield return NounSheet.Of(v, Words.Payables, Shown.Instrument, "obligor").With(v.Library.OwedBy(party.Id).OrderBy(one => one.DueDate));
        yield return NounSheet.Of(v, Words.OpenOffers, Shown.Offer, "status")
            .With(v.Library.OpenOffersTo(party.Id).Concat(v.Library.OpenOffersFrom(party.Id)).OrderBy(one => one.Expires));
        yield return NounSheet.Of(v, Words.Financings, Shown.Financing).With(v.Library.FinancingsOf(party.Id).OrderByDescending(one => one.AppliedAt));

        if (v.Sight.SeesInside(party)) v.Sight.Show(party.Id);
        yield return NounSheet.Of(v, Words.Keys, Shown.Key).With(PartyNoun.KeysOf(party, new(v.State, v.Sight)));
    }

    /// <summary>Live units by instrument, with where they stand: the holder's portfolio.</summary>
    public static Sheet Holdings(Visit v, PartyId holder) =>
        NounSheet.Of(v, Words.Holdings, Shown.HeldToken, "holder", "encumbrances", "billStatus", "leg.cause", "leg.from", "leg.depth", "leg.at")
            .With(v.Library.HeldBy(holder).OrderBy(held => held.Instrument.DueDate).ThenBy(held => held.Instrument.Id).ThenBy(held => held.Token.Units));
}
