using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>With which events units come to somebody.</summary>
static class Movements
{
    /// <summary>The offer by which units came to somebody with this event. What a bill register is told of moves with its message.</summary>
    public static Offer? By(LedgerState state, LedgerEvent happened)
    {
        var (id, isToldLater) = happened switch
        {
            OfferAccepted accepted => (accepted.Offer, state.Chain.BillRegister is not null),
            RecourseSettled settled => (settled.Offer, state.Chain.BillRegister is not null),
            BillAttested { Answer: RegisterAnswer.Done, Offer: { } told } => (told, false),
            BillReconciled { Offer: { } told } => (told, false),
            _ => (default, false),
        };
        if (state.Offer(id) is not { } offer || (isToldLater && state.Instrument(offer.Instrument) is { Bill: not null })) return null;
        return offer.Kind is OfferKind.Issue or OfferKind.Transfer or OfferKind.Delivery || (offer.Kind == OfferKind.Recourse && happened is not OfferAccepted)
            ? offer
            : null;
    }

    /// <summary>The financing whose payout moved units, or whose units went back with this event; a pledge moves none.</summary>
    public static Financing? BySale(LedgerState state, LedgerEvent happened)
    {
        Id<Financing>? id = happened switch
        {
            FinancingDisbursed disbursed => disbursed.Financing,
            FinancingReversed reversed => reversed.Financing,
            FinancingCorrected corrected => corrected.Financing,
            FinancingBoughtBack boughtBack => boughtBack.Financing,
            _ => null,
        };
        return id is { } known && state.Financing(known) is { Form: not FinancingForm.PledgeLoan } financing ? financing : null;
    }
}
