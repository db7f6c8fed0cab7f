using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.State;

public class StateProofTests
{
    const int Records = 300;

    static readonly P256Suite Suite = new();
    static readonly StateTree Tree = TreeOf(Records);
    static readonly Hash256 Root = Tree.Root();

    [Fact]
    public void Every_record_is_proven_and_not_with_another_value_or_for_another_key()
    {
        for (var number = 0; number < Records; number++)
        {
            var (key, value) = (StateTreeTests.KeyOf(number), ValueOf(number));
            var proof = Reread(Tree.Prove(1, key));
            Assert.True(proof.Verify(Suite, Root, 1, key, value));
            Assert.False(proof.Verify(Suite, Root, 1, key, ValueOf(number + 1)));
            Assert.False(proof.Verify(Suite, Root, 1, StateTreeTests.KeyOf(number + 1), value));
            Assert.False(proof.Verify(Suite, Root, 2, key, value));
            Assert.False(proof.Verify(Suite, Suite.Hash("other"u8), 1, key, value));
            Assert.False(proof.VerifyAbsent(Suite, Root, 1, key));
        }
    }

    [Fact]
    public void Absence_is_proven_in_an_empty_place_beside_another_record_and_in_an_empty_section()
    {
        var ends = new HashSet<Type>();
        for (var number = Records; number < 2 * Records; number++)
        {
            var key = StateTreeTests.KeyOf(number);
            var proof = Reread(Tree.Prove(1, key));
            Assert.True(proof.VerifyAbsent(Suite, Root, 1, key));
            Assert.False(proof.VerifyAbsent(Suite, Suite.Hash("other"u8), 1, key));
            Assert.False(proof.Verify(Suite, Root, 1, key, ValueOf(number)));
            ends.Add(proof.End.GetType());
        }

        Assert.Equal([typeof(StateProofEnd.NoRecord), typeof(StateProofEnd.OtherRecord)], ends.OrderBy(end => end.Name));
        Assert.True(Reread(Tree.Prove(3, [1])).VerifyAbsent(Suite, Root, 3, [1]));

        // Section 2 holds one record, which is the section's root by itself.
        Assert.True(Reread(Tree.Prove(2, [1])).Verify(Suite, Root, 2, [1], [2]));
        Assert.True(Reread(Tree.Prove(2, [2])).VerifyAbsent(Suite, Root, 2, [2]));
    }

    [Fact]
    public void A_record_that_is_there_cannot_be_proven_absent()
    {
        for (var number = 0; number < Records; number++)
        {
            var key = StateTreeTests.KeyOf(number);
            var proof = Tree.Prove(1, key);
            var salt = Assert.IsType<StateProofEnd.ThisRecord>(proof.End).Salt;
            var (path, commitment) = (Suite.Hash([0x14, 1, .. key]), Suite.Hash([0x18, .. salt.ToBytes(), .. ValueOf(number)]));

            // The record shown as if it were another: under its own path, and under one that goes the same way.
            Assert.False((proof with { End = new StateProofEnd.OtherRecord(path, commitment) }).VerifyAbsent(Suite, Root, 1, key));
            Assert.False((proof with { End = new StateProofEnd.OtherRecord(path with { Low = path.Low ^ 1 }, commitment) }).VerifyAbsent(Suite, Root, 1, key));

            // The way broken off early, and the record left out of its branch.
            Assert.False((proof with { End = new StateProofEnd.NoRecord() }).VerifyAbsent(Suite, Root, 1, key));
            Assert.False((proof with { End = new StateProofEnd.NoRecord(), Steps = [.. proof.Steps.Span[..^1]] }).VerifyAbsent(Suite, Root, 1, key));
            var last = proof.Steps[^1];
            var without = last with { Bitmap = (ushort)(last.Bitmap & ~(1 << path.Nibble(proof.Steps.Count - 1))) };
            Assert.False((proof with { End = new StateProofEnd.NoRecord(), Steps = [.. proof.Steps.Span[..^1], without] })
                .VerifyAbsent(Suite, Root, 1, key));
        }
    }

    [Fact]
    public void Another_record_must_stand_on_the_same_way()
    {
        // A true proof about one absent key, held out as one about a key whose way leads elsewhere.
        var keys = Enumerable.Range(Records, Records).Select(StateTreeTests.KeyOf).ToList();
        var proofs = keys.Select(key => Tree.Prove(1, key)).ToList();
        for (var i = 1; i < keys.Count; i++)
        {
            if (proofs[i] != proofs[i - 1]) Assert.False(proofs[i].VerifyAbsent(Suite, Root, 1, keys[i - 1]));
        }
    }

    [Fact]
    public void No_byte_of_a_proof_can_change()
    {
        foreach (var number in new[] { 0, 1, Records, Records + 1, Records + 2, Records + 3 })
        {
            var key = StateTreeTests.KeyOf(number);
            var proof = Tree.Prove(1, key);
            foreach (var changed in StateTreeTests.Changes(proof.Write()))
            {
                if (!StateProof.TryRead(changed, out var read)) continue;
                Assert.False(read.Verify(Suite, Root, 1, key, ValueOf(number)) || read.VerifyAbsent(Suite, Root, 1, key));
            }
        }
    }

    [Fact]
    public void Cut_and_padded_proofs_are_refused()
    {
        var bytes = Tree.Prove(1, StateTreeTests.KeyOf(0)).Write();
        for (var length = 0; length < bytes.Length; length++) Assert.False(StateProof.TryRead(bytes.AsSpan(0, length), out _));
        Assert.False(StateProof.TryRead([.. bytes, 0], out _));
    }

    static StateProof Reread(StateProof proof)
    {
        Assert.True(StateProof.TryRead(proof.Write(), out var read));
        Assert.Equal(proof, read);
        return read;
    }

    static byte[] ValueOf(int number) => [0, .. StateTreeTests.KeyOf(number)];

    static StateTree TreeOf(int records)
    {
        var tree = new StateTree(Suite, 3);
        tree.Put(2, [1], [2], Suite.Hash([3]));
        for (var number = 0; number < records; number++)
        {
            var key = StateTreeTests.KeyOf(number);
            tree.Put(1, key, ValueOf(number), Salts.ByTransaction(Suite, Suite.Hash("payload"u8), 1, key));
        }

        return tree;
    }
}
