using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary><c>party.policy</c>: a party says up to which amounts one person's signature is enough. No limits: always.</summary>
public sealed record SetPolicy(ValueList<PolicyLimit> Limits) : Operation<SetPolicy>, IVerb
{
    public static Verb Verb { get; } = new("party.policy", "设定签名规则", "set the signing policy");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (NamesACurrencyTwice(Limits)) return Refusal.PolicyInvalid;

        return new PolicySet(act.Party, Limits);
    }
}

public sealed record PolicySet(PartyId Party, ValueList<PolicyLimit> Limits) : LedgerEvent<PolicySet>, IEvent
{
    public static (string Chinese, string English) Words => ("已设定签名规则", "signing policy set");

    public override LedgerState Enact(LedgerState state) => state.With(PartyNamed(state, Party) with { Policy = Limits });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Party.Is(Party)];
}

public static partial class Rulebook
{
    internal static bool NamesACurrencyTwice(ValueList<PolicyLimit> limits) =>
        limits.Select(limit => limit.Currency).Distinct().Count() != limits.Count;
}
