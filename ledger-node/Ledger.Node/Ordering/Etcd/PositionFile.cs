using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Storage;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>A revision of the order, and the hash of its first put; a revision of 0 is none yet.</summary>
public readonly record struct OrderPosition(ulong Revision, Hash256 Event);

/// <summary>
/// The file <c>position</c>: up to where in the order everything is durable in this chain, in which epoch and of which cluster. It never says more than is
/// durable; it may say less, for what is read again is known. It is in no backup: a chain that was taken back begins at the order's beginning.
/// </summary>
sealed class PositionFile : IDisposable
{
    const int PlaceSize = 512;
    const int Size = 2 + 4 + 8 + 8 + Hash256.Size;
    const ushort FormatVersion = 1;

    readonly TwoPlaces places;
    readonly uint epoch;

    PositionFile(TwoPlaces places, uint epoch)
    {
        this.places = places;
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

        var places = new TwoPlaces(file, FolderLayout.OrderPosition, PlaceSize, Size);
        var position = new PositionFile(places, epoch);
        if (places.Newest(body => Read(body, epoch), static found => found.At.Revision) is { } last) (position.Cluster, position.Last) = last;
        return position;
    }

    /// <summary>Notes what is durable in the chain; returns before that is itself durable.</summary>
    public void Write(ulong cluster, OrderPosition at)
    {
        places.Write(new BigEndianWriter(Size).U16(FormatVersion).U32(epoch).U64(cluster).U64(at.Revision).Hash(at.Event).Written);
        (Cluster, Last) = (cluster, at);
    }

    /// <summary>Makes durable what was written. May be called beside the writer.</summary>
    public void Flush() => places.Flush();

    public void Dispose() => places.Dispose();

    static (ulong Cluster, OrderPosition At)? Read(ReadOnlySpan<byte> body, uint epoch)
    {
        var reader = new BigEndianReader(body);
        var (version, of) = (reader.U16(), reader.U32());
        var found = (reader.U64(), new OrderPosition(reader.U64(), reader.Hash()));
        return version == FormatVersion && reader.IsComplete && of == epoch ? found : null;
    }
}
