using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// Writes a record's fields one after another, without gaps: the bytes that state leaves hash (docs/FORMATS.md). It says in the ledger's words what
/// <see cref="BigEndianWriter"/> says in numbers.
/// </summary>
public sealed class RecordWriter
{
    readonly BigEndianWriter writer = new(capacity: 256);

    public byte[] ToBytes() => writer.ToArray();

    public RecordWriter Byte(byte value) => Then(writer.U8(value));

    public RecordWriter Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public RecordWriter U16(int value) => Then(writer.U16(checked((ushort)value)));

    public RecordWriter U32(uint value) => Then(writer.U32(value));

    public RecordWriter U64(ulong value) => Then(writer.U64(value));

    public RecordWriter U128(UInt128 value) => U64((ulong)(value >> 64)).U64((ulong)(value & ulong.MaxValue));

    public RecordWriter Hash(Hash256 value) => Then(writer.Hash(value));

    public RecordWriter Time(Timestamp value) => U64((ulong)value.UnixMilliseconds);

    /// <summary>Days since 0001-01-01, which is 0.</summary>
    public RecordWriter Date(DateOnly value) => U32((uint)value.DayNumber);

    public RecordWriter Amount(Amount value) => U64(value.Minor);

    public RecordWriter Units(Interval value) => U64(value.First).U64(value.Last);

    /// <summary>u16 length and the bytes.</summary>
    public RecordWriter Bytes(ReadOnlySpan<byte> value) => U16(value.Length).Then(writer.Bytes(value));

    /// <summary>u16 length and UTF-8.</summary>
    public RecordWriter Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    /// <summary>u8 length and ASCII; length 0 for nobody.</summary>
    public RecordWriter Party(PartyId value)
    {
        var text = value.Text ?? "";
        return Byte((byte)text.Length).Ascii(text);
    }

    /// <summary>Three letters.</summary>
    public RecordWriter Currency(Currency value) => Ascii(value.Code);

    /// <summary>u16 count and the items.</summary>
    public RecordWriter List<T>(ValueList<T> items, Action<RecordWriter, T> write)
    {
        U16(items.Count);
        foreach (var item in items) write(this, item);
        return this;
    }

    /// <summary>A part that several records share.</summary>
    public RecordWriter With<T>(T part, Action<RecordWriter, T> write)
    {
        write(this, part);
        return this;
    }

    RecordWriter Ascii(string text)
    {
        const int longest = 20;
        Span<byte> bytes = stackalloc byte[longest];
        return Then(writer.Bytes(bytes[..Encoding.ASCII.GetBytes(text, bytes)]));
    }

    RecordWriter Then(BigEndianWriter _) => this;
}
