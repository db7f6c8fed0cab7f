using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A holder asks a guarantor to stand in for the acceptor (保证, 票据法 45 to 52, <c>bill.guarantee</c>). Whoever agrees is liable as the acceptor
/// is; the units circulate on with it. A guarantee has no condition (48).
/// </summary>
public sealed record GuaranteeBill(Id<Offer> Offer, Id<Instrument> Instrument, Interval Units, PartyId Guarantor, Timestamp Expires) : Operation<GuaranteeBill>, IVerb
{
    public static Verb Verb { get; } = new("bill.guarantee", "票据保证", "ask for a guarantee of a bill", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Nothing(act.Party, Guarantor)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Bill is null) return Refusal.NotABill;
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (state.Party(Guarantor) is not { } guarantor) return Verdict.No(Refusal.PartyNotFound, Guarantor.Text);
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (!guarantor.Has(Roles.Guarantor | Roles.Bank) || guarantor.Id == instrument.Obligor) return Refusal.GuarantorUnfit;
        if (guarantor.Id == act.Party) return Refusal.TransferToSelf;
        if (state.Today >= instrument.DueDate) return Refusal.InstrumentDue;
        if (JudgeBillUnits(tokens, Units, token => token.Holder == act.Party) is { } wrong) return wrong;
        if (IsTooScattered(state, tokens, act.Party, [Units])) return Refusal.TooManyTokens;
        foreach (var token in tokens.Touching(Units))
        {
            if (IsGuaranteedBy(token, guarantor.Id)) return Refusal.AlreadyGuaranteed;
        }

        if (!IsOfferTerm(state, Expires)) return Refusal.OfferTermInvalid;

        // It moves nothing, so what may not be endorsed can still be guaranteed.
        if (DoublePledgeCheck.Examine(
            state, new(act.Party, instrument.Currency, instrument.Id, [Units], []),
            static burden => burden.Kind == EncumbranceKind.NotTransferable) is { } conflict)
        {
            return conflict;
        }

        return new BillActOffered(OfUnits(
            state, act, instrument, OfferKind.Guarantee, Offer, guarantor.Id, Units, Expires));
    }
}

public static partial class Rulebook
{
    static LedgerState EnactGuarantee(LedgerState state, Offer accepted) => ExchangeBurden(
        state, accepted, EncumbranceKind.Offer, new(EncumbranceKind.Guarantee, accepted.Id.Value, accepted.To, state.Now, PartyKey.Forever));
}
