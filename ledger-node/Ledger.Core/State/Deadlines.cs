using System.Collections;
using Ledger.Core.Collections;

namespace Ledger.Core.State;

/// <summary>
/// A set of deadlines in their order, which never changes: what is added or removed makes a new set, which shares with this one all but the
/// way to it. Ways part, eight at a time, where the bits of the deadlines first differ; so the shape depends only on what there is, and no
/// choice of ids makes a way longer than their bits.
/// </summary>
public sealed class Deadlines : IEnumerable<Deadline>
{
    // So many lie side by side before they part.
    const int Most = 4;

    const int BitsOfStep = 3;

    public static readonly Deadlines None = new(null);

    // Nothing, a Parting, or the deadlines that end here, in their order.
    readonly object? root;

    Deadlines(object? root) => this.root = root;

    public bool IsEmpty => root is null;

    /// <summary>The first.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Deadline Min => FirstOf(root ?? throw new InvalidOperationException("There is no deadline."))[0];

    public static Deadlines Of(IEnumerable<Deadline> deadlines)
    {
        // Side by side and not by their hashes, which whoever chooses ids could choose.
        var ascending = deadlines.ToArray();
        Array.Sort(ascending);
        ascending = [.. ascending.Where((deadline, i) => i == 0 || deadline != ascending[i - 1])];
        return new(ascending.Length == 0 ? null : NodeOf(ascending));
    }

    public Deadlines Add(Deadline deadline)
    {
        if (root is null) return new((Deadline[])[deadline]);

        // Whoever shares most steps with it lies where its own steps lead; where they lead nowhere, all that is there shares as many.
        var node = root;
        while (node is Parting parting) node = parting.Ways[StepOf(deadline, parting.Depth)] ?? FirstOf(parting);
        var depth = FirstDifference(deadline, ((Deadline[])node)[0]);
        return new(With(root, deadline, depth));
    }

    public Deadlines Remove(Deadline deadline)
    {
        var left = Without(root, deadline);
        return ReferenceEquals(left, root) ? this : new(left);
    }

    public IEnumerator<Deadline> GetEnumerator()
    {
        var open = new Stack<object>();
        if (root is not null) open.Push(root);
        while (open.TryPop(out var node))
        {
            if (node is Parting parting)
            {
                for (var step = EightWays.Count - 1; step >= 0; step--)
                {
                    if (parting.Ways[step] is { } way) open.Push(way);
                }

                continue;
            }

            foreach (var deadline in (Deadline[])node) yield return deadline;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // All behind a parting share the steps before it.
    static object With(object node, Deadline deadline, int depth)
    {
        if (node is Parting parting)
        {
            var grown = new Parting(Math.Min(parting.Depth, depth));
            if (depth < parting.Depth) grown.Ways[StepOf(FirstOf(parting)[0], depth)] = parting;
            else grown.Ways = parting.Ways;
            ref var way = ref grown.Ways[StepOf(deadline, grown.Depth)];
            way = way is null ? (Deadline[])[deadline] : With(way, deadline, depth);
            return grown;
        }

        var known = (Deadline[])node;
        var place = Array.BinarySearch(known, deadline);
        return place >= 0 ? known : NodeOf([.. known.AsSpan(0, ~place), deadline, .. known.AsSpan(~place)]);
    }

    static object NodeOf(Deadline[] ascending)
    {
        if (ascending.Length <= Most) return ascending;
        var parting = new Parting(FirstDifference(ascending[0], ascending[^1]));
        for (int first = 0, end; first < ascending.Length; first = end)
        {
            var step = StepOf(ascending[first], parting.Depth);
            for (end = first + 1; end < ascending.Length && StepOf(ascending[end], parting.Depth) == step;) end++;
            parting.Ways[step] = NodeOf(ascending[first..end]);
        }

        return parting;
    }

    // The same node where it is not there.
    static object? Without(object? node, Deadline deadline)
    {
        if (node is Parting parting)
        {
            var step = StepOf(deadline, parting.Depth);
            var left = Without(parting.Ways[step], deadline);
            if (ReferenceEquals(left, parting.Ways[step])) return parting;
            var shrunk = new Parting(parting.Depth) { Ways = parting.Ways };
            shrunk.Ways[step] = left;
            return Joined(shrunk);
        }

        if (node is not Deadline[] known || Array.BinarySearch(known, deadline) is not (>= 0 and var place)) return node;
        return known.Length == 1 ? null : (Deadline[])[.. known.AsSpan(0, place), .. known.AsSpan(place + 1)];
    }

    // Few need no parting, nor does what goes one way.
    static object Joined(Parting parting)
    {
        object? only = null;
        var (ways, count) = (0, 0);
        foreach (var way in parting.Ways)
        {
            if (way is null) continue;
            only = way;
            ways++;
            count += way is Deadline[] ending ? ending.Length : Most + 1;
        }

        if (ways == 1 && only is not null) return only;
        if (count > Most) return parting;
        var joined = new List<Deadline>(count);
        foreach (var way in parting.Ways)
        {
            if (way is Deadline[] ending) joined.AddRange(ending);
        }

        return joined.ToArray();
    }

    static Deadline[] FirstOf(object node)
    {
        while (node is Parting parting)
        {
            foreach (var way in parting.Ways)
            {
                if (way is null) continue;
                node = way;
                break;
            }
        }

        return (Deadline[])node;
    }

    // The bits of a deadline in the order in which it is compared, three to a step: its time and kind, then its id.
    const int StepsOfTime = 24;
    const int StepsOfId = 43;

    static int StepOf(Deadline deadline, int depth)
    {
        var bits = depth < StepsOfTime
            ? TimeOf(deadline) >> ((StepsOfTime - 1 - depth) * BitsOfStep)
            : deadline.Id >> ((StepsOfTime + StepsOfId - 1 - depth) * BitsOfStep);
        return (int)(bits & (EightWays.Count - 1));
    }

    // Behind all steps where they are the same.
    static int FirstDifference(Deadline one, Deadline other)
    {
        var time = TimeOf(one) ^ TimeOf(other);
        if (time != 0) return StepsOfTime - 1 - (HighestBit(time) / BitsOfStep);
        var id = one.Id ^ other.Id;
        return id == 0 ? StepsOfTime + StepsOfId : StepsOfTime + StepsOfId - 1 - (HighestBit(id) / BitsOfStep);
    }

    static int HighestBit(UInt128 bits) => 127 - (int)UInt128.LeadingZeroCount(bits);

    // Before 1970 too.
    static UInt128 TimeOf(Deadline deadline) => ((UInt128)(unchecked((ulong)deadline.At.UnixMilliseconds) ^ (1UL << 63)) << 8) | (byte)deadline.Kind;

    sealed class Parting(int depth)
    {
        public EightWays Ways;

        public int Depth => depth;
    }
}
