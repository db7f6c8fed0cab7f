using System.Net;
using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Http;

namespace Ledger.Tests.Http;

public sealed class BulkTests(TestNode node) : IClassFixture<TestNode>
{
    [Fact]
    public async Task Answers_come_in_the_order_of_the_lines_and_a_line_may_build_on_earlier_ones()
    {
        const int Pairs = 40;
        var instrument = await node.ReceivableAsync(Pairs * 100);
        var invoice = await node.InvoiceAsync(node.B, node.A, Pairs * 100);
        var lines = new List<ReadOnlyMemory<byte>>();
        for (var i = 0; i < Pairs; i++)
        {
            var offer = TestNode.New<Offer>();
            lines.Add(node.Sign(TestNode.Draft(node.A, TestNode.Transfer(offer, instrument, node.B, 100, invoice))));
            lines.Add(node.Sign(TestNode.Draft(node.B, new AcceptOffer(offer))));
        }

        var answers = await node.Api.SubmitBulkAsync(lines, TestNode.Cancel);

        Assert.All(answers, answer => Assert.True(answer.IsAccepted, answer.SentenceEn));
        var leaves = answers.Select(answer => answer.Body.GetProperty("leaf").GetUInt64()).ToArray();
        Assert.Equal(leaves.Order().Distinct(), leaves);
        Assert.All(answers.Where((_, i) => i % 2 == 0), answer => Assert.Equal("transferOffered", answer.Body.GetProperty("effects")[0].GetProperty("kind").GetString()));
        var held = await node.GetAsync($"v1/tokens?holder={node.B}&limit=500");
        Assert.Equal(Pairs * 100, held.GetProperty("tokens").EnumerateArray().Sum(token => int.Parse(token.GetProperty("amount").GetString()!)));
    }

    [Fact]
    public async Task A_line_that_is_wrong_has_its_own_answer_and_harms_no_other()
    {
        var good = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);
        var other = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);

        var answers = await node.Api.SubmitBulkAsync([good, "{}"u8.ToArray(), new byte[70_000], Array.Empty<byte>(), good, other], TestNode.Cancel);

        Assert.Equal([200, 400, 413, 400, 200, 200], answers.Select(answer => answer.HttpStatus));
        Assert.Equal(
            [Refusal.None, Refusal.Malformed, Refusal.TooLarge, Refusal.Malformed, Refusal.None, Refusal.None], answers.Select(answer => answer.Code));
    }

    [Fact]
    public async Task The_same_payload_twice_has_one_answer_and_an_id_stands_for_one_payload()
    {
        var draft = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));
        var other = draft with { Operations = [node.Attestation(node.A, node.C, 6)] };

        // Signed twice, the bytes differ and the payload does not.
        var answers = await node.Api.SubmitBulkAsync([node.Sign(draft, node.A), node.Sign(draft, node.A), node.Sign(other, node.A)], TestNode.Cancel);

        Assert.Equal([200, 200, 409], answers.Select(answer => answer.HttpStatus));
        Assert.Equal(answers[0].Body.GetProperty("leaf").GetUInt64(), answers[1].Body.GetProperty("leaf").GetUInt64());
        Assert.True(answers[1].Body.GetProperty("replayed").GetBoolean());
    }

    [Fact]
    public async Task Every_line_is_one_object_even_without_a_last_line_feed()
    {
        var line = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);
        using var response = await node.Http.SendAsync(TestNode.Post("v1/transactions/bulk", [.. line, (byte)'\r', (byte)'\n', .. line], "application/x-ndjson"), TestNode.Cancel);
        var text = await response.Content.ReadAsStringAsync(TestNode.Cancel);

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        var lines = text.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Empty(lines[2]);
        Assert.All(lines[..2], one => Assert.Contains("\"status\":\"accepted\"", one));
    }

    [Fact]
    public async Task A_bulk_has_a_largest_number_of_lines_and_a_media_type()
    {
        var lines = Encoding.ASCII.GetBytes(new string('\n', BulkRoutes.MaxLines + 5));

        // Those before were tried as they came; the last answer says that nothing was read from there on.
        using var answer = await node.Http.SendAsync(TestNode.Post("v1/transactions/bulk", lines, "application/x-ndjson"), TestNode.Cancel);
        var told = (await answer.Content.ReadAsStringAsync(TestNode.Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((HttpStatusCode.OK, BulkRoutes.MaxLines + 1), (answer.StatusCode, told.Length));
        Assert.StartsWith($"{{\"httpStatus\":413,\"type\":\"urn:ledger:refusal:{(int)Refusal.BodyTooLarge}\"", told[^1], StringComparison.Ordinal);
        Assert.StartsWith("{\"httpStatus\":400", told[^2], StringComparison.Ordinal);

        var (wrong, media) = await node.ProblemAsync(TestNode.Post("v1/transactions/bulk", lines, "application/json"));
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, (int)Refusal.MediaTypeWrong), (wrong, media.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task An_empty_bulk_has_an_empty_answer()
    {
        using var response = await node.Http.SendAsync(TestNode.Post("v1/transactions/bulk", [], "application/x-ndjson"), TestNode.Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestNode.Cancel));
    }
}
