using System.Text;
using Ledger.Client.Invoices;
using Ledger.Core.State;

namespace Ledger.Tests.Invoices;

public class HostileFileTests
{
    [Fact]
    public void An_external_entity_is_neither_fetched_nor_forgiven()
    {
        var secret = Path.GetTempFileName();
        try
        {
            File.WriteAllText(secret, "示例精密零部件有限公司");
            var file = Encoding.UTF8.GetString(SampleFiles.Altered("<SellerName>示例精密零部件有限公司", "<SellerName>&secret;"))
                .Replace("<EInvoice>", $"<!DOCTYPE EInvoice [<!ENTITY secret SYSTEM \"file://{secret}\">]><EInvoice>");

            Assert.Equal(Refusal.XmlIsDangerous, InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(file)).Refusal);
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public void A_billion_laughs_are_not_laughed()
    {
        var bomb = new StringBuilder("<!DOCTYPE EInvoice [<!ENTITY l0 \"lol\">");
        for (var level = 1; level < 10; level++)
            bomb.Append($"<!ENTITY l{level} \"{string.Concat(Enumerable.Repeat($"&l{level - 1};", 10))}\">");
        bomb.Append("]><EInvoice>&l9;</EInvoice>");

        Assert.Equal(Refusal.XmlIsDangerous, InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(bomb.ToString())).Refusal);
    }

    [Theory]
    [InlineData("<!DOCTYPE EInvoice><EInvoice/>")]
    [InlineData("<!DOCTYPE EInvoice SYSTEM 'http://127.0.0.1:1/x.dtd'><EInvoice/>")]
    [InlineData("<!DOCTYPE html><html/>")]
    public void A_document_type_alone_is_enough_to_refuse(string file) =>
        Assert.Equal(Refusal.XmlIsDangerous, InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(file)).Refusal);

    [Fact]
    public void Six_megabytes_are_too_many_and_just_under_five_are_read()
    {
        var invoice = SampleInvoice.Write(SampleFiles.Main);

        Assert.Equal(new(Refusal.FileTooLarge, "/"), InvoiceReaderTests.Refused([.. invoice, .. Spaces(6_000_000)]));
        Assert.Equal(new(Refusal.FileTooLarge, "/"), InvoiceReaderTests.Refused([.. invoice, .. Spaces(5_000_001 - invoice.Length)]));
        Assert.Equal(SampleFiles.Main, InvoiceReaderTests.Taken([.. invoice, .. Spaces(5_000_000 - invoice.Length)]));
    }

    [Fact]
    public void Nesting_is_bounded_long_before_the_stack_is()
    {
        const int Levels = 400_000;
        var file = string.Concat(Enumerable.Repeat("<a>", Levels)) + string.Concat(Enumerable.Repeat("</a>", Levels));

        Assert.Equal(new(Refusal.XmlIsDangerous, "/"), InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(file)));
    }

    [Fact]
    public void A_crowd_of_empty_elements_or_attributes_is_bounded_long_before_memory_is()
    {
        var elements = $"<EInvoice>{string.Concat(Enumerable.Repeat("<a/>", 300_000))}</EInvoice>";
        var attributes = $"<EInvoice {string.Concat(Enumerable.Range(0, 250_000).Select(n => $"a{n}='' "))}/>";

        Assert.Equal(new(Refusal.XmlIsDangerous, "/"), InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(elements)));
        Assert.Equal(new(Refusal.XmlIsDangerous, "/"), InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(attributes)));
    }

    [Fact]
    public void No_element_has_more_attributes_than_a_document_of_any_kind()
    {
        // Quotation marks that are no attribute's, before it, and one whose value has an angle bracket.
        const string Before = "<?x a='1'?><!-- 'one\" > --><EInvoice><![CDATA[ <a b='> ]]>it's<a b='>' c=\"'\"/>";
        static string With(int attributes) => $"{Before}<b {string.Concat(Enumerable.Range(0, attributes).Select(n => $" a{n}='>'"))} /></EInvoice>";

        Assert.NotEqual(Refusal.XmlIsDangerous, InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(With(64))).Refusal);
        Assert.Equal(new(Refusal.XmlIsDangerous, "/"), InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(With(65))));
    }

    [Theory]
    [InlineData("<EInvoice a='")]
    [InlineData("<EInvoice a='1' b")]
    [InlineData("<EInvoice><!-- ")]
    [InlineData("<EInvoice><![CDATA[ ")]
    [InlineData("<EInvoice><")]
    [InlineData("<")]
    public void A_tag_that_never_ends_ends_the_counting(string file) =>
        Assert.Equal(Refusal.NotXml, InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(file)).Refusal);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("%PDF-1.7")]
    [InlineData("{\"invoice\":1}")]
    [InlineData("<EInvoice>")]
    [InlineData("<EInvoice></einvoice>")]
    [InlineData("<EInvoice/><EInvoice/>")]
    [InlineData("<EInvoice>&secret;</EInvoice>")]
    [InlineData("<EInvoice>&#0;</EInvoice>")]
    public void What_is_no_xml_is_called_so(string file) =>
        Assert.Equal(Refusal.NotXml, InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(file)).Refusal);

    [Fact]
    public void Encodings_other_than_utf8_and_gb18030_are_refused_and_so_are_bytes_that_do_not_fit()
    {
        var utf8 = SampleInvoice.Write(SampleFiles.Main);
        var gb18030 = SampleInvoice.WriteGb18030(SampleFiles.Main);
        var text = Encoding.UTF8.GetString(utf8);

        Assert.Equal(new(Refusal.EncodingUnknown, "encoding", "BIG5"), InvoiceReaderTests.Refused(SampleFiles.Altered("utf-8", "big5")));
        Assert.Equal(Refusal.EncodingUnknown, InvoiceReaderTests.Refused([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]).Refusal);
        Assert.Equal(Refusal.EncodingUnknown, InvoiceReaderTests.Refused(gb18030[gb18030.AsSpan().IndexOf("<EInvoice>"u8)..]).Refusal);
        Assert.Equal(Refusal.EncodingUnknown, InvoiceReaderTests.Refused([.. gb18030, 0xFF]).Refusal);
        Assert.Equal(Refusal.EncodingUnknown, InvoiceReaderTests.Refused([.. Encoding.UTF8.Preamble, .. gb18030]).Refusal);
    }

    [Fact]
    public void Gbk_and_gb2312_are_read_as_the_parts_of_gb18030_that_they_are()
    {
        var file = SampleInvoice.WriteGb18030(SampleFiles.Main);
        var body = file[file.AsSpan().IndexOf("<EInvoice>"u8)..];

        Assert.Equal(SampleFiles.Main, InvoiceReaderTests.Taken([.. "<?xml version='1.0' encoding='GBK'?>"u8, .. body]));
        Assert.Equal(SampleFiles.Main, InvoiceReaderTests.Taken([.. "<?xml version=\"1.0\" encoding=\"gb2312\"?>"u8, .. body]));
    }

    static byte[] Spaces(int count)
    {
        var spaces = new byte[count];
        spaces.AsSpan().Fill((byte)' ');
        return spaces;
    }
}
