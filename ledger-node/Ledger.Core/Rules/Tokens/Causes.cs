using System.Diagnostics;
using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// Why units change hands decides who may bring it about, when, on what paper, and which burdens stand in the way. Each question is one switch here.
public static partial class Rulebook
{
    /// <summary>What parties agree on freely, and a ban on transfer or the consortium's limits can therefore stop.</summary>
    internal static bool IsBargain(TransferCause cause) => cause is TransferCause.Trade or TransferCause.Sale;

    /// <summary>Before the due date paper circulates; after it only what follows from its not being paid, and at any time what law or a court moves.</summary>
    internal static Verdict.Refused? WhyNotNow(LedgerState state, Instrument instrument, TransferCause cause)
    {
        switch (cause)
        {
            case TransferCause.Issue or TransferCause.Trade or TransferCause.Sale or TransferCause.Correction or TransferCause.Conversion:
                if (IsInsolvent(state, instrument.Obligor)) return new(Refusal.ObligorInsolvent, Facts.None);
                return state.Today >= instrument.DueDate ? new(Refusal.InstrumentDue, Facts.None) : null;
            case TransferCause.Recourse or TransferCause.Subrogation:
                return IsPastPayable(state, instrument) ? null : new(Refusal.InstrumentNotDue, Facts.None);
            case TransferCause.Realisation or TransferCause.Succession or TransferCause.Court:
                return null;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Which members a cause takes and which it must have.</summary>
    internal static Verdict.Refused? JudgeShape(Transfer transfer)
    {
        var cause = transfer.Cause;
        var movedByOther = IsMovedByOther(cause);
        if (movedByOther && transfer.From is null) return new(Refusal.HolderNotNamed, Facts.None);
        if (!movedByOther && transfer.From is not null) return new(Refusal.HolderNotTaken, Facts.None);
        if (movedByOther && transfer.Units is null) return new(Refusal.UnitsNotNamed, Facts.None);

        var needsEvidence = cause is TransferCause.Subrogation or TransferCause.Succession or TransferCause.Court or TransferCause.Conversion;
        if (needsEvidence && transfer.Evidence is null) return new(Refusal.EvidenceMissing, Facts.None);
        if (!needsEvidence && cause != TransferCause.Realisation && transfer.Evidence is not null) return new(Refusal.EvidenceNotTaken, Facts.None);
        if (cause != TransferCause.Trade && transfer.Documents.Count > 0) return new(Refusal.DocumentsNotTaken, Facts.None);
        return !IsBargain(cause) && transfer.Recourse ? new(Refusal.RecourseNotTaken, Facts.None) : null;
    }

    /// <summary>Whether this party, with those who sign beside it, may bring the cause about. That the units are the holder's is judged later.</summary>
    internal static Verdict.Refused? JudgeActor(LedgerState state, Act act, Instrument instrument, Transfer transfer, PartyId holder)
    {
        if (state.Party(holder) is null) return Verdict.No(Refusal.PartyNotFound, holder.Text);
        switch (transfer.Cause)
        {
            case TransferCause.Sale:
                return IsSoldByOffer(state, instrument) ? null : new(Refusal.SaleIsFinancing, Facts.None);

            // 民法典 436: with the holder's agreement, or by a court's order, which the pledgee does not execute for itself.
            case TransferCause.Realisation:
                if (Agrees(state, act, transfer, holder)) return null;
                return transfer.Evidence is not null && WordsFor(state, act, transfer).Count > 0 ? null : new(Refusal.RealisationNotAuthorised, Facts.None);

            case TransferCause.Succession or TransferCause.Court:
                if (state.Party(act.Party)?.Has(Institutions) != true) return new(Refusal.RoleMissing, Facts.None);
                return WordsFor(state, act, transfer).Count == 0 ? new(Refusal.TwoInstitutionsMissing, Facts.None) : null;

            default:
                return null;
        }
    }

    // Who raises money passes the gates of a financing: reviewer, line, and of a receivable the registry; banks among each other (转贴现) too, whose line for the acceptor is
    // as full by it as by a discount. Where a register keeps bills they are discounted there: nobody applies on the ledger, and no line of it is charged.
    static bool IsSoldByOffer(LedgerState state, Instrument instrument) => instrument.Kind == InstrumentKind.Bill && state.Chain.BillRegister is not null;

    /// <summary>The institutions on whose word units move against or without their holder. A pledgee gains whoever gets them.</summary>
    static ValueList<PartyId> WordsFor(LedgerState state, Act act, Transfer transfer) =>
        transfer.Cause == TransferCause.Realisation ? TwoInstitutions(state, act, transfer.To, act.Party) : TwoInstitutions(state, act, transfer.To);

    /// <summary>The measure by which units are offered that their holder does not offer; null where it agrees.</summary>
    internal static Measure? MeasureFor(LedgerState state, Act act, Transfer transfer, PartyId holder)
    {
        if (!IsMovedByOther(transfer.Cause) || (transfer.Cause == TransferCause.Realisation && Agrees(state, act, transfer, holder))) return null;
        return new(
            new(transfer.Offer.Value), KindOf(transfer.Cause), MeasureStatus.Standing, act.Party, WordsFor(state, act, transfer), holder, transfer.To, transfer.Evidence ?? default,
            state.Now, InForceFrom(state), transfer.Expires);
    }

    static bool IsMovedByOther(TransferCause cause) => cause is TransferCause.Realisation or TransferCause.Succession or TransferCause.Court;

    /// <summary>To whom a cause can bring units.</summary>
    internal static Verdict.Refused? JudgeReceiver(LedgerState state, Act act, Instrument instrument, Tokens tokens, Transfer transfer, ValueList<Interval> intervals)
    {
        switch (transfer.Cause)
        {
            case TransferCause.Sale:
                return state.Party(transfer.To)?.Has(Roles.Bank) == true ? null : new(Refusal.BuyerIsNotBank, Facts.None);
            case TransferCause.Conversion:
                return transfer.To == instrument.Obligor ? null : new(Refusal.ConversionIsToObligor, Facts.None);
            case TransferCause.Recourse:
                return AllOf(tokens, intervals, token => token.Leg.Recourse && token.Leg.From == transfer.To) ? null : new(Refusal.NoRecourse, Facts.None);
            case TransferCause.Realisation:
                return AllOf(tokens, intervals, token => IsPledgedTo(state, token, act.Party)) ? null : new(Refusal.NotThePledgeeOfUnits, Facts.None);
            default:
                return null;
        }
    }

    /// <summary>
    /// Free units are a double-pledge question, and an attempt goes on the record. Realisation and court act on units that are burdened: they pass their
    /// own burden only, a court what waits behind its freeze too. A successor takes over whatever lies on the units.
    /// </summary>
    internal static Verdict.Refused? JudgeBurdens(LedgerState state, Act act, Instrument instrument, Transfer transfer, ValueList<Interval> intervals)
    {
        if (transfer.Cause == TransferCause.Succession) return null;
        if (transfer.Cause is not (TransferCause.Realisation or TransferCause.Court))
            return DoublePledgeCheck.Examine(state, new(act.Party, instrument.Currency, instrument.Id, intervals, transfer.Documents));

        foreach (var units in intervals)
        {
            foreach (var token in TokensNamed(state, instrument.Id).Touching(units))
            {
                foreach (var burden in token.Encumbrances)
                {
                    if (burden.BindsAt(state.Now) && !IsGroundOf(state, transfer.Cause, act.Party, token, burden))
                        return new(Refusal.UnitsBurdened, new(Conflict: DoublePledgeCheck.ConflictWith(burden)));
                }
            }
        }

        return null;
    }

    /// <summary>Whether a burden ends with the acceptance of an offer: the offer's own, the pledge that it carries out, and the freeze with all that wait behind it.</summary>
    static bool EndsWith(LedgerState state, Offer offer, Token token, Encumbrance burden) =>
        Is(burden, EncumbranceKind.Offer, offer.Id.Value) || IsGroundOf(state, offer.Cause, offer.From, token, burden);

    // Whose order is first executes, whatever waits behind it (轮候): when the units are disposed of, the waiting orders have nothing left to seize.
    static bool IsGroundOf(LedgerState state, TransferCause cause, PartyId actor, Token token, Encumbrance burden) => cause switch
    {
        TransferCause.Realisation => burden.Kind == EncumbranceKind.Pledge && burden.Beneficiary == actor,
        TransferCause.Court => burden.Kind == EncumbranceKind.Freeze && FirstFreeze(state, token)?.Beneficiary == actor,
        _ => false,
    };

    static bool IsPledgedTo(LedgerState state, Token token, PartyId pledgee)
    {
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Kind == EncumbranceKind.Pledge && burden.Beneficiary == pledgee && burden.BindsAt(state.Now)) return true;
        }

        return false;
    }

    internal static bool AllOf(Tokens tokens, ValueList<Interval> intervals, Func<Token, bool> holds)
    {
        foreach (var units in intervals)
        {
            foreach (var token in tokens.Touching(units))
            {
                if (!holds(token)) return false;
            }
        }

        return true;
    }
}
