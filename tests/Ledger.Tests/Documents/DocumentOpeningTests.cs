using System.Text;
using Ledger.Client.Documents;
using Ledger.Client.Invoices;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Tests.Invoices;

namespace Ledger.Tests.Documents;

public class DocumentOpeningTests
{
    static readonly P256Suite Suite = new();
    static readonly ByteString Salt = new(Enumerable.Range(0, 16).Select(n => (byte)n).ToArray());
    static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(n => (byte)n)];

    // The three digests were computed by another program from the same lines; they are frozen, for ledgers keep them.
    [Fact]
    public void The_commitment_of_an_invoice_is_the_hash_of_its_lines() =>
        Assert.Equal(
            "120b75ee3556acccd7d0fd4f3f767ca2572b42d808ad3ec4ddf1fac9e2ad1f66",
            OfTheMainInvoice().Commitment(Suite).ToString());

    [Fact]
    public void The_fingerprint_of_an_invoice_is_its_national_number_under_the_epochs_key() =>
        Assert.Equal(
            "38ca6efc3ff5f1458f23737e884153229f56c94f1ac685f74c61b5844c871117",
            OfTheMainInvoice().Fingerprint(Suite, Key).ToString());

    [Fact]
    public void The_fingerprint_of_a_contract_is_its_number_between_its_parties() =>
        Assert.Equal(
            "21786323d1672aedd5bdbe2dd45d0d54e0a7ff64778d4229bed9abf7c645fd18",
            Opening(DocumentKind.Contract, "", "粤采合字〔2026〕第12号").Fingerprint(Suite, Key).ToString());

    [Fact]
    public void A_national_number_is_the_same_document_whatever_else_is_said_of_it()
    {
        var invoice = Opening(DocumentKind.Invoice, "", "26990000000000000001");
        Assert.True(DocumentOpening.TryCreate(
            new(new byte[] { 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9 }), DocumentKind.Invoice, "", "26990000000000000001",
            FictionalUscc.Of("310115", 7), FictionalUscc.Of("310115", 8), Currency.Cny, new(1), new(2020, 1, 1), out var contradicting, out _));

        Assert.Equal(invoice.Fingerprint(Suite, Key), contradicting.Fingerprint(Suite, Key));
        Assert.NotEqual(invoice.Commitment(Suite), contradicting.Commitment(Suite));
    }

    [Fact]
    public void Other_numbers_belong_to_their_parties_and_kinds_and_keys()
    {
        var contract = Opening(DocumentKind.Contract, "", "HT-2026-001");
        Assert.True(DocumentOpening.TryCreate(
            Salt, DocumentKind.Contract, "", "HT-2026-001", FictionalUscc.Of("310115", 7), contract.Buyer, contract.Currency, contract.Total,
            contract.Date, out var anothers, out _));
        Hash256[] fingerprints =
        [
            contract.Fingerprint(Suite, Key), anothers.Fingerprint(Suite, Key), contract.Fingerprint(Suite, [1]),
            Opening(DocumentKind.Waybill, "", "HT-2026-001").Fingerprint(Suite, Key),
            Opening(DocumentKind.Invoice, "", "HT-2026-001").Fingerprint(Suite, Key),
            Opening(DocumentKind.Contract, "", "HT-2026001").Fingerprint(Suite, Key),
        ];

        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
    }

    [Fact]
    public void Every_part_is_under_the_commitment()
    {
        var (seller, buyer, other) = (SampleFiles.Supplier.Id, SampleFiles.Core.Id, FictionalUscc.Of("310115", 7));
        var saltier = new ByteString(new byte[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 });
        Assert.True(Currency.TryParse("USD", out var usd));
        (bool, DocumentOpening?)[] openings =
        [
            Try(Salt, DocumentKind.Contract, "", "A1", seller, buyer, Currency.Cny, 1, 1),
            Try(saltier, DocumentKind.Contract, "", "A1", seller, buyer, Currency.Cny, 1, 1),
            Try(Salt, DocumentKind.Waybill, "", "A1", seller, buyer, Currency.Cny, 1, 1),
            Try(Salt, DocumentKind.Contract, "", "A-1", seller, buyer, Currency.Cny, 1, 1),
            Try(Salt, DocumentKind.Contract, "", "A2", seller, buyer, Currency.Cny, 1, 1),
            Try(Salt, DocumentKind.Contract, "", "A1", other, buyer, Currency.Cny, 1, 1),
            Try(Salt, DocumentKind.Contract, "", "A1", seller, other, Currency.Cny, 1, 1),
            Try(Salt, DocumentKind.Contract, "", "A1", seller, buyer, usd, 1, 1),
            Try(Salt, DocumentKind.Contract, "", "A1", seller, buyer, Currency.Cny, 2, 1),
            Try(Salt, DocumentKind.Contract, "", "A1", seller, buyer, Currency.Cny, 1, 2),
        ];

        Assert.All(openings, opening => Assert.True(opening.Item1));
        Assert.Equal(openings.Length, openings.Select(opening => opening.Item2?.Commitment(Suite)).Distinct().Count());

        static (bool, DocumentOpening?) Try(
            ByteString salt, DocumentKind kind, string code, string number, PartyId seller, PartyId buyer, Currency currency, ulong total, int day) =>
            (DocumentOpening.TryCreate(salt, kind, code, number, seller, buyer, currency, new(total), new(2026, 1, day), out var opening, out _), opening);
    }

    [Fact]
    public void An_opening_lacks_nothing()
    {
        var (seller, buyer, date) = (SampleFiles.Supplier.Id, SampleFiles.Core.Id, new DateOnly(2026, 3, 10));

        Assert.False(DocumentOpening.TryCreate(new(new byte[15]), DocumentKind.Contract, "", "1", seller, buyer, Currency.Cny, new(1), date, out _, out _));
        Assert.False(DocumentOpening.TryCreate(Salt, default, "", "1", seller, buyer, Currency.Cny, new(1), date, out _, out _));
        Assert.False(DocumentOpening.TryCreate(Salt, DocumentKind.Contract, "", " - ", seller, buyer, Currency.Cny, new(1), date, out _, out _));
        Assert.False(DocumentOpening.TryCreate(Salt, DocumentKind.Contract, "", "1", default, buyer, Currency.Cny, new(1), date, out _, out _));
        Assert.False(DocumentOpening.TryCreate(Salt, DocumentKind.Contract, "", "1", seller, default, Currency.Cny, new(1), date, out _, out _));
        Assert.False(DocumentOpening.TryCreate(Salt, DocumentKind.Contract, "", "1", seller, buyer, default, new(1), date, out _, out _));
        Assert.False(DocumentOpening.TryCreate(Salt, DocumentKind.Contract, "", "1", seller, buyer, Currency.Cny, Amount.Zero, date, out _, out _));
        Assert.False(DocumentOpening.TryCreate(Salt, DocumentKind.Contract, "", "1", seller, buyer, Currency.Cny, new(Amount.MaxMinor + 1), date, out _, out _));
    }

    [Theory]
    [InlineData(DocumentKind.Invoice, "", "26990000000000000001")]
    [InlineData(DocumentKind.Invoice, "3100261130", "00000123")]
    [InlineData(DocumentKind.Contract, "", "粤采合字〔2026〕第12号")]
    [InlineData(DocumentKind.WarehouseReceipt, "", "A\"\\1")]
    public void What_is_written_to_a_file_is_read_back(DocumentKind kind, string code, string number)
    {
        var opening = Opening(kind, code, number);

        Assert.True(DocumentOpening.TryReadJson(opening.ToJson(), out var read));
        Assert.Equal(opening, read);
        Assert.Equal(opening.Commitment(Suite), read.Commitment(Suite));
    }

    [Fact]
    public void The_file_is_json_that_people_can_read() =>
        Assert.Equal(
            $$"""
            {
              "salt": "AAECAwQFBgcICQoLDA0ODw",
              "kind": "invoice",
              "code": "",
              "number": "26990000000000000001",
              "paper": "",
              "seller": "{{SampleFiles.Supplier.Id}}",
              "buyer": "{{SampleFiles.Core.Id}}",
              "currency": "CNY",
              "total": "100000000",
              "date": "2026-03-10"
            }
            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(OfTheMainInvoice().ToJson()));

    [Theory]
    [InlineData("\"kind\": \"invoice\"", "\"kind\": \"Invoice\"")]
    [InlineData("\"kind\": \"invoice\"", "\"kind\": 1")]
    [InlineData("\"kind\": \"invoice\"", "\"kind\": null")]
    [InlineData("\"kind\": \"invoice\",", "")]
    [InlineData("\"kind\": \"invoice\",", "\"kind\": \"invoice\", \"kind\": \"invoice\",")]
    [InlineData("\"kind\": \"invoice\",", "\"kind\": \"invoice\", \"remark\": \"\",")]
    [InlineData("\"kind\"", "\"Kind\"")]
    [InlineData("\"code\": \"\"", "\"code\": \"3100261130\"")]
    [InlineData("\"26990000000000000001\"", "\"2699-0000-0000-0000-0001\"")]
    [InlineData("\"26990000000000000001\"", "26990000000000000001")]
    [InlineData("\"paper\": \"\",", "")]
    [InlineData("\"paper\": \"\"", "\"paper\": \"4403261130 12345678\"")]
    [InlineData("\"paper\": \"\"", "\"paper\": \"26990000000000000002\"")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0O")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0ODx")]
    [InlineData("\"CNY\"", "\"RMB\"")]
    [InlineData("\"100000000\"", "\"0100000000\"")]
    [InlineData("\"100000000\"", "100000000")]
    [InlineData("2026-03-10", "2026-3-10")]
    [InlineData("2026-03-10", "2026-02-30")]
    [InlineData("\n}", ",\n}")]
    [InlineData("\n}", "\n} {}")]
    [InlineData("{", "// opening\n{")]
    public void A_file_that_says_it_in_any_other_way_is_refused(string old, string @new)
    {
        var json = Encoding.UTF8.GetString(OfTheMainInvoice().ToJson());
        Assert.Contains(old, json);

        Assert.False(DocumentOpening.TryReadJson(Encoding.UTF8.GetBytes(json.Replace(old, @new)), out _));
    }

    [Theory]
    [InlineData("", "26990000000000000001", "4403261130 12345678", "440326113012345678")]
    [InlineData("4403261130", "12345678", "26990000000000000001", "440326113012345678")]
    [InlineData("044001500111", "00000009", "2699 0000 0000 0000 0001", "04400150011100000009")]
    [InlineData("", "26990000000000000001", "0440 0150 0111 00000009", "04400150011100000009")]
    public void A_digital_invoice_on_paper_is_named_by_its_twenty_digits_whichever_number_comes_first(string code, string number, string second, string paper)
    {
        var opening = Paper(code, number, second);
        Assert.Equal(("", "26990000000000000001", paper), (opening.Code, opening.Number, opening.Paper));

        var plain = Opening(DocumentKind.Invoice, "", "26990000000000000001");
        var form = Opening(DocumentKind.Invoice, paper[..^8], paper[^8..]);
        var marks = opening.Marks(Suite, [(1, Key), (2, [1])]);
        Assert.Equal([plain.Fingerprint(Suite, Key), form.Fingerprint(Suite, Key), plain.Fingerprint(Suite, [1]), form.Fingerprint(Suite, [1])], marks.Fingerprints.Select(one => one.Value));
        Assert.Equal([plain.Skeleton(Suite, Key), form.Skeleton(Suite, Key), plain.Skeleton(Suite, [1]), form.Skeleton(Suite, [1])], marks.Skeletons.Select(one => one.Value));
        Assert.NotEqual(plain.Commitment(Suite), opening.Commitment(Suite));
        Assert.True(DocumentOpening.TryReadJson(opening.ToJson(), out var read));
        Assert.Equal(opening, read);
    }

    [Theory]
    [InlineData(DocumentKind.Invoice, "", "26990000000000000001", "26990000000000000002")]
    [InlineData(DocumentKind.Invoice, "4403261130", "12345678", "4403261130 12345679")]
    [InlineData(DocumentKind.Invoice, "", "26990000000000000001", "12345678")]
    [InlineData(DocumentKind.Invoice, "", "OWN-1", "26990000000000000001")]
    [InlineData(DocumentKind.Contract, "", "HT-1", "26990000000000000001")]
    public void Nothing_else_has_two_numbers(DocumentKind kind, string code, string number, string second)
    {
        var main = SampleFiles.Main;
        Assert.False(DocumentOpening.TryCreate(
            Salt, kind, code, number, second, main.Seller.Id, main.Buyer.Id, main.Currency, main.Total, main.IssueDate, out _, out var why));
        Assert.NotEqual(Refusal.None, why);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"opening\"")]
    public void What_is_no_opening_is_refused(string json) => Assert.False(DocumentOpening.TryReadJson(Encoding.UTF8.GetBytes(json), out _));

    static DocumentOpening OfTheMainInvoice()
    {
        Assert.True(DocumentOpening.TryOf(SampleFiles.Main, Salt, out var opening, out _));
        return opening;
    }

    static DocumentOpening Paper(string code, string number, string second)
    {
        var main = SampleFiles.Main;
        Assert.True(DocumentOpening.TryCreate(
            Salt, DocumentKind.Invoice, code, number, second, main.Seller.Id, main.Buyer.Id, main.Currency, main.Total, main.IssueDate, out var opening, out _));
        return opening;
    }

    static DocumentOpening Opening(DocumentKind kind, string code, string number)
    {
        var main = SampleFiles.Main;
        Assert.True(DocumentOpening.TryCreate(
            Salt, kind, code, number, main.Seller.Id, main.Buyer.Id, main.Currency, main.Total, main.IssueDate, out var opening, out _));
        return opening;
    }
}
