using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>The drawer hands an accepted bill to its payee (提示收票, <c>bill.deliver</c>): with the payee's acceptance it has a holder.</summary>
public sealed record DeliverBill(Id<Offer> Offer, Id<Instrument> Instrument, Timestamp Expires) : Operation<DeliverBill>, IVerb
{
    public static Verb Verb { get; } = new("bill.deliver", "提示收票", "deliver a bill", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [new(act.Party, instrument.Creditor, instrument.Currency, instrument.Face)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (JudgePackage(state, act, instrument, BillAct.Delivery) is { } barred) return barred;
        if (state.Today >= instrument.DueDate) return Refusal.InstrumentDue;
        if (!IsOfferTerm(state, Expires)) return Refusal.OfferTermInvalid;

        return new BillActOffered(OfWhole(state, act, instrument, OfferKind.Delivery, Offer, instrument.Creditor, Expires));
    }
}

public static partial class Rulebook
{
    static LedgerState EnactDelivery(LedgerState state, Offer accepted)
    {
        var instrument = InstrumentNamed(state, accepted.Instrument);
        var leg = new Leg(accepted.Id, TransferCause.Issue, accepted.From, Depth: 0, Recourse: true, instrument.Documents, state.Now);
        return UseReserved(state, instrument.Documents)
            .With(Delivered(instrument) with { IssueOffer = accepted.Id })
            .With(instrument.Id, Tokens.Whole(new(Interval.OfWhole(instrument.Face), accepted.To, UnitState.Live, leg, [])));
    }

    internal static Instrument Delivered(Instrument instrument) => instrument with
    {
        Status = InstrumentStatus.Active,
        Bill = BillOf(instrument) with
        {
            Status = (byte)BillStatus.Held,
            Flow = (byte)(instrument.Transferable ? BillFlow.Free : BillFlow.NotTransferable),
        },
    };
}
