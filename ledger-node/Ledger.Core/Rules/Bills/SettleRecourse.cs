using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The bank of whoever asked says that the one who was asked has paid (追索清偿, <c>bill.settleRecourse</c>): the units are the payer's, with the
/// same rights against those before it (票据法 71). What the acceptor itself pays is extinguished.
/// </summary>
public sealed record SettleRecourse(Id<Offer> Offer, string BankReference) : Operation<SettleRecourse>, IVerb
{
    public static Verb Verb { get; } = new("bill.settleRecourse", "追索清偿", "settle recourse");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Offer(Offer) is { } recourse ? [new(act.Party, recourse.To, recourse.Currency, recourse.Amount)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Offer(Offer) is not { Kind: OfferKind.Recourse } recourse) return Verdict.No(Refusal.OfferNotFound, Offer.ToString());
        if (recourse.Status != OfferStatus.Accepted) return Refusal.RecourseNotAgreed;
        if (state.Party(recourse.From) is not { } payee || (payee.Has(Roles.Bank) ? payee.Id : payee.Sponsor) != act.Party) return Refusal.NotTheRecourseBank;
        if (WhyNoLonger(state, recourse) is { } over) return over;
        if (BindingBurden(state, recourse, static burden =>
            burden.Kind is EncumbranceKind.Recourse or EncumbranceKind.Pledge or EncumbranceKind.NotTransferable) is { } burden)
        {
            return new Verdict.Refused(Refusal.UnitsBurdened, new(Conflict: DoublePledgeCheck.ConflictWith(burden)));
        }

        if (JudgeReference(state, state.Today, BankReference) is { } spent) return spent;

        return new RecourseSettled(Offer, BankReference, act.Party);
    }
}

public sealed record RecourseSettled(Id<Offer> Offer, string BankReference, PartyId Bank) : LedgerEvent<RecourseSettled>, IEvent
{
    public static (string Chinese, string English) Words => ("追索已清偿", "recourse settled");

    public override LedgerState Enact(LedgerState state)
    {
        var recourse = OfferNamed(state, Offer);
        state = Spend(state, state.Today, BankReference, Bank, Offer.Value);
        return state.Chain.BillRegister is null ? TakeEffect(state, recourse) : AwaitRegister(state, recourse);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => Details.Of(Offer, state);
}

public static partial class Rulebook
{
    static LedgerState EnactRecourse(LedgerState state, Offer settled)
    {
        var instrument = InstrumentNamed(state, settled.Instrument);
        if (settled.To == instrument.Obligor) return RetireBill(state, instrument.Id, settled.Units, UnitState.Extinguished);

        var tokens = TokensNamed(state, instrument.Id);
        var depth = (ushort)(Depth(tokens, settled.Units) + 1);
        var leg = new Leg(settled.Id, TransferCause.Recourse, settled.From, depth, Recourse: true, [], state.Now);
        var at = state.Now;
        return Rewrite(state, instrument.Id, settled.Units, token => token with
        {
            Holder = settled.To,
            Leg = leg,
            Encumbrances = [.. token.Encumbrances.Where(burden => PassesToPayer(burden, settled.To)).Select(burden =>
                burden.Kind == EncumbranceKind.Recourse ? burden with { Beneficiary = settled.To, Since = at } : burden)],
        });
    }

    // The units stay dishonoured and guaranteed; the creditor's pledge and an endorser's mark have served.
    static bool PassesToPayer(Encumbrance burden, PartyId payer) =>
        burden.Kind == EncumbranceKind.Recourse || (burden.Kind == EncumbranceKind.Guarantee && burden.Beneficiary != payer);

    internal static Encumbrance? BindingBurden(LedgerState state, Offer offer, Func<Encumbrance, bool> beside)
    {
        if (state.Tokens(offer.Instrument) is not { } tokens) return null;
        foreach (var units in offer.Units)
        {
            foreach (var token in tokens.Touching(units))
            {
                foreach (var burden in token.Encumbrances)
                {
                    if (burden.BindsAt(state.Now) && !beside(burden)) return burden;
                }
            }
        }

        return null;
    }
}
