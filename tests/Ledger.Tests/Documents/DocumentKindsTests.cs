using Ledger.Client.Documents;
using Ledger.Core.Instruments;

namespace Ledger.Tests.Documents;

public class DocumentKindsTests
{
    [Fact]
    public void The_names_on_the_wire_are_permanent()
    {
        Assert.Equal(
            ["invoice", "contract", "waybill", "warehouseReceipt", "customsDeclaration"],
            Enum.GetValues<DocumentKind>().Select(kind => kind.Name()));
        Assert.All(Enum.GetValues<DocumentKind>(), kind => Assert.True(DocumentKinds.TryParse(kind.Name(), out var read) && read == kind));
        Assert.False(DocumentKinds.TryParse("Invoice", out _));
        Assert.False(DocumentKinds.TryParse("", out _));
    }
}
