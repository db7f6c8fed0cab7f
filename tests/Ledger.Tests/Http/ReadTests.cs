using System.Text;
using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Http;

public sealed class ReadTests(TestNode node) : IClassFixture<TestNode>
{
    [Fact]
    public async Task A_party_is_told_with_its_keys()
    {
        var party = await node.GetAsync($"v1/parties/{node.C}");

        Assert.Equal("示例核心企业", party.GetProperty("name").GetString());
        Assert.Equal("coreEnterprise", Assert.Single(party.GetProperty("roles").EnumerateArray()).GetString());
        Assert.Equal(node.X.Text, party.GetProperty("sponsor").GetString());
        Assert.Equal("active", party.GetProperty("standing").GetString());
        var key = Assert.Single(party.GetProperty("keys").EnumerateArray());
        Assert.Equal($"{node.C}#1", key.GetProperty("id").GetString());
        Assert.Equal(node.KeyOf(node.C).PublicKey.ToString(), key.GetProperty("publicKey").GetString());
        Assert.True(key.GetProperty("valid").GetBoolean());
        Assert.True((await node.GetAsync($"v1/parties/{node.X}")).GetProperty("validator").GetBoolean());
    }

    [Fact]
    public async Task A_document_is_told_with_what_is_left_of_it()
    {
        var invoice = await node.InvoiceAsync(node.A, node.C, 900);
        await node.AcceptedAsync(node.C, TestNode.Issue(TestNode.New<Offer>(), TestNode.New<Instrument>(), node.A, 400, invoice));

        var document = await node.GetAsync($"v1/documents/{invoice}");

        Assert.Equal("900", document.GetProperty("total").GetString());
        Assert.Equal("400", document.GetProperty("reserved").GetString());
        Assert.Equal("500", document.GetProperty("available").GetString());
        Assert.Equal("2026-03-31", document.GetProperty("date").GetString());
        Assert.Equal(node.X.Text, document.GetProperty("attester").GetString());
        foreach (var query in new[] { $"seller={node.A}", $"buyer={node.C}", $"attester={node.X}" })
            Assert.Contains(Items(await node.GetAsync($"v1/documents?{query}&limit=500"), "documents"), one => one.GetProperty("id").GetString() == invoice.ToString());
    }

    [Fact]
    public async Task An_instrument_is_told_with_its_tokens_and_their_way()
    {
        var instrument = await node.ReceivableAsync(1_000);
        var (offer, invoice) = (TestNode.New<Offer>(), await node.InvoiceAsync(node.B, node.A, 300));
        await node.AcceptedAsync(node.A, TestNode.Transfer(offer, instrument, node.B, 300, invoice));
        var accepted = await node.AcceptedAsync(node.B, new AcceptOffer(offer));

        var found = await node.GetAsync($"v1/instruments/{instrument}");
        Assert.Equal("1000", found.GetProperty("face").GetString());
        Assert.Equal("active", found.GetProperty("status").GetString());
        Assert.Equal("2026-09-01", found.GetProperty("dueDate").GetString());
        Assert.Equal(["1-300", "301-1000"], Items(found, "tokens").Select(token => token.GetProperty("units").GetString()));
        Assert.Equal([node.B.Text, node.A.Text], Items(found, "tokens").Select(token => token.GetProperty("holder").GetString()));
        Assert.Equal("1000", found.GetProperty("confirmation").GetProperty("confirmed").GetString());
        Assert.Equal(accepted.GetProperty("height").GetUInt64(), found.GetProperty("height").GetUInt64());

        Assert.Equal(2, Items(await node.GetAsync($"v1/instruments/{instrument}/lineage"), "legs").Length);
        var way = Items(await node.GetAsync($"v1/instruments/{instrument}/lineage?unit=300"), "legs");
        Assert.Equal([node.A.Text, node.B.Text], way.Select(leg => leg.GetProperty("to").GetString()));
        Assert.Equal(accepted.GetProperty("leaf").GetUInt64(), way[1].GetProperty("leaf").GetUInt64());
        Assert.Single(Items(await node.GetAsync($"v1/instruments/{instrument}/lineage?units=301-1000"), "legs"));
        foreach (var query in new[] { $"obligor={node.C}", $"creditor={node.A}" })
            Assert.Contains(Items(await node.GetAsync($"v1/instruments?{query}&limit=500"), "instruments"), one => one.GetProperty("id").GetString() == instrument.ToString());
    }

    [Fact]
    public async Task Offers_are_listed_while_they_are_open_and_found_for_ever()
    {
        var (offer, instrument) = (TestNode.New<Offer>(), TestNode.New<Instrument>());
        await node.AcceptedAsync(node.C, TestNode.Issue(offer, instrument, node.A, 70, await node.InvoiceAsync(node.A, node.C, 70)));

        Assert.Contains(offer.ToString(), await OffersAsync($"from={node.C}"));
        Assert.Contains(offer.ToString(), await OffersAsync($"to={node.A}"));
        Assert.Equal("open", (await node.GetAsync($"v1/offers/{offer}")).GetProperty("status").GetString());

        await node.AcceptedAsync(node.A, new DeclineOffer(offer));
        Assert.DoesNotContain(offer.ToString(), await OffersAsync($"to={node.A}"));
        Assert.Equal("declined", (await node.GetAsync($"v1/offers/{offer}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_pledge_of_documents_is_found_by_its_offer()
    {
        var (offer, invoice) = (TestNode.New<Offer>(), await node.InvoiceAsync(node.A, node.C, 50));
        await node.AcceptedAsync(node.A, new PledgeDocuments(offer, node.Y, Currency.Cny, new(50), [new(invoice, new(50))], TestNode.Tomorrow));
        await node.AcceptedAsync(node.Y, new AcceptOffer(offer));

        var pledge = await node.GetAsync($"v1/pledges/{offer}");
        Assert.Equal(node.Y.Text, pledge.GetProperty("pledgee").GetString());
        Assert.Equal("50", pledge.GetProperty("amount").GetString());
        Assert.False(pledge.GetProperty("released").GetBoolean());
        Assert.Contains(Items(await node.GetAsync($"v1/pledges?party={node.A}"), "pledges"), one => one.GetProperty("id").GetString() == offer.ToString());
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        for (var i = 0; i < 5; i++)
        {
            var offer = TestNode.New<Offer>();
            await node.AcceptedAsync(node.C, TestNode.Issue(offer, TestNode.New<Instrument>(), node.B, 10, await node.InvoiceAsync(node.B, node.C, 10)));
        }

        var whole = await OffersAsync($"to={node.B}&limit=500");
        var paged = new List<string>();
        for (var query = $"to={node.B}&limit=2"; ;)
        {
            var page = await node.GetAsync($"v1/offers?{query}");
            var ids = Items(page, "offers").Select(offer => offer.GetProperty("id").GetString()!).ToArray();
            Assert.InRange(ids.Length, 1, 2);
            paged.AddRange(ids);
            if (!page.TryGetProperty("next", out var next)) break;
            query = $"to={node.B}&limit=2&cursor={next.GetString()}";
        }

        Assert.Equal(5, whole.Length);
        Assert.Equal(whole, paged);
    }

    [Fact]
    public async Task A_block_and_its_entries_are_told_as_they_are_stored()
    {
        var invoice = node.Attestation(node.A, node.C, 5);
        var draft = TestNode.Draft(node.X, invoice);
        var accepted = await node.AcceptedAsync(node.Sign(draft, node.A));
        var (height, leaf) = (accepted.GetProperty("height").GetUInt64(), accepted.GetProperty("leaf").GetUInt64());

        var block = await node.GetAsync($"v1/blocks/{height}");
        var stored = node.Loop.Reader.Block(height)!;
        Assert.Equal(stored.Header.StateRoot.ToString(), block.GetProperty("stateRoot").GetString());
        Assert.Equal(node.X.Text, block.GetProperty("envelope").GetProperty("bank").GetString());
        Assert.Contains(Items(block, "entries"), entry => entry.GetProperty("leaf").GetUInt64() == leaf && entry.GetProperty("verbs")[0].GetString() == "document.attest");

        foreach (var path in new[] { $"v1/entries/{leaf}", $"v1/transactions/{node.X}/{draft.Id}" })
        {
            var entry = await node.GetAsync(path);
            Assert.Equal("accepted", entry.GetProperty("status").GetString());
            Assert.Equal(height, entry.GetProperty("height").GetUInt64());
            Assert.Equal(new[] { $"{node.A}#1", $"{node.X}#1" }.Order(StringComparer.Ordinal), Items(entry, "signers").Select(signer => signer.GetString()));
            var operation = Assert.Single(Items(entry, "operations"));
            Assert.Equal("document.attest", operation.GetProperty("kind").GetString());
            Assert.Equal(invoice.Document.ToString(), operation.GetProperty("document").GetString());
        }

        Assert.Equal(0, (await node.GetAsync("v1/blocks/0")).GetProperty("entryCount").GetInt32());
    }

    [Fact]
    public async Task Checkpoints_and_genesis_are_told_octet_for_octet()
    {
        Assert.Equal(node.Genesis.Bytes.ToArray(), await node.Api.BytesAsync("v1/genesis", TestNode.Cancel));
        Assert.Equal(node.Loop.Reader.Checkpoint(1)!.ToString(), Encoding.UTF8.GetString((await node.Api.BytesAsync("v1/checkpoints/1", TestNode.Cancel))!));
        using var latest = await node.Http.GetAsync("v1/checkpoint", TestNode.Cancel);
        Assert.Equal("text/plain", latest.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith($"{node.Genesis.Origin}\n", await latest.Content.ReadAsStringAsync(TestNode.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_the_tiles_anybody_makes_the_root_of_the_checkpoint()
    {
        var checkpoint = node.Loop.Reader.View.Checkpoint.Checkpoint;
        var tile = new Tile(0, 0, (int)checkpoint.Size);
        using var answer = await node.Http.GetAsync($"v1/tile/{tile}", TestNode.Cancel);
        var octets = await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel);
        var frontier = new Frontier(node.Genesis.Chain.Suite);
        foreach (var hash in octets.Chunk(Hash256.Size)) frontier.Append(Hash256.Read(hash));

        Assert.Equal((checkpoint.Size, checkpoint.Root), (frontier.Size, frontier.Root()));
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl is { Public: true, MaxAge: not null });
        Assert.Equal(404, (int)(await node.Http.GetAsync($"v1/tile/{tile with { Width = tile.Width + 1 }}", TestNode.Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_bundle_has_the_leaves_of_the_tile_octet_for_octet_and_never_changes()
    {
        var size = (int)node.Loop.Reader.View.Checkpoint.Checkpoint.Size;
        Assert.InRange(size, 3, 255);
        var octets = (await node.Api.BytesAsync($"v1/tile/entries/000.p/{size}", TestNode.Cancel))!;
        Assert.True(EntryBundle.TryRead(octets, size, out var leaves));
        var hashes = (await node.Api.BytesAsync($"v1/tile/0/000.p/{size}", TestNode.Cancel))!;
        for (var i = 0; i < size; i++)
        {
            Assert.Equal(leaves[i].ToArray(), await node.Api.BytesAsync($"v1/leaves/{i}", TestNode.Cancel));
            Assert.Equal(Hash256.Read(hashes.AsSpan(i * Hash256.Size)), MerkleHash.OfLeaf(node.Genesis.Chain.Suite, leaves[i].Span));
        }

        using var part = await node.Http.GetAsync($"v1/tile/entries/000.p/{size - 1}", TestNode.Cancel);
        Assert.Equal(octets[..^(2 + leaves[^1].Length)], await part.Content.ReadAsByteArrayAsync(TestNode.Cancel));
        Assert.True(part.Headers.CacheControl is { Private: true, MaxAge: not null });
        Assert.Equal("application/octet-stream", part.Content.Headers.ContentType?.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, $"v1/tile/entries/000.p/{size - 1}") { Headers = { IfNoneMatch = { part.Headers.ETag! } } };
        Assert.Equal(304, (int)(await node.Http.SendAsync(again, TestNode.Cancel)).StatusCode);
        Assert.Equal(404, (int)(await node.Http.GetAsync($"v1/tile/entries/000.p/{node.Loop.Reader.View.Checkpoint.Checkpoint.Size + 1}", TestNode.Cancel)).StatusCode);
    }

    [Fact]
    public async Task Health_says_which_chain_this_is_and_what_time_it_is_there()
    {
        var health = await node.GetAsync("v1/health");

        Assert.Equal(node.Genesis.Chain.ChainId.ToString(), health.GetProperty("chainId").GetString());
        Assert.Equal("demo", health.GetProperty("purpose").GetString());
        Assert.Equal("ES256", health.GetProperty("suite").GetString());
        Assert.Equal(node.X.Text, health.GetProperty("bank").GetString());
        Assert.Equal(TestNode.Start.UnixMilliseconds, health.GetProperty("time").GetInt64());
        Assert.Equal(0, health.GetProperty("attemptsHeldBack").GetInt32());
        Assert.True(health.GetProperty("leaves").GetUInt64() > health.GetProperty("height").GetUInt64());

        var typed = await node.Api.HealthAsync(TestNode.Cancel);
        Assert.Equal((node.Genesis.Chain.ChainId, node.Genesis.Chain.Name, TestNode.Start, "ES256"), (typed.ChainId, typed.Name, typed.LedgerTime, typed.Suite));
    }

    [Theory]
    [InlineData("parties/91440300MA1000017E0")]
    [InlineData("parties/x")]
    [InlineData("documents/AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("offers")]
    [InlineData("offers?from=x")]
    [InlineData("offers?form=91440300MA1000017E")]
    [InlineData("offers?from=91440300MA1000017E&to=91440300MA1000017E")]
    [InlineData("offers?from=91440300MA1000017E&limit=501")]
    [InlineData("offers?from=91440300MA1000017E&limit=0")]
    [InlineData("offers?from=91440300MA1000017E&cursor=abc")]
    [InlineData("tokens")]
    [InlineData("blocks/-1")]
    [InlineData("blocks/1.0")]
    [InlineData("entries/x")]
    [InlineData("receipts/x")]
    [InlineData("checkpoints/x")]
    [InlineData("tile/0")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0%2F000")]
    [InlineData("tile/entries/0")]
    [InlineData("tile/entries/000.p/256")]
    [InlineData("tile/entries/0/000")]
    [InlineData("tile/entries/")]
    [InlineData("transactions/91440300MA1000017E/x")]
    public async Task A_bad_query_is_a_problem(string path)
    {
        var (status, problem) = await node.ProblemAsync(new(HttpMethod.Get, $"v1/{path}"));

        Assert.Equal((400, (int)Refusal.QueryInvalid), ((int)status, problem.GetProperty("code").GetInt32()));
    }

    [Theory]
    [InlineData("parties/213800WSGIIZCXF1P572")]
    [InlineData("documents/AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("instruments/AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("instruments/AAAAAAAAAAAAAAAAAAAAAQ/lineage")]
    [InlineData("offers/AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("pledges/AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("blocks/1000000")]
    [InlineData("entries/0")]
    [InlineData("entries/1")]
    [InlineData("entries/18446744073709551615")]
    [InlineData("receipts/1000000")]
    [InlineData("checkpoints/1000000")]
    [InlineData("tile/0/x001/000")]
    [InlineData("tile/7/000.p/1")]
    [InlineData("tile/entries/000")]
    [InlineData("tile/entries/x001/000.p/1")]
    [InlineData("transactions/91440300MA1000017E/AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("transactions/91440300MA1000017E/AAAAAAAAAAAAAAAAAAAAAQ/receipt")]
    [InlineData("nothing")]
    [InlineData("")]
    public async Task What_is_not_there_is_a_problem(string path)
    {
        var (status, problem) = await node.ProblemAsync(new(HttpMethod.Get, $"v1/{path}"));

        Assert.Equal((404, (int)Refusal.NotFound), ((int)status, problem.GetProperty("code").GetInt32()));
        Assert.Null(await node.Api.ReadAsync($"v1/{path}", TestNode.Cancel));
    }

    static JsonElement[] Items(JsonElement body, string name) => [.. body.GetProperty(name).EnumerateArray()];

    async Task<string?[]> OffersAsync(string query) =>
        [.. Items(await node.GetAsync($"v1/offers?{query}"), "offers").Select(offer => offer.GetProperty("id").GetString())];
}
