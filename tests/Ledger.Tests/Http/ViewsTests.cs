using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.Http.TestNode;

namespace Ledger.Tests.Http;

/// <summary>The read model over the API: what was just accepted is there, and every height answers as it did then.</summary>
public sealed class ViewsTests(TestNode node) : IClassFixture<TestNode>
{
    [Fact]
    public async Task What_was_accepted_is_read_at_once_and_an_earlier_height_knows_nothing_of_it()
    {
        var before = node.Loop.Reader.View.Header.Height;
        var instrument = await node.ReceivableAsync(500);
        var height = node.Loop.Reader.View.Header.Height;

        Assert.Contains((await node.GetAsync($"/v1/tokens?holder={node.A}")).GetProperty("tokens").EnumerateArray(), one => one.GetProperty("instrument").GetString() == instrument.ToString());
        var then = await node.GetAsync($"/v1/instruments/{instrument}?height={height}");
        Assert.Equal("active", then.GetProperty("status").GetString());
        Assert.Equal(height, then.GetProperty("height").GetUInt64());
        Assert.Equal("offered", (await node.GetAsync($"/v1/instruments/{instrument}?height={height - 1}")).GetProperty("status").GetString());
        Assert.Null(await node.Api.ReadAsync($"/v1/instruments/{instrument}?height={before}", Cancel));
        Assert.DoesNotContain(
            (await node.GetAsync($"/v1/tokens?holder={node.A}&height={before}")).GetProperty("tokens").EnumerateArray(),
            one => one.GetProperty("instrument").GetString() == instrument.ToString());
    }

    [Theory]
    [InlineData("height=x", Refusal.QueryInvalid)]
    [InlineData("height=-1", Refusal.QueryInvalid)]
    [InlineData("height=999999999", Refusal.HeightNotReached)]
    public async Task A_height_that_is_none_is_refused(string query, Refusal refusal)
    {
        var (_, problem) = await node.ProblemAsync(new(HttpMethod.Get, $"/v1/parties/{node.A}?{query}"));
        Assert.Equal((int)refusal, problem.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task History_tree_lists_and_search_tell_of_an_instrument()
    {
        var instrument = await node.ReceivableAsync(300);
        var offer = New<Offer>();
        await node.AcceptedAsync(node.A, Transfer(offer, instrument, node.B, 100, await node.InvoiceAsync(node.B, node.A, 100)));
        await node.AcceptedAsync(node.B, new AcceptOffer(offer));

        var steps = (await node.GetAsync($"/v1/instruments/{instrument}/history")).GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal(["receivable.issue", "offer.accept", "token.transfer", "offer.accept"], steps.Select(step => step.GetProperty("verbs")[0].GetString()));
        var nodes = (await node.GetAsync($"/v1/instruments/{instrument}/tree")).GetProperty("nodes").EnumerateArray().ToArray();
        Assert.Equal(["101-300", "1-100"], nodes.Select(one => one.GetProperty("kept")[0].GetString()));
        var entries = (await node.GetAsync($"/v1/parties/{node.B}/entries?limit=2")).GetProperty("entries").EnumerateArray().ToArray();
        Assert.Equal("offer.accept", entries[0].GetProperty("verbs")[0].GetString());
        Assert.Equal(2, entries.Length);
        Assert.Contains((await node.GetAsync($"/v1/search?q={instrument}")).GetProperty("hits").EnumerateArray(), hit => hit.GetProperty("type").GetString() == "instrument");
        Assert.Contains((await node.GetAsync($"/v1/search?q={WebUtility.UrlEncode("供应商乙")}")).GetProperty("hits").EnumerateArray(), hit => hit.GetProperty("key").GetString() == node.B.Text);
        Assert.NotEmpty((await node.GetAsync($"/v1/parties/{node.B}/portfolio")).GetProperty("sums").EnumerateArray());
        Assert.Equal(JsonValueKind.Array, (await node.GetAsync($"/v1/parties/{node.C}/todo")).GetProperty("toDos").ValueKind);
    }

    [Fact]
    public async Task Lists_are_read_to_their_end_in_pages()
    {
        await node.ReceivableAsync(50);
        foreach (var (path, name, key) in new[] { ("/v1/blocks", "blocks", "height"), ("/v1/entries", "entries", "leaf"), ("/v1/parties", "parties", "id") })
        {
            var whole = await AllAsync($"{path}?limit=500", name, key);
            Assert.Equal(whole, await AllAsync($"{path}?limit=2", name, key));
            Assert.Equal(whole.Count, whole.Distinct().Count());
        }
    }

    [Fact]
    public async Task Statistics_are_the_same_bytes_each_time_and_unknown_ones_are_refused()
    {
        await node.ReceivableAsync(70);
        var height = node.Loop.Reader.View.Header.Height;
        var path = $"/v1/statistics?metric=issued&by=province,month&height={height}";
        var bytes = await node.Http.GetByteArrayAsync(path, Cancel);
        await node.ReceivableAsync(80);

        Assert.Equal(bytes, await node.Http.GetByteArrayAsync(path, Cancel));
        Assert.StartsWith("\uFEFF", Encoding.UTF8.GetString(await node.Http.GetByteArrayAsync(path + "&format=csv", Cancel)), StringComparison.Ordinal);
        Assert.NotEmpty((await node.GetAsync("/v1/statistics/metrics")).GetProperty("metrics").EnumerateArray());
        foreach (var wrong in new[] { "metric=luck", "metric=issued&by=colour", "metric=outstanding&from=2026-01-01" })
        {
            var (_, problem) = await node.ProblemAsync(new(HttpMethod.Get, $"/v1/statistics?{wrong}"));
            Assert.Equal((int)Refusal.StatisticUnknown, problem.GetProperty("code").GetInt32());
        }
    }

    [Fact]
    public async Task A_pair_of_documents_that_are_nearly_the_same_is_shown_and_reviewed()
    {
        var one = await node.InvoiceAsync(node.B, node.C, 77_700);
        var other = await node.InvoiceAsync(node.B, node.C, 77_700);

        var match = (await node.GetAsync("/v1/near-matches")).GetProperty("matches").EnumerateArray().Single(found => found.GetProperty("other").GetString() == other.ToString());
        Assert.Equal((one.ToString(), 3), (match.GetProperty("one").GetString(), match.GetProperty("grade").GetInt32()));
        var body = Encoding.UTF8.GetBytes($$"""{"number":{{match.GetProperty("number")}},"decision":"different","note":"两批货"}""");
        using var answer = await node.Http.SendAsync(Post("/v1/near-matches/reviews", body, "application/json"), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var reviewed = (await node.GetAsync("/v1/near-matches")).GetProperty("matches").EnumerateArray().Single(found => found.GetProperty("other").GetString() == other.ToString());
        Assert.Equal("两批货", reviewed.GetProperty("reviews")[0].GetProperty("note").GetString());

        var (_, problem) = await node.ProblemAsync(Post("/v1/near-matches/reviews", "{}"u8.ToArray(), "application/json"));
        Assert.Equal((int)Refusal.BodyInvalid, problem.GetProperty("code").GetInt32());
    }

    async Task<List<string>> AllAsync(string path, string name, string key)
    {
        var all = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = await node.GetAsync(next.Length == 0 ? path : $"{path}&cursor={next}");
            all.AddRange(page.GetProperty(name).EnumerateArray().Select(one => one.GetProperty(key).ToString()));
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }

        return all;
    }
}
