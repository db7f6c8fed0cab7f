using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The bank that receipted a payment, or that of the payee that did, says that the money went back (<c>payment.return</c>): what it retired is owed again, with
/// the claims and burdens that were on it, and what it only announced is dropped; a share that was confirmed is a payment of its own. Refused once something
/// was built on the payment: another on the same units, costs, an extension, a merger.
/// </summary>
public sealed record ReturnPayment(Id<Payment> Payment, string Reference) : Operation<ReturnPayment>, IVerb
{
    public static Verb Verb { get; } = new("payment.return", "退回收款", "return a payment");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Payment(Payment) is { } payment && state.Instrument(payment.Instrument) is { } instrument
        ? [new(act.Party, instrument.Obligor, instrument.Currency, payment.Amount)]
        : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Payment(Payment) is not { } payment || state.IsLeaving(payment.Instrument)) return Refusal.PaymentNotFound;
        if (payment.Status == PaymentStatus.Returned) return Refusal.PaymentStatusWrong;

        // Who is owed something does not make it owed again by its own word.
        if (BankOf(state, payment.Bank) != act.Party) return Refusal.NotTheReceiptsBank;
        if (JudgeReference(state, state.Today, Reference) is { } spent) return spent;
        var instrument = InstrumentNamed(state, payment.Instrument);
        if (!IsAsLeft(state, instrument, payment)) return Refusal.LaterActsRely;

        var others = MaturityOf(state, instrument).Claims.Where(claim => !IsOf(payment, claim));
        return new PaymentReturned(payment.Id, Reference, Telling(state, instrument, [.. others, .. payment.ClaimsBefore]));
    }
}

public sealed record PaymentReturned(Id<Payment> Payment, string Reference, ValueList<LateClaim> Claims) : LedgerEvent<PaymentReturned>, IEvent
{
    public static (string Chinese, string English) Words => ("收款已退回", "payment returned");

    public override LedgerState Enact(LedgerState state)
    {
        var payment = PaymentNamed(state, Payment);
        state = Spend(state, state.Today, Reference, BankOf(state, payment.Bank), payment.Id.Value)
            .With(payment with { Status = PaymentStatus.Returned, Announced = [], AnnouncedUntil = default });
        foreach (var share in payment.Shares)
            state = Rewrite(state, payment.Instrument, share.Retired, static token => token with { State = UnitState.Live });

        if (payment.Shares.Count > 0) state = state.With(InstrumentNamed(state, payment.Instrument) with { Status = InstrumentStatus.Active });
        return CountPaidInTime(WithClaims(state, payment.Instrument, Claims), payment, isBack: true);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Payment.Is(Payment)];
}

public static partial class Rulebook
{
    // What it left is untouched: the same claims, on units that are still live.
    internal static bool IsAsLeft(LedgerState state, Instrument instrument, Payment payment)
    {
        if (payment.Shares.Count == 0) return true;
        var tokens = TokensNamed(state, instrument.Id);
        foreach (var claim in payment.ClaimsAfter)
        {
            foreach (var token in tokens.Touching(claim.Units))
            {
                if (token.State != UnitState.Live) return false;
            }
        }

        return Telling(state, instrument, payment.ClaimsAfter).SequenceEqual(MaturityOf(state, instrument).Claims.Where(claim => IsOf(payment, claim)));
    }

    // What a payment was for stands in the order of its units.
    internal static bool IsOf(Payment payment, LateClaim claim)
    {
        var (low, high) = (0, payment.ClaimsBefore.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var units = payment.ClaimsBefore[middle].Units;
            if (units.Overlaps(claim.Units)) return true;
            if (units.First < claim.Units.First) low = middle + 1;
            else high = middle - 1;
        }

        return false;
    }
}
