using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>What an obligor binds itself to: the hash of its undertaking (承诺函), whether it waives defences, the contract clause of 条例 11.</summary>
public sealed record Undertaking(Hash256 Letter, bool DefencesWaived, Hash256 ContractClause);

/// <summary>
/// The obligor confirms a claim in whole or in part and disputes the rest (确权, <c>confirmation.confirm</c>): the disputed part never delays the
/// undisputed one (条例 15). From then on it cannot deny the debt (民法典 763, 合同编解释 49).
/// </summary>
public sealed record Confirm(Id<Instrument> Instrument, Amount Amount, Undertaking Undertaking, Hash256? DisputeReason = null) : Operation<Confirm>, IVerb
{
    public static Verb Verb { get; } = new("confirmation.confirm", "确权", "confirm a claim", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [new(act.Party, instrument.Creditor, instrument.Currency, Amount)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument || state.IsLeaving(Instrument)) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Confirmation is not { } claim) return Refusal.NoRequest;
        if (instrument.Status is not (InstrumentStatus.Requested or InstrumentStatus.Disputed)) return Refusal.AlreadyAnsweredClaim;
        if (instrument.Obligor != act.Party) return Refusal.NotTheObligor;
        if (JudgeOtherHand(state, act, instrument.Creditor, claim.Hand) is { } oneHand) return oneHand;
        if (IsInsolvent(state, act.Party)) return Refusal.ObligorInsolvent;
        if (Amount.IsZero) return Refusal.AmountZero;
        if (Amount > claim.Requested)
            return new Verdict.Refused(Refusal.ConfirmedAboveRequested, new(claim.Requested, instrument.Currency));
        if (Amount < claim.Requested && DisputeReason is null) return Refusal.DisputeReasonMissing;

        return new ClaimConfirmed(
            Instrument, Amount, claim.Requested - Amount, Undertaking, DisputeReason ?? default);
    }
}

public sealed record ClaimConfirmed(Id<Instrument> Instrument, Amount Confirmed, Amount Disputed, Undertaking Undertaking, Hash256 DisputeReason) : LedgerEvent<ClaimConfirmed>, IEvent
{
    public static (string Chinese, string English) Words => ("已确权", "claim confirmed");

    public override LedgerState Enact(LedgerState state)
    {
        var instrument = InstrumentNamed(state, Instrument);
        return state.With(instrument with
        {
            Status = InstrumentStatus.Confirmed,
            Confirmation = Answered(state, instrument, ClaimOf(instrument)) with
            {
                Confirmed = Confirmed,
                Disputed = Disputed,
                Undertaking = Undertaking.Letter,
                DefencesWaived = Undertaking.DefencesWaived,
                ContractClause = Undertaking.ContractClause,
                DisputeReason = DisputeReason,
            },
        });
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Instrument.Is(Instrument), Details.Currency.Is(state.Instrument(Instrument)?.Currency), Details.Confirmed.Is(Confirmed),
        Details.Disputed.Is(Disputed),
    ];
}

public static partial class Rulebook
{
    // A first answer after the period is late, whether or not the deadline has fired.
    internal static Confirmation Answered(LedgerState state, Instrument instrument, Confirmation claim) => claim with
    {
        AnsweredAt = state.Now,
        Overdue = claim.Overdue
            || (instrument.Status == InstrumentStatus.Requested && claim.Deadline != default && claim.Deadline <= state.Now),
    };
}
