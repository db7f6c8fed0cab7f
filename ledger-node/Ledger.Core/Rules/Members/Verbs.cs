using System.Collections.Frozen;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    // What an agent may be given. A new verb is nobody else's until it is named here.
    static readonly FrozenSet<string> MandateVerbs = FrozenSet.Create(
        StringComparer.Ordinal,
        "document.pledge", "document.release",
        "confirmation.request", "confirmation.confirm", "confirmation.dispute",
        "receivable.issue", "receivable.cancel",
        "bill.register", "bill.presentForAcceptance", "bill.deliver", "bill.cancel", "bill.guarantee", "bill.pledge", "bill.releasePledge",
        "bill.allowTransfer", "bill.present", "bill.recourse",
        "offer.accept", "offer.decline", "offer.withdraw",
        "financing.apply", "financing.withdraw", "financing.repay", "financing.settle", "financing.buyBack", "financing.correct", "party.account",
        "token.transfer", "token.correct",
        "payment.receipt", "payment.confirm", "payment.deny", "payment.dispute", "claim.costs", "instrument.extend", "measure.contest");

    static bool IsVerb(string name) => Verbs.Values.Contains(name);
}
