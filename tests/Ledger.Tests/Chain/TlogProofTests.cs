using System.Text;
using Ledger.Core.Chain;

namespace Ledger.Tests.Chain;

public sealed class TlogProofTests : IDisposable
{
    readonly Signer bank = new(Sample.Origin);
    readonly TlogProof proof;
    readonly TrustPolicy policy;

    public TlogProofTests()
    {
        var tree = new HistoryTree(Sample.Suite);
        for (var i = 0; i < 19; i++) tree.Append(Sample.Number(i));
        foreach (var leaf in Sample.Block.Leaves) tree.Append(MerkleHash.OfLeaf(Sample.Suite, leaf.Span));

        var checkpoint = new Checkpoint(Sample.Origin, tree.Size, tree.Root());
        proof = new(
            new(Sample.Block.Leaves[1]), 20, [.. tree.InclusionProof(20, tree.Size)], new(checkpoint, [bank.Sign(checkpoint)]));
        policy = TrustPolicy.OfThreshold([bank.VKey], 1);
    }

    [Fact]
    public void A_receipt_survives_its_file_and_verifies()
    {
        Assert.True(TlogProof.TryParse(proof.Write(), out var read));
        Assert.Equal(proof, read);
        Assert.Equal(ProofVerdict.Verified, read.Verify(Sample.Suite, policy));
    }

    [Fact]
    public void A_receipt_for_another_leaf_place_or_tree_is_false()
    {
        Assert.Equal(ProofVerdict.NotIncluded, (proof with { Leaf = new(Sample.Block.Leaves[2]) }).Verify(Sample.Suite, policy));
        Assert.Equal(ProofVerdict.NotIncluded, (proof with { Index = 21 }).Verify(Sample.Suite, policy));
        Assert.Equal(ProofVerdict.NotIncluded, (proof with { Hashes = [] }).Verify(Sample.Suite, policy));
        Assert.Equal(ProofVerdict.NoLeaf, (proof with { Leaf = default }).Verify(Sample.Suite, policy));
    }

    [Fact]
    public void A_receipt_is_worth_what_its_checkpoint_is_worth()
    {
        using var stranger = new Signer(Sample.Origin);
        var checkpoint = proof.Note.Checkpoint;
        var cosigned = proof with { Note = new(checkpoint, [new("w.example", 5, Sample.Bytes(64, 1)), bank.Sign(checkpoint)]) };
        var witness = new VKey("w.example", 5, VKeyKind.Ed25519Cosignature, Sample.Bytes(32, 1));

        Assert.Equal(ProofVerdict.Untrusted, (proof with { Note = new(checkpoint, [stranger.Sign(checkpoint)]) }).Verify(Sample.Suite, policy));
        Assert.Equal(
            ProofVerdict.BadSignature,
            (proof with { Note = new(checkpoint, [bank.Sign(checkpoint with { Size = 5 })]) }).Verify(Sample.Suite, policy));
        Assert.Equal(ProofVerdict.CannotBeChecked, cosigned.Verify(Sample.Suite, policy with { Quorum = new Quorum.Key(witness) }));
    }

    [Fact]
    public void No_byte_of_a_receipt_can_change_and_still_verify()
    {
        var bytes = proof.Write();
        for (var place = 0; place < bytes.Length; place++)
        {
            var changed = (byte[])bytes.Clone();
            changed[place] ^= 1;
            if (!TlogProof.TryParse(changed, out var read)) continue;
            Assert.NotEqual(ProofVerdict.Verified, read.Verify(Sample.Suite, policy));
        }
    }

    [Theory]
    [InlineData("@v1\n", "@v2\n")]
    [InlineData("@v1\n", "@v1\n\n")]
    [InlineData("\nindex 20\n", "\nindex 020\n")]
    [InlineData("\nindex 20\n", "\nindex  20\n")]
    [InlineData("\nindex 20\n", "\n")]
    [InlineData("\nindex 20\n", "\nindex 20\nindex 20\n")]
    [InlineData("\nextra ", "\nextra \nextra ")]
    [InlineData("\nextra ", "\nextra  ")]
    [InlineData("=\n\nbank", "=\nbank")]
    [InlineData("=\n\nbank", "=\n\n\nbank")]
    public void Another_spelling_is_refused(string part, string replacement)
    {
        var text = Encoding.UTF8.GetString(proof.Write());
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.False(TlogProof.TryParse(Encoding.UTF8.GetBytes(text.Replace(part, replacement, StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void The_leaf_may_travel_by_itself()
    {
        var bare = proof with { Leaf = default };
        Assert.DoesNotContain("extra", Encoding.UTF8.GetString(bare.Write()), StringComparison.Ordinal);
        Assert.True(TlogProof.TryParse(bare.Write(), out var read));
        Assert.Equal(ProofVerdict.Verified, (read with { Leaf = proof.Leaf }).Verify(Sample.Suite, policy));
    }

    [Fact]
    public void A_path_longer_than_any_tree_is_refused()
    {
        var longest = proof with { Hashes = [.. Enumerable.Repeat(Sample.Text("hash"), 64)] };
        Assert.True(TlogProof.TryParse(longest.Write(), out _));
        Assert.False(TlogProof.TryParse((proof with { Hashes = [.. Enumerable.Repeat(Sample.Text("hash"), 65)] }).Write(), out _));
    }

    public void Dispose() => bank.Dispose();
}
