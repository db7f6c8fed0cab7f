using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary><c>mandate.grant</c>: a principal lets an agent sign for it, within these limits (授权委托). An agent cannot pass its mandate on.</summary>
public sealed record GrantMandate(
    Id<Mandate> Id,
    PartyId Agent,
    ValueList<string> Verbs,
    Currency Currency,
    Amount Cap,
    ValueList<PartyId> Counterparties,
    Timestamp Expires) : Operation<GrantMandate>, IVerb
{
    public static Verb Verb { get; } = new("mandate.grant", "授权委托", "grant a mandate");

    public override ValueList<UInt128> Makes(LedgerState state) => [Id.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        var mandate = new Mandate(
            Id, act.Party, Agent, Verbs, Currency, Cap, Counterparties, Expires, Paper: default);
        if (act.Agent != act.Party) return Verdict.No(Refusal.VerbNotForAgents, "mandate.grant");
        if (WhyNotMandate(state, mandate) is { } no) return no;

        return new MandateGranted(mandate);
    }
}

public sealed record MandateGranted(Mandate Mandate) : LedgerEvent<MandateGranted>, IEvent
{
    public static (string Chinese, string English) Words => ("已授权", "mandate granted");

    public override LedgerState Enact(LedgerState state) => state.With(Mandate);

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Mandate.Is(Mandate.Id), Details.Agent.Is(Mandate.Agent), Details.Expires.Is(Mandate.Expires),
    ];
}

public static partial class Rulebook
{
    // Every act of an agent looks through what it was given.
    const int MostMandates = 100;

    /// <summary>Why a mandate with these terms cannot be, or null.</summary>
    internal static Verdict? WhyNotMandate(LedgerState state, Mandate mandate)
    {
        if (state.Mandate(mandate.Id) is not null) return Refusal.MandateIdInUse;
        if (mandate.Agent == mandate.Principal) return Refusal.AgentIsPrincipal;
        if (state.Mandates(mandate.Principal, mandate.Agent).Count() >= MostMandates) return Refusal.TooManyMandates;
        if (state.Party(mandate.Agent) is null) return Verdict.No(Refusal.PartyNotFound, mandate.Agent.Text);
        if (mandate.Verbs.Count == 0 || mandate.Verbs.Distinct().Count() != mandate.Verbs.Count) return Refusal.VerbsNotNamed;
        foreach (var verb in mandate.Verbs)
        {
            if (!Verbs.TryGetValue(verb, out var known)) return Verdict.No(Refusal.VerbUnknown, verb);
            if (!known.IsForAgents) return Verdict.No(Refusal.VerbNotForAgents, verb);
        }

        var longest = state.Rules[RuleParameter.MandateMaximumDays] * Timestamp.Day;
        var isGoodTerm = mandate.Expires.IsWholeMinute && mandate.Expires > state.Now && mandate.Expires <= state.Now.Add(longest);
        return isGoodTerm ? null : Refusal.TermInvalid;
    }
}
