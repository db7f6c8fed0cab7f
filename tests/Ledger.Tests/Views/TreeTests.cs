using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Views;
using static Ledger.Tests.World;

namespace Ledger.Tests.Views;

/// <summary>From the issue forward: every unit is kept by exactly one hand of the tree, however often the instrument was cut.</summary>
public class TreeTests
{
    [Fact]
    public void A_thousand_splits_make_a_tree_whose_kept_units_are_the_instrument()
    {
        var legs = new List<LineageLeg> { Leg(1, TransferCause.Issue, C, A, [new(1, 10_000)], 0) };
        for (var i = 0UL; i < 1_000; i++) legs.Add(Leg(i + 2, TransferCause.Trade, A, B, [new((i * 10) + 1, (i * 10) + 4)], 1));

        // One leg that takes from all of them.
        legs.Add(Leg(5_000, TransferCause.Trade, B, D, [new(3, 9_993)], 2));
        var tree = Lineage.Tree(legs);

        var kept = tree.SelectMany(node => node.Kept).Order().ToArray();
        Assert.Equal(1UL, kept[0].First);
        Assert.Equal(10_000UL, kept[^1].Last);
        for (var i = 1; i < kept.Length; i++) Assert.Equal(kept[i - 1].Last + 1, kept[i].First);
        Assert.Equal(-1, tree[0].Parent);
        Assert.All(tree.Skip(1), node => Assert.InRange(node.Parent, 0, node.Number - 1));
        Assert.All(tree.Skip(1), node => Assert.True(tree[node.Parent].Units.Contains(node.Units)));
    }

    [Fact]
    public void A_tree_that_is_as_deep_as_it_is_long_can_be_read()
    {
        var legs = new List<LineageLeg> { Leg(1, TransferCause.Issue, C, A, [new(1, 5)], 0) };
        for (var i = 0U; i < 20_000; i++) legs.Add(Leg(i + 2, TransferCause.Trade, A, B, [new(1, 5)], (ushort)i));

        var tree = Lineage.Tree(legs);

        Assert.Equal(20_001, tree.Count);
        Assert.Equal([new Interval(1, 5)], tree[^1].Kept);
    }

    static LineageLeg Leg(ulong act, TransferCause cause, PartyId from, PartyId to, ValueList<Interval> units, ushort depth) =>
        new(new(act), cause, from, to, units, depth, default, act, act);
}
