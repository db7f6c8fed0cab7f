using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The obligor issues a receivable certificate to its creditor (开立, <c>receivable.issue</c>). A confirmed claim is issued in place, whole and
/// unchanged; without one the issue itself brings the undertaking. Its date is the ledger's, a tenor beyond the usual has the hash of its
/// justification, and the late rate, a day, is the statutory one unless another is agreed. Nothing is owed before the creditor accepts.
/// An issue under a bank's earmarked line (专项授信) occupies it from the offer until its units are paid.
/// </summary>
public sealed record IssueReceivable(
    Id<Offer> Offer,
    Id<Instrument> Instrument,
    PartyId Creditor,
    Currency Currency,
    Amount Amount,
    DateOnly IssueDate,
    DateOnly DueDate,
    bool Transferable,
    ValueList<DocumentUse> Documents,
    Timestamp Expires,
    Undertaking? Undertaking = null,
    string Number = "",
    ValueList<Hash256> Terms = default,
    Id<CreditLine>? Line = null,
    Hash256? Justification = null,
    Rate? LateRate = null) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => state.Instrument(Instrument) is null ? [Offer.Value, Instrument.Value] : [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, Creditor, Currency, Amount)];
}

public sealed record ReceivableIssued(Instrument Instrument, Offer Offer, Id<CreditLine>? Line = null, Rate? LateRate = null) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, IssueReceivable issue)
    {
        var confirmed = state.Instrument(issue.Instrument);
        if (confirmed is { Status: not InstrumentStatus.Confirmed }) return Refusal.InstrumentStatusWrong;
        if (state.Party(issue.Creditor) is null) return Verdict.No(Refusal.PartyNotFound, issue.Creditor.Text);
        if (state.Party(act.Party) is not { } obligor || !MayOwe(obligor)) return Refusal.ObligorRoleMissing;
        if (issue.Creditor == act.Party) return Refusal.ObligorIsCreditor;
        if (IsInsolvent(state, act.Party)) return Refusal.ObligorInsolvent;
        if (confirmed is not null && confirmed.Obligor != act.Party) return Refusal.NotTheObligor;
        if (state.Offer(issue.Offer) is not null) return Refusal.OfferIdInUse;
        if (issue.Amount.IsZero) return Refusal.AmountZero;
        if (confirmed is null && issue.Undertaking is null) return Refusal.UndertakingMissing;
        if (confirmed is not null && issue.Undertaking is not null) return Refusal.UndertakingGivenBefore;
        if (confirmed is not null && !IsIssueOf(issue, confirmed)) return Refusal.IssueDiffersFromConfirmation;
        if (issue.IssueDate != state.Today)
            return new Verdict.Refused(Refusal.IssueDateIsNotToday, new(Reference: Written(issue.IssueDate), Reason: Written(state.Today)));
        if (issue.DueDate <= issue.IssueDate) return Refusal.DueDateNotAfterIssue;
        if (JudgeTenor(state, issue.IssueDate, issue.DueDate) is { } tenor) return tenor;
        var usual = IsUsualTenor(state, issue.IssueDate, issue.DueDate);
        if (!usual && issue.Justification is null)
        {
            var latest = LatestDue(state, issue.IssueDate, RuleParameter.ReceivableTenorMonths);
            return new Verdict.Refused(Refusal.JustificationMissing, new(Reference: Written(issue.DueDate), Reason: Written(latest)));
        }

        if (JudgeLateRate(state, issue.LateRate, act.Party, issue.Creditor, confirmed?.Confirmation) is { } rate) return rate;
        if (!IsNumberOfReceivable(issue.Number)) return TextIsInvalid("number");
        if (confirmed is null && state.IsNumberUsed(issue.Number)) return Refusal.NumberInUse;
        if (!IsOfferTerm(state, issue.Expires)) return Refusal.OfferTermInvalid;
        if (issue.Line is { } line
            && JudgeDraw(state, line, CreditMode.Earmarked, act.Party, issue.Currency, issue.Amount, issue.DueDate) is { } credit) return credit;
        if (JudgeBackground(state, act, issue.Documents, issue.Creditor, act.Party, issue.Currency, issue.Amount) is { } background) return background;
        if (DoublePledgeCheck.Examine(state, new(act.Party, issue.Currency, default, [], issue.Documents)) is { } conflict) return conflict;

        var instrument = new Instrument(
            issue.Instrument, InstrumentKind.Receivable, InstrumentStatus.Offered, act.Party, issue.Creditor, issue.Currency, issue.Amount,
            issue.IssueDate, issue.DueDate, issue.Transferable, confirmed?.Number ?? issue.Number, issue.Offer, issue.Documents, issue.Terms,
            confirmed?.Confirmation ?? ConfirmedByIssue(state, issue), Bill: null);
        var offer = new Offer(
            issue.Offer, OfferKind.Issue, OfferStatus.Open, act.Party, issue.Creditor, act.Agent, issue.Instrument, [Interval.OfWhole(issue.Amount)],
            TransferCause.Issue, Recourse: false, issue.Currency, issue.Amount, issue.Documents, issue.Terms, state.Now, issue.Expires);
        var issued = new ReceivableIssued(instrument, offer, issue.Line, issue.LateRate);
        return usual ? issued : new Verdict.Accepted([issued, new IssueFlagged(issue.Instrument, issue.DueDate)]);
    }

    static LedgerState Enact(LedgerState state, ReceivableIssued issued)
    {
        state = Reserve(state, issued.Offer.Documents).With(issued.Instrument).With(issued.Offer);
        if (issued.Line is { } line) state = Draw(state, line, issued.Offer.Amount).With(new Earmark(issued.Instrument.Id, line, issued.Offer.Amount));

        // A claim that was issued before and declined may be issued again at another rate.
        var maturity = MaturityOf(state, issued.Instrument);
        return maturity.LateRate == issued.LateRate ? state : state.With(maturity with { LateRate = issued.LateRate });
    }

    static LedgerState EnactIssue(LedgerState state, Offer accepted)
    {
        var instrument = InstrumentNamed(state, accepted.Instrument);
        var leg = new Leg(accepted.Id, TransferCause.Issue, accepted.From, Depth: 0, Recourse: false, accepted.Documents, state.Now);
        var token = new Token(Interval.OfWhole(instrument.Face), accepted.To, UnitState.Live, leg, []);
        return UseReserved(state, accepted.Documents)
            .With(instrument with { Status = InstrumentStatus.Active })
            .With(instrument.Id, Tokens.Whole(token));
    }

    static bool IsIssueOf(IssueReceivable issue, Instrument confirmed) =>
        confirmed.Creditor == issue.Creditor && confirmed.Currency == issue.Currency && confirmed.Confirmation?.Confirmed == issue.Amount
        && (issue.Number.Length == 0 || issue.Number == confirmed.Number);

    static Confirmation? ConfirmedByIssue(LedgerState state, IssueReceivable issue) =>
        issue.Undertaking is not { } undertaking ? null : new(
            issue.Amount, state.Now, issue.IssueDate, default, Overdue: false, issue.Amount, Amount.Zero, state.Now,
            undertaking.Letter, undertaking.DefencesWaived, undertaking.ContractClause, default, default, DisputedLater: false, Hand: default);
}
