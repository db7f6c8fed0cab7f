using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary><c>mandate.revoke</c>: the principal takes a mandate back, its sponsor does so for it, or the agent lays it down.</summary>
public sealed record RevokeMandate(Id<Mandate> Id) : Operation<RevokeMandate>, IVerb
{
    public static Verb Verb { get; } = new("mandate.revoke", "撤销授权委托", "revoke a mandate");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Mandate(Id) is not { } mandate) return Refusal.MandateNotFound;
        if (act.Party != mandate.Principal
            && act.Party != PartyNamed(state, mandate.Principal).Sponsor
            && act.Party != mandate.Agent) return Refusal.NotOfTheMandate;

        return new MandateRevoked(mandate.Id);
    }
}

public sealed record MandateRevoked(Id<Mandate> Id) : LedgerEvent<MandateRevoked>, IEvent
{
    public static (string Chinese, string English) Words => ("授权已撤销", "mandate revoked");

    public override LedgerState Enact(LedgerState state) => state.Without(MandateNamed(state, Id));

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Mandate.Is(Id)];
}
