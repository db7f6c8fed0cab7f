using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A payee, or the bank that serves it, says that what was announced to it has not come (否认到账, <c>payment.deny</c>): the share waits no longer, and
/// whoever announced it is told.
/// </summary>
public sealed record DenyPayment(Id<Payment> Payment, PartyId Payee, Hash256 Reason) : Operation<DenyPayment>, IVerb
{
    public static Verb Verb { get; } = new("payment.deny", "否认到账", "deny announced money", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Payment(Payment) is { } payment ? [Stake.Nothing(act.Party, payment.Bank)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Payment(Payment) is not { } payment) return Refusal.PaymentNotFound;
        if (state.Party(Payee) is null) return Verdict.No(Refusal.PartyNotFound, Payee.Text);
        if (!IsOrServes(state, act.Party, Payee)) return Refusal.NotTheAnnouncedPayee;
        if (OpenShare(state, payment, Payee) is null) return Refusal.NothingAnnounced;

        return new AnnouncementDenied(payment.Id, Payee, Reason);
    }
}

public sealed record AnnouncementDenied(Id<Payment> Payment, PartyId Payee, Hash256 Reason) : LedgerEvent<AnnouncementDenied>, IEvent
{
    public static (string Chinese, string English) Words => ("公告款项被否认", "announced money denied");

    public override LedgerState Enact(LedgerState state) => CloseShare(state, Payment, Payee);

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Payment.Is(Payment), Details.Payee.Is(Payee)];
}
