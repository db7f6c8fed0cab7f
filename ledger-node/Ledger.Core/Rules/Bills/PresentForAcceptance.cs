using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The drawer asks the drawee to accept, before maturity (提示承兑, 票据法 39, <c>bill.presentForAcceptance</c>). Acceptance is whole and
/// unconditional: a condition would be a refusal (43), and there is no way to say one. A drawer that draws on itself accepts by this word.
/// </summary>
public sealed record PresentForAcceptance(Id<Offer> Offer, Id<Instrument> Instrument, Timestamp Expires) : Operation<PresentForAcceptance>, IVerb
{
    public static Verb Verb { get; } = new("bill.presentForAcceptance", "提示承兑", "present a bill for acceptance", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [Stake.Nothing(act.Party, instrument.Obligor)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (JudgePackage(state, act, instrument, BillAct.Acceptance) is { } barred) return barred;
        if (state.Today >= instrument.DueDate) return Refusal.InstrumentDue;
        if (!IsOfferTerm(state, Expires)) return Refusal.OfferTermInvalid;
        if (Expires > state.Now.Add(AcceptanceTerm)) return Refusal.AcceptanceTermTooLong;

        var offer = OfWhole(state, act, instrument, OfferKind.Acceptance, Offer, instrument.Obligor, Expires);
        return instrument.Obligor == act.Party ? Instructed(state, offer) : new BillActOffered(offer);
    }
}

public static partial class Rulebook
{
    // 票据法 41: the drawee answers within three days.
    internal const long AcceptanceTerm = 3 * Timestamp.Day;

    static LedgerState EnactAcceptance(LedgerState state, Offer accepted)
    {
        var instrument = InstrumentNamed(state, accepted.Instrument);
        return state.With(instrument with
        {
            IssueOffer = accepted.Id,
            Bill = BillOf(instrument) with { Status = (byte)BillStatus.Accepted, Flow = (byte)BillFlow.AwaitsDelivery },
        });
    }
}
