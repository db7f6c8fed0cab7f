using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A payout that was a mistake is undone (更正, <c>financing.correct</c>) by both parties and a reviewer that is neither, while nothing that came
/// later relies on it. What was wrong stays on the chain.
/// </summary>
public sealed record CorrectFinancing(Id<Financing> Financing, PartyId Reviewer) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? [.. Rulebook.StakesOfEnding(financing), new(Reviewer, null, financing.Currency, financing.Principal)] : [];
}

public sealed record FinancingCorrected(Id<Financing> Financing, PartyId Reviewer) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, CorrectFinancing correct)
    {
        if (state.Financing(correct.Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, correct.Financing.ToString());
        if (state.Party(correct.Reviewer) is null) return Verdict.No(Refusal.PartyNotFound, correct.Reviewer.Text);
        if (financing.Status != FinancingStatus.Disbursed) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (WhyNotUndone(state, financing) is { } reliedOn) return reliedOn;
        if (JudgeReviewer(state, act, financing, InstrumentNamed(state, financing.Instrument), correct.Reviewer) is { } reviewer) return reviewer;
        if (!Agrees(state, act, correct, financing.Applicant)) return Refusal.ApplicantDidNotSign;

        return new FinancingCorrected(financing.Id, correct.Reviewer);
    }

    static LedgerState Enact(LedgerState state, FinancingCorrected corrected) =>
        Undo(state, FinancingNamed(state, corrected.Financing), FinancingStatus.Corrected);
}
