using Ledger.Core.Primitives;

namespace Ledger.Node.Index;

/// <summary>For each party a list without repetition, in the order in which things were added.</summary>
sealed class PartyLists<T>
    where T : notnull
{
    // Each thing has its number in the order of adding, by which reading sorts: a removal costs no more where a list is long.
    readonly Dictionary<PartyId, Dictionary<T, ulong>> lists = [];
    ulong added;

    public IReadOnlyList<T> Of(PartyId party) =>
        lists.TryGetValue(party, out var list) ? [.. list.OrderBy(pair => pair.Value).Select(pair => pair.Key)] : [];

    public void Add(PartyId party, T item)
    {
        if (!lists.TryGetValue(party, out var list)) lists[party] = list = [];
        list.TryAdd(item, added++);
    }

    public void Remove(PartyId party, T item)
    {
        if (lists.TryGetValue(party, out var list) && list.Remove(item) && list.Count == 0) lists.Remove(party);
    }
}
