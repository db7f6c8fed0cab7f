using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>The party that an issue, a transfer or a pledge was offered to takes it (签收, <c>offer.accept</c>): only now does anything move.</summary>
public sealed record AcceptOffer(Id<Offer> Offer) : Operation;

public sealed record OfferAccepted(Id<Offer> Offer) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, AcceptOffer accept)
    {
        if (state.Offer(accept.Offer) is not { } offer) return Verdict.No(Refusal.OfferNotFound, accept.Offer.ToString());
        if (WhyNotOpen(state, offer) is { } closed) return closed;
        if (offer.To != act.Party) return Refusal.NotTheOfferee;
        if (state.Instrument(offer.Instrument) is { } instrument && state.Today >= instrument.DueDate && !IsAfterMaturity(offer.Kind)) return Refusal.InstrumentDue;
        if (IsBillAct(offer.Kind) && JudgeBillAgreement(state, offer) is { } hindered) return hindered;
        if (offer.Kind == OfferKind.Transfer && OtherBurden(state, offer) is { } burden)
            return new Verdict.Refused(Refusal.UnitsBurdened, new(Conflict: DoublePledgeCheck.ConflictWith(burden)));

        return new OfferAccepted(offer.Id);
    }

    static LedgerState Enact(LedgerState state, OfferAccepted accepted)
    {
        var offer = OfferNamed(state, accepted.Offer);
        if (IsForRegister(state, offer)) return AwaitRegister(state, offer);

        // That somebody who is liable agrees to pay moves nothing; the payment does.
        return offer.Kind == OfferKind.Recourse ? state.With(offer with { Status = OfferStatus.Accepted }) : TakeEffect(state, offer);
    }

    // A freeze may have come over the units while the offer stood. A mark that the offer itself wrote is its own.
    static Encumbrance? OtherBurden(LedgerState state, Offer offer) => BindingBurden(
        state, offer, burden => Is(burden, EncumbranceKind.Offer, offer.Id.Value) || Is(burden, EncumbranceKind.NotTransferable, offer.Id.Value));
}
