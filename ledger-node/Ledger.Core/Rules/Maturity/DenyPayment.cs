using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A payee, or the bank that serves it, says that what was announced to it has not come (否认到账, <c>payment.deny</c>): the share waits no longer, and
/// whoever announced it is told.
/// </summary>
public sealed record DenyPayment(Id<Payment> Payment, PartyId Payee, Hash256 Reason) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Payment(Payment) is { } payment ? [Stake.Nothing(act.Party, payment.Bank)] : [];
}

public sealed record AnnouncementDenied(Id<Payment> Payment, PartyId Payee, Hash256 Reason) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, DenyPayment deny)
    {
        if (state.Payment(deny.Payment) is not { } payment) return Refusal.PaymentNotFound;
        if (state.Party(deny.Payee) is null) return Verdict.No(Refusal.PartyNotFound, deny.Payee.Text);
        if (!IsOrServes(state, act.Party, deny.Payee)) return Refusal.NotTheAnnouncedPayee;
        if (OpenShare(state, payment, deny.Payee) is null) return Refusal.NothingAnnounced;

        return new AnnouncementDenied(payment.Id, deny.Payee, deny.Reason);
    }

    static LedgerState Enact(LedgerState state, AnnouncementDenied denied) => CloseShare(state, denied.Payment, denied.Payee);
}
