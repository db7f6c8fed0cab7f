using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Node.Views;

/// <summary>The way of units in both directions: from a unit back to its issue, and from the issue forward to all who hold something now.</summary>
static class Lineage
{
    /// <summary>Every leg up to a height that moved any of the units, oldest first; all legs where no units are named.</summary>
    public static List<LineageLeg> Of(Sql sql, long instrument, long height, Interval? units)
    {
        var rows = sql["""
            SELECT l.number, l.first, l.last, l.act, l.cause, g.key, t.key, l.depth, b.time, l.height, l.leaf FROM legs l
            JOIN things g ON g.thing=l.giver JOIN things t ON t.thing=l.taker JOIN blocks b ON b.height=l.height
            WHERE l.instrument=?1 AND l.height<=?2 ORDER BY l.number, l.part
            """].With(instrument).With(height);
        var all = new List<LineageLeg>();
        var last = -1L;
        while (rows.Next())
        {
            var run = new Interval(rows.ULong(1), rows.ULong(2));
            if (rows.Long(0) == last)
            {
                all[^1] = all[^1] with { Units = all[^1].Units.Add(run) };
                continue;
            }

            last = rows.Long(0);
            all.Add(new(
                Id<Offer>.Read(rows.Bytes(3)), (TransferCause)rows.Int(4), Party(rows.Bytes(5)), Party(rows.Bytes(6)), [run], (ushort)rows.Int(7),
                new(rows.Long(8)), rows.ULong(9), rows.ULong(10)));
        }

        if (units is { } wanted) all.RemoveAll(leg => !Overlaps(leg, wanted));
        return all;

        static PartyId Party(byte[] key) => new ThingKey(Core.State.Section.Parties, new(key)).Party;
    }

    /// <summary>
    /// The legs as roots, and under each the legs that took units from it. A leg that takes from several hands stands under each with its
    /// part. A list and no nest: nobody can make it too deep to be read.
    /// </summary>
    public static IReadOnlyList<TreeNode> Tree(IReadOnlyList<LineageLeg> legs)
    {
        var nodes = new List<TreeNode>();

        // Who has which units now, ascending and without overlap: the last unit and the node that has it, by the first.
        var hands = new SortedList<ulong, (ulong Last, int Node)>();
        foreach (var leg in legs)
        {
            foreach (var run in leg.Units) Take(leg, run, hands, nodes);
        }

        foreach (var (first, (last, node)) in hands) nodes[node] = nodes[node] with { Kept = nodes[node].Kept.Add(new(first, last)) };
        return nodes;
    }

    static void Take(LineageLeg leg, Interval run, SortedList<ulong, (ulong Last, int Node)> hands, List<TreeNode> nodes)
    {
        var next = run.First;
        for (var i = FirstTouching(hands, run.First); i < hands.Count && hands.Keys[i] <= run.Last;)
        {
            var (first, (last, node)) = (hands.Keys[i], hands.Values[i]);
            var part = new Interval(Math.Max(first, run.First), Math.Min(last, run.Last));
            if (next < part.First) Bring(new(next, part.First - 1), -1);
            hands.RemoveAt(hands.IndexOfKey(first));
            if (first < part.First) hands.Add(first, (part.First - 1, node));
            if (part.Last < last) hands.Add(part.Last + 1, (last, node));
            Bring(part, node);
            next = part.Last + 1;
            i = hands.IndexOfKey(part.First) + 1;
        }

        if (next <= run.Last) Bring(new(next, run.Last), -1);

        void Bring(Interval units, int parent)
        {
            hands.Add(units.First, (units.Last, nodes.Count));
            nodes.Add(new(nodes.Count, parent, leg, units, []));
        }
    }

    static int FirstTouching(SortedList<ulong, (ulong Last, int Node)> hands, ulong unit)
    {
        int low = 0, high = hands.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (hands.Values[middle].Last < unit) low = middle + 1;
            else high = middle;
        }

        return low;
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
