using System.Globalization;
using Ledger.Core.Primitives;

namespace Ledger.Client.Invoices;

/// <summary>
/// Well-formed USCCs of companies that do not exist, for demonstrations and tests: the organisation code begins with XX, so that a reader sees
/// that it is invented.
/// </summary>
public static class FictionalUscc
{
    const int Seeds = 1_000_000;

    /// <summary>The company of a seed below one million in a region: six digits of GB/T 2260, such as 310115 for Pudong.</summary>
    public static PartyId Of(string regionCode, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(seed, Seeds);

        var body = string.Create(CultureInfo.InvariantCulture, $"91{regionCode}XX{seed:D6}");
        // PartyId alone knows the two check characters; of all pairs it takes exactly one.
        foreach (var organisationCheck in "0123456789X")
        {
            foreach (var check in "0123456789ABCDEFGHJKLMNPQRTUWXY")
            {
                if (PartyId.TryParse($"{body}{organisationCheck}{check}", out var id)) return id;
            }
        }

        throw new ArgumentException("A region code has six digits.", nameof(regionCode));
    }
}
