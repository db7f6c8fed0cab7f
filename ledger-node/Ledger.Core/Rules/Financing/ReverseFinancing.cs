using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The payout came back (退汇, <c>financing.reverse</c>): tokens and line are as if it had never left, while nothing that came later relies on it.
/// The payout's own bank reference stays used.
/// </summary>
public sealed record ReverseFinancing(Id<Financing> Financing, string BankReference) : Operation<ReverseFinancing>, IVerb
{
    public static Verb Verb { get; } = new("financing.reverse", "退汇冲销", "reverse a financing");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? StakesOfEnding(financing) : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (financing.Status != FinancingStatus.Disbursed) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (WhyNotUndone(state, financing) is { } reliedOn) return reliedOn;
        if (JudgeReference(state, state.Today, BankReference) is { } reference) return reference;

        return new FinancingReversed(financing.Id, BankReference);
    }
}

public sealed record FinancingReversed(Id<Financing> Financing, string BankReference) : LedgerEvent<FinancingReversed>, IEvent
{
    public static (string Chinese, string English) Words => ("融资已冲销", "financing reversed");

    public override LedgerState Enact(LedgerState state)
    {
        var financing = FinancingNamed(state, Financing);
        return Undo(Spend(state, state.Today, BankReference, financing.Financier, financing.Id.Value), financing, FinancingStatus.Reversed);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Financing, state), Details.BankReference.Is(BankReference)];
}

public static partial class Rulebook
{
    // Later acts rely on a payout once a unit of it moved on, was paid or burdened; and once the obligor is late, others are alarmed by it.
    internal static Refusal? WhyNotUndone(LedgerState state, Financing financing)
    {
        if (state.Now >= EndOfPayableDay(state, InstrumentNamed(state, financing.Instrument))) return Refusal.InstrumentDue;
        ulong left = 0;
        foreach (var token in Under(state, financing))
        {
            if (MovesUnits(financing.Form) && !IsFreeNow(state, token)) return Refusal.FinancingReliedOn;
            left += token.Units.Length;
        }

        // A bank that sold on what it had bought may have closed its own books on that since.
        foreach (var run in financing.Before)
        {
            if (run.Leg.Cause == TransferCause.Sale && state.Financing(new(run.Leg.Act.Value)) is { } earlier
                && earlier.Instrument == financing.Instrument && earlier.Financier == financing.Applicant
                && !IsOnTheBooks(earlier))
            {
                return Refusal.FinancingReliedOn;
            }
        }

        return left == Sum(financing.Units).Minor ? null : Refusal.FinancingReliedOn;
    }

    // The financier stays among those who rely on the documents: it may do so by another financing, and an alert too many harms nobody.
    internal static LedgerState Undo(LedgerState state, Financing financing, FinancingStatus how)
    {
        var secured = Secured(state, financing);
        state = LiftBurden(state, financing.Instrument, financing.Units, EncumbranceKind.Pledge, financing.Id.Value);
        foreach (var run in financing.Before)
            state = Rewrite(state, financing.Instrument, [run.Units], token => token with { Holder = financing.Applicant, Leg = run.Leg });

        return EndAfterPayout(state, financing, how, secured, []);
    }
}
