using System.Globalization;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    // What no rule set can exceed for the statutory rate, no agreement exceeds: 100 % a day, so that no sum of interest leaves its range.
    const uint GreatestLateRate = 1_000_000;

    // 条例 17 does not say how a year's rate becomes a day's. So the central bank does for banks' deposits and loans (银发〔2005〕129号), and of the usual 360 and 365 it is the
    // one by which the least rate is higher: whoever owes late gains nothing by the count of days.
    const long DaysOfLprYear = 360;

    /// <summary>
    /// 条例 17: what a large enterprise or a public body owes a medium, small or micro one may be late at an agreed rate, but at no lower one than the
    /// one-year LPR when the contract was signed. Where none is agreed the statutory rate holds.
    /// </summary>
    internal static Verdict.Refused? JudgeLateRate(LedgerState state, Rate? agreed, PartyId obligor, PartyId creditor, Confirmation? claim)
    {
        if (agreed is not { } rate) return null;
        if (rate.Millionths > GreatestLateRate) return new(Refusal.LateRateTooHigh, Facts.None);
        if (!IsOwedToSmaller(state, obligor, creditor, claim)) return null;

        var lpr = state.RulesAt(claim?.ContractSigned ?? state.Today)[RuleParameter.LprMillionths];
        if (rate.Millionths * DaysOfLprYear >= lpr) return null;
        var least = (lpr + DaysOfLprYear - 1) / DaysOfLprYear;
        return new(Refusal.LateRateBelowLpr, new(Reference: least.ToString(CultureInfo.InvariantCulture)));
    }

    // Where the creditor asked, the sizes at signing decided whether the period of 条例 16 runs; else those by which the parties are registered.
    static bool IsOwedToSmaller(LedgerState state, PartyId obligor, PartyId creditor, Confirmation? claim) => claim is { SupplierConsent.IsZero: false }
        ? claim.Deadline != default
        : ClockRuns(PartyNamed(state, obligor).Size, PartyNamed(state, creditor).Size);
}
