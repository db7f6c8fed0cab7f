using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.DoublePledge;

/// <summary>
/// The fifth step of the check, where the rules ask for it: before a bank commits, and again before it pays, the documents are reserved with other consortia, for longer than what it
/// is about to do takes. Decision 0095 says what two banks look at before they say so.
/// </summary>
public static class PledgeStep
{
    /// <summary>In milliseconds: an hour by which the clocks of a ledger and of a chain may differ, and one in which the bank tells the registry that it lent.</summary>
    public const long Leeway = 2 * Timestamp.Hour;

    /// <summary>A reservation is attested, and lasts until the end of the act and <see cref="Leeway"/>: of a commitment its end, of a payout now.</summary>
    public static Verdict.Refused? Examine(LedgerState state, Financing financing, Timestamp endOfAct)
    {
        if (!state.Rules.Is(RuleParameter.PledgeReservation) || financing.Documents.Count == 0) return null;
        if (state.PledgeReservation(financing.Id) is not { } reservation) return new(Refusal.PledgeReservationMissing, Facts.None);
        return reservation.Until >= endOfAct.Add(Leeway) ? null : new(Refusal.PledgeReservationEnds, Facts.None);
    }
}
