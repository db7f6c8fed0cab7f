using System.Net;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Access;

/// <summary>Who raised money on a debt is told by the financing's own page or not at all.</summary>
public sealed class HiddenFinancingTests(AccessStory story) : IClassFixture<AccessStory>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_is_told_of_a_financing_by_a_row_that_its_page_would_not_show()
    {
        var instrument = story.World.State.Financing(story.Financing)!.Instrument;
        Assert.Equal((HttpStatusCode.NotFound, Refusal.NotFound), await story.AnswerAsync(story.Passes(C), $"v1/financings/{story.Financing}"));

        Assert.DoesNotContain(await VerbsAsync(C, $"v1/instruments/{instrument}/history", "steps"), IsOfFinancing);
        Assert.DoesNotContain(await VerbsAsync(C, "v1/entries", "entries"), IsOfFinancing);
        Assert.DoesNotContain(await VerbsAsync(C, $"v1/parties/{D}/entries", "entries"), IsOfFinancing);
        Assert.Contains(await VerbsAsync(C, $"v1/instruments/{instrument}/history", "steps"), verb => verb.StartsWith("receivable.", StringComparison.Ordinal));

        // Its sides have all of it, each in its own list.
        foreach (var side in new[] { D, X })
        {
            Assert.Contains(await VerbsAsync(side, $"v1/instruments/{instrument}/history", "steps"), verb => verb == "financing.disburse");
            Assert.Contains(await VerbsAsync(side, "v1/entries", "entries"), verb => verb == "financing.disburse");
        }
    }

    [Theory]
    [InlineData("financed")]
    [InlineData("financings")]
    [InlineData("financingOutstanding")]
    public async Task Nobody_is_told_of_a_financing_by_a_figure_that_its_page_would_not_show(string metric)
    {
        Assert.Empty(await RowsAsync(C, metric));
        Assert.NotEmpty(await RowsAsync(X, metric));
        Assert.NotEmpty(await RowsAsync(C, "issued"));
    }

    async Task<IReadOnlyList<string>> RowsAsync(PartyId party, string metric)
    {
        using var answer = await story.As(party).ReadAsync($"v1/statistics?metric={metric}", Cancel);
        return [.. answer!.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.ToString())];
    }

    // All pages of a list; a step that time made has no verbs and stands with its name.
    async Task<IReadOnlyList<string>> VerbsAsync(PartyId party, string path, string list)
    {
        var verbs = new List<string>();
        for (var cursor = ""; ;)
        {
            using var page = await story.As(party).ReadAsync($"{path}?limit=500{cursor}", Cancel);
            foreach (var row in page!.RootElement.GetProperty(list).EnumerateArray())
            {
                if (row.TryGetProperty("deadline", out var deadline)) verbs.Add(deadline.GetString()!);
                else verbs.AddRange(row.GetProperty("verbs").EnumerateArray().Select(verb => verb.GetString()!));
            }

            if (!page.RootElement.TryGetProperty("next", out var next)) return verbs;
            cursor = $"&cursor={next.GetString()}";
        }
    }

    static bool IsOfFinancing(string name) => name.StartsWith("financing", StringComparison.Ordinal);
}
