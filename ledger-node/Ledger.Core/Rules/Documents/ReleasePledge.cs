using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The pledgee lets go (<c>document.release</c>). The documents' use ends with the pledge, unless the debt behind them was paid: payment frees nothing.
/// </summary>
public sealed record ReleasePledge(Id<Offer> Pledge, bool DebtWasPaid) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Pledge(Pledge) is { } pledge ? [new(act.Party, pledge.Pledgor, pledge.Currency, pledge.Amount)] : [];
}

public sealed record PledgeReleased(Id<Offer> Pledge, bool DebtWasPaid) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, ReleasePledge release)
    {
        if (state.Pledge(release.Pledge) is not { } pledge) return Refusal.PledgeNotFound;
        if (pledge.Released) return Refusal.PledgeReleased;
        if (pledge.Pledgee != act.Party) return Refusal.NotThePledgee;

        return new PledgeReleased(release.Pledge, release.DebtWasPaid);
    }

    static LedgerState Enact(LedgerState state, PledgeReleased released)
    {
        var pledge = PledgeNamed(state, released.Pledge);
        if (!released.DebtWasPaid) state = ReleaseUsed(state, pledge.Documents);
        return state.With(pledge with { Released = true });
    }
}
