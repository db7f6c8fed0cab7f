using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Views;
using Ledger.Node.Web;

namespace Ledger.Tests.Web;

/// <summary>The pictures of an instrument keep their promises whatever the number of splits.</summary>
public class IntervalBarTests
{
    static readonly PartyId[] Parties = [.. Enumerable.Range(1, 30).Select(n => Client.Invoices.FictionalUscc.Of("310115", n))];
    static readonly Leg Leg = new(default, TransferCause.Trade, Parties[0], 1, Recourse: false, [], new(1));

    [Theory]
    [InlineData(1, 100)]
    [InlineData(3, 100_000_000)]
    [InlineData(1_000, 100_000_000)]
    [InlineData(20_000, 999_999_999_999)]
    public void The_bar_shows_every_unit_once_and_no_more_pieces_than_can_be_pointed_at(int splits, ulong face)
    {
        var bar = IntervalBar.Of(Split(splits, face, place => Parties[place % 7]), new(face), new(5));

        Assert.Equal(face, bar.Pieces.Aggregate(0ul, (sum, piece) => sum + piece.Units.Length));
        Assert.Equal(splits, bar.Pieces.Sum(piece => piece.Tokens));
        Assert.Equal(face, bar.Holders.Aggregate(0ul, (sum, holder) => sum + holder.Units));
        Assert.True(bar.Pieces.Count <= IntervalBar.Width / 4 + 1);
        Assert.Equal(0, bar.Pieces[0].X);
        Assert.Equal(IntervalBar.Width, bar.Pieces[^1].X + bar.Pieces[^1].Width);
        Assert.All(bar.Pieces.Zip(bar.Pieces.Skip(1)), pair => Assert.Equal(pair.First.Units.Last + 1, pair.Second.Units.First));
    }

    [Fact]
    public void What_is_not_seen_is_empty_and_says_nothing_of_itself()
    {
        var all = Split(100, 1_000_000, place => Parties[place % 7]);
        var bar = IntervalBar.Of([all[3], all[4], all[90]], new(1_000_000), new(5));

        Assert.Equal(3, bar.Pieces.Sum(piece => piece.Tokens));
        Assert.Equal([all[3].Units, all[4].Units, all[90].Units], bar.Pieces.Select(piece => piece.Units));
        Assert.Equal(3, bar.Holders.Count);
    }

    [Fact]
    public void A_burden_is_marked_while_it_binds_and_what_was_paid_is_no_longer_live()
    {
        var pledged = new Encumbrance(EncumbranceKind.Pledge, 1, Parties[3], new(1), new(10));
        Token[] tokens = [new(new(1, 50), Parties[0], UnitState.Live, Leg, [pledged]), new(new(51, 100), Parties[1], UnitState.Paid, Leg, [pledged])];

        Assert.Equal([(true, true), (false, false)], IntervalBar.Of(tokens, new(100), new(5)).Pieces.Select(piece => (piece.IsBurdened, piece.IsLive)));
        Assert.False(IntervalBar.Of(tokens, new(100), new(10)).Pieces[0].IsBurdened);
    }

    [Fact]
    public void Further_holders_than_there_are_colours_share_the_last_one()
    {
        var bar = IntervalBar.Of(Split(30, 30_000, place => Parties[place]), new(30_000), new(5));

        Assert.Equal(IntervalBar.Styles, bar.Pieces.Select(piece => IntervalBar.StyleOf(piece.Holder!.Value)).Distinct().Count());
    }

    [Fact]
    public void The_leaves_of_the_lineage_add_up_to_the_instrument_through_a_thousand_splits()
    {
        const ulong face = 100_000_000;
        var random = new Random(20261121);
        var legs = new List<LineageLeg> { Tree(TransferCause.Issue, 0, 1, new(1, face), 0) };
        for (ulong n = 0; n < 1_000; n++)
        {
            // A part of anybody's, and now and then across two holders' units, as a court's order may take.
            var first = (ulong)random.NextInt64(1, (long)face);
            legs.Add(Tree(TransferCause.Trade, random.Next(30), random.Next(30), new(first, Math.Min(face, first + (ulong)random.NextInt64(1, 200_000))), n + 1));
        }

        var tree = LineageTree.Of(legs, new(face))!;
        var nodes = Nodes(tree.Root).ToArray();

        Assert.Equal(tree.Count, nodes.Length);
        Assert.Equal(tree.Depth, nodes.Max(node => node.Depth));
        Assert.Equal(face, nodes.SelectMany(node => node.Left).Aggregate(0ul, (sum, units) => sum + units.Length));
        foreach (var node in nodes)
            Assert.Equal(node.Amount.Minor, LineageTree.Sum(node.Left).Minor + node.Children.Aggregate(0ul, (sum, child) => sum + child.Amount.Minor));
    }

    [Fact]
    public void A_supplier_that_passes_on_a_thousand_parts_has_a_thousand_children()
    {
        var legs = new List<LineageLeg> { Tree(TransferCause.Issue, 0, 1, new(1, 1_000), 0) };
        for (ulong n = 1; n <= 1_000; n++) legs.Add(Tree(TransferCause.Trade, 1, 2, new(n, n), n));

        var tree = LineageTree.Of(legs, new(1_000))!;

        Assert.Equal((1_001, 1), (tree.Count, tree.Depth));
        Assert.Equal(1_000, tree.Root.Children.Count);
        Assert.Empty(tree.Root.Left);
    }

    [Fact]
    public void Who_sees_parts_only_sees_them_hang_below_what_is_known()
    {
        // The hand between the first and the last is hidden from this reader.
        LineageLeg[] legs = [Tree(TransferCause.Issue, 0, 1, new(11, 20), 1), Tree(TransferCause.Trade, 2, 3, new(11, 30), 2)];

        var tree = LineageTree.Of(legs, new(100))!;

        Assert.Equal(2, tree.Root.Children.Sum(child => child.Received.Count));
        Assert.Equal(20ul, tree.Root.Children.Aggregate(0ul, (sum, child) => sum + child.Amount.Minor));
    }

    static Token[] Split(int parts, ulong face, Func<int, PartyId> holder)
    {
        var tokens = new Token[parts];
        for (var i = 0; i < parts; i++)
        {
            var first = ((ulong)((UInt128)face * (ulong)i / (ulong)parts)) + 1;
            var last = (ulong)((UInt128)face * (ulong)(i + 1) / (ulong)parts);
            tokens[i] = new(new(first, last), holder(i), UnitState.Live, Leg, []);
        }

        return tokens;
    }

    static LineageLeg Tree(TransferCause cause, int from, int to, Interval units, ulong leaf) =>
        new(new(leaf + 1), cause, Parties[from], Parties[to], [units], Depth: 0, new((long)leaf + 1), Height: leaf, leaf);

    static IEnumerable<LineageNode> Nodes(LineageNode node) => node.Children.SelectMany(Nodes).Prepend(node);
}
