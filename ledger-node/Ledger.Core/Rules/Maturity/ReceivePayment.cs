using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A bank says that money arrived for an instrument (<c>payment.receipt</c>): for units whose payee it serves, or a lump for everybody, which is
/// shared by what is due to each. Received is what is the bank's own, or of those whom it serves or who sign too; it only announces the rest, which changes
/// nothing until those to whom it goes confirm it. Costs are paid first, then late interest, then principal (民法典 561); paid principal retires units from the front.
/// </summary>
public sealed record ReceivePayment(
    Id<Payment> Payment,
    Id<Instrument> Instrument,
    PaymentOutcome Outcome,
    Amount Amount,
    string Reference,
    DateOnly ValueDate,
    Interval? Units = null,
    PartyId? Payee = null) : Operation<ReceivePayment>, IVerb
{
    public static Verb Verb { get; } = new("payment.receipt", "登记收款", "receipt a payment", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Payment.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return [];
        var own = new Stake(act.Party, instrument.Obligor, instrument.Currency, Amount);
        if (Payee is { } payee) return payee == act.Party ? [own] : [own, own with { Party = payee }];
        return act.Signers.All(signer => signer.Party == act.Party)
            ? [own]
            : [own, .. SharesOf(state, act.Party, this).Where(share => share.Payee != act.Party).Select(share => own with { Party = share.Payee, Amount = share.Amount })];
    }

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (state.Payment(Payment) is not null) return Refusal.PaymentIdInUse;
        if (Payee is { } named && state.Party(named) is null) return Verdict.No(Refusal.PartyNotFound, named.Text);
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (state.Party(act.Party)?.Has(Roles.Bank) != true) return Refusal.RoleMissing;
        if (Units is null != Payee is null) return Refusal.UnitsWithPayee;
        var agreeing = Agreeing(state, act, this);
        var known = new Dictionary<PartyId, bool>();
        bool IsReceivedFor(PartyId payee)
        {
            if (!known.TryGetValue(payee, out var isReceived)) known[payee] = isReceived = MaySayPaid(state, act.Party, payee, instrument) || agreeing.Contains(payee);
            return isReceived;
        }

        if (!MayReceipt(state, act.Party, instrument, tokens, Payee, IsReceivedFor)) return Refusal.NotThePayeesBank;
        if (JudgeOtherHand(state, act, instrument.Obligor) is { } oneHand) return oneHand;
        var scope = Units ?? Interval.OfWhole(tokens.Face);
        var disputed = Outcome == PaymentOutcome.Disputed;
        bool IsReceived(Token token) => Payee is not null || IsReceivedFor(PayeeOf(state, token));
        if (!disputed && (JudgeEntitlement(state, tokens, scope, Payee) ?? JudgeHolds(state, act, tokens, scope, IsReceived)) is { } unentitled) return unentitled;
        if (Amount.IsZero) return Refusal.AmountZero;
        if (ValueDate > state.Today) return Refusal.ValueDateInFuture;
        if (IsTooOld(state, ValueDate)) return Refusal.ValueDateTooOld;
        if (JudgeReference(state, ValueDate, Reference) is { } spent) return spent;
        if (disputed) return new PaymentReceived(Recorded(act, this, PaymentStatus.Disputed), MaturityOf(state, instrument).Claims);
        if (ValueDate < DueOn(state, instrument) && JudgePrepayment(state, act, this) is { } early) return early;

        var pieces = Pieces(state, instrument, scope);
        if (pieces.Count > MostParts) return Refusal.TooManyParts;
        if (JudgeValueDate(state, instrument, tokens, pieces, scope, ValueDate, IsReceived) is { } untimely) return untimely;
        var parts = Due(state, instrument, pieces, scope, ValueDate);
        var open = OpenTo(state, act.Party, this, parts);
        var due = open.Aggregate(Amount.Zero, static (sum, one) => sum + one);
        if (Amount > due) return new Verdict.Refused(Refusal.PaymentExceedsDue, new(due, instrument.Currency));
        if (Outcome == PaymentOutcome.Paid && Amount < due) return new Verdict.Refused(Refusal.PaymentNotInFull, new(due, instrument.Currency));
        if (Outcome == PaymentOutcome.PartlyPaid && Amount == due) return Refusal.PaymentInFull;

        var dealt = Deal(Amount, parts, open);
        var announced = ByPayee(state, dealt.Where(one => !IsReceived(one.Part.Token)));
        if (announced.Count > 0 && OpenAnnouncements(state, instrument.Id, act.Party) >= MostAnnouncements) return Refusal.TooManyAnnouncements;
        var received = Retire(state, instrument, pieces, scope, [.. dealt.Where(one => IsReceived(one.Part.Token))], ValueDate);
        if (received.Claims.Count > MostParts) return Refusal.TooManyParts;

        return new PaymentReceived(
            Recorded(act, this, received.Shares.Count > 0 ? PaymentStatus.Received : PaymentStatus.Announced) with
            {
                Shares = received.Shares,
                ClaimsBefore = received.Before,
                ClaimsAfter = received.After,
                Announced = announced,
                AnnouncedUntil = announced.Count == 0 ? default : EndOfAnnouncement(state),
            },
            received.Claims);
    }
}

/// <summary>A payment with all that it did, and the instrument's late claims as it leaves them.</summary>
public sealed record PaymentReceived(Payment Payment, ValueList<LateClaim> Claims) : LedgerEvent<PaymentReceived>, IEvent
{
    public static (string Chinese, string English) Words => ("收款已登记", "payment receipted");

    public override LedgerState Enact(LedgerState state)
    {
        state = Spend(state, Payment.ValueDate, Payment.Reference, Payment.Bank, Payment.Id.Value).With(Payment);
        foreach (var share in Payment.Shares)
        {
            // Nothing binds units that are not live, so their burdens may stay on record: a payment that is returned finds them as they were.
            state = Rewrite(state, Payment.Instrument, share.Retired, static token => token with { State = UnitState.Paid });
        }

        state = CountPaidInTime(WithClaims(state, Payment.Instrument, Claims), Payment, isBack: false);
        return IsSettled(TokensNamed(state, Payment.Instrument))
            ? state.With(InstrumentNamed(state, Payment.Instrument) with { Status = InstrumentStatus.Settled })
            : state;
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Payment.Is(Payment.Id), Details.Instrument.Is(Payment.Instrument),
        Details.Currency.Is(state.Instrument(Payment.Instrument)?.Currency), Details.Amount.Is(Payment.Amount),
        Details.ValueDate.Is(Payment.ValueDate), Details.Status.Is(Payment.Status), Details.Shares.Is(Payment.Shares),
        Details.Announced.Is(Payment.Announced.Count == 0 ? null : Payment.Announced), Details.Until.Is(Payment.AnnouncedUntil),
    ];
}

public static partial class Rulebook
{
    /// <summary>How a lump would be shared: what is for each payee, in the order of their units. Nothing where nothing can be.</summary>
    internal static ValueList<AnnouncedShare> SharesOf(LedgerState state, PartyId bank, ReceivePayment lump)
    {
        if (state.Instrument(lump.Instrument) is not { Status: InstrumentStatus.Active } instrument || state.Tokens(instrument.Id) is not { } tokens) return [];
        if (lump.ValueDate > state.Today) return [];
        var whole = Interval.OfWhole(tokens.Face);
        var parts = Due(state, instrument, Pieces(state, instrument, whole), whole, lump.ValueDate);
        return ByPayee(state, Deal(lump.Amount, parts, OpenTo(state, bank, lump, parts)));
    }

    internal static ValueList<AnnouncedShare> ByPayee(LedgerState state, IEnumerable<(Part Part, Amount Amount)> dealt) =>
        [.. dealt.GroupBy(one => PayeeOf(state, one.Part.Token)).Select(static own => new AnnouncedShare(own.Key, own.Aggregate(Amount.Zero, static (sum, one) => sum + one.Amount)))];

    internal static Payment Recorded(Act act, ReceivePayment receipt, PaymentStatus status) => new(
        receipt.Payment, receipt.Instrument, act.Party, receipt.Amount, receipt.ValueDate, receipt.Reference, status,
        Shares: [], ClaimsBefore: [], ClaimsAfter: [], Announced: [], AnnouncedUntil: default);

    internal static Timestamp EndOfAnnouncement(LedgerState state) => state.Now.Add(state.Rules[RuleParameter.AnnouncementDays] * Timestamp.Day).CeilingMinute();

    // What a payee's own bank found for it is all that is due; a lump is for everybody, and tells nothing twice.
    internal static ValueList<Amount> OpenTo(LedgerState state, PartyId bank, ReceivePayment receipt, List<Part> parts) =>
        receipt.Payee is null ? LeftToSay(state, receipt.Instrument, bank, parts) : [.. parts.Select(static part => part.Total)];

    // A token that a small lump gives nothing is not touched by it: its claim is as old as before, and the payment can go back without it.
    internal static List<(Part Part, Amount Amount)> Deal(Amount amount, List<Part> parts, ValueList<Amount> open) =>
        [.. parts.Zip(Accrual.ProRata(amount, open)).Where(static one => !one.Second.IsZero)];

    /// <summary>The payees that sign beside the bank: their own word is as good as their bank's.</summary>
    internal static HashSet<PartyId> Agreeing(LedgerState state, Act act, ReceivePayment receipt) =>
        [.. receipt.Stakes(state, act).Where(stake => stake.Party != act.Party && HandOf(state, act, receipt, stake) is not null).Select(static stake => stake.Party)];

    // A lump is what the obligor's bank sent or any payee's bank found in a collection account.
    internal static bool MayReceipt(LedgerState state, PartyId bank, Instrument instrument, Tokens tokens, PartyId? payee, Func<PartyId, bool> isReceivedFor)
    {
        if (payee is { } named) return isReceivedFor(named);
        if (BankOf(state, instrument.Obligor) == bank) return true;
        foreach (var token in tokens.Span)
        {
            if (token.State == UnitState.Live && isReceivedFor(PayeeOf(state, token))) return true;
        }

        return false;
    }

    // Nothing is paid to a holder after notice of a pledge.
    internal static Verdict.Refused? JudgeEntitlement(LedgerState state, Tokens tokens, Interval scope, PartyId? payee)
    {
        if (scope.Last > tokens.Face.Minor) return new(Refusal.UnitsDoNotExist, Facts.None);
        if (payee is null) return null;
        foreach (var token in tokens.Touching(scope))
        {
            if (token.State != UnitState.Live) return new(Refusal.UnitsNotLive, Facts.None);
            if (PayeeOf(state, token) != payee) return new(Refusal.PayeeNotEntitled, Facts.None);
        }

        return null;
    }

    /// <summary>
    /// Nothing is received under a freeze unless its executor signs too (民事诉讼法 253: who is told not to pay and pays, pays again). A lump that would be
    /// received on frozen units as well waits for the executor like a payment for these units.
    /// </summary>
    internal static Verdict.Refused? JudgeHolds(LedgerState state, Act act, Tokens tokens, Interval scope, Func<Token, bool> isReceived)
    {
        foreach (var token in tokens.Touching(scope))
        {
            if (token.State != UnitState.Live || token.Encumbrances.Count == 0 || !isReceived(token)) continue;
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
    internal static Verdict.Refused? JudgePrepayment(LedgerState state, Act act, ReceivePayment receipt)
    {
        if (receipt.Payee is not { } payee) return new(Refusal.PrepaymentNeedsUnits, Facts.None);
        return payee == act.Party || Agrees(state, act, receipt, payee) ? null : new(Refusal.PrepaymentNotAgreed, Facts.None);
    }

    /// <summary>
    /// Money is not received before the payee had a right to it, and interest up to a payment was reckoned with it: an earlier day would reckon it again.
    /// </summary>
    internal static Verdict.Refused? JudgeValueDate(
        LedgerState state, Instrument instrument, Tokens tokens, List<Piece> pieces, Interval scope, DateOnly on, Func<Token, bool> isReceived)
    {
        foreach (var token in tokens.Touching(scope))
        {
            if (token.State == UnitState.Live && isReceived(token) && EntitledSince(state, token) is var since && on < since)
                return Verdict.No(Refusal.ValueDateBeforeRight, Written(since));
        }

        var payable = PayableDay(state, instrument);
        foreach (var piece in pieces)
        {
            if (scope.Contains(piece.Owed.Units) && piece.Owed.From > payable && on < piece.Owed.From && isReceived(piece.Token)) return new(Refusal.ValueDateStale, Facts.None);
        }

        return null;
    }

    /// <summary>What a payment does where it is received: to each payee, and to the late claims of the tokens that it reaches.</summary>
    internal sealed record Retired(ValueList<PaymentShare> Shares, ValueList<LateClaim> Before, ValueList<LateClaim> After, ValueList<LateClaim> Claims);

    internal static Retired Retire(LedgerState state, Instrument instrument, List<Piece> pieces, Interval scope, List<(Part Part, Amount Amount)> paid, DateOnly on)
    {
        var reached = paid.Select(static one => one.Part.Token.Units.First).ToHashSet();
        bool IsPaid(Piece piece) => scope.Contains(piece.Owed.Units) && reached.Contains(piece.Token.Units.First);
        var (shares, left) = Share(state, paid, on);
        return new(shares, [.. pieces.Where(IsPaid).Select(static piece => piece.Owed)], left, Replaced(state, instrument, pieces, scope, IsPaid, left));
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
