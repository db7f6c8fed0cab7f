using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>The party that an issue, a transfer or a pledge was offered to takes it (签收, <c>offer.accept</c>): only now does anything move.</summary>
public sealed record AcceptOffer(Id<Offer> Offer) : Operation<AcceptOffer>, IVerb
{
    public static Verb Verb { get; } = new("offer.accept", "签收", "accept an offer", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Offer(Offer) is { } offer ? [new(act.Party, offer.From, offer.Currency, offer.Amount)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Offer(Offer) is not { } offer) return Verdict.No(Refusal.OfferNotFound, Offer.ToString());
        if (WhyNotOpen(state, offer) is { } closed) return closed;
        if (offer.To != act.Party) return Refusal.NotTheOfferee;
        if (JudgeAnswer(state, act, offer) is { } oneHand) return oneHand;
        if (WhyNotInForce(state, offer) is { } early) return early;
        if (state.Party(offer.From) is { Standing: Standing.KeysLost }) return Refusal.OfferorLostKeys;
        var cause = offer.Kind == OfferKind.Transfer ? offer.Cause : TransferCause.Issue;
        if (!IsAfterMaturity(offer.Kind) && state.Instrument(offer.Instrument) is { } instrument && WhyNotNow(state, instrument, cause) is { } untimely)
            return untimely;
        if (IsBillAct(offer.Kind) && JudgeBillAgreement(state, offer) is { } hindered) return hindered;
        if (offer.Kind == OfferKind.Transfer && WhyNotMovable(state, offer) is { } stuck) return stuck;

        if (JudgeStillCovers(state, BackgroundOf(state, offer)) is { } uncovered) return uncovered;

        return new OfferAccepted(offer.Id);
    }
}

public sealed record OfferAccepted(Id<Offer> Offer) : LedgerEvent<OfferAccepted>, IEvent
{
    public static (string Chinese, string English) Words => ("要约已签收", "offer accepted");

    public override LedgerState Enact(LedgerState state)
    {
        var offer = OfferNamed(state, Offer);
        if (IsForRegister(state, offer)) return AwaitRegister(state, offer);

        // That somebody who is liable agrees to pay moves nothing; the payment does.
        return offer.Kind == OfferKind.Recourse ? state.With(offer with { Status = OfferStatus.Accepted }) : TakeEffect(state, offer);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => Details.Of(Offer, state);
}

public static partial class Rulebook
{
    // A bill's papers were cited when it was drawn.
    internal static IEnumerable<Id<Document>> BackgroundOf(LedgerState state, Offer offer) =>
        (offer.Kind is OfferKind.Acceptance or OfferKind.Delivery ? InstrumentNamed(state, offer.Instrument).Documents : offer.Documents).Select(use => use.Document);

    // While the offer stood, a freeze may have come over the units, a payment may have retired some, or the pledge that was its ground may have ended.
    internal static Verdict.Refused? WhyNotMovable(LedgerState state, Offer offer)
    {
        if (state.Tokens(offer.Instrument) is not { } tokens) return null;
        foreach (var units in offer.Units)
        {
            foreach (var token in tokens.Touching(units))
            {
                if (token.State != UnitState.Live) return new(Refusal.UnitsNotLive, Facts.None);
                if (offer.Cause == TransferCause.Realisation && !IsPledgedTo(state, token, offer.From)) return new(Refusal.NotThePledgeeOfUnits, Facts.None);
                foreach (var burden in token.Encumbrances)
                {
                    if (burden.BindsAt(state.Now) && !EndsWith(state, offer, token, burden) && !IsOwnMark(offer, burden) && offer.Cause != TransferCause.Succession)
                        return new(Refusal.UnitsBurdened, new(Conflict: DoublePledgeCheck.ConflictWith(burden)));
                }
            }
        }

        return null;
    }

    // 不得转让 that the endorsement itself brings.
    static bool IsOwnMark(Offer offer, Encumbrance burden) => Is(burden, EncumbranceKind.NotTransferable, offer.Id.Value);
}
