using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary><c>party.policy</c>: a party says up to which amounts one person's signature is enough. No limits: always.</summary>
public sealed record SetPolicy(ValueList<PolicyLimit> Limits) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];
}

public sealed record PolicySet(PartyId Party, ValueList<PolicyLimit> Limits) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, SetPolicy policy)
    {
        if (NamesACurrencyTwice(policy.Limits)) return Refusal.PolicyInvalid;

        return new PolicySet(act.Party, policy.Limits);
    }

    static LedgerState Enact(LedgerState state, PolicySet set) => state.With(PartyNamed(state, set.Party) with { Policy = set.Limits });

    static bool NamesACurrencyTwice(ValueList<PolicyLimit> limits) =>
        limits.Select(limit => limit.Currency).Distinct().Count() != limits.Count;
}
