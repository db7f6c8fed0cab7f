using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>What an obligor is to pay to one payee on a day, for one run of units.</summary>
sealed class InstructionNoun() : Noun<(Instrument On, PaymentInstruction One)>("Instruction", Guards.Instruction, NounLists.Instructions)
{
    protected override IEnumerable<Column<(Instrument On, PaymentInstruction One)>> Describe() =>
    [
        Of("units", Kinds.Interval, it => it.One.Units), Party("payee", it => it.One.Payee), Hash("account", it => it.One.Account).Optional,
        Amount("costs", it => it.One.Costs), Amount("interest", it => it.One.Interest), Amount("principal", it => it.One.Principal), Amount("total", it => it.One.Total),
        Amount("announced", it => it.One.Announced),
    ];

    protected override Currency CurrencyOf((Instrument On, PaymentInstruction One) it, At at) => it.On.Currency;
}
