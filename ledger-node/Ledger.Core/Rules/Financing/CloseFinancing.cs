using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>The applicant takes its application back before it is approved (<c>financing.withdraw</c>).</summary>
public sealed record WithdrawFinancing(Id<Financing> Financing) : Operation<WithdrawFinancing>, IVerb
{
    public static Verb Verb { get; } = new("financing.withdraw", "撤回融资申请", "withdraw an application", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? [Stake.Nothing(act.Party, financing.Financier)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (WhyOver(state, financing) is { } over) return over;
        if (financing.Status != FinancingStatus.Applied) return Refusal.FinancingStatusWrong;
        if (financing.Applicant != act.Party) return Refusal.NotTheApplicant;

        return new FinancingClosed(financing.Id, FinancingStatus.Withdrawn);
    }
}

/// <summary>The financier lets go before it pays out (<c>financing.release</c>).</summary>
public sealed record ReleaseFinancing(Id<Financing> Financing) : Operation<ReleaseFinancing>, IVerb
{
    public static Verb Verb { get; } = new("financing.release", "解除融资锁定", "let go of a financing");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? [new(act.Party, financing.Applicant, financing.Currency, financing.Principal)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (WhyOver(state, financing) is { } over) return over;
        if (!IsBeforePayout(financing)) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;

        return new FinancingClosed(financing.Id, FinancingStatus.Released);
    }
}

/// <summary>A financing ended before the money, by its applicant's or its financier's word; whatever it held is free again.</summary>
public sealed record FinancingClosed(Id<Financing> Financing, FinancingStatus How) : LedgerEvent<FinancingClosed>, IEvent
{
    public static (string Chinese, string English) Words => ("融资已结束", "financing closed");

    public override LedgerState Enact(LedgerState state) => EndBeforePayout(state, FinancingNamed(state, Financing), How);

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Financing, state), Details.How.Is(How)];
}

public static partial class Rulebook
{
    internal static bool IsBeforePayout(Financing financing) =>
        financing.Status is FinancingStatus.Applied or FinancingStatus.Approved or FinancingStatus.Registered;

    // Whether its deadline has fired makes no difference to what is said of a reservation or a commitment that ran out.
    internal static Refusal? WhyOver(LedgerState state, Financing financing) => financing.Status switch
    {
        FinancingStatus.Applied => financing.ReservedUntil <= state.Now ? Refusal.ReservationOver : null,
        FinancingStatus.Approved or FinancingStatus.Registered => financing.CommittedUntil <= state.Now ? Refusal.CommitmentOver : null,
        FinancingStatus.Lapsed => financing.Reviewer is null ? Refusal.ReservationOver : Refusal.CommitmentOver,
        FinancingStatus.Disbursed or FinancingStatus.Repaid or FinancingStatus.Matured or FinancingStatus.BoughtBack or FinancingStatus.Reversed
            or FinancingStatus.Released or FinancingStatus.Withdrawn or FinancingStatus.Corrected or FinancingStatus.Settled => null,
    };
}
