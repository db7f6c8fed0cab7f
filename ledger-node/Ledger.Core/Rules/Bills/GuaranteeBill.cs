using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A holder asks a guarantor to stand in for the acceptor (保证, 票据法 45 to 52, <c>bill.guarantee</c>). Whoever agrees is liable as the acceptor
/// is; the units circulate on with it. A guarantee has no condition (48).
/// </summary>
public sealed record GuaranteeBill(Id<Offer> Offer, Id<Instrument> Instrument, Interval Units, PartyId Guarantor, Timestamp Expires) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Nothing(act.Party, Guarantor)];
}

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, GuaranteeBill guarantee)
    {
        if (state.Instrument(guarantee.Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, guarantee.Instrument.ToString());
        if (instrument.Bill is null) return Refusal.NotABill;
        if (state.Offer(guarantee.Offer) is not null) return Refusal.OfferIdInUse;
        if (state.Party(guarantee.Guarantor) is not { } guarantor) return Verdict.No(Refusal.PartyNotFound, guarantee.Guarantor.Text);
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (!guarantor.Has(Roles.Guarantor | Roles.Bank) || guarantor.Id == instrument.Obligor) return Refusal.GuarantorUnfit;
        if (guarantor.Id == act.Party) return Refusal.TransferToSelf;
        if (state.Today >= instrument.DueDate) return Refusal.InstrumentDue;
        if (JudgeBillUnits(tokens, guarantee.Units, token => token.Holder == act.Party) is { } wrong) return wrong;
        if (IsTooScattered(state, tokens, act.Party, [guarantee.Units])) return Refusal.TooManyTokens;
        foreach (var token in tokens.Touching(guarantee.Units))
        {
            if (IsGuaranteedBy(token, guarantor.Id)) return Refusal.AlreadyGuaranteed;
        }

        if (!IsOfferTerm(state, guarantee.Expires)) return Refusal.OfferTermInvalid;

        // It moves nothing, so what may not be endorsed can still be guaranteed.
        if (DoublePledgeCheck.Examine(
            state, new(act.Party, instrument.Currency, instrument.Id, [guarantee.Units], []),
            static burden => burden.Kind == EncumbranceKind.NotTransferable) is { } conflict)
        {
            return conflict;
        }

        return new BillActOffered(OfUnits(
            state, act, instrument, OfferKind.Guarantee, guarantee.Offer, guarantor.Id, guarantee.Units, guarantee.Expires));
    }

    static LedgerState EnactGuarantee(LedgerState state, Offer accepted) => ExchangeBurden(
        state, accepted, EncumbranceKind.Offer, new(EncumbranceKind.Guarantee, accepted.Id.Value, accepted.To, state.Now, PartyKey.Forever));
}
