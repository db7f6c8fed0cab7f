using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A bank or operator enters that the petition is over (<c>party.solvent</c>): from today what the party owes is due as it was issued, and bears late
/// interest as if there had been none. The entry ends and stays on record.
/// </summary>
public sealed record DeclareSolvent(PartyId Party, Hash256 Order) : Operation
{
    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];
}

public sealed record PartyBecameSolvent(PartyId Party, DateOnly Until, Hash256 Order) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, DeclareSolvent declare)
    {
        if (state.Party(declare.Party) is null) return Verdict.No(Refusal.PartyNotFound, declare.Party.Text);
        if (!IsInsolvent(state, declare.Party)) return Refusal.NotInsolvent;
        if (state.Party(act.Party)?.Has(Roles.Bank | Roles.Operator) != true) return Refusal.RoleMissing;

        return new PartyBecameSolvent(declare.Party, state.Today, declare.Order);
    }

    static LedgerState Enact(LedgerState state, PartyBecameSolvent solvent) =>
        state.ListEntry(ListKind.Insolvent, solvent.Party) is { } entry ? state.With(entry with { Until = solvent.Until }) : state;
}
