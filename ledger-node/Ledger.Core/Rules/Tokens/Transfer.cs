using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A holder offers units to another party (流转, <c>token.transfer</c>). It names the units, or an amount: then free units are taken lowest first.
/// A trade cites this tier's own documents, on which the receiver is the seller.
/// </summary>
public sealed record Transfer(
    Id<Offer> Offer,
    Id<Instrument> Instrument,
    PartyId To,
    TransferCause Cause,
    bool Recourse,
    ValueList<DocumentUse> Documents,
    Timestamp Expires,
    Interval? Units = null,
    Amount? Amount = null,
    ValueList<Hash256> Terms = default) : Operation;

public sealed record TransferOffered(Offer Offer) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, Transfer transfer)
    {
        if (state.Instrument(transfer.Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, transfer.Instrument.ToString());
        if (state.Offer(transfer.Offer) is not null) return Refusal.OfferIdInUse;
        if (state.Party(transfer.To) is null) return Verdict.No(Refusal.PartyNotFound, transfer.To.Text);
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (!instrument.Transferable) return Refusal.NotTransferable;
        if (transfer.Cause != TransferCause.Trade) return Refusal.CauseNotTaken;
        if (state.Today >= instrument.DueDate) return Refusal.InstrumentDue;
        if (transfer.To == act.Party) return Refusal.TransferToSelf;
        if (transfer.Units is null == transfer.Amount is null) return Refusal.UnitsOrAmount;
        if (transfer.Amount is { IsZero: true }) return Refusal.AmountZero;
        if (JudgeHolding(tokens, act.Party, transfer.Units, transfer.Amount) is { } holding) return holding;

        var units = transfer.Units is { } named ? [named] : LowestFirst(state, tokens, act.Party, transfer.Amount ?? default);
        var amount = Sum(units);
        if (amount.Minor < (ulong)state.Rules[RuleParameter.MinimumTransfer]) return Refusal.BelowMinimum;
        if (Depth(tokens, units) >= state.Rules[RuleParameter.MaximumDepth]) return Refusal.TooDeep;
        if (tokens.Count + (2 * units.Count) > state.Rules[RuleParameter.MaximumTokens]) return Refusal.TooManyTokens;
        if (!IsOfferTerm(state, transfer.Expires)) return Refusal.OfferTermInvalid;
        if (JudgeBackground(state, transfer.Documents, transfer.To, act.Party, instrument.Currency, amount) is { } background) return background;
        if (DoublePledgeCheck.Examine(state, new(act.Party, instrument.Currency, instrument.Id, units, transfer.Documents)) is { } conflict) return conflict;

        return new TransferOffered(new(
            transfer.Offer, OfferKind.Transfer, OfferStatus.Open, act.Party, transfer.To, instrument.Id, units, transfer.Cause, transfer.Recourse,
            instrument.Currency, amount, transfer.Documents, transfer.Terms, state.Now, transfer.Expires));
    }

    static LedgerState Enact(LedgerState state, TransferOffered offered)
    {
        var offer = offered.Offer;
        var burden = new Encumbrance(EncumbranceKind.Offer, offer.Id.Value, offer.To, Rank: 1, state.Now, offer.Expires);
        return Burden(Reserve(state, offer.Documents).With(offer), offer.Instrument, offer.Units, burden);
    }

    static LedgerState EnactTransfer(LedgerState state, Offer accepted)
    {
        var instrument = InstrumentNamed(state, accepted.Instrument);
        var tokens = TokensNamed(state, accepted.Instrument);

        // One act is one leg, however many tokens its units came from: that is what lets them merge.
        var depth = (ushort)(Depth(tokens, accepted.Units) + 1);
        var leg = new Leg(accepted.Id, accepted.Cause, accepted.From, depth, accepted.Recourse, accepted.Documents, state.Now);
        var home = accepted.To == instrument.Obligor;
        foreach (var units in accepted.Units)
        {
            tokens = tokens.Rewrite(units, Merges(instrument), token => token with
            {
                Holder = accepted.To,
                State = home ? UnitState.Extinguished : UnitState.Live,
                Leg = leg,
                Encumbrances = Without(token.Encumbrances, EncumbranceKind.Offer, accepted.Id.Value),
            });
        }

        state = WriteUnits(UseReserved(state, accepted.Documents), instrument.Id, accepted.Units, tokens);
        return home && IsSettled(tokens) ? state.With(instrument with { Status = InstrumentStatus.Settled }) : state;
    }

    // That units exist and are the holder's is no double-pledge question: a mistake here is no attempt.
    static Verdict.Refused? JudgeHolding(Tokens tokens, PartyId holder, Interval? named, Amount? wanted)
    {
        if (wanted is { } amount)
        {
            ulong held = 0;
            foreach (var token in tokens.Span)
            {
                if (token.Holder == holder && token.State == UnitState.Live) held += token.Units.Length;
            }

            return held < amount.Minor ? new(Refusal.NotEnoughHeld, new(new Amount(held))) : null;
        }

        if (named is not { } units || units.Last > tokens.Face.Minor) return new(Refusal.UnitsDoNotExist, Facts.None);
        foreach (var token in tokens.Touching(units))
        {
            if (token.Holder != holder) return new(Refusal.UnitsNotHeld, Facts.None);
            if (token.State != UnitState.Live) return new(Refusal.UnitsNotLive, Facts.None);
        }

        return null;
    }

    // Free units, lowest first. When they do not suffice the lowest burdened ones complete the claim, so that the check names what holds them.
    static ValueList<Interval> LowestFirst(LedgerState state, Tokens tokens, PartyId holder, Amount amount)
    {
        var taken = new List<Interval>();
        var missing = amount.Minor;
        foreach (var wantFree in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var token in tokens.Span)
            {
                if (missing == 0) break;
                if (token.Holder != holder || token.State != UnitState.Live || IsFreeNow(state, token) != wantFree) continue;
                var length = Math.Min(missing, token.Units.Length);
                taken.Add(new(token.Units.First, token.Units.First + length - 1));
                missing -= length;
            }
        }

        taken.Sort();
        return Joined(taken);
    }

    static bool IsFreeNow(LedgerState state, Token token)
    {
        foreach (var burden in token.Encumbrances)
        {
            if (burden.BindsAt(state.Now)) return false;
        }

        return true;
    }

    static ValueList<Interval> Joined(List<Interval> ascending)
    {
        var joined = new List<Interval>();
        foreach (var next in ascending)
        {
            if (joined.Count > 0 && joined[^1].Last + 1 == next.First) joined[^1] = new(joined[^1].First, next.Last);
            else joined.Add(next);
        }

        return [.. joined];
    }

    static Amount Sum(ValueList<Interval> intervals)
    {
        var sum = Amount.Zero;
        foreach (var units in intervals) sum += units.Amount;
        return sum;
    }

    static int Depth(Tokens tokens, ValueList<Interval> intervals)
    {
        var depth = 0;
        foreach (var units in intervals)
        {
            foreach (var token in tokens.Touching(units)) depth = Math.Max(depth, token.Leg.Depth);
        }

        return depth;
    }

    static bool IsSettled(Tokens tokens)
    {
        foreach (var token in tokens.Span)
        {
            if (token.State == UnitState.Live) return false;
        }

        return true;
    }
}
