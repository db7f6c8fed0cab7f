using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Client.Disclosures;

/// <summary>
/// A financing as a node tells it to who may compute its figures: what is plain, how its money came back or would if it did now, the digests of its terms
/// and the disclosures that the node was shown.
/// </summary>
public sealed record Reckoning(
    Id<Financing> Financing, Currency Currency, FinancingStatus Status, FinancingCase Plain, MoneyBack? IfToday, ValueList<Hash256> Terms, IReadOnlyList<Disclosure> Shown)
{
    /// <summary>Whether the parties agreed on anything that the ledger has digests of.</summary>
    public bool HasTerms => Terms.Count > 0;

    /// <summary>
    /// With what is known of it: what the node was shown and what the caller has, as far as the ledger has its digests. What has none there was not agreed
    /// for this financing.
    /// </summary>
    public FinancingCase With(CryptoSuite suite, IEnumerable<Disclosure> own)
    {
        var agreed = DisclosureSet.Empty;
        var open = new HashSet<Hash256>();
        foreach (var disclosure in Shown.Concat(own))
        {
            if (disclosure.Digest(suite) is var digest && !Terms.Contains(digest)) continue;
            open.Add(digest);
            if (Disclosures.Terms.TryParse(disclosure.Name, out var term) && term.Takes(disclosure.Value) && agreed[term] is null) agreed = agreed.With(disclosure);
        }

        return Plain with { Known = AgreedTerms.Of(agreed, Terms.All(open.Contains)) };
    }
}
