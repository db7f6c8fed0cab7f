using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Http;

/// <summary>Money raised and lines, as a node tells them.</summary>
public sealed class FinancingTests : IDisposable
{
    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00").Lends();

    public void Dispose() => world.Dispose();

    [Fact]
    public void A_financing_is_told_with_what_the_registry_said_and_what_it_drew()
    {
        var (note, line) = (world.Certificate(D, 12_000_000), world.Line(C, 20_000_000));
        var first = world.Financed(D, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 5_000_000), line);
        var second = world.Applying(note, FinancingForm.PledgeLoan, 5_000_001, 6_000_000);
        world.Accepts(D, second);

        var financing = world.Get($"v1/financings/{first}");
        Assert.Equal(("nonRecourseFactoring", "disbursed", "5000000"), (Text(financing, "form"), Text(financing, "status"), Text(financing, "principal")));
        Assert.Equal((D.Text, X.Text, "2026-03-22", "2026-09-22"), (Text(financing, "applicant"), Text(financing, "financier"), Text(financing, "start"), Text(financing, "end")));
        Assert.Equal((line.ToString(), "5000000"), (Text(financing, "line"), Text(financing, "drawn")));
        Assert.Equal("clear", Text(financing.GetProperty("query"), "finding"));
        Assert.Equal(("done", Lending.P.Text), (Text(financing.GetProperty("registration"), "finding"), Text(financing.GetProperty("registration"), "attester")));
        Assert.Equal("actual360", Text(financing.GetProperty("interest"), "dayCount"));
        Assert.False(world.Get($"v1/financings/{second.Financing}").TryGetProperty("query", out _));

        var page = world.Get($"v1/parties/{D}/financings?limit=1");
        Assert.Equal(first.ToString(), Text(Assert.Single(page.GetProperty("financings").EnumerateArray()), "id"));
        var rest = world.Get($"v1/parties/{X}/financings?limit=1&cursor={Text(page, "next")}");
        Assert.Equal(second.Financing.ToString(), Text(Assert.Single(rest.GetProperty("financings").EnumerateArray()), "id"));
        Assert.False(rest.TryGetProperty("next", out _));
        Assert.Empty(world.Get($"v1/parties/{C}/financings").GetProperty("financings").EnumerateArray());
    }

    [Fact]
    public void A_line_is_told_with_what_is_left_of_it_to_its_bank_and_its_debtor()
    {
        var (note, line) = (world.Certificate(D, 12_000_000), world.Line(C, 20_000_000));
        world.Financed(D, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 5_000_000), line);

        var found = world.Get($"v1/lines/{line}");
        Assert.Equal(
            (X.Text, C.Text, "general", "20000000", "5000000", "15000000", "2027-12-31"),
            (Text(found, "bank"), Text(found, "debtor"), Text(found, "mode"), Text(found, "limit"), Text(found, "drawn"), Text(found, "available"), Text(found, "until")));
        foreach (var party in new[] { X, C })
            Assert.Equal(line.ToString(), Text(Assert.Single(world.Get($"v1/parties/{party}/lines").GetProperty("lines").EnumerateArray()), "id"));
        Assert.Empty(world.Get($"v1/parties/{D}/lines").GetProperty("lines").EnumerateArray());
    }

    [Theory]
    [InlineData("financings/x", 400, Refusal.QueryInvalid)]
    [InlineData("financings/AAAAAAAAAAAAAAAAAAAAAQ", 404, Refusal.NotFound)]
    [InlineData("lines/AAAAAAAAAAAAAAAAAAAAAQ", 404, Refusal.NotFound)]
    [InlineData("parties/x/financings", 400, Refusal.QueryInvalid)]
    [InlineData("parties/91440300MA1000017E/financings?limit=0", 400, Refusal.QueryInvalid)]
    [InlineData("parties/91440300MA1000017E/lines?cursor=abc", 400, Refusal.QueryInvalid)]
    [InlineData("parties/91440300MA1000017E/lines?bank=1", 400, Refusal.QueryInvalid)]
    [InlineData("parties/213800WSGIIZCXF1P572/financings", 404, Refusal.NotFound)]
    public void What_is_not_there_or_not_asked_rightly_is_a_problem(string path, int status, Refusal code) =>
        Assert.Equal((status, code), world.Problem($"v1/{path}"));

    static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
