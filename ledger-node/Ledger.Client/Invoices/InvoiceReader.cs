using System.Diagnostics.CodeAnalysis;
using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>Reads an invoice file from a stranger. The root element tells the syntax; each syntax has a file of its own.</summary>
public static class InvoiceReader
{
    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out Invoice? invoice, [NotNullWhen(false)] out ImportProblem? problem)
    {
        invoice = null;
        if (!HardenedXml.TryLoad(file, out var root, out problem)) return false;

        switch (root.Name.ToString())
        {
            case EInvoice.RootElement:
                return EInvoice.TryParse(root, out var parsed, out problem) && parsed.TryValidate(out invoice, out problem);
            default:
                problem = new(Refusal.NotAnInvoice, "/", root.Name.LocalName);
                return false;
        }
    }
}
