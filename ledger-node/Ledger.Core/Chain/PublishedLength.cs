using System.Buffers.Binary;

namespace Ledger.Core.Chain;

/// <summary>
/// How far a node's chain is on disk and checkpointed: the first height of its last segment, and that segment's length up to the end of its last
/// checkpoint. Sixteen bytes, so that a reader sees an old value or a new one.
/// </summary>
public readonly record struct PublishedLength(ulong FirstHeight, ulong Length)
{
    public const int Size = 16;

    public byte[] Write()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, FirstHeight);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(sizeof(ulong)), Length);
        return bytes;
    }

    /// <summary>False for what a crash can leave of a file that is never flushed: nothing, a part, or zeros; nor for a height that no segment's name says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PublishedLength published)
    {
        published = default;
        if (bytes.Length != Size) return false;
        published = new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));
        return published.Length > 0 && published.FirstHeight <= SegmentCodec.MaxHeight;
    }
}
