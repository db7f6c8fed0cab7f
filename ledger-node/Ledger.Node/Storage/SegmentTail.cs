using System.Text;
using Ledger.Core.Chain;

namespace Ledger.Node.Storage;

/// <summary>
/// Where the acknowledged part of the last segment ends. A crash leaves a part of the last write behind its last checkpoint, and that may be cut;
/// anything else that is wrong there is damage, and cutting it could lose what was acknowledged.
/// </summary>
static class SegmentTail
{
    // What a disk writes at once, so that of a torn write whole sectors are missing.
    const int Sector = 512;
    const int ShortestHole = 16;

    /// <summary>
    /// The length up to the last checkpoint (up to the opener, where there is none) if all behind it is a torn tail; the whole length if there is no
    /// tail or the tail is damage. Up to <paramref name="acknowledged"/> nothing is a tail.
    /// </summary>
    public static int KeptLength(ReadOnlySpan<byte> segment, string origin, ulong acknowledged)
    {
        int read = 0, kept = 0;
        while (SegmentCodec.TryRead(segment[read..], out var record, out _))
        {
            read += record.Length;
            if (record.Type != RecordType.Block) kept = read;
        }

        if ((ulong)kept < acknowledged) return segment.Length;
        var checkpoint = FindCheckpoint(segment[read..], origin);
        return checkpoint < 0 || HasHole(segment[..(read + checkpoint)], kept) ? kept : segment.Length;
    }

    // Behind a record that cannot be read the next one is found by what every checkpoint begins with.
    static int FindCheckpoint(ReadOnlySpan<byte> bytes, string origin)
    {
        var beginning = Encoding.UTF8.GetBytes($"{origin}\n").AsSpan();
        for (var from = 0; bytes[from..].IndexOf(beginning) is >= 0 and var found; from += found + 1)
        {
            var start = from + found - SegmentCodec.HeadSize;
            if (start >= 0 && SegmentCodec.TryRead(bytes[start..], out var record, out _) && record.Type == RecordType.Checkpoint) return start;
        }

        return -1;
    }

    // A crash can keep the end of a write and lose sectors before it. They read as zeros, of which no record holds so many.
    static bool HasHole(ReadOnlySpan<byte> bytes, int from)
    {
        while (from < bytes.Length)
        {
            var end = Math.Min(bytes.Length, (from / Sector * Sector) + Sector);
            if (end - from >= ShortestHole && !bytes[from..end].ContainsAnyExcept((byte)0)) return true;
            from = end;
        }

        return false;
    }
}
