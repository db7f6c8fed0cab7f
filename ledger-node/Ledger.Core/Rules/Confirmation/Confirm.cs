using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>What an obligor binds itself to: the hash of its undertaking (承诺函), whether it waives defences, the contract clause of 条例 11.</summary>
public sealed record Undertaking(Hash256 Letter, bool DefencesWaived, Hash256 ContractClause);

/// <summary>
/// The obligor confirms a claim in whole or in part and disputes the rest (确权, <c>confirmation.confirm</c>): the disputed part never delays the
/// undisputed one (条例 15). From then on it cannot deny the debt (民法典 763, 合同编解释 49).
/// </summary>
public sealed record Confirm(Id<Instrument> Instrument, Amount Amount, Undertaking Undertaking, Hash256? DisputeReason = null) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [new(act.Party, instrument.Creditor, instrument.Currency, Amount)] : [];
}

public sealed record ClaimConfirmed(Id<Instrument> Instrument, Amount Confirmed, Amount Disputed, Undertaking Undertaking, Hash256 DisputeReason) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, Confirm confirm)
    {
        if (state.Instrument(confirm.Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, confirm.Instrument.ToString());
        if (instrument.Confirmation is not { } claim) return Refusal.NoRequest;
        if (instrument.Status is not (InstrumentStatus.Requested or InstrumentStatus.Disputed)) return Refusal.AlreadyAnsweredClaim;
        if (instrument.Obligor != act.Party) return Refusal.NotTheObligor;
        if (JudgeOtherHand(state, act, instrument.Creditor, claim.Hand) is { } oneHand) return oneHand;
        if (IsInsolvent(state, act.Party)) return Refusal.ObligorInsolvent;
        if (confirm.Amount.IsZero) return Refusal.AmountZero;
        if (confirm.Amount > claim.Requested)
            return new Verdict.Refused(Refusal.ConfirmedAboveRequested, new(claim.Requested, instrument.Currency));
        if (confirm.Amount < claim.Requested && confirm.DisputeReason is null) return Refusal.DisputeReasonMissing;

        return new ClaimConfirmed(
            confirm.Instrument, confirm.Amount, claim.Requested - confirm.Amount, confirm.Undertaking, confirm.DisputeReason ?? default);
    }

    static LedgerState Enact(LedgerState state, ClaimConfirmed confirmed)
    {
        var instrument = InstrumentNamed(state, confirmed.Instrument);
        return state.With(instrument with
        {
            Status = InstrumentStatus.Confirmed,
            Confirmation = Answered(state, instrument, ClaimOf(instrument)) with
            {
                Confirmed = confirmed.Confirmed,
                Disputed = confirmed.Disputed,
                Undertaking = confirmed.Undertaking.Letter,
                DefencesWaived = confirmed.Undertaking.DefencesWaived,
                ContractClause = confirmed.Undertaking.ContractClause,
                DisputeReason = confirmed.DisputeReason,
            },
        });
    }

    // A first answer after the period is late, whether or not the deadline has fired.
    static Confirmation Answered(LedgerState state, Instrument instrument, Confirmation claim) => claim with
    {
        AnsweredAt = state.Now,
        Overdue = claim.Overdue
            || (instrument.Status == InstrumentStatus.Requested && claim.Deadline != default && claim.Deadline <= state.Now),
    };
}
