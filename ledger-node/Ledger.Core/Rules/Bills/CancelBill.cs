using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>The drawer takes a bill back that nobody holds yet (撤票, <c>bill.cancel</c>): its documents are free again.</summary>
public sealed record CancelBill(Id<Offer> Offer, Id<Instrument> Instrument) : Operation<CancelBill>, IVerb
{
    public static Verb Verb { get; } = new("bill.cancel", "撤票", "take a bill back", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [Stake.Nothing(act.Party, instrument.Creditor)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (JudgePackage(state, act, instrument, BillAct.Cancellation) is { } barred) return barred;

        return Instructed(state, OfWhole(state, act, instrument, OfferKind.Cancellation, Offer, act.Party, default));
    }
}

public static partial class Rulebook
{
    static LedgerState EnactCancellation(LedgerState state, Offer instructed) => EndPackage(state, InstrumentNamed(state, instructed.Instrument));

    internal static LedgerState EndPackage(LedgerState state, Instrument instrument) => ReleaseReserved(state, instrument.Documents).With(instrument with
    {
        Status = InstrumentStatus.Cancelled,
        Bill = BillOf(instrument) with { Status = (byte)BillStatus.Ended, Flow = (byte)BillFlow.Ended },
    });
}
