using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.State;

public class StateTreeTests
{
    const int SectionCount = 3;

    static readonly P256Suite Suite = new();

    [Fact]
    public void After_any_writes_and_removals_the_root_is_that_of_the_naive_model()
    {
        Prop.ForAll(Writes, writes =>
        {
            var (tree, naive) = (new StateTree(Suite, SectionCount), new NaiveStateTree(SectionCount));
            foreach (var write in writes)
            {
                write.ApplyTo(tree);
                write.ApplyTo(naive);
                if (write.AsksForRoot && !tree.Root().ToBytes().AsSpan().SequenceEqual(naive.Root())) return false;
            }

            return tree.Root().ToBytes().AsSpan().SequenceEqual(naive.Root());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_root_depends_on_the_records_and_not_on_the_way_to_them()
    {
        Prop.ForAll(Writes, writes =>
        {
            var tree = new StateTree(Suite, SectionCount);
            foreach (var write in writes) write.ApplyTo(tree);

            var last = writes.GroupBy(write => (write.Section, write.Key)).Select(group => group.Last()).Where(write => !write.IsRemoval);
            var straight = new StateTree(Suite, SectionCount);
            foreach (var write in last.OrderByDescending(write => write.Key)) write.ApplyTo(straight);

            return tree.Root() == straight.Root();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_large_tree_agrees_with_the_model_while_it_grows_and_shrinks()
    {
        var (tree, naive) = (new StateTree(Suite, SectionCount), new NaiveStateTree(SectionCount));
        for (var key = 0; key < 4_000; key++)
        {
            var write = new Write(1, key, key, IsRemoval: false, AsksForRoot: false);
            write.ApplyTo(tree);
            write.ApplyTo(naive);
        }

        Assert.Equal(naive.Root(), tree.Root().ToBytes());

        // Among so many some two share a step that no third takes: a branch with one child, itself a branch.
        Assert.Contains(Enumerable.Range(0, 4_000), key => tree.Prove(1, KeyOf(key)).Steps.AsEnumerable().Any(step => step.Siblings.Count == 0));

        for (var key = 0; key < 4_000; key++)
        {
            var write = new Write(1, key, 0, IsRemoval: true, AsksForRoot: false);
            write.ApplyTo(tree);
            write.ApplyTo(naive);
            if (key % 499 == 0) Assert.Equal(naive.Root(), tree.Root().ToBytes());
        }

        Assert.Equal(new StateTree(Suite, SectionCount).Root(), tree.Root());
    }

    [Fact]
    public void Any_changed_byte_of_key_value_or_salt_changes_the_root()
    {
        var (key, value, salt) = (KeyOf(7), "a record's value"u8.ToArray(), Suite.Hash("salt"u8).ToBytes());
        var root = RootOf(1, key, value, salt);
        Assert.Equal(root, RootOf(1, key, value, salt));
        Assert.NotEqual(root, RootOf(2, key, value, salt));
        Assert.All(Changes(key), changed => Assert.NotEqual(root, RootOf(1, changed, value, salt)));
        Assert.All(Changes(value), changed => Assert.NotEqual(root, RootOf(1, key, changed, salt)));
        Assert.All(Changes(salt), changed => Assert.NotEqual(root, RootOf(1, key, value, changed)));

        static Hash256 RootOf(byte section, byte[] key, byte[] value, byte[] salt)
        {
            var tree = new StateTree(Suite, SectionCount);
            tree.Put(2, KeyOf(1), [1], Suite.Hash([1]));
            tree.Put(section, key, value, Hash256.Read(salt));
            return tree.Root();
        }
    }

    [Fact]
    public void The_number_of_sections_is_part_of_the_root() =>
        Assert.NotEqual(new StateTree(Suite, 3).Root(), new StateTree(Suite, 4).Root());

    [Fact]
    public void A_salt_is_found_as_it_was_last_written()
    {
        var tree = new StateTree(Suite, SectionCount);
        for (var key = 0; key < 200; key++) tree.Put(1, KeyOf(key), [], Suite.Hash(KeyOf(key)));
        tree.Put(1, KeyOf(5), [], Suite.Hash("later"u8));

        Assert.True(tree.TryGetSalt(1, KeyOf(5), out var salt));
        Assert.Equal(Suite.Hash("later"u8), salt);
        Assert.True(tree.TryGetSalt(1, KeyOf(6), out salt));
        Assert.Equal(Suite.Hash(KeyOf(6)), salt);
        Assert.False(tree.TryGetSalt(1, KeyOf(200), out _));
        Assert.False(tree.TryGetSalt(2, KeyOf(5), out _));
    }

    [Fact]
    public void Removing_what_is_not_there_changes_nothing()
    {
        var tree = new StateTree(Suite, SectionCount);
        tree.Put(1, KeyOf(1), [], default);
        tree.Put(1, KeyOf(2), [], default);
        var root = tree.Root();

        Assert.False(tree.Remove(1, KeyOf(3)));
        Assert.False(tree.Remove(2, KeyOf(1)));
        Assert.Equal(root, tree.Root());
        Assert.True(tree.Remove(1, KeyOf(1)));
        Assert.False(tree.Remove(1, KeyOf(1)));
    }

    [Fact]
    public void Long_values_are_hashed_like_short_ones()
    {
        var (tree, naive) = (new StateTree(Suite, SectionCount), new NaiveStateTree(SectionCount));
        var value = Enumerable.Repeat((byte)7, 100_000).ToArray();
        tree.Put(1, KeyOf(1), value, default);
        naive.Put(1, KeyOf(1), value, new byte[32]);
        Assert.Equal(naive.Root(), tree.Root().ToBytes());
    }

    [Fact]
    public void Salts_differ_by_everything_that_goes_into_them()
    {
        var (payload, key) = (Suite.Hash("payload"u8), KeyOf(1));
        Hash256[] salts =
        [
            Salts.ByTransaction(Suite, payload, 1, key), Salts.ByTransaction(Suite, payload, 2, key), Salts.ByTransaction(Suite, payload, 1, KeyOf(2)),
            Salts.ByTransaction(Suite, default, 1, key), Salts.ByDeadline(Suite, payload, 1, key, 5), Salts.ByDeadline(Suite, payload, 1, key, 6),
            Salts.ByDeadline(Suite, payload, 2, key, 5), Salts.ByDeadline(Suite, payload, 1, KeyOf(2), 5), Salts.ByDeadline(Suite, default, 1, key, 5),
        ];
        Assert.Equal(salts.Length, salts.Distinct().Count());
    }

    /// <summary>Few keys, so that writes meet; the key's number stands for its bytes.</summary>
    static Arbitrary<Write[]> Writes { get; } = (
        from section in Gen.Choose(1, SectionCount)
        from key in Gen.Choose(0, 60)
        from value in Gen.Choose(0, 1000)
        from isRemoval in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        from asksForRoot in Gen.Frequency((7, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Write((byte)section, key, value, isRemoval, asksForRoot)).ArrayOf().ToArbitrary();

    internal static byte[] KeyOf(int number)
    {
        var key = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return key;
    }

    internal static IEnumerable<byte[]> Changes(byte[] bytes)
    {
        for (var place = 0; place < bytes.Length; place++)
        {
            var changed = (byte[])bytes.Clone();
            changed[place] ^= 0x10;
            yield return changed;
        }
    }

    sealed record Write(byte Section, int Key, int Value, bool IsRemoval, bool AsksForRoot)
    {
        Hash256 Salt => Suite.Hash(KeyOf(Value ^ 0x5A17));

        public void ApplyTo(StateTree tree)
        {
            if (IsRemoval) tree.Remove(Section, KeyOf(Key));
            else tree.Put(Section, KeyOf(Key), KeyOf(Value), Salt);
        }

        public void ApplyTo(NaiveStateTree tree)
        {
            if (IsRemoval) tree.Remove(Section, KeyOf(Key));
            else tree.Put(Section, KeyOf(Key), KeyOf(Value), Salt.ToBytes());
        }
    }
}
