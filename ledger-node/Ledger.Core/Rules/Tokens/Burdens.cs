using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    // Receivables merge where nothing tells neighbours apart; intervals of a bill package are bills of their own and never do.
    static bool Merges(Instrument instrument) => instrument.Kind == InstrumentKind.Receivable;

    internal static LedgerState Burden(LedgerState state, Id<Instrument> id, ValueList<Interval> intervals, Encumbrance burden) =>
        Rewrite(state, id, intervals, token => token with { Encumbrances = token.Encumbrances.Add(burden) });

    internal static LedgerState LiftBurden(LedgerState state, Id<Instrument> id, ValueList<Interval> intervals, EncumbranceKind kind, UInt128 reference) =>
        Rewrite(state, id, intervals, token => token with { Encumbrances = Without(token.Encumbrances, kind, reference) });

    internal static LedgerState Rewrite(LedgerState state, Id<Instrument> id, ValueList<Interval> intervals, Func<Token, Token> change)
    {
        // The deadline of a burden that was over may fire when its instrument has already been cancelled; then there is nothing left to lift.
        var instrument = InstrumentNamed(state, id);
        if (instrument.Status == InstrumentStatus.Cancelled) return state;

        return WriteUnits(state, id, intervals, TokensNamed(state, id).Rewrite(intervals, Merges(instrument), change));
    }

    internal static ValueList<Encumbrance> Without(ValueList<Encumbrance> burdens, EncumbranceKind kind, UInt128 reference) =>
        [.. burdens.Where(burden => !Is(burden, kind, reference))];

    // Clients choose ids, so an offer and a freeze may well have the same one.
    static bool Is(Encumbrance burden, EncumbranceKind kind, UInt128 reference) => burden.Kind == kind && burden.Reference == reference;
}
