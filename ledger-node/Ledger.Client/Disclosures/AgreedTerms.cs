using Ledger.Core.Interest;
using Ledger.Core.Primitives;

namespace Ledger.Client.Disclosures;

/// <summary>
/// What the parties of a financing agreed on, as far as somebody was told. Null is not known: not disclosed, and perhaps there. What was not agreed is
/// zero.
/// </summary>
public sealed record AgreedTerms(Rate? Rate, Rate? PenaltyRate, Amount? Fees)
{
    /// <summary>
    /// Of what was disclosed. Where <paramref name="isAll"/>, every digest of the application is open, and a penalty rate or fees that are not among
    /// them were not agreed.
    /// </summary>
    public static AgreedTerms Of(DisclosureSet told, bool isAll) => new(
        told.Rate(Term.Rate), told.Rate(Term.PenaltyRate) ?? (isAll ? Core.Interest.Rate.Zero : null), told.Amount(Term.Fees) ?? (isAll ? Amount.Zero : null));

    /// <summary>Those that are not known.</summary>
    public IEnumerable<Term> Missing()
    {
        if (Rate is null) yield return Term.Rate;
        if (PenaltyRate is null) yield return Term.PenaltyRate;
        if (Fees is null) yield return Term.Fees;
    }
}
