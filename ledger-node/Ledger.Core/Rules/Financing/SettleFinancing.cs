using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The financier returned to the applicant what was over: the surplus of what it collected, or interest that was paid ahead and not earned
/// (<c>financing.settle</c>). The amounts are under digests that both sign; once for a financing.
/// </summary>
public sealed record SettleFinancing(Id<Financing> Financing, bool Surplus, bool Refund, string BankReference, ValueList<Hash256> Terms = default) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? Rulebook.StakesOfEnding(financing) : [];
}

public sealed record FinancingSettled(Id<Financing> Financing, bool Surplus, bool Refund, string BankReference, ValueList<Hash256> Terms) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, SettleFinancing settle)
    {
        if (state.Financing(settle.Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, settle.Financing.ToString());
        if (financing.Status is not (FinancingStatus.Matured or FinancingStatus.Repaid)) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (!settle.Surplus && !settle.Refund) return Refusal.NothingSettled;
        if (settle.Surplus && !OwesSurplus(financing.Form)) return Refusal.SurplusNotOwed;
        if (settle.Refund && !OwesRefund(financing)) return Refusal.RefundNotOwed;
        if (!Agrees(state, act, settle, financing.Applicant)) return Refusal.ApplicantDidNotSign;
        if (JudgeReference(state, settle.BankReference) is { } reference) return reference;

        return new FinancingSettled(financing.Id, settle.Surplus, settle.Refund, settle.BankReference, settle.Terms);
    }

    static LedgerState Enact(LedgerState state, FinancingSettled settled)
    {
        var financing = FinancingNamed(state, settled.Financing);
        return Spend(state, settled.BankReference, financing.Financier, financing.Id.Value)
            .With(financing with { Status = FinancingStatus.Settled, Terms = Joined(financing.Terms, settled.Terms) });
    }

    // Interest was taken ahead, the money came back before the end, and the parties agreed that what was not earned goes back.
    static bool OwesRefund(Financing financing) =>
        financing.Interest is { RefundsUnearned: true, Payment: InterestPayment.Prepaid } && financing.EndedOn < financing.End;
}
