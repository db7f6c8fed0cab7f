using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>
    /// A number that looks like another of the same seller's is that other, of whatever kind it is said to be, unless the attestation names every document
    /// that it looks like and a second bank signs: one paper written in two ways, or called by two names, would back two debts.
    /// </summary>
    internal static Verdict.Refused? WhyNotDistinct(
        LedgerState state, Act act, PartyId seller, PartyId buyer, ValueList<Fingerprint> skeletons, ValueList<Id<Document>> distinctFrom)
    {
        var alike = new SortedSet<Id<Document>>();
        foreach (var skeleton in skeletons) alike.UnionWith(state.DocumentsLike(seller, skeleton));

        foreach (var id in alike)
        {
            if (distinctFrom.Contains(id)) continue;
            var known = DocumentNamed(state, id);
            return new(Refusal.DocumentLooksLikeAnother, new(Reference: id.ToString(), Conflict: new("Document", id.ToString(), known.AttestedAt)));
        }

        foreach (var id in distinctFrom)
        {
            if (!alike.Remove(id)) return new(Refusal.DistinctFromOthers, new(Reference: id.ToString()));
        }

        return distinctFrom.Count == 0 || IsDistinctToSecondBank(state, act, seller, buyer) ? null : new(Refusal.DistinctionNeedsSecondBank, Facts.None);
    }

    // Its word is its own: it neither attests, nor sells, nor buys, nor speaks for any of them; and the seller, who can then use both papers, is not its customer.
    static bool IsDistinctToSecondBank(LedgerState state, Act act, PartyId seller, PartyId buyer)
    {
        foreach (var signer in act.Signers)
        {
            var bank = signer.Party;
            if (SignsAs(state, act, bank, Roles.Bank) && AreAllIndependent(state, bank, [act.Party, buyer]) && IsIndependentOfGainer(state, bank, seller)) return true;
        }

        return false;
    }
}
