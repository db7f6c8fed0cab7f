using System.Diagnostics;
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
        if (state.Instrument(offer.Instrument) is { } instrument && state.Today >= instrument.DueDate) return Refusal.InstrumentDue;
        if (offer.Kind == OfferKind.Transfer && OtherBurden(state, offer) is { } burden)
            return new Verdict.Refused(Refusal.UnitsBurdened, new(Conflict: DoublePledgeCheck.ConflictWith(burden)));

        return new OfferAccepted(offer.Id);
    }

    static LedgerState Enact(LedgerState state, OfferAccepted accepted)
    {
        var offer = OfferNamed(state, accepted.Offer);
        state = state.With(offer with { Status = OfferStatus.Accepted });
        return offer.Kind switch
        {
            OfferKind.Issue => EnactIssue(state, offer),
            OfferKind.Transfer => EnactTransfer(state, offer),
            OfferKind.Pledge => EnactPledge(state, offer),
            OfferKind.Acceptance or OfferKind.Delivery or OfferKind.BillPledge or OfferKind.Guarantee or OfferKind.Presentation or OfferKind.Recourse =>
                throw new UnreachableException("No verb makes one yet."),
        };
    }

    // A freeze may have come over the units while the offer stood.
    static Encumbrance? OtherBurden(LedgerState state, Offer offer)
    {
        if (state.Tokens(offer.Instrument) is not { } tokens) return null;
        foreach (var units in offer.Units)
        {
            foreach (var token in tokens.Touching(units))
            {
                foreach (var burden in token.Encumbrances)
                {
                    if (!Is(burden, EncumbranceKind.Offer, offer.Id.Value) && burden.BindsAt(state.Now)) return burden;
                }
            }
        }

        return null;
    }
}
