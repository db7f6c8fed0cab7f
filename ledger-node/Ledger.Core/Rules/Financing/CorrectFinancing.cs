using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A payout that was a mistake is undone (更正, <c>financing.correct</c>) by both parties and a reviewer that is neither, while nothing that came
/// later relies on it. What was wrong stays on the chain.
/// </summary>
public sealed record CorrectFinancing(Id<Financing> Financing, PartyId Reviewer) : Operation<CorrectFinancing>, IVerb
{
    public static Verb Verb { get; } = new("financing.correct", "更正融资", "correct a financing", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? [.. StakesOfEnding(financing), new(Reviewer, null, financing.Currency, financing.Principal)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (state.Party(Reviewer) is null) return Verdict.No(Refusal.PartyNotFound, Reviewer.Text);
        if (financing.Status != FinancingStatus.Disbursed) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (JudgeOtherHand(state, act, financing.Applicant) is { } oneHand) return oneHand;
        if (WhyNotUndone(state, financing) is { } reliedOn) return reliedOn;
        if (JudgeReviewer(state, act, financing, InstrumentNamed(state, financing.Instrument), Reviewer) is { } reviewer) return reviewer;
        if (!Agrees(state, act, this, financing.Applicant)) return Refusal.ApplicantDidNotSign;

        return new FinancingCorrected(financing.Id, Reviewer);
    }
}

public sealed record FinancingCorrected(Id<Financing> Financing, PartyId Reviewer) : LedgerEvent<FinancingCorrected>, IEvent
{
    public static (string Chinese, string English) Words => ("融资已更正", "financing corrected");

    public override LedgerState Enact(LedgerState state) =>
        Undo(state, FinancingNamed(state, Financing), FinancingStatus.Corrected);

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Financing, state), Details.Reviewer.Is(Reviewer)];
}
