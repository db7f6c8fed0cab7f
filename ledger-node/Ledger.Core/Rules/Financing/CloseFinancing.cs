using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>The applicant takes its application back before it is approved (<c>financing.withdraw</c>).</summary>
public sealed record WithdrawFinancing(Id<Financing> Financing) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? [Stake.Nothing(act.Party, financing.Financier)] : [];
}

/// <summary>The financier lets go before it pays out (<c>financing.release</c>).</summary>
public sealed record ReleaseFinancing(Id<Financing> Financing) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? [new(act.Party, financing.Applicant, financing.Currency, financing.Principal)] : [];
}

/// <summary>A financing ended before the money, by its applicant's or its financier's word; whatever it held is free again.</summary>
public sealed record FinancingClosed(Id<Financing> Financing, FinancingStatus How) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, WithdrawFinancing withdraw)
    {
        if (state.Financing(withdraw.Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, withdraw.Financing.ToString());
        if (WhyOver(state, financing) is { } over) return over;
        if (financing.Status != FinancingStatus.Applied) return Refusal.FinancingStatusWrong;
        if (financing.Applicant != act.Party) return Refusal.NotTheApplicant;

        return new FinancingClosed(financing.Id, FinancingStatus.Withdrawn);
    }

    static Verdict Judge(LedgerState state, Act act, ReleaseFinancing release)
    {
        if (state.Financing(release.Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, release.Financing.ToString());
        if (WhyOver(state, financing) is { } over) return over;
        if (!IsBeforePayout(financing)) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;

        return new FinancingClosed(financing.Id, FinancingStatus.Released);
    }

    static LedgerState Enact(LedgerState state, FinancingClosed closed) => EndBeforePayout(state, FinancingNamed(state, closed.Financing), closed.How);

    static bool IsBeforePayout(Financing financing) =>
        financing.Status is FinancingStatus.Applied or FinancingStatus.Approved or FinancingStatus.Registered;

    // Whether its deadline has fired makes no difference to what is said of a reservation or a commitment that ran out.
    static Refusal? WhyOver(LedgerState state, Financing financing) => financing.Status switch
    {
        FinancingStatus.Applied => financing.ReservedUntil <= state.Now ? Refusal.ReservationOver : null,
        FinancingStatus.Approved or FinancingStatus.Registered => financing.CommittedUntil <= state.Now ? Refusal.CommitmentOver : null,
        FinancingStatus.Lapsed => financing.Reviewer is null ? Refusal.ReservationOver : Refusal.CommitmentOver,
        FinancingStatus.Disbursed or FinancingStatus.Repaid or FinancingStatus.Matured or FinancingStatus.BoughtBack or FinancingStatus.Reversed
            or FinancingStatus.Released or FinancingStatus.Withdrawn or FinancingStatus.Corrected or FinancingStatus.Settled => null,
    };
}
