using System.Security.Cryptography;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Storage;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>What this bank has last put into the order, or was about to put: its epoch, its counter, the value.</summary>
sealed record Outgoing(uint Epoch, ulong Counter, ReadOnlyMemory<byte> Value);

/// <summary>
/// The file <c>outbox</c>: what goes to the order is here first, so that a node which does not know whether it was put can put the very same again, and never
/// another batch under the same counter. A torn write says that nothing left the machine. It is in no backup.
/// </summary>
sealed class OutboxFile : IDisposable
{
    const ushort FormatVersion = 1;
    const int HeadSize = 2 + 4 + 8 + 4;

    readonly IStorageFile file;

    OutboxFile(IStorageFile file, Outgoing? last)
    {
        this.file = file;
        Last = last;
    }

    /// <summary>Null where nothing was ever put, or the last write was torn.</summary>
    public Outgoing? Last { get; private set; }

    public static OutboxFile Open(IStorage storage)
    {
        if (storage.Open(FolderLayout.Outbox) is { } file) return new(file, Read(file));
        file = storage.Create(FolderLayout.Outbox);
        storage.FlushFolder("");
        return new(file, null);
    }

    /// <summary>Puts one in the place of the last; returns when it is durable.</summary>
    public void Write(Outgoing outgoing)
    {
        var body = new BigEndianWriter(HeadSize + outgoing.Value.Length + Hash256.Size)
            .U16(FormatVersion).U32(outgoing.Epoch).U64(outgoing.Counter).U32((uint)outgoing.Value.Length).Bytes(outgoing.Value.Span);
        body.Bytes(SHA256.HashData(body.Written));
        Last = null;
        StorageFault.Do(FolderLayout.Outbox, "writing", () =>
        {
            file.Write(0, body.Written);
            file.Flush();
        });
        Last = outgoing;
    }

    public void Dispose() => file.Dispose();

    static Outgoing? Read(IStorageFile file)
    {
        if (file.Length is < HeadSize + Hash256.Size or > HeadSize + BatchValue.MaxSize + Hash256.Size) return null;
        var bytes = new byte[file.Length];
        if (file.Read(0, bytes) != bytes.Length) return null;
        var reader = new BigEndianReader(bytes);
        var version = reader.U16();
        var (epoch, counter, length) = (reader.U32(), reader.U64(), reader.U32());
        if (version != FormatVersion || length > BatchValue.MaxSize) return null;
        var value = reader.Bytes((int)length);
        var isWhole = SHA256.HashData(bytes.AsSpan(0, HeadSize + value.Length)).AsSpan().SequenceEqual(reader.Bytes(Hash256.Size));
        return isWhole ? new(epoch, counter, value.ToArray()) : null;
    }
}
