using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The applicant paid a pledge loan back before the pledged units were paid (还款, <c>financing.repay</c>): its financier says so and the applicant
/// signs too. The pledge ends with the debt (民法典 393).
/// </summary>
public sealed record Repay(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms = default) : Operation<Repay>, IVerb
{
    public static Verb Verb { get; } = new("financing.repay", "还款", "repay a financing", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? StakesOfEnding(financing) : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (financing.Status != FinancingStatus.Disbursed) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (JudgeOtherHand(state, act, financing.Applicant) is { } oneHand) return oneHand;
        if (financing.Form != FinancingForm.PledgeLoan) return Refusal.NotOfThisForm;
        if (!Agrees(state, act, this, financing.Applicant)) return Refusal.ApplicantDidNotSign;
        if (JudgeReference(state, state.Today, BankReference) is { } reference) return reference;

        return new FinancingRepaid(financing.Id, BankReference, Terms);
    }
}

public sealed record FinancingRepaid(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms) : LedgerEvent<FinancingRepaid>, IEvent
{
    public static (string Chinese, string English) Words => ("融资已还款", "financing repaid");

    // Units that were paid keep their pledge on record: it binds nothing, and if that payment goes back they secure what is owed again for it.
    public override LedgerState Enact(LedgerState state)
    {
        var financing = FinancingNamed(state, Financing);
        var secured = Secured(state, financing);
        state = Rewrite(state, financing.Instrument, financing.Units, token => !IsUnder(financing, token) ? token : token with
        {
            Encumbrances = Without(token.Encumbrances, EncumbranceKind.Pledge, financing.Id.Value),
        });
        state = Spend(state, state.Today, BankReference, financing.Financier, financing.Id.Value);
        return EndAfterPayout(state, financing, FinancingStatus.Repaid, secured, Terms);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Financing, state), Details.BankReference.Is(BankReference)];
}

public static partial class Rulebook
{
    /// <summary>The financier lets the units go, or what stands for them, and the applicant says that its money is well spent.</summary>
    internal static ValueList<Stake> StakesOfEnding(Financing financing) =>
    [
        new(financing.Financier, financing.Applicant, financing.Currency, Sum(financing.Units)),
        new(financing.Applicant, financing.Financier, financing.Currency, financing.Principal),
    ];

    /// <summary>
    /// A payout is over and the units that secured it are let go, though <paramref name="secured"/> may have been more than was owed: what was owed is paid,
    /// and of the margin that much is gone with them.
    /// </summary>
    internal static LedgerState EndAfterPayout(LedgerState state, Financing financing, FinancingStatus how, Amount secured, ValueList<Hash256> terms)
    {
        // Its units were written anew, so what it drew is on record only as the state has it now.
        var ended = FinancingNamed(state, financing.Id) with
        {
            Status = how,
            EndedOn = state.Today,
            Margin = financing.Margin - (secured - Owed(financing, secured)),
            Terms = Joined(financing.Terms, terms),
        };
        return Occupy(state, ended, Amount.Zero);
    }
}
