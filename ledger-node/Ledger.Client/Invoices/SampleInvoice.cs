using System.Globalization;
using System.Text;
using System.Xml;
using Ledger.Client.Files;
using Ledger.Client.Money;
using Ledger.Core.Primitives;

namespace Ledger.Client.Invoices;

/// <summary>Writes 数电票 XML for demonstrations and tests. Carries no tax bureau's signature and says in its remark what it is.</summary>
public static class SampleInvoice
{
    public const string Remark = "本发票为演示生成 GENERATED FOR DEMONSTRATION";

    public static byte[] Write(Invoice invoice) => Write(invoice, FileText.Utf8);

    /// <summary>The same in GB18030, as some issuers' systems still deliver it.</summary>
    public static byte[] WriteGb18030(Invoice invoice) => Write(invoice, FileText.Gb18030);

    static byte[] Write(Invoice invoice, Encoding encoding)
    {
        using var file = new MemoryStream();
        using (var writer = XmlWriter.Create(file, new() { Encoding = encoding, Indent = true, NewLineChars = "\n" }))
            Write(writer, invoice);
        file.WriteByte((byte)'\n');
        return file.ToArray();
    }

    static void Write(XmlWriter writer, Invoice invoice)
    {
        writer.WriteStartDocument(standalone: true);
        writer.WriteStartElement(EInvoice.RootElement);
        WriteHeader(writer, invoice);

        writer.WriteStartElement("EInvoiceData");
        WriteParty(writer, "Seller", invoice.Seller);
        WriteParty(writer, "Buyer", invoice.Buyer);
        WriteTotals(writer, invoice);
        foreach (var line in invoice.Lines) WriteLine(writer, line, invoice.Currency);
        writer.WriteStartElement("AdditionalInformation");
        writer.WriteElementString("Remark", Remark);
        writer.WriteEndElement();
        writer.WriteEndElement();

        writer.WriteStartElement("TaxSupervisionInfo");
        writer.WriteElementString("InvoiceNumber", invoice.Number);
        writer.WriteElementString("IssueTime", invoice.IssueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        writer.WriteElementString("TaxBureauName", "示例税务局");
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    static void WriteHeader(XmlWriter writer, Invoice invoice)
    {
        writer.WriteStartElement("Header");
        writer.WriteElementString("EIid", invoice.Number);
        writer.WriteElementString("EInvoiceTag", $"SWEI{invoice.Seller.Id.RegionCode[..2]}00");
        writer.WriteElementString("Version", "0.32");
        writer.WriteStartElement("InherentLabel");
        WriteLabel(writer, "InIssuType", "Y", "是否蓝字发票标志");
        WriteLabel(writer, "EInvoiceType", "01", "电子发票");
        if (invoice.Kind == InvoiceKind.SpecialVat) WriteLabel(writer, "GeneralOrSpecialVAT", "01", "增值税专用发票");
        if (invoice.Kind == InvoiceKind.GeneralVat) WriteLabel(writer, "GeneralOrSpecialVAT", "02", "普通发票");
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    static void WriteLabel(XmlWriter writer, string label, string code, string name)
    {
        writer.WriteStartElement(label);
        writer.WriteElementString("LabelCode", code);
        writer.WriteElementString("LabelName", name);
        writer.WriteEndElement();
    }

    static void WriteParty(XmlWriter writer, string side, InvoiceParty party)
    {
        writer.WriteStartElement($"{side}Information");
        writer.WriteElementString($"{side}IdNum", party.Id.Text);
        writer.WriteElementString($"{side}Name", party.Name);
        writer.WriteEndElement();
    }

    static void WriteTotals(XmlWriter writer, Invoice invoice)
    {
        writer.WriteStartElement("BasicInformation");
        writer.WriteElementString("TotalAmWithoutTax", Text(invoice.NetMinor, invoice.Currency));
        writer.WriteElementString("TotalTaxAm", Text(invoice.TaxMinor, invoice.Currency));
        writer.WriteElementString("TotalTax-includedAmount", Text((long)invoice.Total.Minor, invoice.Currency));
        writer.WriteElementString("TotalTax-includedAmountInChinese", CapitalAmount.Of(invoice.Total, CapitalStyle.EInvoice));
        writer.WriteEndElement();
    }

    static void WriteLine(XmlWriter writer, InvoiceLine line, Currency currency)
    {
        writer.WriteStartElement("IssuItemInformation");
        writer.WriteElementString("ItemName", line.Name);
        if (line.NetMinor is { } net) writer.WriteElementString(EInvoiceLine.NetElement, Text(net, currency));
        if (line.TaxMinor is { } tax) writer.WriteElementString(EInvoiceLine.TaxElement, Text(tax, currency));
        writer.WriteEndElement();
    }

    // Files write no thousands commas.
    static string Text(long minor, Currency currency) =>
        (minor < 0 ? "-" : "") + MoneyText.Format(new((ulong)Math.Abs(minor)), currency).Replace(",", "", StringComparison.Ordinal);
}
