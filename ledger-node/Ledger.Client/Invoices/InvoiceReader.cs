using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;
using Ledger.Client.Files;
using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>Reads an invoice file from a stranger. The root element and its namespace tell the syntax; each syntax has a file of its own.</summary>
public static class InvoiceReader
{
    static readonly XNamespace Envelope = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader";

    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out Invoice? invoice, [NotNullWhen(false)] out ImportProblem? problem)
    {
        invoice = null;
        if (!HardenedXml.TryLoad(file, out var root, out problem)) return false;
        if (root.Name == Envelope + "StandardBusinessDocument") root = Content(root);

        if (root.Name == EInvoice.RootElement)
            return EInvoice.TryParse(root, out var parsed, out problem) && parsed.TryValidate(out invoice, out problem);
        if (UblInvoice.IsRoot(root.Name))
            return UblInvoice.Parse(root).TryValidate(out invoice, out problem);
        if (CrossIndustryInvoice.IsRoot(root))
            return CrossIndustryInvoice.Parse(root).TryValidate(out invoice, out problem);

        problem = new(Refusal.NotAnInvoice, "/", root.Name.LocalName);
        return false;
    }

    // Networks such as Peppol deliver one document in an envelope; an envelope of several is none of its documents.
    static XElement Content(XElement envelope)
    {
        var documents = envelope.Elements().Where(element => element.Name != Envelope + "StandardBusinessDocumentHeader").Take(2).ToArray();
        return documents.Length == 1 ? documents[0] : envelope;
    }
}
