using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The register and a reviewing bank settle a mismatch (<c>bill.reconcile</c>): the lock goes, and the units stand as the message said. Where that is the
/// outcome of an instruction, <paramref name="Offer"/> names it and it takes effect; else what was under way on the units is closed. What the
/// ledger cannot know from two codes, who a pledgee is, is instructed anew and not reconciled.
/// </summary>
public sealed record ReconcileBill(string MessageId, PartyId Reviewer, Id<Offer>? Offer = null) : Operation<ReconcileBill>, IVerb
{
    public static Verb Verb { get; } = new("bill.reconcile", "票据对账", "reconcile a bill with its register");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Message(MessageId) is { } message && state.Instrument(message.Instrument) is { } instrument
        ? [new(act.Party, null, instrument.Currency, message.Units.Amount), new(Reviewer, null, instrument.Currency, message.Units.Amount)]
        : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Message(MessageId) is not { } message || !IsMismatchOf(state, message) || state.IsLeaving(message.Instrument)) return Refusal.NoSuchMismatch;
        if (act.Party != state.Chain.BillRegister) return Refusal.NotTheRegister;
        if (!SignsAs(state, act, Reviewer, Roles.Bank) || !AreIndependent(state, Reviewer, act.Party)) return Refusal.ReviewerMissing;

        if (Offer is { } named)
        {
            if (state.Offer(named) is not { } offer) return Verdict.No(Refusal.OfferNotFound, named.ToString());
            if (offer.Status != OfferStatus.AwaitsRegister || !IsOf(offer, message)) return Refusal.OfferNotOpen;
            if (WhyNoLonger(state, offer) is { } over) return over;
        }

        var events = new List<LedgerEvent>();
        if (Offer is null && !StandsAt(LiftMismatch(state, message), message.Instrument, message.Units, PairAfter(message)))
            events.AddRange(UnderWay(state, message).Select(offer => new OfferClosed(offer, OfferStatus.Declined)));
        events.Add(new BillReconciled(MessageId, Offer, Reviewer));
        return StandsAt(events.Aggregate(state, static (after, happened) => happened.Enact(after)), message.Instrument, message.Units, PairAfter(message))
            ? new Verdict.Accepted([.. events])
            : Refusal.ReconciliationDiffers;
    }
}

public sealed record BillReconciled(string MessageId, Id<Offer>? Offer, PartyId Reviewer) : LedgerEvent<BillReconciled>, IEvent
{
    public static (string Chinese, string English) Words => ("票据已对账", "bill reconciled");

    public override LedgerState Enact(LedgerState state)
    {
        var message = state.Message(MessageId) ?? throw new System.Diagnostics.UnreachableException();
        state = LiftMismatch(state, message);
        if (Offer is { } named) return TakeEffect(state, OfferNamed(state, named));
        if (StandsAt(state, message.Instrument, message.Units, PairAfter(message))) return state;
        return state.Tokens(message.Instrument) is null ? SetPackage(state, message) : SetUnits(state, message);
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.MessageId.Is(MessageId), Details.Reviewer.Is(Reviewer), Details.Offer.Is(Offer),
    ];
}

public static partial class Rulebook
{
    // A later message may have locked some of the units anew, and they may have moved on since it was reconciled: the register tells of the rest again.
    internal static bool IsMismatchOf(LedgerState state, RegisterMessage message)
    {
        if (state.Tokens(message.Instrument) is not { } tokens) return BillOf(InstrumentNamed(state, message.Instrument)).Mismatch;
        foreach (var token in tokens.Touching(message.Units))
        {
            if (!token.Encumbrances.Any(burden => Is(burden, EncumbranceKind.Mismatch, ReferenceOf(state, message)))) return false;
        }

        return true;
    }

    // One message is what the two looked at; others on the same units were about the same divergence.
    internal static LedgerState LiftMismatch(LedgerState state, RegisterMessage message)
    {
        if (state.Tokens(message.Instrument) is not null)
        {
            state = Rewrite(state, message.Instrument, [message.Units], static token => token with
            {
                Encumbrances = [.. token.Encumbrances.Where(static burden => burden.Kind != EncumbranceKind.Mismatch)],
            });
        }

        var instrument = InstrumentNamed(state, message.Instrument);
        var remains = state.Tokens(message.Instrument) is not null && IsMismatched(state, instrument, Interval.OfWhole(instrument.Face));
        return state.With(instrument with { Bill = BillOf(instrument) with { Mismatch = remains } });
    }

    internal static LedgerState SetPackage(LedgerState state, RegisterMessage message)
    {
        var instrument = InstrumentNamed(state, message.Instrument);
        return PairAfter(message) switch
        {
            _ when instrument.Status != InstrumentStatus.Offered => state,
            { Flow: BillFlow.Ended } => EndPackage(state, instrument),
            { Flow: BillFlow.AwaitsDelivery } =>
                state.With(instrument with { Bill = BillOf(instrument) with { Status = message.StatusAfter, Flow = message.FlowAfter } }),
            _ => state,
        };
    }

    internal static LedgerState SetUnits(LedgerState state, RegisterMessage message)
    {
        if (PairAfter(message).Flow == BillFlow.Ended) return RetireBill(state, message.Instrument, [message.Units], UnitState.Paid);
        if (PairAfter(message).Flow is not (BillFlow.Free or BillFlow.NotTransferable)) return state;

        var register = state.Chain.BillRegister ?? default;
        ValueList<Encumbrance> mark = PairAfter(message).Flow == BillFlow.Free
            ? []
            : [new(EncumbranceKind.NotTransferable, ReferenceOf(state, message), register, state.Now, PartyKey.Forever)];
        return Rewrite(state, message.Instrument, [message.Units], token => token with
        {
            Encumbrances = [.. token.Encumbrances.Where(static burden => !IsTheRegisters(burden.Kind)), .. mark],
        });
    }

    // Reservations, commitments and freezes are not the register's to lift, nor is a guarantee.
    static bool IsTheRegisters(EncumbranceKind kind) =>
        kind is EncumbranceKind.Pledge or EncumbranceKind.NotTransferable or EncumbranceKind.Presentation or EncumbranceKind.Recourse;

    /// <summary>What is open on the units, or on an undelivered package: the register knows nothing of it.</summary>
    internal static List<Id<Offer>> UnderWay(LedgerState state, RegisterMessage message)
    {
        var offers = new List<Id<Offer>>();
        if (state.Tokens(message.Instrument) is not { } tokens) Note(InstrumentNamed(state, message.Instrument).IssueOffer);
        else
        {
            foreach (var token in tokens.Touching(message.Units))
            {
                foreach (var burden in token.Encumbrances)
                {
                    if (burden.Kind is EncumbranceKind.Offer or EncumbranceKind.Presentation) Note(new(burden.Reference));
                }
            }
        }

        return offers;

        void Note(Id<Offer> id)
        {
            if (state.Offer(id) is { Status: OfferStatus.Open or OfferStatus.AwaitsRegister } && !offers.Contains(id)) offers.Add(id);
        }
    }
}
