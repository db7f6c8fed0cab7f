using System.Text;
using Ledger.Client.Invoices;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Invoices;

/// <summary>The main sample as a value, and the files of <c>genesis/samples</c>.</summary>
static class SampleFiles
{
    public static readonly InvoiceParty Supplier = new(FictionalUscc.Of("310115", 1), "示例精密零部件有限公司");
    public static readonly InvoiceParty Core = new(FictionalUscc.Of("320500", 100), "示例装备制造集团有限公司");

    public static readonly Invoice Main = new(
        InvoiceKind.SpecialVat, Code: "", Number: "26990000000000000001", Supplier, Core, Currency.Cny,
        Total: new(100_000_000), NetMinor: 88_495_575, TaxMinor: 11_504_425, new DateOnly(2026, 3, 10),
        [
            new("*通用设备*示例主轴", 70_796_460, 9_203_540),
            new("*通用设备*示例轴承", 18_141_593, 2_358_407),
            new("*通用设备*示例轴承（折扣）", -442_478, -57_522),
        ]);

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Repository.Root(), "genesis", "samples", name));

    /// <summary>The main sample with one piece of its text exchanged.</summary>
    public static byte[] Altered(string old, string @new)
    {
        var text = Encoding.UTF8.GetString(SampleInvoice.Write(Main));
        Assert.Contains(old, text);
        return Encoding.UTF8.GetBytes(text.Replace(old, @new));
    }
}
