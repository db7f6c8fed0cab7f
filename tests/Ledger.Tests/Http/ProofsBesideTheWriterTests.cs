using Ledger.Core.Chain;
using Ledger.Core.State;

namespace Ledger.Tests.Http;

public sealed class ProofsBesideTheWriterTests(TestNode node) : IClassFixture<TestNode>
{
    [Fact]
    public async Task While_the_ledger_goes_on_each_proof_has_what_was_acknowledged_before_it_was_asked_for()
    {
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++) await node.InvoiceAsync(node.A, node.C, 5);
        }, TestNode.Cancel);

        for (var i = 0; i < 3; i++)
        {
            var document = await node.InvoiceAsync(node.B, node.C, 7);

            var proof = StateProofFile.Read(await node.Api.BytesAsync($"v1/documents/{document}/proof", TestNode.Cancel), out _);

            Assert.NotNull(proof);
            Assert.True(proof.Verify(node.Genesis.Chain.Suite, node.Genesis.Policy).IsTrue);
            Assert.True(Tables.Documents.TryRead(document, Assert.Single(proof.Claims).Value!.Value.Memory, out var attested));
            Assert.Equal(node.B, attested.Seller);
        }

        await writing;
    }
}
