using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>The party that an offer was made to refuses it (拒收, <c>offer.decline</c>).</summary>
public sealed record DeclineOffer(Id<Offer> Offer) : Operation<DeclineOffer>, IVerb
{
    public static Verb Verb { get; } = new("offer.decline", "拒收", "decline an offer", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Offer(Offer) is { } offer ? [Stake.Nothing(act.Party, offer.From)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Offer(Offer) is not { } offer) return Verdict.No(Refusal.OfferNotFound, Offer.ToString());
        if (WhyNotOpen(state, offer) is { } closed) return closed;
        if (offer.To != act.Party) return Refusal.NotTheOfferee;
        if (JudgeAnswer(state, act, offer) is { } oneHand) return oneHand;

        var declined = new OfferClosed(offer.Id, OfferStatus.Declined);
        return offer.Kind == OfferKind.Presentation ? new Verdict.Accepted([declined, new BillDishonoured(offer.Id)]) : declined;
    }
}

/// <summary>The party that made an offer takes it back before it is answered (撤回, <c>offer.withdraw</c>).</summary>
public sealed record WithdrawOffer(Id<Offer> Offer) : Operation<WithdrawOffer>, IVerb
{
    public static Verb Verb { get; } = new("offer.withdraw", "撤回", "withdraw an offer", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Offer(Offer) is { } offer ? [Stake.Nothing(act.Party, offer.To)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Offer(Offer) is not { } offer) return Verdict.No(Refusal.OfferNotFound, Offer.ToString());
        if (WhyNotOpen(state, offer) is { } closed) return closed;
        if (offer.From != act.Party && !MayWithdrawFor(state, act, offer.From)) return Refusal.NotTheOfferor;

        return new OfferClosed(offer.Id, OfferStatus.Withdrawn);
    }
}

/// <summary>An offer ended without acceptance; whatever it held is free again.</summary>
public sealed record OfferClosed(Id<Offer> Offer, OfferStatus How) : LedgerEvent<OfferClosed>, IEvent
{
    public static (string Chinese, string English) Words => ("要约已结束", "offer closed");

    public override LedgerState Enact(LedgerState state) => CloseOffer(state, OfferNamed(state, Offer), How);

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Offer, state), Details.How.Is(How)];
}

public static partial class Rulebook
{
    // A pledgee realises what its holder agreed to, by whatever hand.
    internal static Verdict.Refused? JudgeAnswer(LedgerState state, Act act, Offer offer) =>
        JudgeOtherHand(state, act, offer.From, offer.Hand) ?? (offer is { Kind: OfferKind.Transfer, Cause: TransferCause.Realisation }
            && state.Tokens(offer.Instrument) is { } tokens && tokens.Touching(offer.Units[0])[0].Holder is var holder && holder != offer.From
                ? JudgeOtherHand(state, act, holder, holder)
                : null);

    // Whoever has a party's key may have made offers with it; its sponsor, that reported the loss, takes them back.
    internal static bool MayWithdrawFor(LedgerState state, Act act, PartyId offeror) =>
        state.Party(offeror) is { Standing: Standing.KeysLost } lost && lost.Sponsor == act.Party;

    internal static LedgerState CloseOffer(LedgerState state, Offer offer, OfferStatus how)
    {
        state = End(state, offer, how);
        return offer.Kind switch
        {
            OfferKind.Issue => UndoIssue(state, offer),
            OfferKind.Transfer => LiftMark(LiftBurden(state, offer.Instrument, offer.Units, EncumbranceKind.Offer, offer.Id.Value), offer),
            OfferKind.Pledge => state,
            OfferKind.Acceptance or OfferKind.Delivery => UnlockPackage(state, offer),
            OfferKind.BillPledge or OfferKind.Guarantee => LiftBurden(state, offer.Instrument, offer.Units, EncumbranceKind.Offer, offer.Id.Value),
            OfferKind.Presentation => ClosePresentation(state, offer, how),
            OfferKind.Recourse or OfferKind.Cancellation or OfferKind.PledgeRelease or OfferKind.TransferPermission => state,
        };
    }

    // What every offer does that ends untaken; the burdens on its units are each kind's own.
    internal static LedgerState End(LedgerState state, Offer offer, OfferStatus how) =>
        EndMeasureBehind(ReleaseReserved(state, offer.Documents).With(offer with { Status = how }), offer);

    // A claim that had been confirmed before it was issued is again what it was, without the rate that only this issue named; an issue without one is over and its id stays
    // used.
    static LedgerState UndoIssue(LedgerState state, Offer offer)
    {
        var instrument = InstrumentNamed(state, offer.Instrument);
        var wasConfirmed = instrument.Confirmation is { SupplierConsent.IsZero: false };
        state = ReleaseEarmark(state, instrument.Id);
        if (state.Maturity(instrument.Id) is { } maturity) state = state.Without(maturity);
        return state.With(instrument with
        {
            Status = wasConfirmed ? InstrumentStatus.Confirmed : InstrumentStatus.Cancelled,
            Face = instrument.Confirmation?.Requested ?? instrument.Face,
            IssueDate = DateOnly.MinValue,
            DueDate = DateOnly.MinValue,
            Transferable = wasConfirmed || instrument.Transferable,
            IssueOffer = wasConfirmed ? default : instrument.IssueOffer,
            Documents = [],
        });
    }

    // Whether its deadline has fired makes no difference to what is said of an expired offer.
    internal static Refusal? WhyNotOpen(LedgerState state, Offer offer) => offer.Status switch
    {
        OfferStatus.Open => offer.Expires <= state.Now ? Refusal.OfferExpired : null,
        OfferStatus.Expired => Refusal.OfferExpired,
        OfferStatus.Accepted or OfferStatus.Declined or OfferStatus.Withdrawn or OfferStatus.AwaitsRegister or OfferStatus.Lapsed or OfferStatus.Dismissed => Refusal.OfferNotOpen,
    };

    /// <summary>An offer's term: a whole minute in the future, not longer than the rules allow.</summary>
    internal static bool IsOfferTerm(LedgerState state, Timestamp expires) => IsTerm(state, expires, RuleParameter.OfferMaximumDays);

    static bool IsTerm(LedgerState state, Timestamp until, RuleParameter longestDays) =>
        until.IsWholeMinute && until > state.Now && until <= state.Now.Add(state.Rules[longestDays] * Timestamp.Day);
}
