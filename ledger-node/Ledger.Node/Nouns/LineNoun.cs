using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>A credit line that a bank keeps, with what is drawn of it.</summary>
sealed class LineNoun() : Noun<CreditLine, CreditLine>("CreditLine", Guards.Line, NounLists.Lines)
{
    protected override IEnumerable<Column<CreditLine>> Describe() =>
    [
        Id("id", one => one.Id), Party("bank", one => one.Bank), Party("debtor", one => one.Debtor), Name("mode", one => one.Mode, Names.Of), Currency(),
        Amount("limit", one => one.Limit), Amount("drawn", one => one.Drawn), Amount("available", one => one.Available), Date("until", one => one.Until),
    ];

    protected override Currency CurrencyOf(CreditLine one, At at) => one.Currency;
}
