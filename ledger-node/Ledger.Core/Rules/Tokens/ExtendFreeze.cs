using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The executor lengthens a freeze that stands (续冻, <c>token.extendFreeze</c>) on a further order, keeping its rank; a second institution signs too. So an
/// emergency's freeze becomes an ordinary one.
/// </summary>
public sealed record ExtendFreeze(Id<Freeze> Freeze, DateOnly LastDay, Hash256 Order) : Operation<ExtendFreeze>, IVerb
{
    public static Verb Verb { get; } = new("token.extendFreeze", "续冻", "extend a freeze");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Freeze(Freeze) is { } freeze && state.Instrument(freeze.Instrument) is { } instrument
        ? [new(act.Party, null, instrument.Currency, Sum(freeze.Units))]
        : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Freeze(Freeze) is not { } freeze || freeze.Until <= state.Now) return Refusal.FreezeNotFound;
        if (freeze.Executor != act.Party) return Refusal.NotTheExecutor;
        if (!IsFreezeTerm(state, LastDay) || EndOf(state, LastDay) <= freeze.Until) return Refusal.FreezeTermInvalid;
        if (SecondInstitution(state, act) is not { } second) return Refusal.FreezeNeedsSecond;

        return new FreezeExtended(freeze.Id, second, Order, EndOf(state, LastDay));
    }
}

public sealed record FreezeExtended(Id<Freeze> Freeze, PartyId Second, Hash256 Order, Timestamp Until) : LedgerEvent<FreezeExtended>, IEvent
{
    public static (string Chinese, string English) Words => ("冻结已续期", "freeze extended");

    public override LedgerState Enact(LedgerState state) => Reterm(state, FreezeNamed(state, Freeze) with
    {
        Second = Second,
        Order = Order,
        Until = Until,
        KeptUntil = Until,
    });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Freeze.Is(Freeze), Details.Until.Is(Until), Details.Second.Is(Second)];
}
