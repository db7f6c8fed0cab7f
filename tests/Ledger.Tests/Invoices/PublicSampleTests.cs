using System.Xml.Linq;
using Ledger.Client.Documents;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Invoices;

/// <summary>Every public sample by others, file by file: what it says, as a person reads it, or why it is refused.</summary>
public class PublicSampleTests
{
    static readonly Dictionary<string, object> Expected = new()
    {
        // The sellers' and buyers' numbers are masked.
        ["einvoice-cn/demo.xml"] = new Paper(
            "01234567890123456789", "2024-01-24", null, "CNY", Net: 15841_58, Tax: 158_42, Total: 16000_00, Payable: 16000_00,
            "广州市XXXXXXX有限公司", [new("USCC", "012345678901234567")], "广州XXXXXXXXXXX公司", [new("USCC", "012345678901234567")], Lines: 1),
        ["einvoice-cn/sample_einvoice.xml"] = new Paper(
            "99990000000000000001", "2026-05-19", null, "CNY", Net: 1000_00, Tax: 130_00, Total: 1130_00, Payable: 1130_00,
            "测试销售方有限公司", [new("USCC", "91SELLERTAXID00000X")], "测试购买方有限公司", [new("USCC", "91BUYERTAXID00000Y")], Lines: 2),

        // Its currency stands at its amounts only; it states no tax.
        ["ubl/UBL-Invoice-2.1-Example-Trivial.xml"] = new Paper(
            "123", "2011-09-22", null, "CAD", Net: 100_00, Tax: 0, Total: 100_00, Payable: 100_00,
            "Custom Cotter Pins", [], "North American Veeblefetzer", [], Lines: 1),

        // 1436.50 + 292.20 = 1728.70; its TaxInclusiveAmount 1729 contains the rounding of 0.30; 1000 were prepaid.
        ["ubl/UBL-Invoice-2.1-Example.xml"] = new Paper(
            "TOSL108", "2009-12-15", "2009-12-31", "EUR", Net: 1436_50, Tax: 292_20, Total: 1728_70, Payable: 729_00,
            "The Sellercompany Incorporated", [new("ZZZ", "Supp123"), new("DKVAT", "DK12345"), new("CVR", "5402697509")],
            "The buyercompany inc.", [new("ZZZ", "345KS5324"), new("BEVAT", "BE54321"), new("ZZZ", "5645342123")], Lines: 5),

        // An enveloped signature among its extensions; due by its way of payment; it leaves out the total with tax.
        ["ubl/UBL-Invoice-2.0-Enveloped.xml"] = new Paper(
            "A00095678", "2005-06-21", "2005-07-21", "GBP", Net: 90_00, Tax: 17_50, Total: 107_50, Payable: 107_50,
            "Consortial", [new("VAT", "175 269 2355")], "IYT Corporation", [new("UK VAT", "12356478")], Lines: 1),

        ["ubl/UBL-CreditNote-2.1-Example.xml"] = new ImportProblem(Refusal.RedLetter, "/"),
        ["ubl/UBL-Invoice-2.1-Example.json"] = new ImportProblem(Refusal.NotXml, "line 1, column 1"),
        ["ubl/UBL-Order-2.1-Example.xml"] = new ImportProblem(Refusal.NotAnInvoice, "/", "Order"),
        ["ubl/UBL-RemittanceAdvice-2.0-Example.xml"] = new ImportProblem(Refusal.NotAnInvoice, "/", "RemittanceAdvice"),
        ["ubl/UBL-Statement-2.0-Example.xml"] = new ImportProblem(Refusal.NotAnInvoice, "/", "Statement"),

        ["xrechnung/01.01a-INVOICE_ubl.xml"] = new Paper(
            "123456XX", "2016-04-04", null, "EUR", Net: 314_86, Tax: 22_04, Total: 336_90, Payable: 336_90,
            "[Seller name]", [new("VAT", "DE 123456789"), new("", "[HRA-Eintrag]")], "[Buyer name]", [new("", "[Buyer identifier]")], Lines: 2),
        ["xrechnung/01.01a-INVOICE_uncefact.xml"] = new Paper(
            "123456XX", "2016-04-04", null, "EUR", Net: 314_86, Tax: 22_04, Total: 336_90, Payable: 336_90,
            "[Seller name]", [new("", "[HRA-Eintrag]"), new("VA", "DE 123456789")], "[Buyer name]", [new("", "[Buyer identifier]")], Lines: 2),
        ["xrechnung/01.04a-INVOICE_ubl.xml"] = new Paper(
            "1234/78/901", "2016-06-16", null, "EUR", Net: 120_00, Tax: 0, Total: 120_00, Payable: 120_00,
            "[Seller name]", [new("???", "12/345/67890"), new("", "VR 12345 Nz")], "[Buyer name]", [], Lines: 1),
        ["xrechnung/01.05_minimal_test_ubl.xml"] = new Paper(
            "1234567", "2018-04-13", "2018-04-13", "EUR", Net: 4743_75, Tax: 0, Total: 4743_75, Payable: 4743_75,
            "[Seller name]", [new("", "9876543217894897438")], "[Buyer name]", [], Lines: 1),
        ["xrechnung/01.05a-INVOICE_ubl.xml"] = new Paper(
            "PRG1502112", "2015-04-24", null, "EUR", Net: 8870_00, Tax: 1685_30, Total: 10555_30, Payable: 10555_30,
            "[Seller name]", [new("VAT", "DE123456789"), new("", "HRB 123456")], "[Buyer name]", [new("", "BI123456")], Lines: 4),
        ["xrechnung/01.06a-INVOICE_ubl.xml"] = new Paper(
            "R123456789", "2016-07-06", null, "EUR", Net: 18236_72, Tax: 3464_98, Total: 21701_70, Payable: 21701_70,
            "[Seller name]", [new("VAT", "DE123456789"), new("", "HRB 123456")], "[Buyer name]", [new("", "B123456789")], Lines: 7),
        ["xrechnung/01.10a-INVOICE_ubl.xml"] = new Paper(
            "Rechnungsnummer", "2016-06-27", null, "EUR", Net: 2180_00, Tax: 414_20, Total: 2594_20, Payable: 2594_20,
            "[Seller name]", [new("VAT", "DE123456789"), new("???", "123/456/789"), new("", "HRB 123456")], "[Buyer name]", [], Lines: 1),
        ["xrechnung/01.12a-INVOICE_ubl.xml"] = new Paper(
            "Rechnungsnummer", "2016-03-02", "2016-03-16", "EUR", Net: 256_61, Tax: 48_76, Total: 305_37, Payable: 305_37,
            "[Seller name]", [new("VAT", "DE123456789"), new("", "HRB 123")], "[Buyer name]", [], Lines: 5),
        ["xrechnung/01.13a-INVOICE_ubl.xml"] = new Paper(
            "Rechnungsnummer", "2015-01-09", "2015-01-24", "EUR", Net: 5330_00, Tax: 1012_70, Total: 6342_70, Payable: 6342_70,
            "[Seller name]", [new("VAT", "DE123456789"), new("???", "123/456/789"), new("", "HRB 123")], "[Buyer name]", [], Lines: 11),
    };

    public static TheoryData<string> Files => [.. Expected.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_file_is_what_a_person_reads_in_it(string name)
    {
        var file = File.ReadAllBytes(SharedData.Require(name.Split('/')));

        if (Expected[name] is ImportProblem refused) Assert.Equal(refused, InvoiceReaderTests.Refused(file));
        else Assert.Equal(Expected[name], Paper.Of(InvoiceReaderTests.Taken(file)));
    }

    [Fact]
    public void No_file_is_left_out()
    {
        foreach (var folder in new[] { "ubl", "xrechnung", "einvoice-cn" })
        {
            var files = Directory.GetFiles(SharedData.Require(folder)).Select(file => $"{folder}/{Path.GetFileName(file)}");
            Assert.Equal(Expected.Keys.Where(name => name.StartsWith($"{folder}/", StringComparison.Ordinal)).Order(), files.Order());
        }
    }

    [Fact]
    public void Foreign_parties_without_a_number_that_the_ledger_knows_stop_only_at_the_ledger()
    {
        var invoice = InvoiceReaderTests.Taken(File.ReadAllBytes(SharedData.Require("xrechnung", "01.01a-INVOICE_ubl.xml")));

        Assert.False(DocumentOpening.TryOf(invoice, new(new byte[DocumentOpening.SaltSize]), out _, out var problem));
        Assert.Equal(new(Refusal.SellerNotIdentified, "Seller", "[Seller name]"), problem);
    }

    [Fact]
    public void The_masked_sample_of_version_031_is_parsed_whole_and_stops_at_the_ledger_for_its_sellers_number()
    {
        var file = SharedData.Require("einvoice-cn", "demo.xml");
        var parsed = Parsed(file);

        Assert.Equal(("0.31", "Y", "01"), (parsed.Version, parsed.BlueFlag, parsed.KindCode));
        Assert.Equal(("01234567890123456789", "2024-01-24"), (parsed.Number, parsed.IssueTime));
        Assert.Equal(("012345678901234567", "广州市XXXXXXX有限公司"), (parsed.SellerNumber, parsed.SellerName));
        Assert.Equal(("012345678901234567", "广州XXXXXXXXXXX公司"), (parsed.BuyerNumber, parsed.BuyerName));
        Assert.Equal(("15841.58", "158.42", "16000.00", "壹万陆仟圆整"), (parsed.TotalWithoutTax, parsed.Tax, parsed.Total, parsed.TotalInChinese));
        Assert.Null(parsed.BlueNumber);
        Assert.Equal(
            new EInvoiceLine("EInvoiceData/IssuItemInformation[1]", "*信息技术服务*信息技术服务", "15841.58", "158.42"),
            Assert.Single(parsed.Lines));

        Assert.False(DocumentOpening.TryOf(InvoiceReaderTests.Taken(File.ReadAllBytes(file)), new(new byte[DocumentOpening.SaltSize]), out _, out var problem));
        Assert.Equal(new(Refusal.SellerNumberInvalid, "Seller", "012345678901234567"), problem);
    }

    [Fact]
    public void The_fictional_sample_of_version_032_is_parsed_whole_and_stops_at_the_ledger_for_its_sellers_number()
    {
        var file = SharedData.Require("einvoice-cn", "sample_einvoice.xml");
        var parsed = Parsed(file);

        Assert.Equal(("0.32", null, "01"), (parsed.Version, parsed.BlueFlag, parsed.KindCode));
        Assert.Equal(("99990000000000000001", "2026-05-19"), (parsed.Number, parsed.IssueTime));
        Assert.Equal(("91SELLERTAXID00000X", "测试销售方有限公司"), (parsed.SellerNumber, parsed.SellerName));
        Assert.Equal(("91BUYERTAXID00000Y", "测试购买方有限公司"), (parsed.BuyerNumber, parsed.BuyerName));
        Assert.Equal(("1000.00", "130.00", "1130.00", "壹仟壹佰叁拾圆整"), (parsed.TotalWithoutTax, parsed.Tax, parsed.Total, parsed.TotalInChinese));
        Assert.Equal("测试备注内容", parsed.Remark);
        Assert.Equal(
            [
                new("EInvoiceData/IssuItemInformation[1]", "*交通运输设备*测试软管甲", "1000.00", "130.00"),
                new("EInvoiceData/IssuItemInformation[2]", "*交通运输设备*无规格测试品", "0.00", "0.00"),
            ],
            parsed.Lines);

        Assert.False(DocumentOpening.TryOf(InvoiceReaderTests.Taken(File.ReadAllBytes(file)), new(new byte[DocumentOpening.SaltSize]), out _, out var problem));
        Assert.Equal(new(Refusal.SellerNumberInvalid, "Seller", "91SELLERTAXID00000X"), problem);
    }

    [Theory]
    [InlineData("demo.xml", 1_600_000, 1_584_158, 15_842)]
    [InlineData("sample_einvoice.xml", 113_000, 100_000, 13_000)]
    public void With_true_tax_numbers_they_would_be_taken(string name, long total, long net, long tax)
    {
        var parsed = Parsed(SharedData.Require("einvoice-cn", name)) with
        {
            SellerNumber = SampleFiles.Supplier.Id.Text,
            BuyerNumber = SampleFiles.Core.Id.Text,
        };

        Assert.True(parsed.TryValidate(out var invoice, out _));
        Assert.Equal((total, net, tax), ((long)invoice.Total.Minor, invoice.NetMinor, invoice.TaxMinor));
        Assert.Equal(InvoiceKind.SpecialVat, invoice.Kind);
    }

    static EInvoice Parsed(string file)
    {
        Assert.True(EInvoice.TryParse(XElement.Load(file), out var parsed, out _));
        return parsed;
    }

    /// <summary>What a person reads on an invoice; amounts in minor units.</summary>
    sealed record Paper(
        string Number, string Issued, string? Due, string Currency, long Net, long Tax, long Total, long Payable,
        string Seller, ValueList<PartyIdentifier> SellerNumbers, string Buyer, ValueList<PartyIdentifier> BuyerNumbers, int Lines)
    {
        public static Paper Of(Invoice invoice) => new(
            invoice.Number, Text(invoice.IssueDate), invoice.DueDate is { } due ? Text(due) : null, invoice.Currency.Code,
            invoice.NetMinor, invoice.TaxMinor, (long)invoice.Total.Minor, (long)invoice.Payable.Minor,
            invoice.Seller.Name, invoice.Seller.Identifiers, invoice.Buyer.Name, invoice.Buyer.Identifiers, invoice.Lines.Count);

        static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }
}
