using Ledger.Client.Disclosures;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.State;

namespace Ledger.Node.Private;

/// <summary>
/// What the figures of a financing follow from: the plain terms and days, how its money came back, and the disclosures that this node was shown.
/// <paramref name="IfToday"/> is of a financing that is paid out and not back: how it would be if it came back now, in one act.
/// </summary>
public sealed record FinancingReckoning(FinancingCase Case, MoneyBack? IfToday, IReadOnlyList<string> Disclosures)
{
    public FinancingPlan Plan => Case.Plan;

    public MoneyBack? Return => Case.Return;

    /// <summary>As if it were paid out now, or its money came back now, where that has not happened.</summary>
    public FinancingCase IfDoneNow => Case with { IsPaidOut = true, Return = Return ?? IfToday };

    /// <summary>Of what is plain; nothing was shown.</summary>
    public static FinancingReckoning Of(LedgerState state, Financing financing) => Of(state, financing, [], financing.Terms.Count);

    internal static FinancingReckoning Of(LedgerState state, Financing financing, IReadOnlyList<Disclosure> shown, int undisclosed)
    {
        var agreed = DisclosureSet.Of(shown.Where(IsAgreed).DistinctBy(disclosure => disclosure.Name), out _) ?? DisclosureSet.Empty;
        var ifToday = financing.Status == FinancingStatus.Disbursed ? MoneyBack.Of(state, financing with { Status = FinancingStatus.Repaid, EndedOn = state.Today }) : null;
        return new(
            FinancingCase.Of(state, financing, MoneyBack.Of(state, financing), AgreedTerms.Of(agreed, undisclosed == 0)), ifToday, [.. shown.Select(one => one.Text)]);
    }

    static bool IsAgreed(Disclosure disclosure) => Terms.TryParse(disclosure.Name, out var term) && !FinancingCase.Figures.Contains(term);
}
