using System.Buffers.Binary;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>Leaves of the history in a row, octet for octet (C2SP tlog-tiles): each with its length before it in two octets, for no leaf is longer than these can say.</summary>
public static class EntryBundle
{
    const int LengthSize = 2;

    /// <summary>No bundle is longer.</summary>
    public const int MaxSize = Tile.MaxWidth * (LengthSize + Leaf.MaxSize);

    public static byte[] Write(IReadOnlyCollection<ReadOnlyMemory<byte>> leaves)
    {
        var octets = new byte[leaves.Sum(static leaf => LengthSize + leaf.Length)];
        var rest = octets.AsSpan();
        foreach (var leaf in leaves)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)leaf.Length);
            leaf.Span.CopyTo(rest[LengthSize..]);
            rest = rest[(LengthSize + leaf.Length)..];
        }

        return octets;
    }

    /// <summary>Reads so many leaves; false where there are fewer or more octets than they take.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> octets, int width, out ValueList<ReadOnlyMemory<byte>> leaves)
    {
        leaves = [];
        var read = new List<ReadOnlyMemory<byte>>(width);
        while (read.Count < width)
        {
            if (octets.Length < LengthSize) return false;
            var end = LengthSize + BinaryPrimitives.ReadUInt16BigEndian(octets.Span);
            if (octets.Length < end) return false;
            read.Add(octets[LengthSize..end]);
            octets = octets[end..];
        }

        leaves = [.. read];
        return octets.IsEmpty;
    }
}
