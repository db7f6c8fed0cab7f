using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Client.Documents;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Invoices;

namespace Ledger.Tests.Http;

public sealed class AttestationTests(TestNode node) : IClassFixture<TestNode>
{
    [Fact]
    public async Task An_original_becomes_an_attestation_that_the_ledger_takes_and_knows_again()
    {
        var original = SampleFiles.Read("invoice-1000000.xml");

        var reading = (await node.Api.PrepareAttestationAsync(original, node.A, [], TestNode.Cancel)).Body;
        var operation = reading.GetProperty("operation").GetRawText();
        Assert.StartsWith("{\"kind\":\"document.attest\"", operation, StringComparison.Ordinal);
        Assert.Empty(reading.GetProperty("warnings").EnumerateArray());
        Assert.False(reading.TryGetProperty("registered", out _));

        var attestation = Assert.IsType<AttestDocument>(JsonSerializer.Deserialize(operation, WireJson.TypeInfo<Operation>()));
        Assert.True(DocumentOpening.TryReadJson(Encoding.UTF8.GetBytes(reading.GetProperty("opening").GetRawText()), out var opening));
        Assert.Equal(attestation.Commitment, opening.Commitment(node.Genesis.Chain.Suite));
        Assert.Equal(new Amount(100_000_000), attestation.Total);
        await node.AcceptedAsync(node.X, attestation, node.A);

        var again = (await node.Api.PrepareAttestationAsync(original, node.A, [], TestNode.Cancel)).Body.GetProperty("registered");
        Assert.Equal(attestation.Document.ToString(), again.GetProperty("document").GetString());
        Assert.True(again.GetProperty("equal").GetBoolean());

        var other = SampleFiles.Altered("2026-03-10", "2026-03-11");
        var contradicting = (await node.Api.PrepareAttestationAsync(other, node.A, [], TestNode.Cancel)).Body.GetProperty("registered");
        Assert.False(contradicting.GetProperty("equal").GetBoolean());
    }

    [Fact]
    public async Task A_buyer_that_is_no_member_is_a_warning()
    {
        var stranger = SampleFiles.Altered(SampleFiles.Core.Id.Text, node.Stranger.Text);

        var reading = (await node.Api.PrepareAttestationAsync(stranger, node.A, [], TestNode.Cancel)).Body;

        // Its number is the original's own, which may be attested already: that is told beside it.
        Assert.Contains((int)Refusal.PartyNotFound, reading.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task An_original_whose_number_looks_like_another_of_the_sellers_is_told_with_that_one()
    {
        var first = await Prepare(TradePapers.Altered(TradePapers.Ubl, "RE-2026/17", "2026-1-11"), []);
        var known = Attestation(first);
        await node.AcceptedAsync(node.X, known, SampleFiles.Supplier.Id);

        var alike = TradePapers.Altered(TradePapers.Ubl, "RE-2026/17", "2026-11-1");
        Assert.Contains(known.Document.ToString(), Warning(await Prepare(alike, []), Refusal.DocumentLooksLikeAnother));

        var named = await Prepare(alike, [known.Document]);
        Assert.NotEmpty(Warning(named, Refusal.DistinctionNeedsSecondBank));
        Assert.Equal([known.Document], Attestation(named).DistinctFrom);
        await node.AcceptedAsync(node.X, Attestation(named), SampleFiles.Supplier.Id, node.Y);

        async Task<JsonElement> Prepare(byte[] original, ValueList<Id<Document>> distinctFrom) =>
            (await node.Api.PrepareAttestationAsync(original, SampleFiles.Supplier.Id, distinctFrom, TestNode.Cancel)).Body;

        static string Warning(JsonElement reading, Refusal code) => Assert.Single(
            reading.GetProperty("warnings").EnumerateArray(), warning => warning.GetProperty("code").GetInt32() == (int)code).GetProperty("detail").GetString()!;

        static AttestDocument Attestation(JsonElement reading) => Assert.IsType<AttestDocument>(
            JsonSerializer.Deserialize(reading.GetProperty("operation").GetRawText(), WireJson.TypeInfo<Operation>()));
    }

    [Theory]
    [InlineData("red-letter-250000.xml", 20013, "26990000000000000001")]
    [InlineData("broken-total.xml", 20010, null)]
    public async Task A_file_that_is_not_taken_has_its_number(string file, int number, string? reference)
    {
        var answer = await node.Api.PrepareAttestationAsync(SampleFiles.Read(file), node.A, [], TestNode.Cancel);

        Assert.Equal((422, number), (answer.HttpStatus, (int)answer.Code));
        var facts = answer.Body.GetProperty("facts");
        Assert.NotEmpty(facts.GetProperty("reason").GetString()!);
        if (reference is not null) Assert.Equal(reference, facts.GetProperty("reference").GetString());
    }

    [Fact]
    public async Task The_seller_must_be_the_one_on_the_invoice()
    {
        var answer = await node.Api.PrepareAttestationAsync(SampleFiles.Read("invoice-1000000.xml"), node.B, [], TestNode.Cancel);

        Assert.Equal((422, Refusal.DocumentPartiesDiffer), (answer.HttpStatus, answer.Code));
    }

    [Fact]
    public async Task An_invoice_of_parties_that_the_ledger_cannot_know_is_read_and_not_drafted()
    {
        var foreign = TradePapers.Altered(TradePapers.Ubl, "schemeID=\"0199\"", "schemeID=\"0088\"");

        var answer = await node.Api.PrepareAttestationAsync(foreign, SampleFiles.Supplier.Id, [], TestNode.Cancel);
        Assert.Equal((422, Refusal.BuyerNotIdentified), (answer.HttpStatus, answer.Code));

        var known = await node.Api.PrepareAttestationAsync(TradePapers.Bytes(TradePapers.Ubl), SampleFiles.Supplier.Id, [], TestNode.Cancel);
        Assert.Equal(200, known.HttpStatus);
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_no_file_is_a_problem()
    {
        var path = $"v1/documents/attestations?seller={node.A}";

        var (large, tooLarge) = await node.ProblemAsync(TestNode.Post(path, new byte[5_000_001], "application/xml"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, (int)Refusal.FileTooLarge), (large, tooLarge.GetProperty("code").GetInt32()));

        var (media, wrong) = await node.ProblemAsync(TestNode.Post(path, [], "application/json"));
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, (int)Refusal.MediaTypeWrong), (media, wrong.GetProperty("code").GetInt32()));

        var (query, invalid) = await node.ProblemAsync(TestNode.Post("v1/documents/attestations", [], "application/xml"));
        Assert.Equal((HttpStatusCode.BadRequest, (int)Refusal.QueryInvalid), (query, invalid.GetProperty("code").GetInt32()));
    }
}
