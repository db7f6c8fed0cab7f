using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Laws;

/// <summary>
/// What is owed on each payout, as a schoolbook keeps it, unit by unit: a unit is security, or was let go when the loan was repaid or bought back, or is gone
/// and has paid one of the debt, as long as it stays gone.
/// </summary>
sealed class Debts
{
    readonly Dictionary<Id<Financing>, (ulong Cleared, HashSet<ulong> LetGo)> ends = [];

    public void Ended(LedgerState before, Operation operation)
    {
        if (operation is not (Repay or BuyBack)) return;
        var id = operation is Repay repay ? repay.Financing : ((BuyBack)operation).Financing;
        var financing = Assert.IsType<Financing>(before.Financing(id));
        var (cleared, letGo) = Of(id);
        ends[id] = (cleared + Owed(before, financing), [.. letGo, .. Security(before, financing)]);
    }

    public void Holds(LedgerState state, Financing financing)
    {
        if (financing.Status is not (FinancingStatus.Disbursed or FinancingStatus.Matured or FinancingStatus.Repaid or FinancingStatus.BoughtBack or FinancingStatus.Settled)) return;
        Assert.Equal(financing.Status == FinancingStatus.Disbursed, Security(state, financing).Count > 0);
        if (financing.Line.Value != 0) Assert.Equal(Owed(state, financing), financing.Drawn.Minor);
    }

    ulong Owed(LedgerState state, Financing financing)
    {
        var (cleared, letGo) = Of(financing.Id);
        var units = financing.Units.Aggregate(0UL, static (sum, run) => sum + run.Length);
        var paid = cleared + units - (ulong)letGo.Count - (ulong)Security(state, financing).Count;
        return financing.Principal.Minor > paid ? financing.Principal.Minor - paid : 0;
    }

    (ulong Cleared, HashSet<ulong> LetGo) Of(Id<Financing> id) => ends.TryGetValue(id, out var end) ? end : (0, []);

    static HashSet<ulong> Security(LedgerState state, Financing financing)
    {
        var security = new HashSet<ulong>();
        if (state.Tokens(financing.Instrument) is not { } tokens) return security;
        foreach (var token in tokens.Span)
        {
            var bought = token.Leg.Cause == TransferCause.Sale && token.Leg.Act.Value == financing.Id.Value && token.Leg.From == financing.Applicant && token.Holder == financing.Financier;
            var pledged = token.Encumbrances.Any(burden => burden.Kind == EncumbranceKind.Pledge && burden.Reference == financing.Id.Value && burden.Beneficiary == financing.Financier);
            if (token.State != UnitState.Live || !(financing.Form == FinancingForm.PledgeLoan ? pledged : bought)) continue;
            for (var unit = token.Units.First; unit <= token.Units.Last; unit++) security.Add(unit);
        }

        return security;
    }
}
