using Ledger.Client.Text;

namespace Ledger.Tests.House;

public class RefusalsDocumentTests
{
    [Fact]
    public void The_document_is_in_step_with_the_enum_else_run_ledger_docs_refusals() =>
        Assert.Equal(RefusalsDocument.Write(), File.ReadAllText(Path.Combine(Repository.Root(), "ledger-node", "docs", "REFUSALS.md")));
}
