using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>What one party offered another, open or answered.</summary>
sealed class OfferNoun() : Noun<Offer, Offer>("Offer", Guards.Offer, NounLists.Offers)
{
    protected override IEnumerable<Column<Offer>> Describe() =>
    [
        Id("id", one => one.Id), Name("kind", one => one.Kind, Names.Of), Name("status", one => one.Status, Names.Of, Tones.Of), Party("from", one => one.From),
        Party("to", one => one.To), Party("hand", one => one.Hand), Id("instrument", one => one.Instrument).Optional, Units("units", one => one.Units),
        Name("cause", one => one.Cause, Names.Of), Flag("recourse", one => one.Recourse), Currency(), Amount("amount", one => one.Amount),
        Uses("documents", one => one.Documents), Terms(one => one.Terms), Time("madeAt", one => one.MadeAt), Time("expires", one => one.Expires),
    ];

    protected override Currency CurrencyOf(Offer one, At at) => one.Currency;
}
