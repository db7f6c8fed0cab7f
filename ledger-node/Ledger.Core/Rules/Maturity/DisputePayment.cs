using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The obligor, one who was paid, or one who should have been, says that a receipt is not right (<c>payment.dispute</c>). It only flags what was received:
/// money and units stay where they are until the bank returns it. What was only announced is denied instead.
/// </summary>
public sealed record DisputePayment(Id<Payment> Payment, Hash256 Reason) : Operation<DisputePayment>, IVerb
{
    public static Verb Verb { get; } = new("payment.dispute", "对收款提出异议", "dispute a payment", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Payment(Payment) is { } payment ? [Stake.Nothing(act.Party, payment.Bank)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Payment(Payment) is not { } payment) return Refusal.PaymentNotFound;
        if (payment.Status != PaymentStatus.Received) return Refusal.PaymentStatusWrong;
        if (!IsOfThePayment(state, payment, act.Party)) return Refusal.NotOfThePayment;

        return new PaymentDisputed(payment.Id, Reason);
    }
}

public sealed record PaymentDisputed(Id<Payment> Payment, Hash256 Reason) : LedgerEvent<PaymentDisputed>, IEvent
{
    public static (string Chinese, string English) Words => ("收款有异议", "payment disputed");

    public override LedgerState Enact(LedgerState state) =>
        state.With(PaymentNamed(state, Payment) with { Status = PaymentStatus.Disputed });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Payment.Is(Payment)];
}

public static partial class Rulebook
{
    internal static bool IsOfThePayment(LedgerState state, Payment payment, PartyId party)
    {
        if (InstrumentNamed(state, payment.Instrument).Obligor == party || payment.Shares.Any(share => share.Payee == party)) return true;
        if (state.Tokens(payment.Instrument) is not { } tokens) return false;
        foreach (var token in tokens.Span)
        {
            if (token.State == UnitState.Live && PayeeOf(state, token) == party) return true;
        }

        return false;
    }
}
