using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The executor lengthens a freeze that stands (续冻, <c>token.extendFreeze</c>) on a further order, keeping its rank; a second institution signs too. So an
/// emergency's freeze becomes an ordinary one.
/// </summary>
public sealed record ExtendFreeze(Id<Freeze> Freeze, DateOnly LastDay, Hash256 Order) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Freeze(Freeze) is { } freeze && state.Instrument(freeze.Instrument) is { } instrument
        ? [new(act.Party, null, instrument.Currency, Rulebook.Sum(freeze.Units))]
        : [];
}

public sealed record FreezeExtended(Id<Freeze> Freeze, PartyId Second, Hash256 Order, Timestamp Until) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, ExtendFreeze extend)
    {
        if (state.Freeze(extend.Freeze) is not { } freeze || freeze.Until <= state.Now) return Refusal.FreezeNotFound;
        if (freeze.Executor != act.Party) return Refusal.NotTheExecutor;
        if (!IsFreezeTerm(state, extend.LastDay) || EndOf(state, extend.LastDay) <= freeze.Until) return Refusal.FreezeTermInvalid;
        if (SecondInstitution(state, act) is not { } second) return Refusal.FreezeNeedsSecond;

        return new FreezeExtended(freeze.Id, second, extend.Order, EndOf(state, extend.LastDay));
    }

    static LedgerState Enact(LedgerState state, FreezeExtended extended) => Reterm(state, FreezeNamed(state, extended.Freeze) with
    {
        Second = extended.Second,
        Order = extended.Order,
        Until = extended.Until,
        KeptUntil = extended.Until,
    });
}
