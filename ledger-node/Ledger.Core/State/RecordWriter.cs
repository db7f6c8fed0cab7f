using System.Buffers.Binary;
using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>Writes a record's fields one after another, big-endian, without gaps: the bytes that state leaves hash (docs/FORMATS.md).</summary>
public sealed class RecordWriter
{
    byte[] buffer = new byte[256];
    int length;

    public byte[] ToBytes() => buffer.AsSpan(0, length).ToArray();

    public RecordWriter Byte(byte value)
    {
        Reserve(1)[0] = value;
        return this;
    }

    public RecordWriter Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public RecordWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), checked((ushort)value));
        return this;
    }

    public RecordWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);
        return this;
    }

    public RecordWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);
        return this;
    }

    public RecordWriter U128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(Reserve(16), value);
        return this;
    }

    public RecordWriter Hash(Hash256 value)
    {
        value.Write(Reserve(Hash256.Size));
        return this;
    }

    public RecordWriter Time(Timestamp value) => U64((ulong)value.UnixMilliseconds);

    /// <summary>Days since 0001-01-01, which is 0.</summary>
    public RecordWriter Date(DateOnly value) => U32((uint)value.DayNumber);

    public RecordWriter Amount(Amount value) => U64(value.Minor);

    public RecordWriter Units(Interval value) => U64(value.First).U64(value.Last);

    public RecordWriter Bytes(ReadOnlySpan<byte> value)
    {
        U16(value.Length);
        value.CopyTo(Reserve(value.Length));
        return this;
    }

    /// <summary>u16 length and UTF-8.</summary>
    public RecordWriter Text(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        U16(size);
        Encoding.UTF8.GetBytes(value, Reserve(size));
        return this;
    }

    /// <summary>u8 length and ASCII; length 0 for nobody.</summary>
    public RecordWriter Party(PartyId value)
    {
        var text = value.Text ?? "";
        Byte((byte)text.Length);
        Encoding.ASCII.GetBytes(text, Reserve(text.Length));
        return this;
    }

    public RecordWriter Currency(Currency value)
    {
        Encoding.ASCII.GetBytes(value.Code, Reserve(3));
        return this;
    }

    /// <summary>u16 count and the items.</summary>
    public RecordWriter List<T>(ValueList<T> items, Action<RecordWriter, T> write)
    {
        U16(items.Count);
        foreach (var item in items) write(this, item);
        return this;
    }

    Span<byte> Reserve(int size)
    {
        if (length + size > buffer.Length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + size));
        length += size;
        return buffer.AsSpan(length - size, size);
    }
}
