using System.Collections.Frozen;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    static readonly FrozenSet<string> Verbs = FrozenSet.Create(
        StringComparer.Ordinal,
        "party.register", "party.policy",
        "key.rotate", "key.veto", "key.revoke", "key.reportLost", "key.recover",
        "mandate.grant", "mandate.revoke",
        "document.attest", "document.redLetter", "document.pledge", "document.release",
        "epoch.open",
        "confirmation.request", "confirmation.confirm", "confirmation.dispute",
        "receivable.issue", "receivable.cancel",
        "offer.accept", "offer.decline", "offer.withdraw",
        "token.transfer", "token.freeze", "token.unfreeze");

    // What an agent may be given. A new verb is nobody else's until it is named here.
    static readonly FrozenSet<string> MandateVerbs = FrozenSet.Create(
        StringComparer.Ordinal,
        "document.pledge", "document.release",
        "confirmation.request", "confirmation.confirm", "confirmation.dispute",
        "receivable.issue", "receivable.cancel",
        "offer.accept", "offer.decline", "offer.withdraw",
        "token.transfer");

    static bool IsVerb(string name) => Verbs.Contains(name);
}
