using System.Security.Cryptography;
using Ledger.Core.Primitives;

namespace Ledger.Node.Storage;

/// <summary>
/// One small record that is written over and over: in two places of its file in turn, each under its own hash (SHA-256, whatever the chain's suite), so that a torn write leaves
/// the other.
/// </summary>
sealed class TwoPlaces(IStorageFile file, string name, int placeSize, int bodySize) : IDisposable
{
    const int Count = 2;

    int next;

    public delegate T? Reader<T>(ReadOnlySpan<byte> body)
        where T : struct;

    /// <summary>The later of the records that are whole; null where none is.</summary>
    public T? Newest<T, TOrder>(Reader<T> read, Func<T, TOrder> order)
        where T : struct
        where TOrder : IComparable<TOrder>
    {
        T? newest = null;
        var place = new byte[bodySize + Hash256.Size];
        for (var i = 0; i < Count; i++)
        {
            if (file.Read((long)i * placeSize, place) != place.Length) continue;
            var body = place.AsSpan(0, bodySize);
            if (!SHA256.HashData(body).AsSpan().SequenceEqual(place.AsSpan(bodySize)) || read(body) is not { } found) continue;
            if (newest is { } before && order(before).CompareTo(order(found)) >= 0) continue;
            (newest, next) = (found, (i + 1) % Count);
        }

        return newest;
    }

    /// <summary>Writes over the older record; durable once flushed.</summary>
    public void Write(ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(body.Length, bodySize);
        var place = new byte[bodySize + Hash256.Size];
        body.CopyTo(place);
        SHA256.HashData(body, place.AsSpan(bodySize));
        Step("writing", () => file.Write((long)next * placeSize, place));
        next = (next + 1) % Count;
    }

    /// <summary>Takes all records away; durable once flushed.</summary>
    public void Clear() => Step("clearing", () => file.SetLength(0));

    /// <summary>Makes durable what was written. May be called beside the writer.</summary>
    public void Flush() => Step("flushing", file.Flush);

    public void Dispose() => file.Dispose();

    void Step(string doing, Action step) => StorageFault.Do(name, doing, step);
}
