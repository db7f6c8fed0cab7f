using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// After dishonour the applicant takes back what it sold with recourse (回购, <c>financing.buyBack</c>; 民法典 766): the financier says that it was
/// paid and the applicant signs too. Its units re-vest though their instrument is due, and with them every claim on the obligor.
/// </summary>
public sealed record BuyBack(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms = default) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? Rulebook.StakesOfEnding(financing) : [];
}

public sealed record FinancingBoughtBack(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, BuyBack buyBack)
    {
        if (state.Financing(buyBack.Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, buyBack.Financing.ToString());
        if (financing.Status != FinancingStatus.Disbursed || state.Instrument(financing.Instrument) is not { } instrument) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (financing.Form != FinancingForm.RecourseFactoring) return Refusal.NotOfThisForm;
        if (state.Now < EndOfPayableDay(state, instrument) && !IsInsolvent(state, instrument.Obligor)) return Refusal.NotDishonoured;
        if (OtherBurden(state, financing) is { } burden)
            return new Verdict.Refused(Refusal.UnitsBurdened, new(Conflict: DoublePledgeCheck.ConflictWith(burden)));
        if (!Agrees(state, act, buyBack, financing.Applicant)) return Refusal.ApplicantDidNotSign;
        if (JudgeReference(state, buyBack.BankReference) is { } reference) return reference;

        return new FinancingBoughtBack(financing.Id, buyBack.BankReference, buyBack.Terms);
    }

    static LedgerState Enact(LedgerState state, FinancingBoughtBack boughtBack)
    {
        var financing = FinancingNamed(state, boughtBack.Financing);
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
        state = Spend(state, boughtBack.BankReference, financing.Financier, financing.Id.Value);
        return EndAfterPayout(state, financing, FinancingStatus.BoughtBack, secured, boughtBack.Terms);
    }

    // What the applicant had itself bought by a financing is under that one again: its line, its recourse and its seller's buy-back stand as before.
    static LedgerState ReturnToOwnPurchase(LedgerState state, Financing financing, Timestamp at)
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
    static Encumbrance? OtherBurden(LedgerState state, Financing financing)
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
