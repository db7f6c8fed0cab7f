using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>Each is looked up at its chain's acts, and no vote takes one away.</summary>
    public const int MostProgrammes = 1_000;

    /// <summary>So far ahead settings may be adopted, which bounds how many there are of a chain.</summary>
    public const int MostDaysAhead = 366;

    static NextProgramme ProgrammeOf(Proposal proposal) => proposal.Programme ?? throw new UnreachableException();

    // What is done is judged by the settings of its day: none is changed that has begun.
    static Verdict.Refused? WhyNotProgramme(LedgerState state, NextProgramme next)
    {
        if (InvalidSetting(next) is { } setting) return Verdict.No(Refusal.ProgrammeInvalid, setting);
        if (next.Settings.From.DayNumber - state.Today.DayNumber is < 1 or > MostDaysAhead) return Verdict.No(Refusal.ProgrammeDateInvalid, $"{MostDaysAhead}");
        if (state.Programme(next.IndustryChain) is not { } known)
            return state.ProgrammeCount >= MostProgrammes ? Verdict.No(Refusal.TooManyProgrammes, $"{MostProgrammes}") : null;
        return known.Settings.Any(settings => settings.From == next.Settings.From) ? new(Refusal.ProgrammeOfThatDay, Facts.None) : null;
    }

    // A programme has no effect beyond what the rules could have.
    static string? InvalidSetting(NextProgramme next)
    {
        var settings = next.Settings;
        if (next.IndustryChain.Length == 0 || !Primitives.ShownText.IsNoLonger(next.IndustryChain, LongestIndustryChain)) return "industryChain";
        if (settings.TenorMonths == 0 || settings.TenorMonths > RuleSet.Greatest(RuleParameter.ReceivableTenorMaximumMonths)) return "tenorMonths";
        if (settings.FinancingTenorMonths == 0 || settings.FinancingTenorMonths > RuleSet.Greatest(RuleParameter.FinancingTenorMonths)) return "financingTenorMonths";
        if (settings.FinancingShareBasisPoints == 0 || settings.FinancingShareBasisPoints > RuleSet.Greatest(RuleParameter.FinancingShareBasisPoints)) return "financingShareBasisPoints";
        return settings.MaximumDepth > RuleSet.Greatest(RuleParameter.MaximumDepth) ? "maximumDepth" : null;
    }

    // Of what was in force before today nothing is read any more.
    static LedgerState WithProgramme(LedgerState state, NextProgramme next)
    {
        var known = state.Programme(next.IndustryChain);
        var first = known?.At(state.Today)?.From ?? DateOnly.MinValue;
        var settings = (known?.Settings ?? []).Where(one => one.From >= first).Append(next.Settings).OrderBy(one => one.From);
        return state.With(new Programme(next.IndustryChain, [.. settings]));
    }
}
