using Ledger.Core.Primitives;
using Ledger.Node.Views;

namespace Ledger.Node.Web;

/// <summary>
/// A node of the lineage: who received which units by which act, what it passed on (<see cref="Children"/>), and what it still has
/// (<see cref="Left"/>): over the whole tree what is left adds up to the instrument's units.
/// </summary>
public sealed class LineageNode(LineageLeg leg, ValueList<Interval> received, int depth)
{
    public LineageLeg Leg { get; } = leg;

    public ValueList<Interval> Received { get; } = received;

    public int Depth { get; } = depth;

    public List<LineageNode> Children { get; } = [];

    public List<Interval> Left { get; } = [];

    public Amount Amount => LineageTree.Sum(Received);
}

/// <summary>
/// The way of an instrument's units from hand to hand: issuance → splits and transfers → financings → redemption. What was passed on hangs below
/// the one who passed it on, so a thousand parts of one supplier are a thousand children of one node.
/// </summary>
public sealed class LineageTree
{
    LineageTree(LineageNode root, int depth, int count) => (Root, Depth, Count) = (root, depth, count);

    public LineageNode Root { get; }

    /// <summary>The number of the deepest generation; the root's is 0.</summary>
    public int Depth { get; }

    /// <summary>How many nodes there are, the root among them.</summary>
    public int Count { get; }

    /// <summary>The tree of legs that are in the order in which they happened; null where nobody has accepted anything yet. Where a reader sees parts only, it is the tree of these.</summary>
    public static LineageTree? Of(IReadOnlyList<LineageLeg> legs, Amount face)
    {
        if (legs.Count == 0 || face.IsZero) return null;
        var root = new LineageNode(legs[0], legs[0].Units, depth: 0);
        var holding = new SortedList<ulong, (Interval Units, LineageNode Node)>();
        foreach (var units in root.Received) holding[units.First] = (units, root);
        var (deepest, count) = (0, 1);
        foreach (var leg in legs.Skip(1))
        {
            var taken = new Dictionary<LineageNode, List<Interval>>();
            var givers = new List<LineageNode>();
            foreach (var run in leg.Units)
            {
                foreach (var (units, giver) in Take(holding, run, root))
                {
                    if (!taken.TryGetValue(giver, out var runs))
                    {
                        taken[giver] = runs = [];
                        givers.Add(giver);
                    }

                    runs.Add(units);
                }
            }

            foreach (var giver in givers)
            {
                var child = new LineageNode(leg, [.. taken[giver]], giver.Depth + 1);
                giver.Children.Add(child);
                foreach (var units in taken[giver]) holding[units.First] = (units, child);
                deepest = Math.Max(deepest, child.Depth);
                count++;
            }
        }

        foreach (var (units, node) in holding.Values)
        {
            if (node.Left.Count > 0 && node.Left[^1].Last + 1 == units.First) node.Left[^1] = new(node.Left[^1].First, units.Last);
            else node.Left.Add(units);
        }

        return new(root, deepest, count);
    }

    public static Amount Sum(IEnumerable<Interval> runs) => runs.Aggregate(Amount.Zero, (sum, run) => sum + run.Amount);

    // Cuts what overlaps the run out of what is held, and says from whom it was taken. What nobody is seen to hold hangs below the root: the hands
    // between are not for this reader.
    static List<(Interval Units, LineageNode Giver)> Take(SortedList<ulong, (Interval Units, LineageNode Node)> holding, Interval run, LineageNode root)
    {
        var taken = new List<(Interval, LineageNode)>();
        var next = run.First;
        for (var i = IndexOf(holding, run.First); i < holding.Count && holding.Values[i].Units.First <= run.Last;)
        {
            var (units, node) = holding.Values[i];
            var inside = units.Intersect(run);
            if (next < inside.First) taken.Add((new(next, inside.First - 1), root));
            next = inside.Last + 1;
            taken.Add((inside, node));
            holding.RemoveAt(i);
            if (units.First < inside.First)
            {
                holding.Add(units.First, (new(units.First, inside.First - 1), node));
                i++;
            }

            if (inside.Last < units.Last) holding.Add(inside.Last + 1, (new(inside.Last + 1, units.Last), node));
        }

        if (next <= run.Last) taken.Add((new(next, run.Last), root));
        return taken;
    }

    static int IndexOf(SortedList<ulong, (Interval Units, LineageNode Node)> holding, ulong unit)
    {
        var low = 0;
        var high = holding.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (holding.Values[middle].Units.Last < unit) low = middle + 1;
            else high = middle - 1;
        }

        return low;
    }
}
