using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The applicant paid a pledge loan back before the pledged units were paid (还款, <c>financing.repay</c>): its financier says so and the applicant
/// signs too. The pledge ends with the debt (民法典 393).
/// </summary>
public sealed record Repay(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms = default) : Operation
{
    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? Rulebook.StakesOfEnding(financing) : [];
}

public sealed record FinancingRepaid(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, Repay repay)
    {
        if (state.Financing(repay.Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, repay.Financing.ToString());
        if (financing.Status != FinancingStatus.Disbursed) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (financing.Form != FinancingForm.PledgeLoan) return Refusal.NotOfThisForm;
        if (!Agrees(state, act, repay, financing.Applicant)) return Refusal.ApplicantDidNotSign;
        if (JudgeReference(state, repay.BankReference) is { } reference) return reference;

        return new FinancingRepaid(financing.Id, repay.BankReference, repay.Terms);
    }

    static LedgerState Enact(LedgerState state, FinancingRepaid repaid)
    {
        var financing = FinancingNamed(state, repaid.Financing);
        state = LiftBurden(state, financing.Instrument, financing.Units, EncumbranceKind.Pledge, financing.Id.Value);
        return EndAfterPayout(Spend(state, repaid.BankReference, financing.Financier, financing.Id.Value), financing.Id, FinancingStatus.Repaid, repaid.Terms);
    }

    /// <summary>The financier lets the units go, or what stands for them, and the applicant says that its money is well spent.</summary>
    internal static ValueList<Stake> StakesOfEnding(Financing financing) =>
    [
        new(financing.Financier, financing.Applicant, financing.Currency, Sum(financing.Units)),
        new(financing.Applicant, financing.Financier, financing.Currency, financing.Principal),
    ];

    // Its units were written anew, so what it drew is on record only as the state has it now.
    static LedgerState EndAfterPayout(LedgerState state, Id<Financing> id, FinancingStatus how, ValueList<Hash256> terms)
    {
        var financing = FinancingNamed(state, id);
        return ReleaseDrawn(state, financing with { Status = how, EndedOn = state.Today, Terms = Joined(financing.Terms, terms) }, financing.Drawn);
    }
}
