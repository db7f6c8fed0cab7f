using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A holder, or the pledgee of its units, asks the acceptor to pay (提示付款, <c>bill.present</c>): from the day on which the bill is payable until
/// ten days after (票据法 53), and later with an explanation. The acceptor that agrees pays by its bank; one that declines, or lets the term
/// pass, has dishonoured.
/// </summary>
public sealed record PresentBill(Id<Offer> Offer, Id<Instrument> Instrument, Interval Units, Timestamp Expires, Hash256? Explanation = null) : Operation<PresentBill>, IVerb
{
    public static Verb Verb { get; } = new("bill.present", "提示付款", "present a bill for payment", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [Stake.Nothing(act.Party, instrument.Obligor)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Bill is null) return Refusal.NotABill;
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (JudgeBillUnits(tokens, Units, token => BearerOf(state, token) == act.Party) is { } wrong) return wrong;
        var payable = state.PayableOn(instrument.DueDate);
        if (state.Today < payable) return new Verdict.Refused(Refusal.PresentedEarly, new(Reason: FormattableString.Invariant($"{payable:yyyy-MM-dd}")));
        if (state.Today > LastDayOfPresentation(state, instrument) && Explanation is null) return Refusal.ExplanationMissing;
        if (IsTooScattered(state, tokens, act.Party, [Units])) return Refusal.TooManyTokens;
        if (!IsOfferTerm(state, Expires)) return Refusal.OfferTermInvalid;

        // Nothing moves by asking: what may not be endorsed, or is frozen, may be presented, and the pledgee's own pledge is its right to.
        if (DoublePledgeCheck.Examine(
            state, new(act.Party, instrument.Currency, instrument.Id, [Units], []),
            static burden => burden.Kind is EncumbranceKind.NotTransferable or EncumbranceKind.Freeze or EncumbranceKind.Pledge) is { } conflict)
        {
            return conflict;
        }

        return new BillActOffered(OfUnits(
            state, act, instrument, OfferKind.Presentation, Offer, instrument.Obligor, Units, Expires));
    }
}

/// <summary>The acceptor refused to pay (拒付). An answer that fails to come in its term has the same effect and is told by the end of the offer.</summary>
public sealed record BillDishonoured(Id<Offer> Presentation) : LedgerEvent<BillDishonoured>, IEvent
{
    public static (string Chinese, string English) Words => ("票据被拒付", "bill dishonoured");

    public override LedgerState Enact(LedgerState state) => state;

    public override IEnumerable<Told> Tells(LedgerState state) => Details.Of(Presentation, state);
}

public static partial class Rulebook
{
    // 票据法 53: within ten days after maturity.
    const int PresentationDays = 10;

    // The acceptor's word pays nothing: where the ledger is the register the bank's receipt does, elsewhere the register settles and says so.
    static LedgerState EnactPresentation(LedgerState state, Offer accepted) =>
        state.Chain.BillRegister is null ? state : RetireBill(state, accepted.Instrument, accepted.Units, UnitState.Paid);

    // No answer in time is a refusal; only whoever asked can take the question back.
    static LedgerState ClosePresentation(LedgerState state, Offer presentation, OfferStatus how) => how == OfferStatus.Withdrawn
        ? LiftBurden(state, presentation.Instrument, presentation.Units, EncumbranceKind.Presentation, presentation.Id.Value)
        : Dishonour(state, presentation, how == OfferStatus.Expired ? presentation.Expires : state.Now);

    /// <summary>From now on whoever is liable can be asked (票据法 61); what was paid in the meantime is not dishonoured.</summary>
    static LedgerState Dishonour(LedgerState state, Offer presentation, Timestamp since) => ExchangeBurden(
        state, presentation, EncumbranceKind.Presentation,
        new(EncumbranceKind.Recourse, presentation.Id.Value, presentation.From, since, Parties.PartyKey.Forever));

    internal static DateOnly LastDayOfPresentation(LedgerState state, Instrument instrument) => state.PayableOn(instrument.DueDate).AddDays(PresentationDays);
}
