using System.Diagnostics;
using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>One side of a bill asks another for an act: nothing moves before the other agrees.</summary>
public sealed record BillActOffered(Offer Offer) : LedgerEvent<BillActOffered>, IEvent
{
    public static (string Chinese, string English) Words => ("已发出票据要约", "act on a bill offered");

    public override LedgerState Enact(LedgerState state)
    {
        state = state.With(Offer);
        return Offer.Kind switch
        {
            OfferKind.Acceptance or OfferKind.Delivery => LockPackage(state, Offer),
            OfferKind.BillPledge or OfferKind.Guarantee =>
                Burden(state, Offer.Instrument, Offer.Units, new(EncumbranceKind.Offer, Offer.Id.Value, Offer.To, state.Now, Offer.Expires)),
            OfferKind.Presentation =>
                Burden(state, Offer.Instrument, Offer.Units, new(EncumbranceKind.Presentation, Offer.Id.Value, Offer.From, state.Now, PartyKey.Forever)),
            OfferKind.Recourse => OpenRecourse(state, Offer),
            _ => throw new UnreachableException("One party's word is enough for it, or it is no act on a bill."),
        };
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Offer), Details.Act.Is(Offer.Kind)];
}

/// <summary>An act on a bill for which one party's word is enough. Where a register is named the offer says that it waits for it.</summary>
public sealed record BillActInstructed(Offer Offer) : LedgerEvent<BillActInstructed>, IEvent
{
    public static (string Chinese, string English) Words => ("已发出票据指令", "act on a bill instructed");

    public override LedgerState Enact(LedgerState state) =>
        Offer.Status == OfferStatus.AwaitsRegister ? AwaitRegister(state, Offer) : TakeEffect(state, Offer);

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        .. Details.Of(Offer), Details.Act.Is(Offer.Kind), Details.AwaitsRegister.Is(Offer.Status == OfferStatus.AwaitsRegister),
    ];
}

// What is agreed takes effect in one place: at once where the ledger is the register, and by the register's message where genesis names one.
public static partial class Rulebook
{
    /// <summary>Everything that an agreement of two parties, or one party's word where that is enough, makes so.</summary>
    internal static LedgerState TakeEffect(LedgerState state, Offer offer)
    {
        state = state.With(offer with { Status = OfferStatus.Accepted });
        return offer.Kind switch
        {
            OfferKind.Issue => EnactIssue(state, offer),
            OfferKind.Transfer => KeepMark(EnactTransfer(state, offer), offer),
            OfferKind.Pledge => EnactPledge(state, offer),
            OfferKind.Acceptance => EnactAcceptance(state, offer),
            OfferKind.Delivery => EnactDelivery(state, offer),
            OfferKind.Cancellation => EnactCancellation(state, offer),
            OfferKind.BillPledge => EnactBillPledge(state, offer),
            OfferKind.PledgeRelease => EnactPledgeRelease(state, offer),
            OfferKind.Guarantee => EnactGuarantee(state, offer),
            OfferKind.TransferPermission => EnactPermission(state, offer),
            OfferKind.Presentation => EnactPresentation(state, offer),
            OfferKind.Recourse => EnactRecourse(state, offer),
        };
    }

    internal static bool IsBillAct(OfferKind kind) => kind is OfferKind.Acceptance or OfferKind.Delivery or OfferKind.BillPledge or OfferKind.Guarantee
        or OfferKind.Presentation or OfferKind.Recourse;

    internal static bool IsAfterMaturity(OfferKind kind) => kind is OfferKind.Presentation or OfferKind.Recourse;

    // What was free when it was asked for may have been frozen, locked for reconciliation, paid or handed on before it is agreed to.
    internal static Verdict.Refused? JudgeBillAgreement(LedgerState state, Offer offer)
    {
        if (WhyNoLonger(state, offer) is { } over) return new(over, Facts.None);
        if (state.Tokens(offer.Instrument) is null) return JudgeDrawing(state, InstrumentNamed(state, offer.Instrument));
        var hinders = BindingBurden(state, offer, burden => burden.Kind switch
        {
            EncumbranceKind.Offer => Is(burden, EncumbranceKind.Offer, offer.Id.Value),
            EncumbranceKind.NotTransferable or EncumbranceKind.Presentation or EncumbranceKind.Recourse => true,
            EncumbranceKind.Pledge or EncumbranceKind.Freeze => IsAfterMaturity(offer.Kind),
            _ => false,
        });
        return hinders is { } burden ? new(Refusal.UnitsBurdened, new(Conflict: DoublePledgeCheck.ConflictWith(burden))) : null;
    }

    static Verdict.Refused? JudgeDrawing(LedgerState state, Instrument drawn) =>
        BillOf(drawn).Mismatch ? new(Refusal.BillMismatched, Facts.None)
        : IsDrawingOver(state, drawn) ? new(Refusal.BillStatusWrong, new(Reason: BillStatusOf(state, drawn).ToString()))
        : null;

    /// <summary>Whether an agreed act takes effect only by the register's message. The payment that ends recourse is instructed by the payee's bank.</summary>
    internal static bool IsForRegister(LedgerState state, Offer agreed) =>
        state.Chain.BillRegister is not null && agreed.Kind != OfferKind.Recourse && state.Instrument(agreed.Instrument) is { Bill: not null };

    internal static LedgerState AwaitRegister(LedgerState state, Offer agreed)
    {
        state = state.With(agreed with { Status = OfferStatus.AwaitsRegister });
        if (agreed.Kind == OfferKind.Acceptance) return LockPackage(state, agreed);
        if (agreed.Kind is OfferKind.Delivery or OfferKind.Cancellation)
            return state.With(InstrumentNamed(state, agreed.Instrument) with { IssueOffer = agreed.Id });

        // The offer's term was for its answer; the register takes its own time.
        return Rewrite(state, agreed.Instrument, agreed.Units, token => token with
        {
            Encumbrances = [.. token.Encumbrances.Select(burden =>
                burden.Reference == agreed.Id.Value && burden.Kind is EncumbranceKind.Offer or EncumbranceKind.NotTransferable
                    ? burden with { Until = PartyKey.Forever }
                    : burden)],
        });
    }

    internal static Offer OfWhole(LedgerState state, Act act, Instrument bill, OfferKind kind, Id<Offer> id, PartyId to, Timestamp expires) =>
        OfUnits(state, act, bill, kind, id, to, Interval.OfWhole(bill.Face), expires);

    internal static Offer OfUnits(
        LedgerState state, Act act, Instrument bill, OfferKind kind, Id<Offer> id, PartyId to, Interval units, Timestamp expires,
        ValueList<Hash256> terms = default) => new(
            id, kind, OfferStatus.Open, act.Party, to, act.Agent, bill.Id, [units],
            kind == OfferKind.Delivery ? TransferCause.Issue : kind == OfferKind.Recourse ? TransferCause.Recourse : TransferCause.Trade,
            Recourse: true, bill.Currency, units.Amount, [], terms, state.Now, expires);

    /// <summary>An act that needs nobody else's word: it is done, or waits for the register. A term it has only where somebody could have answered.</summary>
    internal static BillActInstructed Instructed(LedgerState state, Offer offer) => new(offer with
    {
        Status = state.Chain.BillRegister is null ? OfferStatus.Accepted : OfferStatus.AwaitsRegister,
        Expires = offer.Expires == default ? state.Now : offer.Expires,
    });

    /// <summary>Acts on the package before its delivery are its drawer's, one at a time, from a status that the table knows.</summary>
    internal static Verdict.Refused? JudgePackage(LedgerState state, Act act, Instrument instrument, BillAct what)
    {
        if (instrument.Bill is not { } bill) return new(Refusal.NotABill, Facts.None);
        if (bill.Drawer != act.Party) return new(Refusal.NotTheDrawer, Facts.None);
        if (bill.Mismatch) return new(Refusal.BillMismatched, Facts.None);
        var now = BillStatusOf(state, instrument);
        if (!BillTransitions.Begins(what, now)) return new(Refusal.BillStatusWrong, new(Reason: now.ToString()));
        return state.Offer(instrument.IssueOffer) is { Status: OfferStatus.AwaitsRegister } ? new(Refusal.BillActUnderWay, Facts.None) : null;
    }

    internal static LedgerState LockPackage(LedgerState state, Offer offer)
    {
        var instrument = InstrumentNamed(state, offer.Instrument);
        return state.With(instrument with { IssueOffer = offer.Id, Bill = BillOf(instrument) with { Flow = (byte)BillFlow.Locked } });
    }

    // A later act may have taken the place of one that ran out before its deadline fired.
    static LedgerState UnlockPackage(LedgerState state, Offer offer)
    {
        var instrument = InstrumentNamed(state, offer.Instrument);
        return instrument.Status == InstrumentStatus.Offered && instrument.IssueOffer == offer.Id
            ? state.With(instrument with { Bill = BillOf(instrument) with { Flow = (byte)BillFlow.AwaitsDelivery } })
            : state;
    }

    /// <summary>Whose right units are: the pledgee's in whose favour they are pledged (票据法 35), or else their holder's.</summary>
    internal static PartyId BearerOf(LedgerState state, Token token)
    {
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Kind == EncumbranceKind.Pledge && burden.BindsAt(state.Now)) return burden.Beneficiary;
        }

        return token.Holder;
    }

    internal static Verdict.Refused? JudgeBillUnits(Tokens tokens, Interval units, Func<Token, bool> areTheirs)
    {
        if (units.Last > tokens.Face.Minor) return new(Refusal.UnitsDoNotExist, Facts.None);
        foreach (var token in tokens.Touching(units))
        {
            if (!areTheirs(token)) return new(Refusal.UnitsNotHeld, Facts.None);
            if (token.State != UnitState.Live) return new(Refusal.UnitsNotLive, Facts.None);
        }

        return null;
    }

    /// <summary>Why an act on units that was asked for earlier can no longer be done, or null: they were paid or have moved since.</summary>
    internal static Refusal? WhyNoLonger(LedgerState state, Offer offer)
    {
        if (offer.Kind is OfferKind.Acceptance or OfferKind.Delivery or OfferKind.Cancellation)
            return InstrumentNamed(state, offer.Instrument).IssueOffer == offer.Id ? null : Refusal.OfferNotOpen;
        var tokens = TokensNamed(state, offer.Instrument);
        foreach (var units in offer.Units)
        {
            foreach (var token in tokens.Touching(units))
            {
                if (token.State != UnitState.Live) return Refusal.UnitsNotLive;
                if (offer.Kind != OfferKind.TransferPermission && offer.From != BearerOf(state, token)) return Refusal.UnitsNotHeld;
            }
        }

        return null;
    }

    static LedgerState RetireBill(LedgerState state, Id<Instrument> id, ValueList<Interval> intervals, UnitState how)
    {
        state = Rewrite(state, id, intervals, token => token.State == UnitState.Live ? token with { State = how, Encumbrances = [] } : token);
        return IsSettled(TokensNamed(state, id)) ? state.With(InstrumentNamed(state, id) with { Status = InstrumentStatus.Settled }) : state;
    }

    static LedgerState ExchangeBurden(LedgerState state, Offer offer, EncumbranceKind from, Encumbrance to) =>
        Rewrite(state, offer.Instrument, offer.Units, token => token.Encumbrances.Any(burden => Is(burden, from, offer.Id.Value))
            ? token with { Encumbrances = Without(token.Encumbrances, from, offer.Id.Value).Add(to) }
            : token);
}
