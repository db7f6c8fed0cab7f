using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Nouns;

/// <summary>An act that brought units of an instrument from one party to another, with those of its units that are seen; which one it is on the back of a bill (背书).</summary>
sealed class LegNoun() : Noun<(Instrument On, LineageLeg Leg, int No)>("LineageLeg", Guards.Leg, NounLists.Legs)
{
    protected override IEnumerable<Column<(Instrument On, LineageLeg Leg, int No)>> Describe() =>
    [
        Id("act", it => it.Leg.Act), Name("cause", it => it.Leg.Cause, Names.Of), Party("from", it => it.Leg.From), Party("to", it => it.Leg.To),
        Units("units", it => it.Leg.Units), Number("depth", it => it.Leg.Depth), Time("at", it => it.Leg.At), Number("height", it => it.Leg.Height),
        Of("leaf", Kinds.Leaf, it => it.Leg.Leaf),
    ];

    protected override IEnumerable<Column<(Instrument On, LineageLeg Leg, int No)>> OnlyForPeople() =>
    [
        Number("no", it => (ulong)it.No),
        Amount("amount", it => it.Leg.Units.Aggregate(Core.Primitives.Amount.Zero, static (sum, run) => sum + run.Amount)),
    ];

    protected override Currency CurrencyOf((Instrument On, LineageLeg Leg, int No) it, At at) => it.On.Currency;
}
