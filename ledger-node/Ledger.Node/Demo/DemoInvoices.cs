using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Demo;

/// <summary>A file of the invoice folder that cannot be used, and why.</summary>
public sealed record UnusableInvoice(string File, ImportProblem Problem);

/// <summary>
/// The invoices that the story starts from: anyone's folder of 数电票 XML, or the project's own samples. The largest usable one is V; the further
/// tiers' invoices are generated, and say so.
/// </summary>
public sealed record DemoInvoices(Invoice V, string FileOfV, IReadOnlyList<string> Usable, IReadOnlyList<UnusableInvoice> Unusable)
{
    const string SamplePrefix = "samples.";

    /// <summary>Reads a folder, or the built-in samples; null when none of the files can be used.</summary>
    public static DemoInvoices? Read(string? folder, DateOnly today, out IReadOnlyList<UnusableInvoice> unusable)
    {
        var usable = new List<(string File, Invoice Invoice)>();
        var refused = new List<UnusableInvoice>();
        foreach (var (file, bytes) in folder is null ? Samples() : Files(folder))
        {
            if (!InvoiceReader.TryRead(bytes, out var invoice, out var problem)) refused.Add(new(file, problem));
            else if (NotForTheStory(invoice) is { } why) refused.Add(new(file, why));
            else if (invoice.Total.Minor < 1_000) refused.Add(new(file, new(Refusal.AmountInvalid, "TotalTax-includedAmount", "< 10.00")));
            else if (invoice.IssueDate > today) refused.Add(new(file, new(Refusal.DateInvalid, "IssueTime", invoice.IssueDate.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))));
            else usable.Add((file, invoice));
        }

        unusable = refused;
        if (usable.Count == 0) return null;
        var v = usable.MaxBy(one => one.Invoice.Total.Minor);
        return new(v.Invoice, v.File, [.. usable.Select(one => one.File)], refused);
    }

    // The story is told in yuan among companies of China.
    static ImportProblem? NotForTheStory(Invoice invoice) =>
        invoice.Seller.Id is not { Text: not null, IsUscc: true } ? new(Refusal.SellerNotIdentified, "Seller", invoice.Seller.Name)
        : invoice.Buyer.Id is not { Text: not null, IsUscc: true } ? new(Refusal.BuyerNotIdentified, "Buyer", invoice.Buyer.Name)
        : invoice.Currency != Currency.Cny ? new(Refusal.CurrenciesDiffer, "Currency", invoice.Currency.Code)
        : invoice.Payable != invoice.Total ? new(Refusal.AmountsDisagree, "Payable")
        : null;

    /// <summary>The invoice of a further tier: what the seller sold the buyer, made up for the demonstration.</summary>
    public static Invoice Generated(string number, InvoiceParty seller, InvoiceParty buyer, Amount total, DateOnly date)
    {
        // 13 % VAT inside the total, as whole fen.
        var net = new Amount(((total.Minor * 100) + 56) / 113);
        var tax = total - net;
        return new(
            InvoiceKind.SpecialVat, "", number, seller, buyer, Currency.Cny, total, (long)net.Minor, (long)tax.Minor, date,
            [new InvoiceLine("*演示*零部件", (long)net.Minor, (long)tax.Minor)]);
    }

    static IEnumerable<(string File, byte[] Bytes)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)));

    static IEnumerable<(string File, byte[] Bytes)> Samples()
    {
        var assembly = typeof(DemoInvoices).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(SamplePrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            yield return (name[SamplePrefix.Length..], bytes);
        }
    }
}
