using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Client.Disclosures;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Http;

public sealed class DisclosureTests(TestNode node) : IClassFixture<TestNode>
{
    readonly DisclosureSet terms = DisclosureSet.Empty.With(Term.Price, new Amount(29_000)).With(Term.Contact, "王五 13800000000").With(Term.Fees, new Amount(50));

    [Fact]
    public async Task Hidden_terms_of_an_accepted_operation_are_kept_and_given_back()
    {
        var file = await TransferredAsync(terms);

        var first = await node.Api.DiscloseAsync(file.ToJson(), TestNode.Cancel);
        Assert.Equal((200, 3, 0), (first.HttpStatus, Number(first.Body, "kept"), Number(first.Body, "heldBefore")));
        var again = await node.Api.DiscloseAsync(file.ToJson(), TestNode.Cancel);
        Assert.Equal((200, 0, 3), (again.HttpStatus, Number(again.Body, "kept"), Number(again.Body, "heldBefore")));

        var held = await node.Api.DisclosuresAsync(file.Party, file.Id, TestNode.Cancel);
        Assert.Equal(0, held?.Unreadable);
        Assert.Equal(file.ToJson(), Assert.Single(held!.Files).ToJson());
    }

    [Fact]
    public async Task Each_recipient_may_be_told_a_part_and_the_parts_add_up()
    {
        var file = await TransferredAsync(terms);
        var (price, rest) = (Part(file, Term.Price), Part(file, Term.Contact, Term.Fees));

        Assert.True((await node.Api.DiscloseAsync(price.ToJson(), TestNode.Cancel)).IsAccepted);
        Assert.Null((await node.Api.DisclosuresAsync(file.Party, file.Id, TestNode.Cancel))!.Files[0].Set[Term.Contact]);
        Assert.True((await node.Api.DiscloseAsync(rest.ToJson(), TestNode.Cancel)).IsAccepted);

        Assert.Equal(file.ToJson(), Assert.Single((await node.Api.DisclosuresAsync(file.Party, file.Id, TestNode.Cancel))!.Files).ToJson());
    }

    [Fact]
    public async Task A_disclosure_that_the_operation_does_not_carry_is_refused_and_nothing_of_its_set_is_kept()
    {
        var file = await TransferredAsync(terms);

        var problem = await RefusedAsync(422, Refusal.DisclosureNotCommitted, file with { Set = file.Set.With(Term.Rate, new Rate(38_500)) });
        Assert.Equal("rate", problem.GetProperty("facts").GetProperty("reason").GetString());
        await RefusedAsync(422, Refusal.DisclosureNotCommitted, file with { Set = file.Set.With(Term.Price, new Amount(29_000)) });
        Assert.Null(await node.Api.DisclosuresAsync(file.Party, file.Id, TestNode.Cancel));
    }

    [Fact]
    public async Task Disclosures_of_what_is_not_there_or_was_refused_have_their_numbers()
    {
        var file = await TransferredAsync(terms);
        await RefusedAsync(404, Refusal.NotFound, file with { Id = TestNode.New<Transaction>() });
        await RefusedAsync(422, Refusal.DisclosedOperationMissing, file with { Operation = 1 });
        await RefusedAsync(422, Refusal.DisclosedOnAnotherChain, file with { Chain = new(1, 2) });

        // The same invoice again: an attempt that goes on the record as refused, with its hidden terms.
        var (instrument, invoice) = (await node.ReceivableAsync(200), await node.InvoiceAsync(node.B, node.A, 100));
        await node.AcceptedAsync(node.A, TestNode.Transfer(TestNode.New<Offer>(), instrument, node.B, 100, invoice));
        var refused = TestNode.Draft(node.A, TestNode.Transfer(TestNode.New<Offer>(), instrument, node.B, 100, invoice) with { Terms = terms.Digests(node.Genesis.Chain.Suite) });
        await node.RefusedAsync(Refusal.DocumentUsedUp, node.Sign(refused));
        await RefusedAsync(422, Refusal.DisclosedTransactionRefused, file with { Id = refused.Id });
    }

    [Fact]
    public async Task Malformed_unknown_wrong_and_repeated_terms_have_their_numbers()
    {
        var file = await TransferredAsync(terms);
        await RefusedAsync(400, Refusal.DisclosuresMalformed, "{}");
        await RefusedAsync(422, Refusal.DisclosedTermUnknown, With(file, """["2GLC42sKQveCfGfryNRN9w","discount","1"]"""));
        await RefusedAsync(422, Refusal.DisclosedValueInvalid, With(file, """["2GLC42sKQveCfGfryNRN9w","rate","3.85"]"""));
        await RefusedAsync(422, Refusal.DisclosedTwice, With(file, """["2GLC42sKQveCfGfryNRN9w","price","29000"]"""));
    }

    [Fact]
    public async Task Two_values_under_two_digests_of_one_operation_cannot_both_be_its_price()
    {
        var other = DisclosureSet.Empty.With(Term.Price, new Amount(1));
        ValueList<Hash256> both = [.. terms.Digests(node.Genesis.Chain.Suite).Concat(other.Digests(node.Genesis.Chain.Suite)).Order()];
        var file = await TransferredAsync(terms, both);

        Assert.True((await node.Api.DiscloseAsync(file.ToJson(), TestNode.Cancel)).IsAccepted);
        await RefusedAsync(422, Refusal.DisclosedTwice, file with { Set = other });
    }

    [Fact]
    public async Task A_body_too_large_and_another_media_type_are_not_read()
    {
        var (status, large) = await node.ProblemAsync(TestNode.Post("v1/disclosures", new byte[DisclosureFile.MaxSize + 1], "application/json"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, (int)Refusal.BodyTooLarge), (status, Number(large, "code")));

        var (media, wrong) = await node.ProblemAsync(TestNode.Post("v1/disclosures", "{}"u8.ToArray(), "text/plain"));
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, (int)Refusal.MediaTypeWrong), (media, Number(wrong, "code")));
    }

    [Fact]
    public async Task Where_nothing_is_held_the_answer_is_404_and_a_wrong_path_is_400()
    {
        Assert.Null(await node.Api.DisclosuresAsync(node.A, TestNode.New<Transaction>(), TestNode.Cancel));
        var (status, _) = await node.ProblemAsync(new(HttpMethod.Get, "v1/disclosures/nobody/AAAAAAAAAAAAAAAAAAAAAQ"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task A_full_disk_keeps_no_disclosure_and_does_not_touch_the_ledger()
    {
        var storage = new MemoryStorage();
        await using var full = new TestNode { PrivateStorage = storage };
        await full.InitializeAsync();
        var file = await TransferredAsync(terms, on: full);
        storage.Room = 10;

        var answer = await full.Api.DiscloseAsync(file.ToJson(), TestNode.Cancel);
        Assert.Equal((507, Refusal.DisclosuresNotKept), (answer.HttpStatus, answer.Code));
        await full.ReceivableAsync(100);

        storage.Room = long.MaxValue;
        Assert.True((await full.Api.DiscloseAsync(file.ToJson(), TestNode.Cancel)).IsAccepted);
    }

    [Fact]
    public async Task A_node_without_a_key_keeps_none_and_says_so()
    {
        await using var keyless = new TestNode { PrivateStorage = null };
        await keyless.InitializeAsync();
        var file = await TransferredAsync(terms, on: keyless);

        var answer = await keyless.Api.DiscloseAsync(file.ToJson(), TestNode.Cancel);
        Assert.Equal((501, Refusal.NoPrivateStore), (answer.HttpStatus, answer.Code));
    }

    /// <summary>A transfer whose terms are hidden, as the file that discloses them all.</summary>
    async Task<DisclosureFile> TransferredAsync(DisclosureSet set, ValueList<Hash256>? digests = null, TestNode? on = null)
    {
        var at = on ?? node;
        var (instrument, invoice) = (await at.ReceivableAsync(100), await at.InvoiceAsync(at.B, at.A, 100));
        var transaction = TestNode.Draft(
            at.A, TestNode.Transfer(TestNode.New<Offer>(), instrument, at.B, 100, invoice) with { Terms = digests ?? set.Digests(at.Genesis.Chain.Suite) });
        await at.AcceptedAsync(at.Sign(transaction));
        return new(at.Genesis.Chain.ChainId, at.A, transaction.Id, 0, set);
    }

    Task<JsonElement> RefusedAsync(int status, Refusal expected, DisclosureFile file) => RefusedAsync(status, expected, Encoding.UTF8.GetString(file.ToJson()));

    async Task<JsonElement> RefusedAsync(int status, Refusal expected, string json)
    {
        var answer = await node.Api.DiscloseAsync(Encoding.UTF8.GetBytes(json), TestNode.Cancel);
        Assert.Equal((status, expected), (answer.HttpStatus, answer.Code));
        return answer.Body;
    }

    static DisclosureFile Part(DisclosureFile file, params Term[] parts)
    {
        var set = DisclosureSet.Of(file.Set.All.Where(one => parts.Contains(one.Key)).Select(one => one.Value), out _);
        return file with { Set = Assert.IsType<DisclosureSet>(set) };
    }

    static string With(DisclosureFile file, string disclosure) => Encoding.UTF8.GetString(file.ToJson())
        .Replace("\"disclosures\": [", $"\"disclosures\": [\"{Base64Url.Encode(Encoding.UTF8.GetBytes(disclosure))}\",", StringComparison.Ordinal);

    static int Number(JsonElement body, string name) => body.GetProperty(name).GetInt32();
}
