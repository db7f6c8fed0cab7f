using Ledger.Core.Chain;
using Ledger.Core.State;

namespace Ledger.Tests.Http;

public sealed class ReceiptTests(TestNode node) : IClassFixture<TestNode>
{
    [Fact]
    public async Task A_receipt_verifies_with_genesis_alone()
    {
        var draft = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));
        var transaction = node.Sign(draft, node.A);
        var leaf = (await node.AcceptedAsync(transaction)).GetProperty("leaf").GetUInt64();

        var receipt = await node.Api.ReceiptAsync(node.X.Text, draft.Id.ToString(), TestNode.Cancel);

        Assert.True(TlogProof.TryParse(receipt, out var proof));
        Assert.Equal(ProofVerdict.Verified, proof.Verify(node.Genesis.Chain.Suite, node.Genesis.Policy));
        Assert.Equal(leaf, proof.Index);
        Assert.True(EntryLeaf.TryRead(proof.Leaf.Memory, out var entry));
        Assert.Equal((ushort)Refusal.None, entry.Code);
        Assert.Equal(transaction, entry.Transaction.Span.ToArray());
    }

    [Fact]
    public async Task Every_leaf_has_a_receipt_and_its_file_has_a_name()
    {
        await node.InvoiceAsync(node.A, node.C, 5);
        for (var leaf = 0UL; leaf < node.Loop.Reader.View.Checkpoint.Checkpoint.Size; leaf++)
        {
            using var response = await node.Http.GetAsync($"v1/receipts/{leaf}", TestNode.Cancel);

            Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
            Assert.EndsWith(".tlog-proof", response.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
            Assert.True(TlogProof.TryParse(await response.Content.ReadAsByteArrayAsync(TestNode.Cancel), out var proof));
            Assert.Equal(ProofVerdict.Verified, proof.Verify(node.Genesis.Chain.Suite, node.Genesis.Policy));
            Assert.Equal(leaf, proof.Index);
        }
    }
}
