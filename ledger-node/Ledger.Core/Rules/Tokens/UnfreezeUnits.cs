using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>The executor lifts a freeze (解冻, <c>token.unfreeze</c>); the next in rank takes its place by itself.</summary>
public sealed record UnfreezeUnits(Id<Freeze> Freeze) : Operation<UnfreezeUnits>, IVerb
{
    public static Verb Verb { get; } = new("token.unfreeze", "解冻", "lift a freeze");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Freeze(Freeze) is { } freeze && state.Instrument(freeze.Instrument) is { } instrument
        ? [new(act.Party, null, instrument.Currency, Sum(freeze.Units))]
        : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Freeze(Freeze) is not { } freeze || freeze.Until <= state.Now) return Refusal.FreezeNotFound;
        if (freeze.Executor != act.Party) return Refusal.NotTheExecutor;

        return new FreezeLifted(freeze.Id);
    }
}

/// <summary>A freeze is over, by its executor's word or because its term ended.</summary>
public sealed record FreezeLifted(Id<Freeze> Freeze) : LedgerEvent<FreezeLifted>, IEvent
{
    public static (string Chinese, string English) Words => ("冻结已解除", "freeze lifted");

    // A freeze of an emergency is remembered beyond its end, so that lifting and repeating it does not lengthen it.
    public override LedgerState Enact(LedgerState state)
    {
        var freeze = FreezeNamed(state, Freeze);
        return freeze.Second is null && freeze.KeptUntil > state.Now
            ? Reterm(state, freeze with { Until = state.Now })
            : LiftBurden(state, freeze.Instrument, freeze.Units, EncumbranceKind.Freeze, freeze.Id.Value).Without(freeze);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Freeze.Is(Freeze)];
}

public static partial class Rulebook
{
    internal static LedgerState Reterm(LedgerState state, Freeze freeze) => Rewrite(state, freeze.Instrument, freeze.Units, token => token with
    {
        Encumbrances = [.. token.Encumbrances.Select(burden => Is(burden, EncumbranceKind.Freeze, freeze.Id.Value) ? burden with { Until = freeze.Until } : burden)],
    }).With(freeze);
}
