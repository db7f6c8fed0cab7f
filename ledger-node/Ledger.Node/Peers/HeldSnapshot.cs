using System.Buffers.Binary;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>
/// A snapshot's file as a node says that it has it: by it two answers are known to be of one file, and that is all that it is good for. Only what is in the file proves anything.
/// </summary>
/// <param name="Height">Of the block behind which it stands.</param>
/// <param name="Length">In octets.</param>
/// <param name="Digest">The file's last 32 octets, a SHA-256 over everything before them.</param>
public readonly record struct HeldSnapshot(ulong Height, ulong Length, Hash256 Digest)
{
    public const int Size = 8 + 8 + Hash256.Size;

    public byte[] Write()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Height);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Length);
        Digest.Write(bytes.AsSpan(16));
        return bytes;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out HeldSnapshot snapshot)
    {
        snapshot = default;
        if (bytes.Length != Size) return false;
        snapshot = new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), Hash256.Read(bytes[16..]));
        return snapshot.Height <= SegmentCodec.MaxHeight && snapshot.Length is > Hash256.Size and <= PeerPages.MaxSnapshot;
    }
}
