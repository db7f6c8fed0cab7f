using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

/// <summary>
/// What one industry chain's debts are held to from a date on, beside the rules, which hold all the same: tenor of a receivable and of a financing in months, the largest
/// share of the units' amount that may be financed in basis points, how many hands units may pass through after the first, and whether an issue needs a contract.
/// </summary>
public sealed record ProgrammeSettings(
    DateOnly From, ushort TenorMonths, ushort FinancingTenorMonths, ushort FinancingShareBasisPoints, ushort MaximumDepth, bool ContractRequired);

/// <summary>Settings for a chain as they are proposed.</summary>
public sealed record NextProgramme(string IndustryChain, ProgrammeSettings Settings);

/// <summary>
/// The programme of an industry chain (一链一策), which is that of its obligors: settings by their dates, the first of them in force on the day on which the last were
/// adopted, or from then on.
/// </summary>
public sealed record Programme(string IndustryChain, ValueList<ProgrammeSettings> Settings)
{
    /// <summary>The settings in force on a day; null before the first.</summary>
    public ProgrammeSettings? At(DateOnly day)
    {
        ProgrammeSettings? found = null;
        foreach (var settings in Settings)
        {
            if (settings.From <= day) found = settings;
        }

        return found;
    }
}
