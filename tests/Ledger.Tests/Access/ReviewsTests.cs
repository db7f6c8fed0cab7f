using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Node.Access;
using Ledger.Tests.Http;

namespace Ledger.Tests.Access;

/// <summary>What a bank's people decided about near matches is that bank's own, and in its own file.</summary>
public sealed class ReviewsTests : IAsyncLifetime
{
    readonly TestNode node = new() { Options = new("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Signed } };

    public ValueTask InitializeAsync() => node.InitializeAsync();

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task Only_the_nodes_own_bank_writes_reviews_and_another_bank_is_not_told_of_them()
    {
        await node.AcceptedAsync(node.X, node.Attestation(node.A, node.C, 1_000), node.A);
        await node.AcceptedAsync(node.Y, node.Attestation(node.A, node.C, 1_000), node.A);

        Assert.Equal((HttpStatusCode.Forbidden, 30024), await ReviewAsync(node.Y));
        Assert.Empty(await ReviewsAsync(node.Y));
        Assert.Equal((HttpStatusCode.OK, 0), await ReviewAsync(node.X));
        Assert.Single(await ReviewsAsync(node.X));

        // It has its side of the pair, and what others think of it is not its own.
        Assert.Empty(await ReviewsAsync(node.Y));
        Assert.Equal((HttpStatusCode.Forbidden, 30024), await ReviewAsync(node.Y));
        Assert.Single(node.Loop.Reader.Views.Reviews.Of(Ledger.Node.Views.Reviews.SubjectOf(Assert.Single(node.Loop.Reader.Views.NearMatches()))));
    }

    [Fact]
    public async Task A_bank_that_attests_a_likeness_is_not_shown_the_document_that_it_is_like()
    {
        var (ofX, ofY) = (node.Attestation(node.A, node.C, 1_000), node.Attestation(node.A, node.C, 1_000));
        await node.AcceptedAsync(node.X, ofX, node.A);
        await node.AcceptedAsync(node.Y, ofY, node.A);
        var (x, y) = (ofX.Document.ToString(), ofY.Document.ToString());

        foreach (var (bank, seesOther) in new[] { (node.Y, false), (node.X, true) })
        {
            using var client = new HttpClient { BaseAddress = node.Address };
            using var begun = await client.PostAsync("session", new StringContent(SessionPass.Issue(node.KeyOf(bank), new(bank, 1), node.Genesis.Chain.ChainId, node.X)), TestNode.Cancel);
            var page = await client.GetStringAsync("matches", TestNode.Cancel);
            Assert.Equal((seesOther || bank == node.X, seesOther || bank == node.Y), (page.Contains(x, StringComparison.Ordinal), page.Contains(y, StringComparison.Ordinal)));
        }
    }

    async Task<(HttpStatusCode Status, int Code)> ReviewAsync(PartyId party)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/near-matches/reviews")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"number":1,"decision":"same","note":"电话核实"}""")) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", node.Passes(party).Issue());
        using var answer = await node.Http.SendAsync(request, TestNode.Cancel);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel));
        return (answer.StatusCode, body.RootElement.TryGetProperty("code", out var code) ? code.GetInt32() : 0);
    }

    async Task<JsonElement[]> ReviewsAsync(PartyId party)
    {
        using var matches = await node.As(party).ReadAsync("v1/near-matches", TestNode.Cancel);
        return [.. Assert.Single(matches!.RootElement.GetProperty("matches").EnumerateArray()).GetProperty("reviews").EnumerateArray().Select(one => one.Clone())];
    }
}
