using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.DoublePledge;

/// <summary>
/// The fourth step of the check: before a bank commits, and again before it pays, the registry was asked about the receivable and knows of no other
/// claim (民法典 768: the first registered comes first). Bills need none of it, for the registry does not take claims from them.
/// </summary>
public static class RegistryStep
{
    /// <summary>The latest query is there, was made after the registration where there is one, is fresh, and says clear or released.</summary>
    public static Verdict.Refused? Examine(LedgerState state, Financing financing)
    {
        if (state.Instrument(financing.Instrument) is not { Kind: InstrumentKind.Receivable }) return null;
        if (state.Attestation(financing.Query) is not { } query) return new(Refusal.QueryMissing, Facts.None);
        if (state.Attestation(financing.Registration) is { } registration && query.StatedAt <= registration.StatedAt)
            return new(Refusal.QueryBeforeRegistration, Facts.None);
        if (!IsFresh(state, query.StatedAt)) return new(Refusal.QueryStale, Facts.None);
        return query.Finding is RegistryFinding.Clear or RegistryFinding.Released ? null : Verdict.No(Refusal.RegistryEncumbered, query.Id.ToString());
    }

    /// <summary>A registry's answer is good for as long as a reservation is.</summary>
    public static bool IsFresh(LedgerState state, Timestamp statedAt) =>
        statedAt >= state.Now.Add(-state.Rules[RuleParameter.ReservationHours] * Timestamp.Hour);
}
