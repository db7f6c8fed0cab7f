using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Documents;

/// <summary>A number that looks like another of the same seller's is that other, unless two banks say that it is not.</summary>
public class LikenessTests
{
    [Fact]
    public void A_look_alike_is_registered_only_as_distinct_from_what_it_looks_like_and_on_a_second_banks_word()
    {
        using var world = new World();
        var first = world.Attested(X, Contract(world, "2026-1-11"));
        var alike = Contract(world, "2026-11-1");

        var refused = world.Refuses(Refusal.DocumentLooksLikeAnother, X, alike, Key(A));
        Assert.Equal((first.ToString(), world.Document(first).AttestedAt), (refused.Facts.Reference, refused.Facts.Conflict?.Since));
        world.Refuses(Refusal.DistinctionNeedsSecondBank, X, alike with { DistinctFrom = [first] }, Key(A));
        world.Refuses(Refusal.DistinctionNeedsSecondBank, X, alike with { DistinctFrom = [first] }, Key(A), Key(B));
        world.Accepts(X, alike with { DistinctFrom = [first] }, Key(A), Key(Y));
        Assert.Equal([first], world.Document(alike.Document).DistinctFrom);
    }

    [Fact]
    public void Whoever_comes_third_names_both()
    {
        using var world = new World();
        var first = world.Attested(X, Contract(world, "2026-1-11"));
        var second = Contract(world, "2026-11-1") with { DistinctFrom = [first] };
        world.Accepts(X, second, Key(A), Key(Y));
        var third = Contract(world, "202-6111");

        Assert.Equal(second.Document.ToString(), world.Refuses(Refusal.DocumentLooksLikeAnother, X, third with { DistinctFrom = [first] }, Key(A), Key(Y)).Facts.Reference);
        world.Refuses(Refusal.DistinctFromOthers, X, third with { DistinctFrom = [first, second.Document, first] }, Key(A), Key(Y));
        world.Refuses(Refusal.DistinctFromOthers, X, third with { DistinctFrom = [first, second.Document, world.Invoice(A, C, 5)] }, Key(A), Key(Y));
        world.Accepts(X, third with { DistinctFrom = [second.Document, first] }, Key(A), Key(Y));
    }

    [Fact]
    public void Nothing_is_distinct_from_what_it_does_not_look_like()
    {
        using var world = new World();
        var other = world.Attested(X, Contract(world, "HT-7"));

        Assert.Equal(other.ToString(), world.Refuses(Refusal.DistinctFromOthers, X, Contract(world, "HT-8") with { DistinctFrom = [other] }, Key(A), Key(Y)).Facts.Reference);
        world.Refuses(Refusal.DistinctFromOthers, X, Contract(world, "HT-8") with { DistinctFrom = [new(5)] }, Key(A), Key(Y));
    }

    [Fact]
    public void The_second_bank_is_neither_a_party_of_the_document_nor_its_sellers_agent_or_bank()
    {
        using var world = new World();
        var first = world.Attested(X, Contract(world, "2026-1-11"));
        var bought = world.Attestation(DocumentKind.Contract, "2026-11-1", A, Y, 100) with { DistinctFrom = [first] };
        world.Refuses(Refusal.DistinctionNeedsSecondBank, X, bought, Key(A), Key(Y));

        var alike = Contract(world, "2026-11-1") with { DistinctFrom = [first] };
        var mandate = world.Granted(A, Y, 1, "offer.accept");
        world.Refuses(Refusal.DistinctionNeedsSecondBank, X, alike, Key(A), Key(Y));
        world.Refuses(Refusal.DistinctionNeedsSecondBank, X, alike, Key(Y));
        world.Until(mandate.Expires);
        world.Accepts(X, alike with { Document = world.New<Document>() }, Key(A), Key(Y));
    }

    [Fact]
    public void Another_sellers_number_may_look_as_it_likes()
    {
        using var world = new World();
        world.Attested(X, Contract(world, "2026-1-11"));

        world.Accepts(X, world.Attestation(DocumentKind.Contract, "2026-11-1", B, C, 100), Key(B));
    }

    [Fact]
    public void One_number_under_two_names_waits_for_a_second_bank()
    {
        using var world = new World();
        var first = world.Attested(X, world.Attestation(DocumentKind.Invoice, "555", A, C, 1_000));
        foreach (var kind in new[] { DocumentKind.Contract, DocumentKind.Waybill, DocumentKind.WarehouseReceipt, DocumentKind.CustomsDeclaration })
            Assert.Equal(first.ToString(), world.Refuses(Refusal.DocumentLooksLikeAnother, Y, world.Attestation(kind, "555", A, C, 1_000), Key(A)).Facts.Reference);

        world.Accepts(Y, world.Attestation(DocumentKind.Contract, "555", A, C, 1_000) with { DistinctFrom = [first] }, Key(A), Key(Z));
    }

    [Fact]
    public void A_look_alike_is_found_across_key_epochs()
    {
        using var world = new World();
        var first = world.Attested(X, Contract(world, "2026-1-11"));
        world.OpenEpoch();

        Assert.Equal(first.ToString(), world.Refuses(Refusal.DocumentLooksLikeAnother, Y, Contract(world, "2026-11-1"), Key(A)).Facts.Reference);
    }

    [Fact]
    public void A_red_letter_written_in_another_way_counts_once_too()
    {
        using var world = new World();
        var document = world.Invoice(A, C, 100);
        world.Accepts(X, world.RedLetter(document, 30, "RED-1-11"));

        Assert.Equal(document.ToString(), world.Refuses(Refusal.DocumentLooksLikeAnother, Y, world.RedLetter(document, 30, "RED-11-1")).Facts.Reference);
        world.Refuses(Refusal.DocumentLooksLikeAnother, Y, world.Attestation(DocumentKind.Invoice, "RED-11-1", A, C, 30), Key(A));
        Assert.Equal(new Amount(70), world.Document(document).Available);
        var distinct = world.RedLetter(document, 30, "RED-11-1") with { DistinctFrom = [document] };
        world.Refuses(Refusal.DistinctionNeedsSecondBank, Y, distinct, Key(X));
        world.Accepts(Y, distinct, Key(Z));
        Assert.Equal(new Amount(40), world.Document(document).Available);
    }

    [Theory]
    [InlineData("269900000000", "00000001")]
    [InlineData("", "'26990000000000000001")]
    [InlineData("", "No. 26990000000000000001...")]
    public void An_invoice_typed_as_code_and_number_is_the_one_that_is_pledged_already(string code, string number)
    {
        using var world = new World();
        var first = world.Attested(X, world.Attestation(DocumentKind.Invoice, "26990000000000000001", A, C, 100));
        world.Accepts(A, new PledgeDocuments(world.New<Offer>(), Y, Currency.Cny, new(100), [new(first, new(100))], world.Tomorrow));

        Assert.Equal(
            first.ToString(), world.Refuses(Refusal.DocumentAlreadyRegistered, Y, world.Attestation(DocumentKind.Invoice, number, A, C, 100, code: code), Key(A)).Facts.Reference);
    }

    static AttestDocument Contract(World world, string number) => world.Attestation(DocumentKind.Contract, number, A, C, 100);
}
