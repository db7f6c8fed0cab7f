using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>The executor lifts a freeze (解冻, <c>token.unfreeze</c>); the next in rank takes its place by itself.</summary>
public sealed record UnfreezeUnits(Id<Freeze> Freeze) : Operation
{
    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Freeze(Freeze) is { } freeze && state.Instrument(freeze.Instrument) is { } instrument
        ? [new(act.Party, null, instrument.Currency, freeze.Units.Amount)]
        : [];
}

/// <summary>A freeze is over, by its executor's word or because its term ended.</summary>
public sealed record FreezeLifted(Id<Freeze> Freeze) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, UnfreezeUnits unfreeze)
    {
        if (state.Freeze(unfreeze.Freeze) is not { } freeze) return Refusal.FreezeNotFound;
        if (freeze.Executor != act.Party) return Refusal.NotTheExecutor;

        return new FreezeLifted(freeze.Id);
    }

    static LedgerState Enact(LedgerState state, FreezeLifted lifted)
    {
        var freeze = FreezeNamed(state, lifted.Freeze);
        return LiftBurden(state, freeze.Instrument, [freeze.Units], EncumbranceKind.Freeze, freeze.Id.Value).Without(freeze);
    }
}
