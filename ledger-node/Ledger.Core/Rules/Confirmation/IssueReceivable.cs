using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

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
    Rate? LateRate = null) : Operation<IssueReceivable>, IVerb
{
    public static Verb Verb { get; } = new("receivable.issue", "开立凭证", "issue a receivable", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => state.Instrument(Instrument) is null ? [Offer.Value, Instrument.Value] : [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, Creditor, Currency, Amount)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        var confirmed = state.Instrument(Instrument);
        if (confirmed is { Status: not InstrumentStatus.Confirmed }) return Refusal.InstrumentStatusWrong;
        if (state.Party(Creditor) is null) return Verdict.No(Refusal.PartyNotFound, Creditor.Text);
        if (state.Party(act.Party) is not { } obligor || !MayOwe(obligor)) return Refusal.ObligorRoleMissing;
        if (Creditor == act.Party) return Refusal.ObligorIsCreditor;
        if (IsInsolvent(state, act.Party)) return Refusal.ObligorInsolvent;
        if (confirmed is not null && confirmed.Obligor != act.Party) return Refusal.NotTheObligor;
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (Amount.IsZero) return Refusal.AmountZero;
        if (confirmed is null && Undertaking is null) return Refusal.UndertakingMissing;
        if (confirmed is not null && Undertaking is not null) return Refusal.UndertakingGivenBefore;
        if (confirmed is not null && !IsIssueOf(this, confirmed)) return Refusal.IssueDiffersFromConfirmation;
        if (IssueDate != state.Today)
            return new Verdict.Refused(Refusal.IssueDateIsNotToday, new(Reference: Written(IssueDate), Reason: Written(state.Today)));
        if (DueDate <= IssueDate) return Refusal.DueDateNotAfterIssue;
        if ((JudgeTenor(state, IssueDate, DueDate) ?? JudgeTenorOfProgramme(state, act.Party, IssueDate, DueDate)) is { } tenor) return tenor;
        var usual = IsUsualTenor(state, IssueDate, DueDate);
        if (!usual && Justification is null)
        {
            var latest = LatestDue(state, IssueDate, RuleParameter.ReceivableTenorMonths);
            return new Verdict.Refused(Refusal.JustificationMissing, new(Reference: Written(DueDate), Reason: Written(latest)));
        }

        if (JudgeLateRate(state, LateRate, act.Party, Creditor, confirmed?.Confirmation) is { } rate) return rate;
        if (!IsNumberOfReceivable(Number)) return TextIsInvalid("number");
        if (confirmed is null && state.IsNumberUsed(Number)) return Refusal.NumberInUse;
        if (!IsOfferTerm(state, Expires)) return Refusal.OfferTermInvalid;
        if (Line is { } line
            && JudgeDraw(state, line, CreditMode.Earmarked, act.Party, Currency, Amount, DueDate) is { } credit) return credit;
        if (JudgeBackground(state, act, Documents, Creditor, act.Party, Currency, Amount) is { } background) return background;
        if (JudgeContractOfProgramme(state, act.Party, Documents) is { } contract) return contract;
        if (DoublePledgeCheck.Examine(state, new(act.Party, Currency, default, [], Documents)) is { } conflict) return conflict;

        var instrument = new Instrument(
            Instrument, InstrumentKind.Receivable, InstrumentStatus.Offered, act.Party, Creditor, Currency, Amount,
            IssueDate, DueDate, Transferable, confirmed?.Number ?? Number, Offer, Documents, confirmed?.Terms ?? Terms,
            confirmed?.Confirmation ?? ConfirmedByIssue(state, this), Bill: null);
        var offer = new Offer(
            Offer, OfferKind.Issue, OfferStatus.Open, act.Party, Creditor, act.Agent, Instrument, [Interval.OfWhole(Amount)],
            TransferCause.Issue, Recourse: false, Currency, Amount, Documents, Terms, state.Now, Expires);
        var issued = new ReceivableIssued(instrument, offer, Line, LateRate);
        return usual ? issued : new Verdict.Accepted([issued, new IssueFlagged(Instrument, DueDate)]);
    }
}

public sealed record ReceivableIssued(Instrument Instrument, Offer Offer, Id<CreditLine>? Line = null, Rate? LateRate = null) : LedgerEvent<ReceivableIssued>, IEvent
{
    public static (string Chinese, string English) Words => ("已发出开立要约", "receivable offered");

    public override LedgerState Enact(LedgerState state)
    {
        state = Reserve(state, Offer.Documents).With(Instrument).With(Offer);
        if (Line is { } line) state = Draw(state, line, Offer.Amount).With(new Earmark(Instrument.Id, line, Offer.Amount));

        // A claim that was issued before and declined may be issued again at another rate.
        var maturity = MaturityOf(state, Instrument);
        return maturity.LateRate == LateRate ? state : state.With(maturity with { LateRate = LateRate });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Offer), Details.DueDate.Is(Instrument.DueDate)];
}

public static partial class Rulebook
{
    static LedgerState EnactIssue(LedgerState state, Offer accepted)
    {
        var instrument = InstrumentNamed(state, accepted.Instrument);
        var leg = new Leg(accepted.Id, TransferCause.Issue, accepted.From, Depth: 0, Recourse: false, accepted.Documents, state.Now);
        var token = new Token(Interval.OfWhole(instrument.Face), accepted.To, UnitState.Live, leg, []);
        return UseReserved(state, accepted.Documents)
            .With(instrument with { Status = InstrumentStatus.Active, Terms = Joined(instrument.Terms, accepted.Terms) })
            .With(instrument.Id, Tokens.Whole(token));
    }

    internal static bool IsIssueOf(IssueReceivable issue, Instrument confirmed) =>
        confirmed.Creditor == issue.Creditor && confirmed.Currency == issue.Currency && confirmed.Confirmation?.Confirmed == issue.Amount
        && (issue.Number.Length == 0 || issue.Number == confirmed.Number);

    internal static Confirmation? ConfirmedByIssue(LedgerState state, IssueReceivable issue) =>
        issue.Undertaking is not { } undertaking ? null : new(
            issue.Amount, state.Now, issue.IssueDate, default, Overdue: false, issue.Amount, Amount.Zero, state.Now,
            undertaking.Letter, undertaking.DefencesWaived, undertaking.ContractClause, default, default, DisputedLater: false, Hand: default);
}
