using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>A holder endorses units to a bank as a pledge (质押背书, 票据法 35, <c>bill.pledge</c>): it stays the holder, and the right is the bank's.</summary>
public sealed record PledgeBill(Id<Offer> Offer, Id<Instrument> Instrument, Interval Units, PartyId Pledgee, Timestamp Expires) : Operation<PledgeBill>, IVerb
{
    public static Verb Verb { get; } = new("bill.pledge", "质押背书", "pledge a bill", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [new(act.Party, Pledgee, instrument.Currency, Units.Amount)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Bill is not { } bill) return Refusal.NotABill;
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (state.Party(Pledgee) is not { } pledgee) return Verdict.No(Refusal.PartyNotFound, Pledgee.Text);
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (!pledgee.Has(Roles.Bank)) return Refusal.PledgeeIsNotBank;
        if (Pledgee == act.Party) return Refusal.TransferToSelf;
        if (!instrument.Transferable) return Refusal.NotTransferable;
        if (WhyNotNow(state, instrument, TransferCause.Trade) is { } untimely) return untimely;
        if (JudgeBillUnits(tokens, Units, token => token.Holder == act.Party) is { } wrong) return wrong;
        if (bill.Undivided && Units.Amount != instrument.Face) return Refusal.PartialEndorsement;
        if (IsTooScattered(state, tokens, act.Party, [Units])) return Refusal.TooManyTokens;
        if (!IsOfferTerm(state, Expires)) return Refusal.OfferTermInvalid;
        if (DoublePledgeCheck.Examine(state, new(act.Party, instrument.Currency, instrument.Id, [Units], [])) is { } conflict) return conflict;

        return new BillActOffered(OfUnits(state, act, instrument, OfferKind.BillPledge, Offer, Pledgee, Units, Expires));
    }
}

public static partial class Rulebook
{
    static LedgerState EnactBillPledge(LedgerState state, Offer accepted) => ExchangeBurden(
        state, accepted, EncumbranceKind.Offer, new(EncumbranceKind.Pledge, accepted.Id.Value, accepted.To, state.Now, PartyKey.Forever));
}
