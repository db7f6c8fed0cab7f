using Ledger.Core.Primitives;

namespace Ledger.Core.Parties;

/// <summary>A controller that a party had, until this day.</summary>
public readonly record struct FormerController(PartyId Controller, DateOnly Until);

/// <summary>
/// Who ultimately controls a party (实际控制人, 公司法 265): the company at the head of its group, which need be no party here; nobody once that is over.
/// <paramref name="SaidBy"/> is the party alone where it said so itself, else the institutions that did, on <paramref name="Evidence"/>. Those that were before
/// count for as long as the rules say, so none that still does is forgotten.
/// </summary>
public sealed record Control(PartyId Party, PartyId Controller, DateOnly Since, ValueList<PartyId> SaidBy, Hash256 Evidence, ValueList<FormerController> Former)
{
    /// <summary>Whether nobody but the party itself says so.</summary>
    public bool IsOwnWord => SaidBy.Count == 1 && SaidBy[0] == Party;
}
