using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The obligor takes an issue back while nothing depends on it (作废, <c>receivable.cancel</c>): alone before acceptance, afterwards with the
/// creditor's signature and only while the creditor holds every unit free as it was issued.
/// </summary>
public sealed record CancelReceivable(Id<Instrument> Instrument) : Operation<CancelReceivable>, IVerb
{
    public static Verb Verb { get; } = new("receivable.cancel", "凭证作废", "cancel a receivable", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument
        ? [Stake.Nothing(act.Party, instrument.Creditor), .. GivenUp(instrument, act)]
        : [];

    // Before it accepted, the creditor had nothing to give up.
    static ValueList<Stake> GivenUp(Instrument instrument, Act act) => instrument.Status == InstrumentStatus.Active && instrument.Obligor == act.Party
        ? [new(instrument.Creditor, instrument.Obligor, instrument.Currency, instrument.Face)]
        : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Kind == InstrumentKind.Bill) return Refusal.IsABill;
        if (instrument.Status is not (InstrumentStatus.Offered or InstrumentStatus.Active)) return Refusal.InstrumentStatusWrong;
        if (instrument.Obligor != act.Party) return Refusal.NotTheObligor;
        if (instrument.Status == InstrumentStatus.Active)
        {
            if (!IsUntouched(state, instrument)) return Refusal.InstrumentDependedOn;
            if (!Agrees(state, act, this, instrument.Creditor)) return Refusal.HolderDidNotSign;
        }

        return new ReceivableCancelled(Instrument);
    }
}

public sealed record ReceivableCancelled(Id<Instrument> Instrument) : LedgerEvent<ReceivableCancelled>, IEvent
{
    public static (string Chinese, string English) Words => ("凭证已作废", "receivable cancelled");

    public override LedgerState Enact(LedgerState state)
    {
        var instrument = InstrumentNamed(state, Instrument);
        var offer = OfferNamed(state, instrument.IssueOffer);
        if (offer.Status == OfferStatus.Open) return CloseOffer(state, offer, OfferStatus.Withdrawn);
        return ReleaseEarmark(ReleaseUsed(state, instrument.Documents), instrument.Id)
            .With(instrument with { Status = InstrumentStatus.Cancelled })
            .WithoutTokens(instrument.Id);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Instrument.Is(Instrument)];
}

public static partial class Rulebook
{
    // All units lie where the issue brought them, and nothing binds them. That something did once and is over keeps nobody.
    internal static bool IsUntouched(LedgerState state, Instrument instrument) =>
        state.Maturity(instrument.Id) is not { Claims.Count: > 0 } && state.Tokens(instrument.Id) is { } tokens
        && AllOf(tokens, [Interval.OfWhole(instrument.Face)], token =>
            token is { State: UnitState.Live, Leg.Cause: TransferCause.Issue } && token.Holder == instrument.Creditor && IsFreeNow(state, token));
}
