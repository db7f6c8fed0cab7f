using System.IO.Compression;
using System.Security.Cryptography;
using Ledger.Core.Chain;
using Ledger.Node.Ordering.Etcd;
using Ledger.Suites;

namespace Ledger.Tests.Ordering;

public sealed class BatchValueTests : IAsyncLifetime
{
    readonly OrderedLedger ledger = OrderedLedger.Begin(new FakeEtcd());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ledger.DisposeAsync();

    [Fact]
    public void A_batch_is_read_as_it_was_written()
    {
        var batch = ledger.Seal(7, "one", "二");

        var read = BatchValue.Read(BatchValue.Write(batch), KnownSuites.P256);

        Assert.Equal(batch.Envelope, read?.Envelope);
        Assert.Equal(batch.Items.Select(item => Convert.ToHexString(item.Bytes.Span)), read?.Items.Select(item => Convert.ToHexString(item.Bytes.Span)) ?? []);
    }

    [Fact]
    public void The_largest_batch_that_is_sealed_fits_though_nothing_of_it_compresses()
    {
        // A further transaction is taken as long as the bound is not reached.
        const int largest = 65_530;
        var lines = new byte[17][];
        for (var i = 0; i < lines.Length; i++) lines[i] = RandomNumberGenerator.GetBytes(i == 0 ? BatchValue.MaxTransactions - 1 - (15 * largest) : largest);
        Assert.Equal(BatchValue.MaxTransactions - 1 + largest, lines.Sum(line => line.Length));

        Assert.True(BatchValue.Write(ledger.Seal(1, lines)).Length <= BatchValue.MaxSize);
    }

    [Fact]
    public void A_bomb_is_no_batch()
    {
        var zeros = new byte[BatchValue.MaxInflated + 1];
        var bomb = Packed(zeros);

        Assert.True(bomb.Length < BatchValue.MaxSize);
        Assert.Null(BatchValue.Read(bomb, KnownSuites.P256));
    }

    [Fact]
    public void No_value_with_an_octet_changed_cut_off_or_added_is_the_batch()
    {
        var value = BatchValue.Write(ledger.Seal(1, "one", "two"));
        for (var i = 0; i < value.Length; i++)
        {
            var changed = value.ToArray();
            changed[i] ^= 1;
            Assert.True(BatchValue.Read(changed, KnownSuites.P256) is not { } read || BatchValue.Write(read).AsSpan().SequenceEqual(value), $"octet {i}");
            Assert.Null(BatchValue.Read(value.AsMemory(0, i), KnownSuites.P256));
        }

        Assert.Null(BatchValue.Read(value.Append((byte)0).ToArray(), KnownSuites.P256));
    }

    [Fact]
    public void No_beginning_of_a_value_is_more_than_no_batch()
    {
        var value = BatchValue.Write(ledger.Seal(1, "one"));
        for (var octet = 0; octet <= byte.MaxValue; octet++)
        {
            foreach (var first in (byte[])[value[0], 0x08, 0x79])
            {
                var changed = value.ToArray();
                (changed[0], changed[1]) = (first, (byte)octet);
                Assert.True(BatchValue.Read(changed, KnownSuites.P256) is not { } read || BatchValue.Write(read).AsSpan().SequenceEqual(value), $"{first:x2} {octet:x2}");
            }
        }

        // A dictionary that is named and not there.
        Assert.Null(BatchValue.Read(new byte[] { 0x78, 0x20, 0, 0, 0, 1, 1, 0, 0 }, KnownSuites.P256));
        Assert.Null(BatchValue.Read(new byte[] { 0x78, 0xBB, 0, 0, 0, 1, 1, 0, 0 }, KnownSuites.P256));
    }

    [Fact]
    public void What_the_envelope_does_not_name_is_in_no_batch()
    {
        var batch = ledger.Seal(1, "one");
        var plain = BatchValue.WritePlain(batch);

        Assert.NotNull(BatchValue.Read(Packed(plain), KnownSuites.P256));
        Assert.Null(BatchValue.Read(Packed([.. plain, 0, 1, 65]), KnownSuites.P256));
        Assert.Null(BatchValue.Read(Packed(plain[..^5]), KnownSuites.P256));
        Assert.Null(BatchValue.Read(Packed(BatchValue.WritePlain(batch with { Items = [new("two"u8.ToArray(), null)] })), KnownSuites.P256));
        Assert.Null(BatchValue.Read(Packed(BatchValue.WritePlain(batch with { Envelope = batch.Envelope with { TransactionCount = 1_001 } })), KnownSuites.P256));
    }

    [Fact]
    public void Values_and_files_are_read_as_they_were_frozen()
    {
        if (Environment.GetEnvironmentVariable("LEDGER_FREEZE_ORDER") == "1") Freeze();
        var frozen = File.ReadAllLines(Frozen).Select(line => line.Split(' ')).ToDictionary(line => line[0], line => Convert.FromHexString(line[1]));
        var batch = BatchValue.Read(frozen["value"], KnownSuites.P256);
        Assert.NotNull(batch);
        Assert.Equal(frozen["plain"], BatchValue.WritePlain(batch));
        Assert.Equal(frozen["key"], new OrderKeys(batch.Envelope.ChainId, batch.Envelope.Epoch).Of(batch.Envelope.Bank, batch.Envelope.Counter).ToByteArray());

        var disk = new Storage.MemoryStorage();
        disk[FolderLayout.Outbox] = frozen["outbox"];
        using (var outbox = OutboxFile.Open(disk))
        {
            Assert.Equal((batch.Envelope.Epoch, batch.Envelope.Counter), (outbox.Last?.Epoch ?? 0, outbox.Last?.Counter ?? 0));
            Assert.Equal(frozen["value"], outbox.Last?.Value.ToArray());
        }

        disk[FolderLayout.OrderPosition] = frozen["position"];
        using var position = PositionFile.Open(disk, batch.Envelope.Epoch);
        Assert.Equal((0x0123_4567_89AB_CDEFUL, 42UL), (position.Cluster ?? 0, position.Last.Revision));
        Assert.Equal(KnownSuites.P256.Hash("a put"u8), position.Last.Event);
    }

    static string Frozen => Path.Combine(Repository.Root(), "tests/Ledger.Tests/Vectors/order/order.txt");

    // With LEDGER_FREEZE_ORDER=1, when the format is meant to change.
    void Freeze()
    {
        var batch = ledger.Seal(7, "one", "二");
        var disk = new Storage.MemoryStorage();
        using (var outbox = OutboxFile.Open(disk)) outbox.Write(new(batch.Envelope.Epoch, batch.Envelope.Counter, BatchValue.Write(batch)));
        using (var position = PositionFile.Open(disk, batch.Envelope.Epoch)) position.Write(0x0123_4567_89AB_CDEF, new(42, KnownSuites.P256.Hash("a put"u8)));
        (string Name, byte[] Bytes)[] all =
        [
            ("key", ledger.Keys.Of(ledger.Bank, 7).ToByteArray()), ("plain", BatchValue.WritePlain(batch)), ("value", BatchValue.Write(batch)),
            ("outbox", disk[FolderLayout.Outbox]), ("position", disk[FolderLayout.OrderPosition]),
        ];
        Directory.CreateDirectory(Path.GetDirectoryName(Frozen) ?? "");
        File.WriteAllLines(Frozen, all.Select(one => $"{one.Name} {Convert.ToHexStringLower(one.Bytes)}"));
    }

    static byte[] Packed(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(plain);
        return packed.ToArray();
    }
}
