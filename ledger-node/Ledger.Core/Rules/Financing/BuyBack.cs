using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// After dishonour the applicant takes back what it sold with recourse (回购, <c>financing.buyBack</c>; 民法典 766): the financier says that it was
/// paid and the applicant signs too. Its units re-vest though their instrument is due, and with them every claim on the obligor.
/// </summary>
public sealed record BuyBack(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms = default) : Operation<BuyBack>, IVerb
{
    public static Verb Verb { get; } = new("financing.buyBack", "回购", "buy back", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? StakesOfEnding(financing) : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (financing.Status != FinancingStatus.Disbursed || state.Instrument(financing.Instrument) is not { } instrument) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (JudgeOtherHand(state, act, financing.Applicant) is { } oneHand) return oneHand;
        if (financing.Form != FinancingForm.RecourseFactoring) return Refusal.NotOfThisForm;
        if (state.Now < EndOfPayableDay(state, instrument) && !IsInsolvent(state, instrument.Obligor)) return Refusal.NotDishonoured;
        if (OtherBurden(state, financing) is { } burden)
            return new Verdict.Refused(Refusal.UnitsBurdened, new(Conflict: DoublePledgeCheck.ConflictWith(burden)));
        if (!Agrees(state, act, this, financing.Applicant)) return Refusal.ApplicantDidNotSign;
        if (JudgeReference(state, state.Today, BankReference) is { } reference) return reference;

        return new FinancingBoughtBack(financing.Id, BankReference, Terms);
    }
}

public sealed record FinancingBoughtBack(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms) : LedgerEvent<FinancingBoughtBack>, IEvent
{
    public static (string Chinese, string English) Words => ("融资已回购", "financing bought back");

    public override LedgerState Enact(LedgerState state)
    {
        var financing = FinancingNamed(state, Financing);
        var secured = Secured(state, financing);
        var at = state.Now;
        state = Rewrite(state, financing.Instrument, financing.Units, token => !IsUnder(financing, token) ? token : token with
        {
            Holder = financing.Applicant,
            Leg = token.Leg with
            {
                Cause = TransferCause.Recourse,
                From = financing.Financier,
                Depth = (ushort)Math.Min(token.Leg.Depth + 1, ushort.MaxValue),
                Recourse = false,
                At = at,
            },
        });
        state = ReturnToOwnPurchase(state, financing, at);
        state = Spend(state, state.Today, BankReference, financing.Financier, financing.Id.Value);
        return EndAfterPayout(state, financing, FinancingStatus.BoughtBack, secured, Terms);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Financing, state), Details.BankReference.Is(BankReference)];
}

public static partial class Rulebook
{
    // What the applicant had itself bought by a financing is under that one again: its line, its recourse and its seller's buy-back stand as before.
    internal static LedgerState ReturnToOwnPurchase(LedgerState state, Financing financing, Timestamp at)
    {
        foreach (var run in financing.Before)
        {
            if (!IsOwnPurchase(state, financing, run.Leg)) continue;
            state = Rewrite(state, financing.Instrument, [run.Units], token =>
                token is { State: UnitState.Live, Leg.Cause: TransferCause.Recourse } && token.Leg.Act == LegOf(financing) && token.Leg.At == at
                    ? token with { Leg = run.Leg }
                    : token);
        }

        return state;
    }

    static bool IsOwnPurchase(LedgerState state, Financing financing, Leg leg) =>
        leg.Cause == TransferCause.Sale && state.Financing(new(leg.Act.Value)) is { } earlier
        && earlier.Instrument == financing.Instrument && earlier.Financier == financing.Applicant;

    // A freeze may have come over what the financier holds.
    internal static Encumbrance? OtherBurden(LedgerState state, Financing financing)
    {
        foreach (var token in Under(state, financing))
        {
            foreach (var burden in token.Encumbrances)
            {
                if (burden.BindsAt(state.Now)) return burden;
            }
        }

        return null;
    }
}
