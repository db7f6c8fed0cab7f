using System.Xml.Linq;
using Ledger.Client.Invoices;
using Ledger.Core.State;

namespace Ledger.Tests.Invoices;

/// <summary>Two public samples by others. Their tax numbers are masked, which is the only thing wrong with them.</summary>
public class PublicSampleTests
{
    [Fact]
    public void The_masked_sample_of_version_031_is_parsed_whole_and_refused_for_its_sellers_number()
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

        Assert.Equal(
            new(Refusal.SellerNumberInvalid, "EInvoiceData/SellerInformation/SellerIdNum", "012345678901234567"),
            InvoiceReaderTests.Refused(File.ReadAllBytes(file)));
    }

    [Fact]
    public void The_fictional_sample_of_version_032_is_parsed_whole_and_refused_for_its_sellers_number()
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

        Assert.Equal(
            new(Refusal.SellerNumberInvalid, "EInvoiceData/SellerInformation/SellerIdNum", "91SELLERTAXID00000X"),
            InvoiceReaderTests.Refused(File.ReadAllBytes(file)));
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
        Assert.Equal((total, net, tax), ((long)invoice.Total.Minor, (long)invoice.TotalWithoutTax.Minor, (long)invoice.Tax.Minor));
        Assert.Equal(InvoiceKind.SpecialVat, invoice.Kind);
    }

    static EInvoice Parsed(string file)
    {
        Assert.True(EInvoice.TryParse(XElement.Load(file), out var parsed, out _));
        return parsed;
    }
}
