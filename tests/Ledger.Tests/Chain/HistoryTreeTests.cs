using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Chain;

public class HistoryTreeTests
{
    const int Size = 70;

    [Fact]
    public void Its_root_at_every_size_is_the_one_that_the_RFC_defines()
    {
        var tree = TreeOf(Size);
        var frontier = new Frontier(Sample.Suite);
        for (var size = 0; size <= Size; size++)
        {
            var expected = DefinitionOf([.. Enumerable.Range(0, size).Select(Sample.Number)]);
            Assert.Equal(expected, tree.RootAt((ulong)size));
            Assert.Equal(expected, frontier.Root());
            Assert.Equal((ulong)size, frontier.Size);
            frontier.Append(Sample.Number(size));
        }
    }

    [Fact]
    public void Every_leaf_is_proven_at_every_size_and_no_other_leaf_place_or_size_is()
    {
        var tree = TreeOf(Size);
        for (var size = 1UL; size <= Size; size++)
        {
            var root = tree.RootAt(size);
            for (var index = 0UL; index < size; index++)
            {
                var proof = tree.InclusionProof(index, size);
                var leaf = tree.LeafHash(index);
                Assert.True(Proofs.VerifyInclusion(Sample.Suite, leaf, index, size, proof, root));
                Assert.False(Proofs.VerifyInclusion(Sample.Suite, Sample.Text("other"), index, size, proof, root));
                Assert.False(Proofs.VerifyInclusion(Sample.Suite, leaf, index ^ 1, size, proof, root));
                Assert.False(Proofs.VerifyInclusion(Sample.Suite, leaf, index + (1UL << 63), size, proof, root));
                Assert.False(Proofs.VerifyInclusion(Sample.Suite, leaf, index, size, [.. proof, root], root));
                if (proof.Length > 0) Assert.False(Proofs.VerifyInclusion(Sample.Suite, leaf, index, size, proof.AsSpan(..^1), root));
            }
        }
    }

    [Fact]
    public void Every_size_is_consistent_with_every_later_one_and_with_no_other_history()
    {
        var tree = TreeOf(Size);
        for (var size2 = 1UL; size2 <= Size; size2++)
        {
            for (var size1 = 1UL; size1 <= size2; size1++)
            {
                var (root1, root2) = (tree.RootAt(size1), tree.RootAt(size2));
                var proof = tree.ConsistencyProof(size1, size2);
                Assert.True(Proofs.VerifyConsistency(Sample.Suite, size1, size2, proof, root1, root2));
                Assert.False(Proofs.VerifyConsistency(Sample.Suite, size1, size2, proof, Sample.Text("other"), root2));
                Assert.False(Proofs.VerifyConsistency(Sample.Suite, size1, size2, proof, root1, Sample.Text("other")));
                Assert.False(Proofs.VerifyConsistency(Sample.Suite, size1, size2, [.. proof, root1], root1, root2));
                if (size1 < size2) Assert.False(Proofs.VerifyConsistency(Sample.Suite, size2, size1, proof, root2, root1));
            }
        }
    }

    [Fact]
    public void The_largest_numbers_are_answered_and_not_fallen_over()
    {
        var hash = Sample.Text("leaf");
        Assert.False(Proofs.VerifyInclusion(Sample.Suite, hash, ulong.MaxValue, ulong.MaxValue, [], hash));
        Assert.False(Proofs.VerifyInclusion(Sample.Suite, hash, ulong.MaxValue - 1, ulong.MaxValue, [], hash));
        Assert.False(Proofs.VerifyInclusion(Sample.Suite, hash, 0, ulong.MaxValue, [.. Enumerable.Repeat(hash, 64)], hash));
        Assert.False(Proofs.VerifyInclusion(Sample.Suite, hash, 0, 0, [], hash));
        Assert.False(Proofs.VerifyConsistency(Sample.Suite, 1UL << 63, ulong.MaxValue, [hash], hash, hash));
        Assert.False(Proofs.VerifyConsistency(Sample.Suite, ulong.MaxValue - 1, ulong.MaxValue, [.. Enumerable.Repeat(hash, 64)], hash, hash));
    }

    [Fact]
    public void A_leaf_in_the_last_place_of_the_largest_tree_is_provable()
    {
        // A tree of 2^64 - 1 leaves: the last leaf has an even place, and its only siblings are the complete subtrees to its left.
        var leaf = Sample.Text("leaf");
        var proof = Enumerable.Range(0, 63).Select(Sample.Number).ToArray();
        var root = proof.Aggregate(leaf, (hash, sibling) => MerkleHash.OfNode(Sample.Suite, sibling, hash));

        Assert.True(Proofs.VerifyInclusion(Sample.Suite, leaf, ulong.MaxValue - 1, ulong.MaxValue, proof, root));
    }

    static HistoryTree TreeOf(int size)
    {
        var tree = new HistoryTree(Sample.Suite);
        for (var i = 0; i < size; i++) tree.Append(Sample.Number(i));
        return tree;
    }

    static Hash256 DefinitionOf(ReadOnlySpan<Hash256> leaves)
    {
        if (leaves.IsEmpty) return Sample.Suite.Hash([]);
        if (leaves.Length == 1) return leaves[0];

        var left = 1;
        while (left * 2 < leaves.Length) left *= 2;
        return Sample.Suite.Hash([1, .. DefinitionOf(leaves[..left]).ToBytes(), .. DefinitionOf(leaves[left..]).ToBytes()]);
    }
}
