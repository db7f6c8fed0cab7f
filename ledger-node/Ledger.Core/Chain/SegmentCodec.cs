using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Chain;

public enum RecordType : byte
{
    Opener = 1,
    Block = 2,
    Checkpoint = 3,
}

/// <summary>Why the bytes at the front of a segment are no record.</summary>
public enum RecordFault
{
    None,

    /// <summary>The segment ends inside the record: a torn write, or more is still to come.</summary>
    NeedsMoreBytes,

    UnknownType,

    LengthOutOfRange,

    ChecksumMismatch,
}

/// <summary>One record of a segment, as a window on the segment's bytes.</summary>
public readonly ref struct SegmentRecord(RecordType type, ReadOnlySpan<byte> payload)
{
    public RecordType Type { get; } = type;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>What the record takes up in the segment.</summary>
    public int Length => Payload.Length + SegmentCodec.Overhead;
}

/// <summary>The first record of a segment: which chain, and where in it the segment begins.</summary>
public readonly record struct SegmentOpener(Hash256 ChainId, ulong FirstHeight, ulong FirstLeaf)
{
    public const ushort FormatVersion = 1;

    public byte[] Write() => new BigEndianWriter(50).U16(FormatVersion).Hash(ChainId).U64(FirstHeight).U64(FirstLeaf).ToArray();

    public static bool TryRead(ReadOnlySpan<byte> payload, out SegmentOpener opener)
    {
        opener = default;
        var reader = new BigEndianReader(payload);
        var version = reader.U16();
        var read = new SegmentOpener(reader.Hash(), reader.U64(), reader.U64());
        if (!reader.IsComplete || version != FormatVersion || read.ChainId.IsZero) return false;
        opener = read;
        return true;
    }
}

/// <summary>
/// Records in a segment file: type, length, payload, and a CRC-32C over all three. The checksum finds accidents; that nothing was changed on
/// purpose is for the checkpoints to show.
/// </summary>
public static class SegmentCodec
{
    public const int MaxPayload = 128 * 1024 * 1024;

    /// <summary>No node lets a segment grow further, so that a reader may hold a whole one.</summary>
    public const long MaxSegment = MaxFull + MaxPayload;

    /// <summary>The greatest length at which a segment counts as full and the next is begun.</summary>
    public const long MaxFull = 1024L * 1024 * 1024;

    /// <summary>What a record takes up beside its payload.</summary>
    public const int Overhead = HeadSize + ChecksumSize;

    /// <summary>Type and length, before the payload.</summary>
    public const int HeadSize = 5;

    const int ChecksumSize = 4;
    const int HeightDigits = 12;

    /// <summary>The greatest height that a segment's name can say.</summary>
    public const ulong MaxHeight = 999_999_999_999;

    const string Extension = ".seg";

    /// <summary>A segment's file name: the height of its first block in twelve digits, so that names sort as the chain runs.</summary>
    public static string FileName(ulong firstHeight)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstHeight, MaxHeight);
        return firstHeight.ToString("D12", NumberFormatInfo.InvariantInfo) + Extension;
    }

    public static bool TryParseFileName(ReadOnlySpan<char> name, out ulong firstHeight)
    {
        firstHeight = 0;
        return name.Length == HeightDigits + Extension.Length && name.EndsWith(Extension, StringComparison.Ordinal)
            && ulong.TryParse(name[..HeightDigits], NumberStyles.None, NumberFormatInfo.InvariantInfo, out firstHeight);
    }

    /// <summary>Writes a record to the front of <paramref name="destination"/>, which must hold payload and overhead; returns what it took.</summary>
    public static int Write(RecordType type, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayload);

        destination[0] = (byte)type;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)payload.Length);
        payload.CopyTo(destination[HeadSize..]);
        var end = HeadSize + payload.Length;
        BinaryPrimitives.WriteUInt32BigEndian(destination[end..], Crc32C(destination[..end]));
        return end + ChecksumSize;
    }

    /// <summary>
    /// Reads the record at the front of <paramref name="bytes"/>. With <see cref="RecordFault.ChecksumMismatch"/> the record is given
    /// nevertheless, so that a diagnosis can say what stands there and go on behind it.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SegmentRecord record, out RecordFault fault)
    {
        record = default;
        fault = RecordFault.NeedsMoreBytes;
        if (bytes.IsEmpty) return false;

        fault = RecordFault.UnknownType;
        var type = (RecordType)bytes[0];
        if (type is not (RecordType.Opener or RecordType.Block or RecordType.Checkpoint)) return false;

        fault = RecordFault.NeedsMoreBytes;
        if (bytes.Length < HeadSize) return false;

        fault = RecordFault.LengthOutOfRange;
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        if (length > MaxPayload) return false;

        fault = RecordFault.NeedsMoreBytes;
        var end = HeadSize + (int)length;
        if (bytes.Length < end + ChecksumSize) return false;

        record = new(type, bytes[HeadSize..end]);
        fault = Crc32C(bytes[..end]) == BinaryPrimitives.ReadUInt32BigEndian(bytes[end..]) ? RecordFault.None : RecordFault.ChecksumMismatch;
        return fault == RecordFault.None;
    }

    /// <summary>CRC-32C (Castagnoli; RFC 3720 appendix B.4).</summary>
    static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var last in bytes) crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
