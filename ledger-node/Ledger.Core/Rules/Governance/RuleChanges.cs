using System.Diagnostics;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>Every header has the hash of all of them.</summary>
    public const int MostRuleSets = 200;

    static RuleSet RulesOf(Proposal proposal) => proposal.Rules ?? throw new UnreachableException();

    // What is done is judged by the rules of its day: none is changed that has begun. When an instrument is overdue was reckoned when it was written.
    static Verdict.Refused? WhyNotRules(LedgerState state, RuleSet rules)
    {
        if (rules.From <= state.Today) return new(Refusal.RulesTooEarly, Facts.None);
        if (state.RuleSets.Any(known => known.From == rules.From)) return new(Refusal.RulesOfThatDay, Facts.None);
        if (state.RuleSets.Count >= MostRuleSets) return Verdict.No(Refusal.TooManyRuleSets, $"{MostRuleSets}");
        return rules[RuleParameter.DueDateRollsOver] == state.RulesAt(rules.From)[RuleParameter.DueDateRollsOver]
            ? null
            : Verdict.No(Refusal.RuleFixesDeadlines, "dueDateRollsOver");
    }
}
