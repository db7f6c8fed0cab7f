using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary><c>mandate.grant</c>: a principal lets an agent sign for it, within these limits (授权委托). An agent cannot pass its mandate on.</summary>
public sealed record GrantMandate(
    Id<Mandate> Id,
    PartyId Agent,
    ValueList<string> Verbs,
    Currency Currency,
    Amount Cap,
    ValueList<PartyId> Counterparties,
    Timestamp Expires) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [Id.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];
}

public sealed record MandateGranted(Mandate Mandate) : LedgerEvent;

public static partial class Rulebook
{
    // Every act of an agent looks through what it was given.
    const int MostMandates = 100;

    static Verdict Judge(LedgerState state, Act act, GrantMandate grant)
    {
        var mandate = new Mandate(
            grant.Id, act.Party, grant.Agent, grant.Verbs, grant.Currency, grant.Cap, grant.Counterparties, grant.Expires, Paper: default);
        if (act.Agent != act.Party) return Verdict.No(Refusal.VerbNotForAgents, "mandate.grant");
        if (WhyNotMandate(state, mandate) is { } no) return no;

        return new MandateGranted(mandate);
    }

    static LedgerState Enact(LedgerState state, MandateGranted granted) => state.With(granted.Mandate);

    /// <summary>Why a mandate with these terms cannot be, or null.</summary>
    static Verdict? WhyNotMandate(LedgerState state, Mandate mandate)
    {
        if (state.Mandate(mandate.Id) is not null) return Refusal.MandateIdInUse;
        if (mandate.Agent == mandate.Principal) return Refusal.AgentIsPrincipal;
        if (state.Mandates(mandate.Principal, mandate.Agent).Count() >= MostMandates) return Refusal.TooManyMandates;
        if (state.Party(mandate.Agent) is null) return Verdict.No(Refusal.PartyNotFound, mandate.Agent.Text);
        if (mandate.Verbs.Count == 0 || mandate.Verbs.Distinct().Count() != mandate.Verbs.Count) return Refusal.VerbsNotNamed;
        foreach (var verb in mandate.Verbs)
        {
            if (!IsVerb(verb)) return Verdict.No(Refusal.VerbUnknown, verb);
            if (!MandateVerbs.Contains(verb)) return Verdict.No(Refusal.VerbNotForAgents, verb);
        }

        var longest = state.Rules[RuleParameter.MandateMaximumDays] * Timestamp.Day;
        var isGoodTerm = mandate.Expires.IsWholeMinute && mandate.Expires > state.Now && mandate.Expires <= state.Now.Add(longest);
        return isGoodTerm ? null : Refusal.TermInvalid;
    }
}
