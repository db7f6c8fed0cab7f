using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary><c>mandate.revoke</c>: the principal takes a mandate back, its sponsor does so for it, or the agent lays it down.</summary>
public sealed record RevokeMandate(Id<Mandate> Id) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];
}

public sealed record MandateRevoked(Id<Mandate> Id) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, RevokeMandate revoke)
    {
        if (state.Mandate(revoke.Id) is not { } mandate) return Refusal.MandateNotFound;
        if (act.Party != mandate.Principal
            && act.Party != PartyNamed(state, mandate.Principal).Sponsor
            && act.Party != mandate.Agent) return Refusal.NotOfTheMandate;

        return new MandateRevoked(mandate.Id);
    }

    static LedgerState Enact(LedgerState state, MandateRevoked revoked) => state.Without(MandateNamed(state, revoked.Id));
}
