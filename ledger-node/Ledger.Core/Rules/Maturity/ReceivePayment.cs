using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A bank says that money arrived for an instrument (<c>payment.receipt</c>): for units whose payee it serves, or a lump for everybody, which is
/// shared by what is due to each. Costs are paid first, then late interest, then principal (民法典 561); paid principal retires units from the front.
/// </summary>
public sealed record ReceivePayment(
    Id<Payment> Payment,
    Id<Instrument> Instrument,
    PaymentOutcome Outcome,
    Amount Amount,
    string Reference,
    DateOnly ValueDate,
    Interval? Units = null,
    PartyId? Payee = null) : Operation
{
    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is not { } instrument ? []
        : Payee is { } payee && payee != act.Party
            ? [new(act.Party, instrument.Obligor, instrument.Currency, Amount), new(payee, instrument.Obligor, instrument.Currency, Amount)]
            : [new(act.Party, instrument.Obligor, instrument.Currency, Amount)];
}

/// <summary>A payment with all that it did, and the instrument's late claims as it leaves them.</summary>
public sealed record PaymentReceived(Payment Payment, ValueList<LateClaim> Claims) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, ReceivePayment receipt)
    {
        if (state.Instrument(receipt.Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, receipt.Instrument.ToString());
        if (state.Payment(receipt.Payment) is not null) return Refusal.PaymentIdInUse;
        if (receipt.Payee is { } named && state.Party(named) is null) return Verdict.No(Refusal.PartyNotFound, named.Text);
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (state.Party(act.Party)?.Has(Roles.Bank) != true) return Refusal.RoleMissing;
        if (receipt.Units is null != receipt.Payee is null) return Refusal.UnitsWithPayee;
        if (!MayReceipt(state, act.Party, instrument, tokens, receipt.Payee)) return Refusal.NotThePayeesBank;
        var scope = receipt.Units ?? Interval.OfWhole(tokens.Face);
        var disputed = receipt.Outcome == PaymentOutcome.Disputed;
        if (!disputed && JudgeEntitlement(state, act, tokens, scope, receipt.Payee) is { } unentitled) return unentitled;
        if (receipt.Amount.IsZero) return Refusal.AmountZero;
        if (JudgeReference(state, receipt.Reference) is { } spent) return spent;
        if (receipt.ValueDate > state.Today) return Refusal.ValueDateInFuture;
        if (disputed) return new PaymentReceived(Recorded(act, receipt, PaymentStatus.Disputed, [], [], []), MaturityOf(state, instrument).Claims);
        if (receipt.ValueDate < DueOn(state, instrument) && JudgePrepayment(state, act, receipt) is { } early) return early;

        var pieces = Pieces(state, instrument, scope);
        if (pieces.Count > MostParts) return Refusal.TooManyParts;
        if (IsStale(state, instrument, pieces, scope, receipt.ValueDate)) return Refusal.ValueDateStale;
        var parts = Due(state, instrument, pieces, scope, receipt.ValueDate);
        var due = parts.Aggregate(Amount.Zero, static (sum, part) => sum + part.Total);
        if (receipt.Amount > due) return new Verdict.Refused(Refusal.PaymentExceedsDue, new(due, instrument.Currency));
        if (receipt.Outcome == PaymentOutcome.Paid && receipt.Amount < due) return new Verdict.Refused(Refusal.PaymentNotInFull, new(due, instrument.Currency));
        if (receipt.Outcome == PaymentOutcome.PartlyPaid && receipt.Amount == due) return Refusal.PaymentInFull;

        // A token that a small lump gives nothing is not touched by it: its claim is as old as before, and the payment can go back without it.
        var dealt = Accrual.ProRata(receipt.Amount, [.. parts.Select(static part => part.Total)]);
        var paid = parts.Zip(dealt).Where(static one => !one.Second.IsZero).ToList();
        var reached = paid.Select(static one => one.First.Token.Units.First).ToHashSet();
        bool IsPaid(Piece piece) => scope.Contains(piece.Owed.Units) && reached.Contains(piece.Token.Units.First);

        var (shares, left) = Share(state, paid, receipt.ValueDate);
        var claims = Replaced(state, instrument, pieces, scope, IsPaid, left);
        if (claims.Count > MostParts) return Refusal.TooManyParts;

        var before = pieces.Where(IsPaid).Select(static piece => piece.Owed);
        return new PaymentReceived(Recorded(act, receipt, PaymentStatus.Received, shares, [.. before], left), claims);
    }

    static LedgerState Enact(LedgerState state, PaymentReceived received)
    {
        var payment = received.Payment;
        state = Spend(state, payment.Reference, payment.Bank, payment.Id.Value).With(payment);
        foreach (var share in payment.Shares)
        {
            // Nothing binds units that are not live, so their burdens may stay on record: a payment that is returned finds them as they were.
            state = Rewrite(state, payment.Instrument, share.Retired, static token => token with { State = UnitState.Paid });
        }

        state = WithClaims(state, payment.Instrument, received.Claims);
        return IsSettled(TokensNamed(state, payment.Instrument))
            ? state.With(InstrumentNamed(state, payment.Instrument) with { Status = InstrumentStatus.Settled })
            : state;
    }

    static Payment Recorded(
        Act act, ReceivePayment receipt, PaymentStatus status, ValueList<PaymentShare> shares, ValueList<LateClaim> before, ValueList<LateClaim> after) => new(
        receipt.Payment, receipt.Instrument, act.Party, receipt.Amount, receipt.ValueDate, receipt.Reference, status, shares, before, after);

    // A lump is what the obligor's bank sent or any payee's bank found in a collection account.
    static bool MayReceipt(LedgerState state, PartyId bank, Instrument instrument, Tokens tokens, PartyId? payee)
    {
        if (payee is { } named) return BankOf(state, named) == bank;
        if (BankOf(state, instrument.Obligor) == bank) return true;
        foreach (var token in tokens.Span)
        {
            if (token.State == UnitState.Live && BankOf(state, PayeeOf(state, token)) == bank) return true;
        }

        return false;
    }

    /// <summary>
    /// Nothing is paid to a holder after notice of a pledge, and nothing under a freeze unless its executor signs too (民事诉讼法 253: who is told not to
    /// pay and pays, pays again). A lump would reach frozen units as well, so it waits for the executor like a payment for these units.
    /// </summary>
    static Verdict.Refused? JudgeEntitlement(LedgerState state, Act act, Tokens tokens, Interval scope, PartyId? payee)
    {
        if (scope.Last > tokens.Face.Minor) return new(Refusal.UnitsDoNotExist, Facts.None);
        foreach (var token in tokens.Touching(scope))
        {
            if (payee is null && token.State != UnitState.Live) continue;
            if (token.State != UnitState.Live) return new(Refusal.UnitsNotLive, Facts.None);
            if (payee is { } named && PayeeOf(state, token) != named) return new(Refusal.PayeeNotEntitled, Facts.None);
        }

        foreach (var token in tokens.Touching(scope))
        {
            if (token.State != UnitState.Live) continue;
            foreach (var burden in token.Encumbrances)
            {
                if (!burden.BindsAt(state.Now) || IsSignedByActiveParty(state, act, burden.Beneficiary)) continue;
                var conflict = new Facts(Conflict: DoublePledgeCheck.ConflictWith(burden));
                if (burden.Kind == EncumbranceKind.Mismatch || FirstFreeze(state, token) == burden) return new(Refusal.PaymentFrozen, conflict);

                // A bank that has committed itself pays on units that nobody else was paid for meanwhile.
                if (burden.Kind is EncumbranceKind.Reservation or EncumbranceKind.Commitment) return new(Refusal.UnitsBurdened, conflict);
            }
        }

        return null;
    }

    // Nobody has to take money before it is due (民法典 530), and a creditor who does says so.
    static Verdict.Refused? JudgePrepayment(LedgerState state, Act act, ReceivePayment receipt)
    {
        if (receipt.Payee is not { } payee) return new(Refusal.PrepaymentNeedsUnits, Facts.None);
        return payee == act.Party || Agrees(state, act, receipt, payee) ? null : new(Refusal.PrepaymentNotAgreed, Facts.None);
    }

    // Interest up to a payment was reckoned with it; an earlier day would reckon it again.
    static bool IsStale(LedgerState state, Instrument instrument, List<Piece> pieces, Interval scope, DateOnly on)
    {
        var payable = PayableDay(state, instrument);
        foreach (var piece in pieces)
        {
            if (scope.Contains(piece.Owed.Units) && piece.Owed.From > payable && on < piece.Owed.From) return true;
        }

        return false;
    }

    /// <summary>Each payee's share, in the order of its units, and what stays owed on the units that no principal retired.</summary>
    static (ValueList<PaymentShare> Shares, ValueList<LateClaim> Left) Share(LedgerState state, List<(Part, Amount)> paid, DateOnly on)
    {
        var shares = new List<PaymentShare>();
        var left = new List<LateClaim>();
        foreach (var (part, amount) in paid)
        {
            var costs = Lesser(amount, part.Costs);
            var interest = Lesser(amount - costs, part.Interest);
            var principal = amount - costs - interest;
            var units = part.Units;
            ValueList<Interval> retired = principal.IsZero ? [] : [new(units.First, units.First + principal.Minor - 1)];
            if (principal < units.Amount) left.Add(new(new(units.First + principal.Minor, units.Last), on, part.Interest - interest, part.Costs - costs));

            var payee = PayeeOf(state, part.Token);
            var known = shares.FindIndex(share => share.Payee == payee);
            if (known < 0) shares.Add(new(payee, costs, interest, retired));
            else shares[known] = Add(shares[known], costs, interest, retired);
        }

        return ([.. shares], [.. left]);
    }

    static PaymentShare Add(PaymentShare share, Amount costs, Amount interest, ValueList<Interval> retired) => share with
    {
        Costs = share.Costs + costs,
        Interest = share.Interest + interest,
        Retired = Joined([.. share.Retired, .. retired]),
    };

    static Amount Lesser(Amount one, Amount other) => one < other ? one : other;
}
