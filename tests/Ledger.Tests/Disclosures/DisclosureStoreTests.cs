using System.Text;
using Ledger.Client.Disclosures;
using Ledger.Core.Crypto;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Node;
using Ledger.Node.Private;
using Ledger.Node.Storage;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Storage;
using static Ledger.Tests.World;

namespace Ledger.Tests.Disclosures;

public class DisclosureStoreTests
{
    static readonly byte[] Key = [.. Enumerable.Range(1, SealedFile.KeySize).Select(n => (byte)n)];
    static readonly Hash256 Chain = new(1, 2);

    readonly MemoryStorage storage = new();
    readonly List<string> said = [];

    [Fact]
    public void What_was_kept_is_found_again_after_a_restart_and_on_a_disk()
    {
        using var folder = new TemporaryFolder();
        var disk = new DiskStorage(folder.Path);
        var (first, second) = (File(1, 0, Set().With(Term.Rate, new Rate(38_500))), File(1, 2, Set().With(Term.Contact, "王五")));
        Assert.Equal(2, Open(disk).Keep(first, out _));
        Assert.Equal(2, Open(disk).Keep(second, out _));

        var found = Open(disk).Find(A, new(1));

        Assert.Equal([(0, "38500"), (2, null)], found?.Files.Select(file => (file.Operation, file.Set[Term.Rate]?.Value)));
        Assert.Equal(0, found?.Unreadable);
        Assert.Null(Open(disk).Find(A, new(2)));
        Assert.Null(Open(disk).Find(B, new(1)));
        Assert.Empty(said);
    }

    [Fact]
    public void Nothing_of_a_disclosure_is_in_the_clear_nor_in_a_name_and_twice_the_same_looks_different()
    {
        var file = File(1, 0, DisclosureSet.Empty.With(Term.AccountName, "示例供应商甲有限公司"));
        Open(storage).Keep(file, out _);
        var elsewhere = new MemoryStorage();
        Open(elsewhere).Keep(file, out _);

        var (name, bytes) = Single(storage);
        Assert.Equal(64, name.Length);
        Assert.NotEqual(name, Single(elsewhere).Name);
        var text = Encoding.UTF8.GetString(bytes);
        Assert.All(new[] { "示例", A.Text, "accountName", file.Set[Term.AccountName]!.Text }, secret => Assert.DoesNotContain(secret, text));
        Assert.Equal(bytes.Length, Single(elsewhere).Bytes.Length);
    }

    [Fact]
    public void Names_of_different_lengths_are_padded_alike()
    {
        var sizes = new[] { "短", new string('长', 100) }.Select(value =>
        {
            var one = new MemoryStorage();
            Open(one).Keep(File(1, 0, DisclosureSet.Empty.With(Term.AccountName, value)), out _);
            return Single(one).Bytes.Length;
        });

        Assert.Single(sizes.Distinct());
    }

    [Fact]
    public void What_is_held_is_not_stored_twice_and_another_value_of_a_term_is_refused()
    {
        var store = Open(storage);
        var set = Set();
        Assert.Equal(1, store.Keep(File(1, 0, set), out _));
        Assert.Equal(0, store.Keep(File(1, 0, set), out _));
        Assert.Equal(1, store.Keep(File(1, 0, set.With(Term.Rate, new Rate(1))), out _));
        Assert.Equal(0, Open(storage).Keep(File(1, 0, set), out _));

        Assert.Null(store.Keep(File(1, 0, Set()), out var contradicted));
        Assert.Equal(Term.Fees, contradicted);
        Assert.Equal(2, storage.List("private").Count);
        Assert.Equal(2, Assert.Single(store.Find(A, new(1))!.Files).Set.Count);
    }

    [Fact]
    public void A_file_has_its_name_only_when_it_is_durable()
    {
        Open(storage).Keep(File(1, 0, Set()), out _);

        var name = Single(storage).Name;
        Assert.Equal(
            ["flush /", "write private/unfinished", "flush private/unfinished", $"rename private/{name}", "flush private/"],
            storage.Steps);
    }

    [Fact]
    public void A_write_that_fails_keeps_nothing_and_leaves_nothing_that_is_taken_for_a_file()
    {
        storage.Room = 100;
        Assert.Throws<IOException>(() => Open(storage).Keep(File(1, 0, Set()), out _));
        storage.Room = long.MaxValue;

        var store = Open(storage);
        Assert.Empty(said);
        Assert.Null(store.Find(A, new(1)));
        Assert.Equal(1, store.Keep(File(1, 0, Set()), out _));
    }

    [Fact]
    public void A_flush_that_fails_is_no_promise()
    {
        storage.FlushFails = true;
        var store = Open(storage);

        Assert.Throws<IOException>(() => store.Keep(File(1, 0, Set()), out _));
        Assert.Null(store.Find(A, new(1)));
    }

    [Fact]
    public void A_file_changed_anywhere_is_named_and_passed_over_and_the_rest_is_there()
    {
        Open(storage).Keep(File(1, 0, Set()), out _);
        var (name, bytes) = Single(storage);
        Open(storage).Keep(File(2, 0, Set()), out _);

        for (var place = 0; place < bytes.Length; place += 13)
        {
            said.Clear();
            var changed = bytes.ToArray();
            changed[place] ^= 1;
            storage[$"private/{name}"] = changed;
            var store = Open(storage);

            Assert.Null(store.Find(A, new(1)));
            Assert.NotNull(store.Find(A, new(2)));
            Assert.Contains(name, Assert.Single(said));
        }

        storage[$"private/{name}"] = bytes[..^1];
        Assert.Null(Open(storage).Find(A, new(1)));
    }

    [Fact]
    public void A_tampered_file_under_its_own_new_name_does_not_open_either()
    {
        var (_, bytes) = SealedFile.Seal(Key, "{}"u8);
        bytes[^1] ^= 1;
        var name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

        Assert.Null(SealedFile.Open(Key, name, bytes, out var fault));
        Assert.Equal(SealedFileFault.Damaged, fault);
    }

    [Fact]
    public void A_file_of_another_key_or_chain_says_so_and_stays()
    {
        DisclosureStore.Open(new PrivateFolder(storage), [.. Key.Reverse()], new P256Suite(), Chain, said.Add).Keep(File(1, 0, Set()), out _);
        Assert.Null(Open(storage).Find(A, new(1)));
        Assert.Contains("another key", Assert.Single(said));

        var other = new MemoryStorage();
        DisclosureStore.Open(new PrivateFolder(other), Key, new P256Suite(), new(9, 9), said.Add).Keep(File(1, 0, Set()) with { Chain = new(9, 9) }, out _);
        Assert.Null(Open(other).Find(A, new(1)));
        Assert.Contains("another chain", said[^1]);
        Assert.Single(other.List("private"));
    }

    [Fact]
    public void A_file_that_is_damaged_while_the_node_runs_is_counted()
    {
        var store = Open(storage);
        store.Keep(File(1, 0, Set()), out _);
        storage[$"private/{Single(storage).Name}"] = [];

        Assert.Equal((0, 1), (store.Find(A, new(1))!.Files.Count, store.Find(A, new(1))!.Unreadable));
    }

    DisclosureStore Open(IStorage where) => DisclosureStore.Open(new PrivateFolder(where), Key, new P256Suite(), Chain, said.Add);

    static DisclosureSet Set() => DisclosureSet.Empty.With(Term.Fees, new Amount(5));

    static DisclosureFile File(uint id, int operation, DisclosureSet set) => new(Chain, A, new(id), operation, set);

    static (string Name, byte[] Bytes) Single(MemoryStorage storage)
    {
        var name = Assert.Single(storage.List("private"));
        return (name, storage[$"private/{name}"]);
    }
}
