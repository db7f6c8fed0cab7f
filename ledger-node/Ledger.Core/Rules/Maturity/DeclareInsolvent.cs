using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A bank or operator enters that a court accepted a petition against a party (破产申请受理, <c>party.insolvent</c>). What the party owes is due from
/// that day and bears no interest after it (企业破产法 46); it confirms and issues nothing more, and its paper is no longer traded.
/// </summary>
public sealed record DeclareInsolvent(PartyId Party, DateOnly Date, string Court, Hash256 Order) : Operation
{
    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];
}

public sealed record PartyBecameInsolvent(ListEntry Entry) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, DeclareInsolvent declare)
    {
        if (state.Party(declare.Party) is null) return Verdict.No(Refusal.PartyNotFound, declare.Party.Text);
        if (IsInsolvent(state, declare.Party)) return Refusal.AlreadyInsolvent;
        if (state.Party(act.Party)?.Has(Roles.Bank | Roles.Operator) != true) return Refusal.RoleMissing;
        if (declare.Court.Length is 0 or > 100) return new Verdict.Refused(Refusal.TextInvalid, new(Reason: nameof(declare.Court)));
        if (declare.Date > state.Today) return Refusal.InsolvencyFromTheFuture;

        return new PartyBecameInsolvent(new(ListKind.Insolvent, declare.Party, act.Party, default, declare.Date, DateOnly.MaxValue, declare.Order));
    }

    static LedgerState Enact(LedgerState state, PartyBecameInsolvent insolvent) => state.With(insolvent.Entry);
}
