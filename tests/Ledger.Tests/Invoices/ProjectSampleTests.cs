using System.Text;
using Ledger.Client.Invoices;
using Ledger.Core.State;

namespace Ledger.Tests.Invoices;

/// <summary>The files of <c>genesis/samples</c> are what their README says.</summary>
public class ProjectSampleTests
{
    [Fact]
    public void The_main_invoice_is_what_the_generator_writes() =>
        Assert.Equal(Encoding.UTF8.GetString(SampleInvoice.Write(SampleFiles.Main)), Encoding.UTF8.GetString(SampleFiles.Read("invoice-1000000.xml")));

    [Fact]
    public void The_gb18030_invoice_is_taken_like_any_other()
    {
        var file = SampleFiles.Read("invoice-gb18030.xml");
        var invoice = InvoiceReaderTests.Taken(file);

        Assert.Equal(file, SampleInvoice.WriteGb18030(invoice));
        Assert.Equal(("26990000000000000002", "示例五金加工有限公司"), (invoice.Number, invoice.Seller.Name));
        Assert.Equal((SampleFiles.Supplier, 30_000_000UL), (invoice.Buyer, invoice.Total.Minor));
        Assert.Throws<DecoderFallbackException>(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file));
    }

    [Fact]
    public void The_red_letter_names_the_main_invoice() =>
        Assert.Equal(
            new(Refusal.RedLetter, "Header/InherentLabel/InIssuType/LabelCode", SampleFiles.Main.Number),
            InvoiceReaderTests.Refused(SampleFiles.Read("red-letter-250000.xml")));

    [Fact]
    public void The_broken_invoice_adds_up_to_something_else_than_it_says() =>
        Assert.Equal(
            new(Refusal.AmountsDisagree, "EInvoiceData/BasicInformation/TotalTax-includedAmount", "10000000.00"),
            InvoiceReaderTests.Refused(SampleFiles.Read("broken-total.xml")));
}
