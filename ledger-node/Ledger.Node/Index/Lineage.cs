using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Index;

/// <summary>Every leg of every instrument, in the order in which they happened. The ledger's tokens know their last leg only.</summary>
sealed class Lineage
{
    readonly Dictionary<Id<Instrument>, List<LineageLeg>> legs = [];

    public IReadOnlyList<LineageLeg> Of(Id<Instrument> instrument, Interval units) =>
        legs.TryGetValue(instrument, out var all) ? [.. all.Where(leg => Overlaps(leg, units))] : [];

    public void Add(LedgerState state, Offer accepted, Timestamp at, ulong height, ulong leaf)
    {
        if (!legs.TryGetValue(accepted.Instrument, out var all)) legs[accepted.Instrument] = all = [];
        var known = LegInState(state, accepted);
        var depth = accepted.Kind is OfferKind.Issue or OfferKind.Delivery ? (ushort)0 : known?.Depth ?? DepthAfter(all, accepted.Units);
        all.Add(new(accepted.Id, accepted.Cause, known?.From ?? accepted.From, accepted.To, accepted.Units, depth, at, height, leaf));
    }

    /// <summary>A mistaken transfer was undone: its units went back to whom they came from.</summary>
    public void Correct(Offer mistaken, PartyId former, Timestamp at, ulong height, ulong leaf)
    {
        if (!legs.TryGetValue(mistaken.Instrument, out var all)) return;
        var depth = all.FindLast(leg => leg.Act == mistaken.Id)?.Depth ?? 1;
        all.Add(new(mistaken.Id, TransferCause.Correction, mistaken.To, former, mistaken.Units, (ushort)(depth - 1), at, height, leaf));
    }

    static Leg? LegInState(LedgerState state, Offer accepted)
    {
        if (state.Tokens(accepted.Instrument) is not { } tokens) return null;
        foreach (var units in accepted.Units)
        {
            foreach (var token in tokens.Touching(units))
            {
                if (token.Leg.Act == accepted.Id && token.Leg.Cause == accepted.Cause) return token.Leg;
            }
        }

        return null;
    }

    // The units went on within the same block: one hand more than the deepest leg that any of them had before.
    static ushort DepthAfter(List<LineageLeg> earlier, ValueList<Interval> units)
    {
        var depth = 0;
        var open = units.ToList();
        for (var i = earlier.Count - 1; i >= 0 && open.Count > 0; i--)
        {
            var rest = new List<Interval>();
            foreach (var run in open) Subtract(run, earlier[i].Units, rest);
            if (!rest.SequenceEqual(open)) depth = Math.Max(depth, earlier[i].Depth);
            open = rest;
        }

        return (ushort)(depth + 1);
    }

    static void Subtract(Interval run, ValueList<Interval> taken, List<Interval> rest)
    {
        var first = run.First;
        foreach (var part in taken)
        {
            if (!part.Overlaps(run)) continue;
            if (first < part.First) rest.Add(new(first, part.First - 1));
            first = part.Last + 1;
        }

        if (first <= run.Last) rest.Add(new(first, run.Last));
    }

    static bool Overlaps(LineageLeg leg, Interval units)
    {
        foreach (var run in leg.Units)
        {
            if (run.Overlaps(units)) return true;
        }

        return false;
    }
}
