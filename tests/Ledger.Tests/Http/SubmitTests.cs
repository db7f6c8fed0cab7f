using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Tests.Http;

public sealed class SubmitTests(TestNode node) : IClassFixture<TestNode>
{
    [Fact]
    public async Task An_accepted_transaction_is_told_with_its_place_and_its_effects()
    {
        var instrument = await node.ReceivableAsync(30_000_000);
        var (offer, invoice) = (TestNode.New<Offer>(), await node.InvoiceAsync(node.B, node.A, 10_000_000));
        var draft = TestNode.Draft(node.A, TestNode.Transfer(offer, instrument, node.B, 10_000_000, invoice));

        var answer = await node.AcceptedAsync(node.Sign(draft));

        Assert.Equal("accepted", answer.GetProperty("status").GetString());
        Assert.Equal(0, answer.GetProperty("code").GetInt32());
        Assert.Equal(node.A.Text, answer.GetProperty("party").GetString());
        Assert.Equal(draft.Id.ToString(), answer.GetProperty("id").GetString());
        Assert.Equal(node.Genesis.Chain.Suite.Hash(TransactionText.WritePayload(draft)).ToString(), answer.GetProperty("payloadHash").GetString());
        Assert.Equal(TestNode.Start.UnixMilliseconds, answer.GetProperty("ledgerTime").GetInt64());
        Assert.False(answer.GetProperty("replayed").GetBoolean());
        Assert.Equal(node.Loop.Reader.View.Header.Height, answer.GetProperty("height").GetUInt64());

        var effect = Assert.Single(answer.GetProperty("effects").EnumerateArray());
        Assert.Equal("transferOffered", effect.GetProperty("kind").GetString());
        Assert.Equal(offer.ToString(), effect.GetProperty("offer").GetString());
        Assert.Equal(instrument.ToString(), effect.GetProperty("instrument").GetString());
        Assert.Equal("1-10000000", Assert.Single(effect.GetProperty("units").EnumerateArray()).GetString());
        Assert.Equal("10000000", effect.GetProperty("amount").GetString());
        Assert.Equal(node.B.Text, effect.GetProperty("to").GetString());
    }

    [Fact]
    public async Task The_same_bytes_again_get_the_first_answer()
    {
        var transaction = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);
        var first = await node.AcceptedAsync(transaction);

        var again = await node.AcceptedAsync(transaction);

        Assert.True(again.GetProperty("replayed").GetBoolean());
        Assert.Equal(first.GetProperty("leaf").GetUInt64(), again.GetProperty("leaf").GetUInt64());
        Assert.Equal(first.GetProperty("height").GetUInt64(), again.GetProperty("height").GetUInt64());
    }

    [Fact]
    public async Task The_same_id_for_something_else_is_a_conflict()
    {
        var first = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));
        await node.AcceptedAsync(node.Sign(first, node.A));

        var answer = await node.RefusedAsync(Refusal.IdUsedForOther, node.Sign(first with { Operations = [node.Attestation(node.A, node.C, 6)] }, node.A));

        Assert.Equal(409, answer.HttpStatus);
    }

    [Fact]
    public async Task A_double_pledge_attempt_goes_on_the_record_and_stays_the_answer()
    {
        var instrument = await node.ReceivableAsync(1_000);
        var invoice = await node.InvoiceAsync(node.B, node.A, 2_000);
        var taken = TestNode.New<Offer>();
        await node.AcceptedAsync(node.A, TestNode.Transfer(taken, instrument, node.B, 1_000, invoice));
        var attempt = node.Sign(TestNode.Draft(node.A, TestNode.Transfer(TestNode.New<Offer>(), instrument, node.B, 1_000, invoice)));

        var answer = await node.RefusedAsync(Refusal.UnitsOffered, attempt);

        Assert.Equal(422, answer.HttpStatus);
        Assert.Equal("urn:ledger:refusal:5001", answer.Body.GetProperty("type").GetString());
        Assert.Equal("UnitsOffered", answer.Body.GetProperty("title").GetString());
        Assert.Equal($"The units are already offered: offer {taken}, since 2026-04-01 09:00:00 +08:00; CNY 0.00 available", answer.SentenceEn);
        Assert.Equal($"份额已要约给他人：要约 {taken}，自 2026-04-01 09:00:00 +08:00；可用 CNY 0.00", answer.Sentence);
        var conflict = answer.Body.GetProperty("facts").GetProperty("conflict");
        Assert.Equal("offer", conflict.GetProperty("kind").GetString());
        Assert.Equal(taken.ToString(), conflict.GetProperty("reference").GetString());
        Assert.Equal(TestNode.Start.UnixMilliseconds, conflict.GetProperty("since").GetInt64());

        var again = await node.RefusedAsync(Refusal.UnitsOffered, attempt);
        Assert.True(again.Body.GetProperty("replayed").GetBoolean());
        Assert.Equal("The units are already offered.", again.SentenceEn);
        Assert.Equal(answer.Body.GetProperty("leaf").GetUInt64(), again.Body.GetProperty("leaf").GetUInt64());

        var attempts = await node.GetAsync("v1/attempts");
        Assert.Contains(attempts.GetProperty("attempts").EnumerateArray(), one => one.GetProperty("leaf").GetUInt64() == answer.Body.GetProperty("leaf").GetUInt64());
    }

    [Fact]
    public async Task An_ordinary_refusal_leaves_no_entry()
    {
        var height = node.Loop.Reader.View.Header.Height;

        var answer = await node.RefusedAsync(Refusal.OfferNotFound, node.Sign(TestNode.Draft(node.A, new AcceptOffer(TestNode.New<Offer>()))));

        Assert.Equal(422, answer.HttpStatus);
        Assert.False(answer.Body.TryGetProperty("leaf", out _));
        Assert.Equal(height, node.Loop.Reader.View.Header.Height);
    }

    [Fact]
    public async Task What_is_available_is_told_in_minor_units_and_in_words()
    {
        var instrument = await node.ReceivableAsync(123_456);
        var invoice = await node.InvoiceAsync(node.B, node.A, 100);
        var issue = TestNode.Transfer(TestNode.New<Offer>(), instrument, node.B, 101, invoice);

        var answer = await node.RefusedAsync(Refusal.DocumentUsedUp, node.Sign(TestNode.Draft(node.A, issue)));

        Assert.Equal("100", answer.Body.GetProperty("facts").GetProperty("available").GetString());
        Assert.Equal("CNY", answer.Body.GetProperty("facts").GetProperty("currency").GetString());
        Assert.Equal("The document does not cover this: CNY 1.00 available.", answer.SentenceEn);
    }

    [Theory]
    [InlineData("trailing", 400, Refusal.Malformed)]
    [InlineData("not json", 400, Refusal.Malformed)]
    [InlineData("empty", 400, Refusal.Malformed)]
    [InlineData("no operations", 400, Refusal.NoOperations)]
    [InlineData("other chain", 400, Refusal.WrongChain)]
    [InlineData("other algorithm", 400, Refusal.WrongAlgorithm)]
    [InlineData("signer missing", 400, Refusal.SignersDiffer)]
    [InlineData("too large", 413, Refusal.TooLarge)]
    [InlineData("unknown key", 401, Refusal.KeyUnknown)]
    [InlineData("false signature", 401, Refusal.SignatureInvalid)]
    [InlineData("expired", 422, Refusal.Expired)]
    [InlineData("expiry too far", 422, Refusal.ExpiryTooFar)]
    public async Task What_cannot_be_taken_has_its_number_and_its_status(string what, int status, Refusal expected)
    {
        var (found, problem) = await node.ProblemAsync(TestNode.Post("v1/transactions", Wrong(what), "application/json"));

        Assert.Equal((HttpStatusCode)status, found);
        Assert.Equal((int)expected, problem.GetProperty("code").GetInt32());
        Assert.Equal(expected.ToString(), problem.GetProperty("title").GetString());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detailZh").GetString()!);
        Assert.True(problem.TryGetProperty("ledgerTime", out _));
    }

    [Fact]
    public async Task Only_the_media_types_of_a_transaction_are_taken()
    {
        var transaction = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);

        var (status, problem) = await node.ProblemAsync(TestNode.Post("v1/transactions", transaction, "text/plain"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Equal((int)Refusal.MediaTypeWrong, problem.GetProperty("code").GetInt32());

        using var taken = await node.Http.SendAsync(TestNode.Post("v1/transactions", transaction, "application/jose+json"), TestNode.Cancel);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Fact]
    public async Task Who_does_not_wait_is_told_where_the_answer_will_be()
    {
        var draft = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));
        var transaction = node.Sign(draft, node.A);

        using var response = await node.Http.SendAsync(TestNode.Post("v1/transactions?wait=none", transaction, "application/json"), TestNode.Cancel);
        var location = response.Headers.Location?.ToString();
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal($"/v1/transactions/{node.X}/{draft.Id}", location);

        // Sending it again waits for the same answer.
        await node.AcceptedAsync(transaction);
        var found = await node.GetAsync($"v1/transactions/{node.X}/{draft.Id}");
        Assert.Equal("accepted", found.GetProperty("status").GetString());
        Assert.Equal(draft.Id.ToString(), found.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Who_does_not_wait_hears_at_once_what_admission_refuses()
    {
        var refused = node.Sign(TestNode.Draft(node.A, new AcceptOffer(TestNode.New<Offer>())));

        var answer = await node.Api.SubmitAsync(refused, wait: false, TestNode.Cancel);

        Assert.Equal(Refusal.OfferNotFound, answer.Code);
    }

    [Fact]
    public async Task A_dry_run_answers_as_if_and_changes_nothing()
    {
        var height = node.Loop.Reader.View.Header.Height;
        var good = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);

        var accepted = await node.Api.DryRunAsync(good, TestNode.Cancel);
        var refused = await node.Api.DryRunAsync(node.Sign(TestNode.Draft(node.A, new AcceptOffer(TestNode.New<Offer>()))), TestNode.Cancel);

        Assert.Equal("wouldBeAccepted", accepted.Body.GetProperty("status").GetString());
        Assert.Equal("documentAttested", accepted.Body.GetProperty("effects")[0].GetProperty("kind").GetString());
        Assert.Equal((422, Refusal.OfferNotFound), (refused.HttpStatus, refused.Code));
        Assert.Equal(height, node.Loop.Reader.View.Header.Height);
        await node.AcceptedAsync(good);
    }

    byte[] Wrong(string what)
    {
        var draft = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));
        var good = node.Sign(draft, node.A);
        return what switch
        {
            "trailing" => [.. good, (byte)' '],
            "not json" => "hello"u8.ToArray(),
            "empty" => [],
            "no operations" => node.Sign(draft with { Operations = [] }),
            "other chain" => node.Sign(draft, new Hash256(1, 2), node.A),
            "other algorithm" => WithHeader(good, header => header.Replace("ES256", "SM2", StringComparison.Ordinal)),
            "signer missing" => WithoutLastSignature(good),
            "too large" => [.. good, .. new byte[TransactionText.MaxSize]],
            "unknown key" => node.Sign(TestNode.Draft(node.Stranger, new AcceptOffer(TestNode.New<Offer>()))),
            "false signature" => WithFalseSignature(good),
            "expired" => node.Sign(draft with { Expires = TestNode.Start }, node.A),
            "expiry too far" => node.Sign(draft with { Expires = TestNode.Start.Add(Timestamp.Day + 1) }, node.A),
            _ => throw new ArgumentException(what, nameof(what)),
        };
    }

    static byte[] WithHeader(byte[] transaction, Func<string, string> change)
    {
        using var jws = JsonDocument.Parse(transaction);
        var header = jws.RootElement.GetProperty("signatures")[0].GetProperty("protected").GetString()!;
        Assert.True(Base64Url.TryDecode(header, out var text));
        var changed = Base64Url.Encode(Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(text))));
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(transaction).Replace(header, changed, StringComparison.Ordinal));
    }

    static byte[] WithoutLastSignature(byte[] transaction)
    {
        var text = Encoding.UTF8.GetString(transaction);
        return Encoding.UTF8.GetBytes(text[..text.LastIndexOf(",{\"protected\"", StringComparison.Ordinal)] + "]}");
    }

    static byte[] WithFalseSignature(byte[] transaction)
    {
        var text = Encoding.UTF8.GetString(transaction);
        var place = text.LastIndexOf("\"signature\":\"", StringComparison.Ordinal) + "\"signature\":\"".Length;
        return Encoding.UTF8.GetBytes(text[..place] + (text[place] == 'A' ? 'B' : 'A') + text[(place + 1)..]);
    }
}
