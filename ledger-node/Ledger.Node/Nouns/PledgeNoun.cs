using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>A pledge of documents, under the id of the offer that it was.</summary>
sealed class PledgeNoun() : Noun<Offer, Pledge>("Pledge", Guards.Pledge, NounLists.Pledges)
{
    protected override IEnumerable<Column<Pledge>> Describe() =>
    [
        Id("id", one => one.Id), Party("pledgor", one => one.Pledgor), Party("pledgee", one => one.Pledgee), Currency(), Amount("amount", one => one.Amount),
        Uses("documents", one => one.Documents), Time("since", one => one.Since), Flag("released", one => one.Released),
    ];

    protected override Currency CurrencyOf(Pledge one, At at) => one.Currency;
}
