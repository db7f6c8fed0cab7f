using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A holder asks a bank for money on its units (融资申请, <c>financing.apply</c>): they are reserved for that bank in the same step that checks
/// them. How interest is reckoned is agreed here in full; what is not said is refused and never assumed. Documents are those that the units' own
/// legs were charged with: financing a token charges nothing.
/// </summary>
public sealed record ApplyForFinancing(
    Id<Financing> Financing,
    Id<Instrument> Instrument,
    PartyId Financier,
    FinancingForm Form,
    Amount Principal,
    DateOnly End,
    ValueList<Id<Document>> Documents,
    Interval? Units = null,
    Amount? Amount = null,
    DayCount? DayCount = null,
    DayBounds? Bounds = null,
    Rounding? Rounding = null,
    InterestPayment? Payment = null,
    bool? RefundsUnearned = null,
    ushort? GraceDays = null,
    bool? AccruesOnRolledDays = null,
    ValueList<Hash256> Terms = default) : Operation<ApplyForFinancing>, IVerb
{
    public static Verb Verb { get; } = new("financing.apply", "融资申请", "apply for financing", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Financing.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [new(act.Party, Financier, instrument.Currency, Units?.Amount ?? Amount ?? Principal)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not null) return Refusal.FinancingIdInUse;
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (state.Party(Financier) is not { } financier) return Verdict.No(Refusal.PartyNotFound, Financier.Text);
        if (MissingTerm(this) is { } missing) return Verdict.No(Refusal.FinancingTermMissing, missing);
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (WhyNotNow(state, instrument, TransferCause.Sale) is { } untimely) return untimely;
        if (!financier.Has(Roles.Bank)) return Refusal.FinancierIsNotBank;
        if (financier.Id == act.Party) return Refusal.FinancierIsApplicant;
        if (IsInsolvent(state, financier.Id)) return Refusal.FinancierIsInsolvent;
        if (!Fits(Form, instrument.Kind)) return Refusal.FormDoesNotFit;
        if (instrument.Kind == InstrumentKind.Bill && state.Chain.BillRegister is not null) return Refusal.FinancedAtRegister;
        if (MovesUnits(Form) && !instrument.Transferable) return Refusal.NotTransferable;
        if (Units is null == Amount is null) return Refusal.UnitsOrAmount;
        if (Amount is { IsZero: true } || Principal.IsZero) return Refusal.AmountZero;
        if (instrument.Bill is { Undivided: true } && (Units?.Amount ?? Amount) != instrument.Face) return Refusal.PartialEndorsement;
        if (JudgeHolding(tokens, act.Party, Units, Amount) is { } holding) return holding;

        var units = Units is { } named ? [named] : LowestFirst(state, tokens, act.Party, Amount ?? default);
        if (CountOfTokens(tokens, units) > MostTokensOfFinancing || IsTooScattered(state, tokens, act.Party, units)) return Refusal.TooManyTokens;
        if (MovesUnits(Form) && Depth(tokens, units) >= state.Rules[RuleParameter.MaximumDepth]) return Refusal.TooDeep;
        if (MovesUnits(Form) && JudgeDepthOfProgramme(state, instrument, Depth(tokens, units)) is { } tooDeep) return tooDeep;
        if (JudgePrincipal(state, this, Sum(units), instrument.Currency) is { } principal) return principal;
        var latest = LatestEnd(state, instrument);
        if (End <= state.Today || End > latest) return EndsAtTheLatest(End, latest);
        if (JudgeFinancingOfProgramme(state, instrument, this, Sum(units)) is { } programme) return programme;
        if (state.Party(act.Party) is not { Account.IsZero: false }) return Refusal.AccountNotFiled;
        if (JudgeLegsDocuments(state, tokens, units, Documents) is { } documents) return documents;
        if (JudgeStillCovers(state, Documents) is { } uncovered) return uncovered;
        if (DoublePledgeCheck.Examine(state, new(act.Party, instrument.Currency, instrument.Id, units, [])) is { } conflict) return conflict;

        var until = state.Now.Add(state.Rules[RuleParameter.ReservationHours] * Timestamp.Hour).CeilingMinute();
        return new FinancingApplied(
            new(
                Financing, Form, FinancingStatus.Applied, act.Party, act.Agent, Financier, Reviewer: null, instrument.Id, units, instrument.Currency,
                Principal, Start: DateOnly.MinValue, End, EndedOn: DateOnly.MinValue, InterestOf(this), Documents, Terms,
                state.Now, until, CommittedUntil: default, Query: default, Registration: default, BankReference: "", Line: default, Drawn: default,
                Sum(units) - Principal, Before: []),
            new(Financing, Financier, instrument.Id, units, Documents, state.Now, until));
    }
}

public sealed record FinancingApplied(Financing Financing, Reservation Reservation) : LedgerEvent<FinancingApplied>, IEvent
{
    public static (string Chinese, string English) Words => ("融资已申请", "financing applied for");

    public override LedgerState Enact(LedgerState state)
    {
        var burden = new Encumbrance(EncumbranceKind.Reservation, Financing.Id.Value, Financing.Financier, state.Now, Financing.ReservedUntil);
        return Burden(state, Financing.Instrument, Financing.Units, burden).With(Financing).With(Reservation);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Financing), Details.ReservedUntil.Is(Financing.ReservedUntil)];
}

public static partial class Rulebook
{
    // Each token keeps its leg in the financing's record for the case that it is undone, so their number has an end.
    internal const int MostTokensOfFinancing = 1_000;

    internal static string? MissingTerm(ApplyForFinancing apply)
    {
        if (apply.DayCount is null) return "dayCount";
        if (apply.Bounds is null) return "bounds";
        if (apply.Rounding is null) return "rounding";
        if (apply.Payment is null) return "payment";
        if (apply.RefundsUnearned is null) return "refundsUnearned";
        if (apply.GraceDays is null) return "graceDays";
        return apply.AccruesOnRolledDays is null ? "accruesOnRolledDays" : null;
    }

    internal static InterestTerms InterestOf(ApplyForFinancing apply) => new(
        apply.DayCount ?? default, apply.Bounds ?? default, apply.Rounding ?? default, apply.Payment ?? default, apply.RefundsUnearned ?? default,
        apply.GraceDays ?? default, apply.AccruesOnRolledDays ?? default);

    // 民法典 761: factoring is of receivables; a discount is the endorsement of a bill.
    internal static bool Fits(FinancingForm form, InstrumentKind kind) => form switch
    {
        FinancingForm.PledgeLoan => true,
        FinancingForm.RecourseFactoring or FinancingForm.NonRecourseFactoring => kind == InstrumentKind.Receivable,
        FinancingForm.Discount => kind == InstrumentKind.Bill,
    };

    internal static bool MovesUnits(FinancingForm form) => form != FinancingForm.PledgeLoan;

    /// <summary>Whether what the financier collects beyond its claim goes back to the applicant (民法典 437, 766; not 767).</summary>
    internal static bool OwesSurplus(FinancingForm form) => form is FinancingForm.PledgeLoan or FinancingForm.RecourseFactoring;

    internal static Verdict.Refused? JudgePrincipal(LedgerState state, ApplyForFinancing apply, Amount units, Currency currency)
    {
        var most = new Amount(units.Minor * (ulong)state.Rules[RuleParameter.FinancingShareBasisPoints] / 10_000);
        if (apply.Principal > most) return new(Refusal.PrincipalTooLarge, new(most, currency));
        return OwesSurplus(apply.Form) || apply.Principal == units ? null : new(Refusal.PrincipalIsNotWhole, Facts.None);
    }

    internal static DateOnly LatestEnd(LedgerState state, Instrument instrument)
    {
        var payable = state.PayableOn(instrument.DueDate);
        var months = (int)state.Rules[RuleParameter.FinancingTenorMonths];
        if (state.Today > DateOnly.MaxValue.AddMonths(-months)) return payable;
        var term = state.Today.AddMonths(months);
        return term < payable ? term : payable;
    }

    internal static Verdict.Refused EndsAtTheLatest(DateOnly end, DateOnly latest) => new(Refusal.FinancingEndInvalid, new(Reference: Written(end), Reason: Written(latest)));

    // What the units' legs were charged with is what backs the financing; at least one of it, where there is any.
    internal static Verdict.Refused? JudgeLegsDocuments(LedgerState state, Tokens tokens, ValueList<Interval> intervals, ValueList<Id<Document>> cited)
    {
        var charged = new HashSet<Id<Document>>();
        foreach (var units in intervals)
        {
            foreach (var token in tokens.Touching(units))
            {
                foreach (var use in token.Leg.Documents) charged.Add(use.Document);
            }
        }

        var seen = new HashSet<Id<Document>>();
        foreach (var document in cited)
        {
            if (state.Document(document) is null) return Verdict.No(Refusal.DocumentNotFound, document.ToString());
            if (!seen.Add(document)) return new(Refusal.DocumentCitedTwice, Facts.None);
            if (!charged.Contains(document)) return Verdict.No(Refusal.DocumentNotOfTheLeg, document.ToString());
        }

        return cited.Count == 0 && charged.Count > 0 ? Verdict.No(Refusal.DocumentNotOfTheLeg, "-") : null;
    }

    internal static int CountOfTokens(Tokens tokens, ValueList<Interval> intervals)
    {
        var count = 0;
        foreach (var units in intervals) count += tokens.Touching(units).Length;
        return count;
    }
}
