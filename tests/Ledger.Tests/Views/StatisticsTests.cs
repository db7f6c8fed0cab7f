using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Views;
using static Ledger.Tests.World;

namespace Ledger.Tests.Views;

/// <summary>Figures are whole numbers that anybody can reckon again from the ledger, and the same question has one answer to the byte.</summary>
public sealed class StatisticsTests : IDisposable
{
    readonly World world = new World("2026-03-22 10:00:00").Lends();

    public void Dispose() => world.Dispose();

    [Fact]
    public void Two_runs_over_two_databases_agree_to_the_byte_at_every_height()
    {
        Story();
        using var one = TestViews.Of(world);
        using var other = TestViews.Of(world);

        foreach (var metric in Metrics.All)
        {
            for (var height = 0UL; height <= world.State.Height; height += 3)
            {
                var question = new StatisticsQuestion(metric, [.. metric.Groups.Take(2)]);
                var bytes = one.Statistics(question, height).ToJson();
                Assert.Equal(bytes, one.Statistics(question, height).ToJson());
                Assert.Equal(bytes, other.Statistics(question, height).ToJson());
                Assert.Equal(one.Statistics(question, height).ToCsv(), other.Statistics(question, height).ToCsv());
            }
        }
    }

    [Fact]
    public void What_was_lent_is_the_sum_of_the_financings_by_bank()
    {
        Story();
        using var views = TestViews.Of(world);
        var lent = world.State.AllFinancings.Where(one => one.Status == FinancingStatus.Disbursed).ToArray();
        Assert.NotEmpty(lent);

        var rows = views.Statistics(new(Metrics.Find("financed")!, ["bank"])).Rows;

        Assert.Equal(
            lent.GroupBy(one => one.Financier.Text).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => (group.Key, "CNY", group.Aggregate(Int128.Zero, (sum, one) => sum + one.Principal.Minor))),
            rows.Select(row => (row.Group[0], row.Currency, row.Value)));
        Assert.Equal(rows.Select(row => row.Value), views.Statistics(new(Metrics.Find("financingOutstanding")!, ["bank"])).Rows.Select(row => row.Value));
    }

    [Fact]
    public void A_period_counts_what_happened_in_it_and_a_region_is_the_debtors()
    {
        Story();
        using var views = TestViews.Of(world);
        var issued = Metrics.Find("issued")!;
        var province = C.RegionCode[..2].ToString();

        var all = views.Statistics(new(issued, ["province", "month"])).Rows;
        Assert.Equal([province], all.Select(row => row.Group[0]).Distinct());
        Assert.Equal("广东省", Metrics.ProvinceOf(province));
        Assert.Equal("2026-03", all[0].Group[1]);
        Assert.Empty(views.Statistics(new(issued, [], From: new(2027, 1, 1))).Rows);
        Assert.Equal(all.Aggregate(Int128.Zero, static (sum, row) => sum + row.Value), views.Statistics(new(issued, [], From: new(2026, 3, 22), To: new(2026, 3, 22))).Rows.Single().Value);
        Assert.Empty(views.Statistics(new(issued, [], Only: Stranger)).Rows);
    }

    [Fact]
    public void An_answer_carries_the_hash_of_itself_and_a_spreadsheet_runs_nothing()
    {
        var question = new StatisticsQuestion(Metrics.Find("issued")!, ["chain"]);
        var table = new StatisticsTable(question, 7, new(1, 2), [new(["=1+2"], "CNY", 5), new(["a,\"b\""], "CNY", -3)]);

        var csv = table.ToCsv();
        var text = Encoding.UTF8.GetString(csv);
        Assert.Equal([0xEF, 0xBB, 0xBF], csv[..3]);
        Assert.Contains("\r\n'=1+2,CNY,5\r\n\"a,\"\"b\"\"\",CNY,-3\r\n", text, StringComparison.Ordinal);
        var end = text.IndexOf("sha256,", StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[..end]))), text[(end + 7)..].Trim());

        var json = Encoding.UTF8.GetString(table.ToJson());
        var mark = json.IndexOf(",\"sha256\":\"", StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json[..mark] + "}"))), json[(mark + 11)..^2]);
    }

    [Fact]
    public void Every_metric_says_in_both_languages_what_it_is() => Assert.All(Metrics.All, metric =>
    {
        Assert.All(new[] { metric.NameZh, metric.NameEn, metric.DefinitionZh, metric.DefinitionEn, metric.Formula, metric.Source }, Assert.NotEmpty);
        Assert.Single(Metrics.All, other => other.Code == metric.Code);
        if (metric.IsStock) Assert.Empty(metric.Groups.Intersect(Metrics.Periods));
    });

    [Fact]
    public void What_waits_for_a_party_is_told_with_its_day()
    {
        var lent = Story();
        using var views = TestViews.Of(world);
        var due = world.Instrument(lent.Instrument).DueDate;

        Assert.All(views.ToDosOf(C), toDo => Assert.False(toDo.IsOverdue));
        world.Until($"{due.AddDays(-3):yyyy-MM-dd} 09:00:00");
        using var later = TestViews.Of(world);
        Assert.Contains(later.ToDosOf(C), toDo => toDo.Kind == ToDoKind.DueIn7Days && toDo.Due == due && toDo.Id == lent.Instrument.Value);
        world.Until($"{due.AddDays(3):yyyy-MM-dd} 09:00:00");
        using var overdue = TestViews.Of(world);
        Assert.Contains(overdue.ToDosOf(C), toDo => toDo.Kind == ToDoKind.Pay && toDo.IsOverdue && toDo.Id == lent.Instrument.Value);
        Assert.NotEmpty(overdue.Statistics(new(Metrics.Find("overdue")!, [])).Rows);
    }

    [Fact]
    public void A_portfolio_is_the_sum_of_what_is_held_owed_and_lent()
    {
        Story();
        using var views = TestViews.Of(world);

        var sums = views.PortfolioOf(X).Sums;
        Assert.Contains(new Sum("held", Currency.Cny, 10_000_000, 1), sums);
        Assert.Contains(sums, sum => sum.Kind == "lent" && sum.Count == 1);
        Assert.Contains(views.PortfolioOf(C).Sums, sum => sum.Kind == "owing" && sum.Amount == 12_000_000);
        Assert.Contains(views.PortfolioOf(D).Sums, sum => sum.Kind == "borrowed");
    }

    Financing Story()
    {
        var (note, line) = (world.Certificate(D, 12_000_000), world.Line(C, 12_000_000));
        var sold = world.Financed(D, world.Applying(note, FinancingForm.RecourseFactoring, 1, 10_000_000), line);
        return Assert.IsType<Financing>(world.State.Financing(sold));
    }
}
