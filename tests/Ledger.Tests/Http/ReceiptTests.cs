using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Suites.Cose;

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

    [Fact]
    public async Task A_cose_receipt_verifies_with_genesis_alone_and_its_word_can_be_had_without_the_leaf()
    {
        var draft = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));
        var leaf = (await node.AcceptedAsync(node.Sign(draft, node.A))).GetProperty("leaf").GetUInt64();
        var size = node.Loop.Reader.View.Checkpoint.Checkpoint.Size;

        using var response = await node.Http.GetAsync($"v1/transactions/{node.X}/{draft.Id}/receipt/cose", TestNode.Cancel);
        Assert.Equal("application/cbor", response.Content.Headers.ContentType?.ToString());
        Assert.EndsWith($"-{leaf}.cose", response.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        var octets = await response.Content.ReadAsByteArrayAsync(TestNode.Cancel);
        var file = CoseReceiptFile.Read(octets, out _);
        Assert.Equal(ProofVerdict.Verified, file?.Verify(node.Genesis.Chain.Suite, node.Genesis.Policy).Verdict);
        Assert.Equal((leaf, size), (file!.Receipts[0].Index, file.Receipts[0].Size));
        Assert.Equal(octets, await node.Http.GetByteArrayAsync($"v1/receipts/{leaf}/cose?size={size}", TestNode.Cancel));

        using var word = await node.Http.GetAsync($"v1/proofs/{leaf}/cose?size={size}", TestNode.Cancel);
        Assert.Equal("application/cose; cose-type=\"cose-sign1\"", word.Content.Headers.ContentType?.ToString());
        Assert.Equal(file.Receipts[0].Write(), await word.Content.ReadAsByteArrayAsync(TestNode.Cancel));
    }

    [Fact]
    public async Task A_size_at_which_no_final_block_ends_has_no_cose_receipt()
    {
        await node.InvoiceAsync(node.A, node.C, 5);
        var final = node.Loop.Reader.View.Checkpoint.Checkpoint.Size;

        Assert.Equal((422, Refusal.SizeOfNoBlock), await RefusalAsync($"v1/proofs/1/cose?size={final - 1}"));
        Assert.Equal((409, Refusal.NotYetFinal), await RefusalAsync($"v1/proofs/1/cose?size={final + 1}"));
        Assert.Equal((422, Refusal.HistoryHasNoPath), await RefusalAsync("v1/proofs/0/cose?size=1"));
        Assert.Equal((400, Refusal.QueryInvalid), await RefusalAsync("v1/proofs/1/cose?size=-1"));
        Assert.Equal((404, Refusal.NotFound), await RefusalAsync($"v1/receipts/{final}/cose"));
    }

    async Task<(int, Refusal)> RefusalAsync(string path)
    {
        using var response = await node.Http.GetAsync(path, TestNode.Cancel);
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestNode.Cancel));
        return ((int)response.StatusCode, (Refusal)body.RootElement.GetProperty("code").GetUInt16());
    }
}
