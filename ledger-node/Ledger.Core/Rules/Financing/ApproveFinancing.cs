using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The financier commits itself (<c>financing.approve</c>), and a reviewer that is neither side signs with it (双方审核). The reservation becomes a
/// commitment that only the financier's release or its own end lifts, and the credit is occupied from now on: two commitments cannot share one line.
/// The digests are those of the application, so that both sides signed the same hidden terms.
/// </summary>
public sealed record ApproveFinancing(
    Id<Financing> Financing,
    PartyId Reviewer,
    Timestamp CommittedUntil,
    CreditMode Credit,
    Id<CreditLine>? Line = null,
    ValueList<Hash256> Terms = default) : Operation<ApproveFinancing>, IVerb
{
    public static Verb Verb { get; } = new("financing.approve", "融资审批", "approve a financing");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing
        ? [new(act.Party, financing.Applicant, financing.Currency, financing.Principal), new(Reviewer, null, financing.Currency, financing.Principal)]
        : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (state.Party(Reviewer) is null) return Verdict.No(Refusal.PartyNotFound, Reviewer.Text);
        if (WhyOver(state, financing) is { } over) return over;
        if (financing.Status != FinancingStatus.Applied || state.Instrument(financing.Instrument) is not { } instrument) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (WhyNotNow(state, instrument, TransferCause.Sale) is { } untimely) return untimely;
        if (JudgeUnits(state, financing) is { } units) return units;
        if (JudgeReviewer(state, act, financing, instrument, Reviewer) is { } reviewer) return reviewer;
        if (Terms != financing.Terms) return Refusal.TermsDiffer;
        if (!IsOfferTerm(state, CommittedUntil) || CommittedUntil >= EndOfPayableDay(state, instrument)) return Refusal.CommitmentTermInvalid;
        if (financing.End <= state.Today) return EndsAtTheLatest(financing.End, LatestEnd(state, InstrumentNamed(state, financing.Instrument)));
        if (JudgeStillCovers(state, financing.Documents) is { } uncovered) return uncovered;
        if (JudgeCredit(state, financing, instrument, this) is { } credit) return credit;
        if (RegistryStep.Examine(state, financing) is { } registry) return registry;
        if (PledgeStep.Examine(state, financing, CommittedUntil) is { } unreserved) return unreserved;

        var drawn = Credit == CreditMode.None || IsEarmarkedFor(state, financing, this) ? Amount.Zero : financing.Principal;
        return new FinancingApproved(financing.Id, Reviewer, CommittedUntil, drawn.IsZero ? default : Line ?? default, drawn);
    }
}

public sealed record FinancingApproved(
    Id<Financing> Financing, PartyId Reviewer, Timestamp CommittedUntil, Id<CreditLine> Line, Amount Drawn) : LedgerEvent<FinancingApproved>, IEvent
{
    public static (string Chinese, string English) Words => ("融资已审批", "financing approved");

    public override LedgerState Enact(LedgerState state)
    {
        var financing = FinancingNamed(state, Financing);
        var commitment = new Encumbrance(
            EncumbranceKind.Commitment, financing.Id.Value, financing.Financier, state.Now, CommittedUntil);
        state = LiftBurden(state, financing.Instrument, financing.Units, EncumbranceKind.Reservation, financing.Id.Value);
        state = Burden(state, financing.Instrument, financing.Units, commitment);
        if (!Drawn.IsZero) state = Draw(state, Line, Drawn);
        if (state.Reservation(financing.Id) is { } reservation) state = state.Without(reservation);
        return state.With(financing with
        {
            Status = FinancingStatus.Approved,
            Reviewer = Reviewer,
            CommittedUntil = CommittedUntil,
            Line = Line,
            Drawn = Drawn,
        });
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        .. Details.Of(Financing, state), Details.CommittedUntil.Is(CommittedUntil), Details.Drawn.Is(Drawn),
    ];
}

public static partial class Rulebook
{
    /// <summary>Whether a financing's units are as it holds them: the applicant's, live, and free of every burden but its own.</summary>
    internal static Verdict.Refused? JudgeUnits(LedgerState state, Financing financing)
    {
        if (state.Tokens(financing.Instrument) is not { } tokens) return new(Refusal.InstrumentStatusWrong, Facts.None);
        foreach (var units in financing.Units)
        {
            foreach (var token in tokens.Touching(units))
            {
                if (token.State != UnitState.Live) return new(Refusal.UnitsNotLive, Facts.None);
                if (token.Holder != financing.Applicant) return new(Refusal.UnitsNotHeld, Facts.None);
                foreach (var burden in token.Encumbrances)
                {
                    if (!IsOf(burden, financing) && burden.BindsAt(state.Now))
                        return new(Refusal.UnitsBurdened, new(Conflict: DoublePledgeCheck.ConflictWith(burden)));
                }
            }
        }

        return null;
    }

    internal static bool IsOf(Encumbrance burden, Financing financing) =>
        burden.Kind is EncumbranceKind.Reservation or EncumbranceKind.Commitment && burden.Reference == financing.Id.Value;

    internal static Verdict.Refused? JudgeReviewer(LedgerState state, Act act, Financing financing, Instrument instrument, PartyId reviewer)
    {
        if (state.Party(reviewer)?.Has(Reviewers) != true || !IsApart(state, financing, instrument, reviewer)) return new(Refusal.ReviewerIsNotIndependent, Facts.None);
        return IsSignedByActiveParty(state, act, reviewer) ? null : new(Refusal.ReviewerDidNotSign, Facts.None);
    }

    // The applicant gets the money.
    internal static bool IsApart(LedgerState state, Financing financing, Instrument instrument, PartyId party) =>
        AreAllIndependent(state, party, [financing.Financier, instrument.Obligor]) && !AreAffiliates(state, party, financing.Hand) && IsIndependentOfGainer(state, party, financing.Applicant);

    internal static Verdict.Refused? JudgeCredit(LedgerState state, Financing financing, Instrument instrument, ApproveFinancing approve)
    {
        if (approve.Credit == CreditMode.None) return approve.Line is null ? null : new(Refusal.LineDoesNotFit, Facts.None);
        if (IsEarmarkedFor(state, financing, approve)) return null;
        if (approve.Line is not { } line) return new(Refusal.LineMissing, Facts.None);
        if (state.Line(line) is { } known && known.Bank != financing.Financier) return new(Refusal.NotTheLinesBank, Facts.None);
        var debtor = approve.Credit == CreditMode.Supplier ? financing.Applicant : instrument.Obligor;
        return JudgeDraw(state, line, approve.Credit, debtor, financing.Currency, financing.Principal, financing.End);
    }

    // What was issued under the bank's earmarked line occupies it already.
    internal static bool IsEarmarkedFor(LedgerState state, Financing financing, ApproveFinancing approve) =>
        approve.Credit == CreditMode.Earmarked
        && state.Earmark(financing.Instrument) is { } earmark && state.Line(earmark.Line)?.Bank == financing.Financier
        && (approve.Line is null || approve.Line == earmark.Line);

    internal static Timestamp EndOfPayableDay(LedgerState state, Instrument instrument) =>
        Timestamp.StartOf(state.PayableOn(instrument.DueDate).AddDays(1), state.Chain.OffsetMinutes);
}
