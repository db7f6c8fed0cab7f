using Ledger.Core.Chain;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Storage;
using Ledger.Suites;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Ordering;

/// <summary>What is written down of the order survives a torn write, and says never more than is so.</summary>
public sealed class OrderFilesTests
{
    readonly MemoryStorage disk = new();

    static OrderPosition At(ulong revision) => new(revision, KnownSuites.P256.Hash(BitConverter.GetBytes(revision)));

    [Fact]
    public void A_torn_write_of_the_position_leaves_the_one_before()
    {
        using (var position = PositionFile.Open(disk, 1))
        {
            position.Write(5, At(10));
            position.Write(5, At(11));
            position.Write(5, At(12));
        }

        // Two places in turn: the third write is in the first.
        disk[FolderLayout.OrderPosition][20] ^= 1;

        using var again = PositionFile.Open(disk, 1);
        Assert.Equal(At(11), again.Last);
        again.Write(5, At(12));
        using var more = PositionFile.Open(disk, 1);
        Assert.Equal((5UL, At(12)), (more.Cluster ?? 0, more.Last));
    }

    [Fact]
    public void A_position_of_another_epoch_is_none()
    {
        using (var position = PositionFile.Open(disk, 1)) position.Write(5, At(10));

        using var next = PositionFile.Open(disk, 2);
        Assert.Equal((null, default), (next.Cluster, next.Last));
        next.Write(6, At(3));
        using var again = PositionFile.Open(disk, 2);
        Assert.Equal(At(3), again.Last);
    }

    [Fact]
    public void The_outbox_is_durable_before_anything_leaves_and_a_torn_one_is_empty()
    {
        using (var outbox = OutboxFile.Open(disk))
        {
            var flushes = disk.Flushes;
            outbox.Write(new(1, 8, new byte[1_000]));
            Assert.True(disk.Flushes > flushes);
            outbox.Write(new(1, 9, "value"u8.ToArray()));
        }

        using (var again = OutboxFile.Open(disk))
        {
            Assert.Equal((1u, 9UL, 5), (again.Last?.Epoch ?? 0, again.Last?.Counter ?? 0, again.Last?.Value.Length ?? 0));
        }

        for (var octet = 0; octet < 18 + 5 + 32; octet++)
        {
            var torn = disk.Copy();
            torn[FolderLayout.Outbox][octet] ^= 1;
            using var read = OutboxFile.Open(torn);
            Assert.Null(read.Last);
        }
    }

    [Fact]
    public void A_disk_that_fails_is_a_fault_of_storage()
    {
        using var outbox = OutboxFile.Open(disk);
        disk.FlushFails = true;

        Assert.Throws<StorageFault>(() => outbox.Write(new(1, 1, "value"u8.ToArray())));
        Assert.Null(outbox.Last);
    }
}
