using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// Whoever has dishonoured units asks one who is liable to pay (追索, 票据法 61, <c>bill.recourse</c>): acceptor, drawer, guarantor, who endorsed
/// the units to it, or, with the offer of that endorsement, any endorser before. All are liable together and may be asked in any order and at the
/// same time (68). What is claimed (70, 71) is in <paramref name="Terms"/>.
/// </summary>
public sealed record AskRecourse(
    Id<Offer> Offer,
    Id<Instrument> Instrument,
    Interval Units,
    PartyId Debtor,
    Timestamp Expires,
    Id<Offer>? Endorsement = null,
    ValueList<Hash256> Terms = default) : Operation<AskRecourse>, IVerb
{
    public static Verb Verb { get; } = new("bill.recourse", "追索", "ask for recourse", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Nothing(act.Party, Debtor)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Bill is not { } bill) return Refusal.NotABill;
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (state.Party(Debtor) is null) return Verdict.No(Refusal.PartyNotFound, Debtor.Text);
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (Debtor == act.Party) return Refusal.TransferToSelf;
        if (JudgeBillUnits(tokens, Units, token => BearerOf(state, token) == act.Party) is { } wrong) return wrong;
        foreach (var token in tokens.Touching(Units))
        {
            if (DishonourOf(state, token) is not { } dishonour) return Refusal.BillNotDishonoured;
            var isPrincipal = Debtor == bill.Drawer || Debtor == bill.Acceptor || IsGuaranteedBy(token, Debtor);
            if (!isPrincipal && !IsLiableEndorser(state, instrument, act.Party, token, dishonour, this)) return Refusal.NotLiable;

            // 票据法 69: a drawer that holds its own bill has nobody before it.
            if (act.Party == bill.Drawer && Debtor != bill.Acceptor && !IsGuaranteedBy(token, Debtor)) return Refusal.NotLiable;
            if (state.Today > LastDayOfRecourse(state, instrument, token, dishonour, isPrincipal)) return Refusal.RecourseTooLate;
        }

        if (IsTooScattered(state, tokens, act.Party, [Units])) return Refusal.TooManyTokens;
        if (!IsOfferTerm(state, Expires)) return Refusal.OfferTermInvalid;

        return new BillActOffered(OfUnits(state, act, instrument, OfferKind.Recourse, Offer, Debtor, Units, Expires, Terms));
    }
}

public static partial class Rulebook
{
    // 票据法 17: two years from maturity against drawer and acceptor; against others six months from dishonour, and three from the payment by which
    // a party that was asked itself came to ask.
    const int RecourseYears = 2;
    const int RecourseMonths = 6;
    const int FurtherRecourseMonths = 3;

    /// <summary>The burden that says since when, and on which presentation, units are dishonoured; one that was agreed to and not paid in its term is.</summary>
    internal static Encumbrance? DishonourOf(LedgerState state, Token token)
    {
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Kind == EncumbranceKind.Recourse) return burden;
            if (burden.Kind == EncumbranceKind.Presentation
                && state.Offer(new Id<Offer>(burden.Reference)) is { Status: OfferStatus.Accepted } agreed && agreed.Expires <= state.Now)
            {
                return burden with { Kind = EncumbranceKind.Recourse, Since = agreed.Expires };
            }
        }

        return null;
    }

    internal static LedgerState OpenRecourse(LedgerState state, Offer recourse) =>
        Rewrite(state, recourse.Instrument, recourse.Units, token => DishonourOf(state, token) is { } dishonour && !token.Encumbrances.Contains(dishonour)
            ? token with { Encumbrances = Without(token.Encumbrances, EncumbranceKind.Presentation, dishonour.Reference).Add(dishonour) }
            : token);

    internal static bool IsGuaranteedBy(Token token, PartyId debtor) =>
        token.Encumbrances.Any(burden => burden.Kind == EncumbranceKind.Guarantee && burden.Beneficiary == debtor);

    // 票据法 68: whoever endorsed is liable to all that come after it, but not beyond its own 不得转让 (34), nor to one that had the bill before it (69),
    // nor after a presentation that came too late (53, 电子商业汇票业务管理办法 66).
    internal static bool IsLiableEndorser(LedgerState state, Instrument instrument, PartyId claimant, Token token, Encumbrance dishonour, AskRecourse ask)
    {
        if (claimant == instrument.Creditor) return false;
        if (state.Offer(new Id<Offer>(dishonour.Reference)) is { } presentation
            && state.Chain.DateOf(presentation.MadeAt) > LastDayOfPresentation(state, instrument))
        {
            return false;
        }

        if (token.Encumbrances.Any(burden =>
            burden.Kind == EncumbranceKind.NotTransferable && burden.Beneficiary == ask.Debtor && burden.Reference != token.Leg.Act.Value))
        {
            return false;
        }

        if (token.Leg.Cause != TransferCause.Recourse && token.Leg.From == ask.Debtor) return true;
        return ask.Endorsement is { } named && state.Offer(named) is { Kind: OfferKind.Transfer, Status: OfferStatus.Accepted } endorsement
            && endorsement.Instrument == instrument.Id && endorsement.From == ask.Debtor && endorsement.MadeAt <= token.Leg.At
            && Covers(endorsement.Units, token.Units.Intersect(ask.Units));
    }

    static bool Covers(ValueList<Interval> runs, Interval units)
    {
        foreach (var run in runs)
        {
            if (run.Contains(units)) return true;
        }

        return false;
    }

    internal static DateOnly LastDayOfRecourse(LedgerState state, Instrument instrument, Token token, Encumbrance dishonour, bool isPrincipal)
    {
        if (isPrincipal) return instrument.DueDate.AddYears(RecourseYears);
        return state.Chain.DateOf(dishonour.Since).AddMonths(token.Leg.Cause == TransferCause.Recourse ? FurtherRecourseMonths : RecourseMonths);
    }
}
