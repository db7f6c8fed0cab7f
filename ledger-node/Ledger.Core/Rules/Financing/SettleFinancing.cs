using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The financier returned to the applicant what was over: the surplus of what it collected, or interest that was paid ahead and not earned
/// (<c>financing.settle</c>). The amounts are under digests that both sign; once for a financing.
/// </summary>
public sealed record SettleFinancing(Id<Financing> Financing, bool Surplus, bool Refund, string BankReference, ValueList<Hash256> Terms = default) : Operation<SettleFinancing>, IVerb
{
    public static Verb Verb { get; } = new("financing.settle", "退还余款", "return what is over", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? StakesOfEnding(financing) : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (financing.Status is not (FinancingStatus.Matured or FinancingStatus.Repaid)) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (JudgeOtherHand(state, act, financing.Applicant) is { } oneHand) return oneHand;
        if (!Surplus && !Refund) return Refusal.NothingSettled;
        if (Surplus && !OwesSurplus(financing.Form)) return Refusal.SurplusNotOwed;
        if (Refund && !OwesRefund(financing)) return Refusal.RefundNotOwed;
        if (!Agrees(state, act, this, financing.Applicant)) return Refusal.ApplicantDidNotSign;
        if (JudgeReference(state, state.Today, BankReference) is { } reference) return reference;

        return new FinancingSettled(financing.Id, Surplus, Refund, BankReference, Terms);
    }
}

public sealed record FinancingSettled(Id<Financing> Financing, bool Surplus, bool Refund, string BankReference, ValueList<Hash256> Terms) : LedgerEvent<FinancingSettled>, IEvent
{
    public static (string Chinese, string English) Words => ("余款已退还", "financing settled");

    public override LedgerState Enact(LedgerState state)
    {
        var financing = FinancingNamed(state, Financing);
        return Spend(state, state.Today, BankReference, financing.Financier, financing.Id.Value)
            .With(financing with { Status = FinancingStatus.Settled, Terms = Joined(financing.Terms, Terms) });
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        .. Details.Of(Financing, state), Details.Surplus.Is(Surplus), Details.Refund.Is(Refund), Details.BankReference.Is(BankReference),
    ];
}

public static partial class Rulebook
{
    // Interest was taken ahead, the money came back before the end, and the parties agreed that what was not earned goes back.
    internal static bool OwesRefund(Financing financing) =>
        financing.Interest is { RefundsUnearned: true, Payment: InterestPayment.Prepaid } && financing.EndedOn < financing.End;
}
