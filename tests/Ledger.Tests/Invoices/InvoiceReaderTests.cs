using System.Text;
using System.Xml.Linq;
using Ledger.Client.Documents;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Invoices;

public class InvoiceReaderTests
{
    const string Total = "<TotalTax-includedAmount>1000000.00</TotalTax-includedAmount>";
    const string Capital = "<TotalTax-includedAmountInChinese>壹佰万圆整</TotalTax-includedAmountInChinese>";

    [Fact]
    public void What_the_generator_writes_is_read_back_in_both_encodings()
    {
        Assert.Equal(SampleFiles.Main, Taken(SampleInvoice.Write(SampleFiles.Main)));
        Assert.Equal(SampleFiles.Main, Taken(SampleInvoice.WriteGb18030(SampleFiles.Main)));
    }

    [Fact]
    public void The_generator_marks_its_invoices() =>
        Assert.Contains(SampleInvoice.Remark, Encoding.UTF8.GetString(SampleInvoice.Write(SampleFiles.Main)));

    [Fact]
    public void Names_with_markup_survive()
    {
        var invoice = SampleFiles.Main with { Seller = SampleFiles.Supplier with { Name = "示例<甲>&\"乙\"有限公司" } };

        Assert.Equal(invoice, Taken(SampleInvoice.Write(invoice)));
        Assert.Equal(invoice, Taken(SampleInvoice.WriteGb18030(invoice)));
    }

    [Fact]
    public void A_byte_order_mark_and_a_missing_declaration_do_not_matter()
    {
        var file = SampleInvoice.Write(SampleFiles.Main);
        var root = file.AsSpan(file.AsSpan().IndexOf("<EInvoice>"u8));

        Assert.Equal(SampleFiles.Main, Taken([.. Encoding.UTF8.Preamble, .. file]));
        Assert.Equal(SampleFiles.Main, Taken(root.ToArray()));
    }

    [Fact]
    public void A_discount_may_stand_below_zero()
    {
        var invoice = Taken(SampleInvoice.Write(SampleFiles.Main));

        Assert.Equal(-442_478, invoice.Lines[2].NetMinor);
    }

    [Fact]
    public void Lines_may_be_gathered_as_details_or_be_left_out()
    {
        var root = XElement.Parse(Encoding.UTF8.GetString(SampleInvoice.Write(SampleFiles.Main)));
        var items = root.Descendants("IssuItemInformation").ToList();
        var gathered = new XElement("IssuItemInformation", items.Select(item => new XElement("ItemDetail", item.Elements())));
        items[0].AddBeforeSelf(gathered);
        items.Remove();
        Assert.Equal(SampleFiles.Main, Taken(Bytes(root)));

        gathered.ReplaceWith(items.Select(item => new XElement("ItemDetail", item.Elements())));
        Assert.Equal(SampleFiles.Main, Taken(Bytes(root)));

        root.Descendants("ItemDetail").Remove();
        Assert.Equal(SampleFiles.Main with { Lines = [] }, Taken(Bytes(root)));
    }

    [Fact]
    public void The_tax_bureaus_number_is_taken_whatever_other_numbers_stand_elsewhere() =>
        Assert.Equal(SampleFiles.Main, Taken(SampleFiles.Altered(
            "<Remark>", "<InvoiceNumber>26990000000000009999</InvoiceNumber><Remark>")));

    [Fact]
    public void The_issue_time_may_have_a_time_of_day() =>
        Assert.Equal(SampleFiles.Main, Taken(SampleFiles.Altered("<IssueTime>2026-03-10<", "<IssueTime>2026-03-10 09:47:14<")));

    [Theory]
    [InlineData("26990000000000000001</InvoiceNumber>", "2699000000000000001</InvoiceNumber>", Refusal.NumberInvalid, "TaxSupervisionInfo/InvoiceNumber", "2699000000000000001")]
    [InlineData("26990000000000000001</InvoiceNumber>", "2699000000000000000A</InvoiceNumber>", Refusal.NumberInvalid, "TaxSupervisionInfo/InvoiceNumber", "2699000000000000000A")]
    [InlineData("<IssueTime>2026-03-10</IssueTime>", "<IssueTime>2026-02-30</IssueTime>", Refusal.DateInvalid, "TaxSupervisionInfo/IssueTime", "2026-02-30")]
    [InlineData("<IssueTime>2026-03-10</IssueTime>", "<IssueTime>2026-03-10 25:00:00</IssueTime>", Refusal.DateInvalid, "TaxSupervisionInfo/IssueTime", "2026-03-10 25:00:00")]
    [InlineData("<IssueTime>2026-03-10</IssueTime>", "<IssueTime>10.03.26</IssueTime>", Refusal.DateInvalid, "TaxSupervisionInfo/IssueTime", "10.03.26")]
    [InlineData(Total, "<TotalTax-includedAmount>1000000.01</TotalTax-includedAmount>", Refusal.AmountsDisagree, "EInvoiceData/BasicInformation/TotalTax-includedAmount", "1000000.01")]
    [InlineData(Total, "<TotalTax-includedAmount>1000000.001</TotalTax-includedAmount>", Refusal.AmountTooFine, "EInvoiceData/BasicInformation/TotalTax-includedAmount", "1000000.001")]
    [InlineData(Total, "<TotalTax-includedAmount>1,000,000.00</TotalTax-includedAmount>", Refusal.AmountInvalid, "EInvoiceData/BasicInformation/TotalTax-includedAmount", "1,000,000.00")]
    [InlineData(Total, "<TotalTax-includedAmount>99999999999.00</TotalTax-includedAmount>", Refusal.AmountInvalid, "EInvoiceData/BasicInformation/TotalTax-includedAmount", "99999999999.00")]
    [InlineData(Capital, "<TotalTax-includedAmountInChinese>壹佰壹万圆整</TotalTax-includedAmountInChinese>", Refusal.CapitalAmountDisagrees, "EInvoiceData/BasicInformation/TotalTax-includedAmountInChinese", "壹佰壹万圆整")]
    [InlineData("<Amount>707964.60</Amount>", "<Amount>707964.61</Amount>", Refusal.AmountsDisagree, "EInvoiceData/BasicInformation/TotalAmWithoutTax", "884955.75")]
    [InlineData("<ComTaxAm>92035.40</ComTaxAm>", "<ComTaxAm>92035.41</ComTaxAm>", Refusal.AmountsDisagree, "EInvoiceData/BasicInformation/TotalTaxAm", "115044.25")]
    [InlineData("<Amount>181415.93</Amount>", "<Amount>18万</Amount>", Refusal.AmountInvalid, "EInvoiceData/IssuItemInformation[2]/Amount", "18万")]
    [InlineData("<SellerName>示例精密零部件有限公司</SellerName>", "", Refusal.MissingField, "EInvoiceData/SellerInformation/SellerName", null)]
    [InlineData("<InvoiceNumber>26990000000000000001</InvoiceNumber>", "<InvoiceNumber> </InvoiceNumber>", Refusal.MissingField, "TaxSupervisionInfo/InvoiceNumber", null)]
    [InlineData("<InvoiceNumber>26990000000000000001</InvoiceNumber>", "<InvoiceNumber>2699<b/>0000000000000001</InvoiceNumber>", Refusal.MissingField, "TaxSupervisionInfo/InvoiceNumber", null)]
    [InlineData("<TotalTaxAm>115044.25</TotalTaxAm>", "", Refusal.MissingField, "EInvoiceData/BasicInformation/TotalTaxAm", null)]
    [InlineData("<SellerName>", "<SellerName>示例另一公司</SellerName><SellerName>", Refusal.FieldRepeated, "EInvoiceData/SellerInformation/SellerName", null)]
    [InlineData("<TaxSupervisionInfo>", "<TaxSupervisionInfo/><TaxSupervisionInfo>", Refusal.FieldRepeated, "TaxSupervisionInfo/InvoiceNumber", null)]
    [InlineData(Total, Total + Total, Refusal.FieldRepeated, "EInvoiceData/BasicInformation/TotalTax-includedAmount", null)]
    [InlineData("<Amount>707964.60</Amount>", "<Amount>1.00</Amount><Amount>707964.60</Amount>", Refusal.FieldRepeated, "EInvoiceData/IssuItemInformation[1]/Amount", null)]
    public void What_is_wrong_is_named_with_its_place_and_its_value(string old, string @new, Refusal refusal, string element, string? value) =>
        Assert.Equal(new ImportProblem(refusal, element, value), Refused(SampleFiles.Altered(old, @new)));

    [Fact]
    public void A_bad_or_missing_number_of_a_party_stops_at_the_ledger_and_the_figures_are_shown()
    {
        var (seller, buyer) = (SampleFiles.Supplier.Id.Text, SampleFiles.Core.Id.Text);
        var mistyped = seller[..^1] + (seller[^1] == '0' ? '1' : '0');

        // An LEI is a party's number on the ledger, but never a tax number.
        const string Lei = "213800WSGIIZCXF1P572";
        Assert.Equal(new(Refusal.SellerNumberInvalid, "Seller", mistyped), NotDrafted(SampleFiles.Altered(seller, mistyped)));
        Assert.Equal(new(Refusal.SellerNotIdentified, "Seller", SampleFiles.Supplier.Name), NotDrafted(SampleFiles.Altered($"<SellerIdNum>{seller}</SellerIdNum>", "")));
        Assert.Equal(new(Refusal.BuyerNumberInvalid, "Buyer", Lei), NotDrafted(SampleFiles.Altered(buyer, Lei)));
        Assert.Equal(new(Refusal.BuyerNotIdentified, "Buyer", SampleFiles.Core.Name), NotDrafted(SampleFiles.Altered(buyer, "")));

        static ImportProblem NotDrafted(byte[] file)
        {
            var invoice = Taken(file);
            Assert.Equal((SampleFiles.Main.Total, SampleFiles.Main.Lines), (invoice.Total, invoice.Lines));
            Assert.False(DocumentOpening.TryOf(invoice, new(new byte[DocumentOpening.SaltSize]), out _, out var problem));
            return problem;
        }
    }

    [Theory]
    [InlineData("本发票项下应收账款已转让给某商业保理有限公司", "应收账款已转让给")]
    [InlineData("应收帐款债权转让至某银行股份有限公司，请付款至指定账户", "应收帐款债权转让至")]
    [InlineData("该笔货款已办理保理", "已办理保理")]
    [InlineData("采购合同 2026-7；收款账户见合同", null)]
    public void A_remark_that_the_claim_was_assigned_stops_at_the_ledger(string remark, string? word)
    {
        var invoice = Taken(SampleFiles.Altered(SampleInvoice.Remark, remark));

        var isDrafted = DocumentOpening.TryOf(invoice, new(new byte[DocumentOpening.SaltSize]), out _, out var problem);
        Assert.Equal(word is null, isDrafted);
        Assert.Equal(word is null ? null : new ImportProblem(Refusal.InvoiceAssigned, "Assignment", word), problem);
    }

    [Fact]
    public void Without_the_capital_amount_the_figures_suffice() =>
        Assert.Equal(SampleFiles.Main, Taken(SampleFiles.Altered(Capital, "")));

    [Fact]
    public void An_invoice_over_nothing_is_refused()
    {
        var nothing = SampleFiles.Main with { Total = Amount.Zero, NetMinor = 0, TaxMinor = 0, Lines = [] };

        Assert.Equal(Refusal.NothingOwed, Refused(SampleInvoice.Write(nothing)).Refusal);
    }

    [Fact]
    public void A_red_letter_is_known_by_any_of_its_marks_and_names_the_blue_invoice()
    {
        const string Flag = "Header/InherentLabel/InIssuType/LabelCode";
        const string Blue = "26990000000000000007";

        Assert.Equal(
            new(Refusal.RedLetter, Flag),
            Refused(SampleFiles.Altered("<LabelCode>Y</LabelCode>", "<LabelCode>N</LabelCode>")));
        Assert.Equal(
            new(Refusal.RedLetter, "EInvoiceData/SpecificInformation/RedEInvoice/OriginalInvoiceCode", Blue),
            Refused(SampleFiles.Altered(
                "<AdditionalInformation>",
                $"<SpecificInformation><RedEInvoice><OriginalInvoiceCode>{Blue}</OriginalInvoiceCode></RedEInvoice></SpecificInformation><AdditionalInformation>")));

        var negative = Encoding.UTF8.GetString(SampleFiles.Altered(Total, "<TotalTax-includedAmount>-1000000.00</TotalTax-includedAmount>"));
        var remarked = negative.Replace(SampleInvoice.Remark, $"被红冲蓝字数电票号码：{Blue} 红字发票信息确认单编号：31990026030000000001");
        Assert.Equal(
            new(Refusal.RedLetter, "EInvoiceData/BasicInformation/TotalTax-includedAmount", Blue),
            Refused(Encoding.UTF8.GetBytes(remarked)));
    }

    [Fact]
    public void Other_roots_are_no_invoice_whatever_they_are_called()
    {
        Assert.Equal(new(Refusal.NotAnInvoice, "/", "Invoice"), Refused("<Invoice xmlns='urn:another'/>"u8.ToArray()));
        Assert.Equal(new(Refusal.NotAnInvoice, "/", "Invoice"), Refused("<Invoice/>"u8.ToArray()));
        Assert.Equal(new(Refusal.NotAnInvoice, "/", "EInvoice"), Refused("<EInvoice xmlns='urn:another'/>"u8.ToArray()));
    }

    [Fact]
    public void A_long_wrong_value_is_cut()
    {
        var problem = Refused(SampleFiles.Altered("26990000000000000001</InvoiceNumber>", $"{new string('9', 5000)}</InvoiceNumber>"));

        Assert.Equal(80, problem.Value?.Length);
    }

    internal static Invoice Taken(byte[] file)
    {
        Assert.True(InvoiceReader.TryRead(file, out var invoice, out var problem), problem?.ToString());
        return invoice;
    }

    internal static ImportProblem Refused(byte[] file)
    {
        Assert.False(InvoiceReader.TryRead(file, out _, out var problem));
        return problem;
    }

    static byte[] Bytes(XElement root) => Encoding.UTF8.GetBytes(root.ToString());
}
