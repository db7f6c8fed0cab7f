using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Disclosures;

/// <summary>An operation on the chain.</summary>
public sealed record OperationPlace(ulong Height, PartyId Party, Id<Transaction> Id, int Operation);

/// <summary>A figure that a financing's parties signed, and what the rate, the plain terms and the dates make of it.</summary>
public sealed record FigureCheck(OperationPlace Place, Id<Financing> Financing, Currency Currency, Term Term, string Claimed, string Computed)
{
    public bool Agrees => Claimed == Computed;
}

/// <summary>A figure that was disclosed and could not be computed.</summary>
public sealed record FigureUnchecked(OperationPlace Place, Id<Financing> Financing, Term Term, string Chinese, string English);

/// <summary>A disclosure that is not what was signed.</summary>
public sealed record FalseDisclosure(OperationPlace Place, string Term, string Chinese, string English);

/// <summary>
/// What disclosures show of a chain that was verified. <paramref name="Digests"/> stand on the chain, each counted once; of them
/// <paramref name="Opened"/> have a disclosure here. What is not opened was not checked, and is not false.
/// </summary>
public sealed record DisclosureReport(
    int Files,
    int FilesElsewhere,
    int Digests,
    int Opened,
    IReadOnlyList<FigureCheck> Figures,
    IReadOnlyList<FigureUnchecked> Unchecked,
    IReadOnlyList<FalseDisclosure> False)
{
    public int Hidden => Digests - Opened;

    /// <summary>Whether nothing that could be checked is wrong.</summary>
    public bool IsGood => False.Count == 0 && Figures.All(figure => figure.Agrees);
}
