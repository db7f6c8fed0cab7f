using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// A bill is endorsed (背书) by the verb with which a receivable is transferred; what 票据法 27 to 37 add is here.
public static partial class Rulebook
{
    internal static Verdict.Refused? JudgeEndorsement(LedgerState state, PartyId endorser, Instrument instrument, Tokens tokens, Transfer transfer)
    {
        if (instrument.Bill is not { } bill)
            return transfer.NotTransferable is null && transfer.Condition is null ? null : new(Refusal.NotABill, Facts.None);
        if (bill.Undivided && (transfer.Units?.Amount ?? transfer.Amount) != instrument.Face) return new(Refusal.PartialEndorsement, Facts.None);
        if (transfer.Condition is not null) return new(Refusal.ConditionalEndorsement, Facts.None);
        if (transfer.Cause != TransferCause.Trade) return transfer.NotTransferable is null ? null : new(Refusal.MarkIsEndorsers, Facts.None);
        if (state.Today > LastDayOfPresentation(state, instrument)) return new(Refusal.EndorsementTooLate, Facts.None);

        return MarkInTheWay(state, endorser, tokens, transfer);
    }

    // Units that are named must bear no mark; for an amount the others must suffice.
    static Verdict.Refused? MarkInTheWay(LedgerState state, PartyId endorser, Tokens tokens, Transfer transfer)
    {
        ulong held = 0, unmarked = 0;
        Refusal? mark = null;
        foreach (var token in tokens.Span)
        {
            if (token.Holder != endorser || token.State != UnitState.Live || transfer.Units?.Overlaps(token.Units) == false) continue;
            held += token.Units.Length;
            if (MarkOn(state, token) is { } found) mark ??= found;
            else unmarked += token.Units.Length;
        }

        if (mark is not { } refusal) return null;
        var suffices = transfer.Amount is { } amount && (amount.Minor <= unmarked || amount.Minor > held);
        return suffices ? null : new(refusal, Facts.None);
    }

    // 票据法 36 after dishonour, 34 where an endorser wrote 不得转让.
    static Refusal? MarkOn(LedgerState state, Token token)
    {
        Refusal? mark = null;
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Kind == EncumbranceKind.Recourse) return Refusal.EndorsementTooLate;
            if (burden.Kind == EncumbranceKind.NotTransferable && burden.BindsAt(state.Now)) mark = Refusal.EndorsementForbidden;
        }

        return mark;
    }

    /// <summary>不得转让, written into the endorsement while it is offered; it stays with the endorsee when that accepts and goes when it does not.</summary>
    internal static LedgerState WriteMark(LedgerState state, Offer offer) => Burden(
        state, offer.Instrument, offer.Units, new(EncumbranceKind.NotTransferable, offer.Id.Value, offer.From, state.Now, offer.Expires));

    static LedgerState LiftMark(LedgerState state, Offer offer) => InstrumentNamed(state, offer.Instrument).Bill is null
        ? state
        : LiftBurden(state, offer.Instrument, offer.Units, EncumbranceKind.NotTransferable, offer.Id.Value);

    static LedgerState KeepMark(LedgerState state, Offer accepted) => InstrumentNamed(state, accepted.Instrument).Bill is null
        ? state
        : ExchangeBurden(state, accepted, EncumbranceKind.NotTransferable,
            new(EncumbranceKind.NotTransferable, accepted.Id.Value, accepted.From, state.Now, PartyKey.Forever));
}
