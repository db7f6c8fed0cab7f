using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Node.Index;

/// <summary>Who holds which live units. An instrument that moved is read from the ledger's tokens as a whole, so that nothing can drift apart.</summary>
sealed class Holdings
{
    readonly Dictionary<PartyId, Dictionary<Id<Instrument>, ValueList<Interval>>> byHolder = [];
    readonly Dictionary<Id<Instrument>, PartyId[]> holdersOf = [];

    public IReadOnlyList<Holding> Of(PartyId holder) =>
        byHolder.TryGetValue(holder, out var held) ? [.. held.OrderBy(pair => pair.Key).Select(pair => new Holding(pair.Key, pair.Value))] : [];

    public void Follow(Id<Instrument> instrument, Tokens? tokens)
    {
        foreach (var earlier in holdersOf.GetValueOrDefault(instrument, []))
        {
            byHolder[earlier].Remove(instrument);
            if (byHolder[earlier].Count == 0) byHolder.Remove(earlier);
        }

        var now = Grouped(tokens);
        foreach (var (holder, units) in now)
        {
            if (!byHolder.TryGetValue(holder, out var held)) byHolder[holder] = held = [];
            held.Add(instrument, [.. units]);
        }

        if (now.Count == 0) holdersOf.Remove(instrument);
        else holdersOf[instrument] = [.. now.Keys];
    }

    // Neighbouring tokens of one holder can differ in leg or burden; what is held is one run of units all the same.
    static Dictionary<PartyId, List<Interval>> Grouped(Tokens? tokens)
    {
        var grouped = new Dictionary<PartyId, List<Interval>>();
        if (tokens is null) return grouped;
        foreach (var token in tokens.Span)
        {
            if (token.State != UnitState.Live) continue;
            if (!grouped.TryGetValue(token.Holder, out var units)) grouped[token.Holder] = units = [];
            if (units.Count > 0 && units[^1].Last + 1 == token.Units.First) units[^1] = new(units[^1].First, token.Units.Last);
            else units.Add(token.Units);
        }

        return grouped;
    }
}
