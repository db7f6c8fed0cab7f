using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Views;
using static Ledger.Tests.Replay.DemoChain;

namespace Ledger.Tests.Views;

/// <summary>How long an answer takes tells nobody how much there is that is hidden from it. Time is counted in the engine's own steps.</summary>
public sealed class SeenByTests : IDisposable
{
    const int Few = 2;
    const int Many = 300;

    readonly List<IDisposable> opened = [];

    public void Dispose() => opened.ForEach(one => one.Dispose());

    [Fact]
    public void A_list_costs_a_reader_the_same_however_much_of_it_is_hidden()
    {
        long StepsOf(int hidden)
        {
            using var sql = Told(hidden);
            var seen = Lists.Of<Document>(sql, 2, ListOf.SoldBy, ThingKey.Of(Supplier), new(0, 100, SecondTier));
            Assert.Empty(seen);
            Assert.Null(seen.Through);
            return sql.Steps;
        }

        Assert.Equal(StepsOf(Few), StepsOf(Many));
    }

    [Fact]
    public void Lists_by_time_entries_and_figures_cost_the_same_too()
    {
        (long, long, long, long, long) StepsOf(int hidden)
        {
            long Counted(Action<Sql> ask)
            {
                using var sql = Told(hidden);
                ask(sql);
                return sql.Steps;
            }

            return (
                Counted(sql => Assert.Empty(Newest.Of<Document>(sql, 2, Supplier, default, 100, SecondTier))),
                Counted(sql => Assert.Empty(Lists.EntriesOf(sql, 2, Supplier, long.MaxValue, 100, SecondTier).Found)),
                Counted(sql => Assert.Empty(Lists.NearMatches(sql, 2, 0, 100, SecondTier))),
                Counted(sql => Assert.Empty(Lists.Attempts(sql, 2, SecondTier, 0, 100))),
                Counted(sql => Assert.Empty(new Statistics(sql, Chain, 2).Of(new(Metrics.Find("issued")!, [], Only: SecondTier)).Rows)));
        }

        Assert.Equal(StepsOf(Few), StepsOf(Many));
    }

    [Fact]
    public void The_owner_and_who_sees_everything_find_all_of_it()
    {
        using var sql = Told(Many);

        Assert.Equal(Many, Lists.Of<Document>(sql, 2, ListOf.SoldBy, ThingKey.Of(Supplier), new(0, int.MaxValue, Supplier)).Count);
        Assert.Equal(Many, Lists.Of<Document>(sql, 2, ListOf.SoldBy, ThingKey.Of(Supplier), new(0, int.MaxValue)).Count);
        Assert.Equal(Many, Lists.Of<Document>(sql, 2, ListOf.SoldBy, ThingKey.Of(Supplier), new(0, int.MaxValue, Obligor)).Count);
        Assert.Equal([Involvement.Lasting, Involvement.None], Lists.PartsIn(sql, Obligor, [ThingKey.Of(Named<Document>(3_000)), ThingKey.Of(Named<Document>(2_999))]));
        Assert.Equal([Involvement.None, Involvement.None], Lists.PartsIn(sql, SecondTier, [ThingKey.Of(Named<Document>(3_000)), ThingKey.Of(Named<Document>(1))]));
    }

    [Fact]
    public void A_list_goes_on_where_it_was_cut()
    {
        using var sql = Told(Many);
        var (found, after) = (new List<Id<Document>>(), UInt128.Zero);
        for (Id<Document>? through = new(1); through is not null;)
        {
            var piece = Lists.Of<Document>(sql, 2, ListOf.SoldBy, ThingKey.Of(Supplier), new(after, 7, Obligor));
            found.AddRange(piece);
            through = piece.Through;
            after = through?.Value ?? 0;
        }

        Assert.Equal(Enumerable.Range(0, Many).Select(n => Named<Document>((UInt128)(3_000 + n))), found);
    }

    // So many invoices of the supplier, of which the second tier knows nothing.
    Sql Told(int hidden)
    {
        var (chain, path) = (WithMembers(), TestViews.NewPath());
        opened.Add(chain);
        var views = LedgerViews.Open(path, chain.Genesis, static _ => { });
        opened.Add(views);
        var fold = new Core.Replay.Fold(chain.Genesis);
        views.Take(fold.Repeat(chain.Blocks[1], verifySignatures: false, out _)!);
        views.Apply(chain.Accept([.. Enumerable.Range(0, hidden).Select(n => chain.Attest(Named<Document>((UInt128)(3_000 + n)), Supplier, Obligor, 500))]));
        parameters = chain.Genesis.Chain;
        return Sql.Open(path, write: false);
    }

    Core.State.ChainParameters? parameters;

    Core.State.ChainParameters Chain => parameters ?? throw new InvalidOperationException();
}
