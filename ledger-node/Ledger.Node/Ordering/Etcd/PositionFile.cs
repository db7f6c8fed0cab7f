using System.Security.Cryptography;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Storage;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>A revision of the order, and the hash of its first put; a revision of 0 is none yet.</summary>
public readonly record struct OrderPosition(ulong Revision, Hash256 Event);

/// <summary>
/// The file <c>position</c>: up to where in the order everything is durable in this chain, in which epoch and of which cluster. It never says more than is
/// durable; it may say less, for what is read again is known. Two places are written in turn, so that a torn write leaves the other. It is in
/// no backup: a chain that was taken back begins at the order's beginning.
/// </summary>
sealed class PositionFile : IDisposable
{
    const int SlotSize = 512;
    const int Size = 2 + 4 + 8 + 8 + Hash256.Size;
    const int Slots = 2;
    const ushort FormatVersion = 1;

    readonly IStorageFile file;
    readonly uint epoch;
    int next;

    PositionFile(IStorageFile file, uint epoch)
    {
        this.file = file;
        this.epoch = epoch;
    }

    /// <summary>Null before anything of this epoch was read.</summary>
    public ulong? Cluster { get; private set; }

    public OrderPosition Last { get; private set; }

    /// <summary>The position in an epoch; one of another epoch is none.</summary>
    public static PositionFile Open(IStorage storage, uint epoch)
    {
        if (storage.Open(FolderLayout.OrderPosition) is not { } file)
        {
            file = storage.Create(FolderLayout.OrderPosition);
            storage.FlushFolder("");
        }

        var position = new PositionFile(file, epoch);
        var slot = new byte[Size + Hash256.Size];
        for (var i = 0; i < Slots; i++)
        {
            if (file.Read(i * SlotSize, slot) != slot.Length || Read(slot) is not { } found) continue;
            if (found.Epoch != epoch || (position.Cluster is not null && found.At.Revision < position.Last.Revision)) continue;
            (position.Cluster, position.Last, position.next) = (found.Cluster, found.At, (i + 1) % Slots);
        }

        return position;
    }

    /// <summary>Notes what is durable in the chain; returns before that is itself durable.</summary>
    public void Write(ulong cluster, OrderPosition at)
    {
        var body = new BigEndianWriter(Size + Hash256.Size).U16(FormatVersion).U32(epoch).U64(cluster).U64(at.Revision).Hash(at.Event);
        body.Bytes(SHA256.HashData(body.Written));
        Step("writing", () => file.Write(next * SlotSize, body.Written));
        next = (next + 1) % Slots;
        (Cluster, Last) = (cluster, at);
    }

    /// <summary>Makes durable what was written. May be called beside the writer.</summary>
    public void Flush() => Step("flushing", file.Flush);

    public void Dispose() => file.Dispose();

    static void Step(string doing, Action step)
    {
        try
        {
            step();
        }
        catch (IOException cause)
        {
            throw new StorageFault(FolderLayout.OrderPosition, doing, mayRetry: false, cause);
        }
    }

    static (uint Epoch, ulong Cluster, OrderPosition At)? Read(ReadOnlySpan<byte> slot)
    {
        var reader = new BigEndianReader(slot[..Size]);
        var version = reader.U16();
        var found = (reader.U32(), reader.U64(), new OrderPosition(reader.U64(), reader.Hash()));
        return version == FormatVersion && reader.IsComplete && SHA256.HashData(slot[..Size]).AsSpan().SequenceEqual(slot[Size..]) ? found : null;
    }
}
