using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The obligor disputes a claim (<c>confirmation.dispute</c>). Before it confirmed, that is its answer; afterwards it only flags the instrument:
/// what was confirmed stays confirmed.
/// </summary>
public sealed record Dispute(Id<Instrument> Instrument, Hash256 Reason) : Operation<Dispute>, IVerb
{
    public static Verb Verb { get; } = new("confirmation.dispute", "异议", "dispute a claim", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [Stake.Nothing(act.Party, instrument.Creditor)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Confirmation is not { } claim) return Refusal.NoRequest;
        if (instrument.Status is InstrumentStatus.Disputed or InstrumentStatus.Cancelled or InstrumentStatus.Settled) return Refusal.InstrumentStatusWrong;
        if (instrument.Obligor != act.Party) return Refusal.NotTheObligor;
        if (JudgeOtherHand(state, act, instrument.Creditor, claim.Hand) is { } oneHand) return oneHand;

        return new ClaimDisputed(Instrument, Reason);
    }
}

public sealed record ClaimDisputed(Id<Instrument> Instrument, Hash256 Reason) : LedgerEvent<ClaimDisputed>, IEvent
{
    public static (string Chinese, string English) Words => ("已提异议", "claim disputed");

    public override LedgerState Enact(LedgerState state)
    {
        var instrument = InstrumentNamed(state, Instrument);
        var claim = ClaimOf(instrument);
        return instrument.Status == InstrumentStatus.Requested
            ? state.With(instrument with
            {
                Status = InstrumentStatus.Disputed,
                Confirmation = Answered(state, instrument, claim) with { Disputed = claim.Requested, DisputeReason = Reason },
            })
            : state.With(instrument with { Confirmation = claim with { DisputedLater = true, DisputeReason = Reason } });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Instrument.Is(Instrument)];
}
