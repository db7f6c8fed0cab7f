using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// Reads fixed binary front to back. A read past the end yields nothing and spoils the reader, so a codec reads all its fields and asks once,
/// with <see cref="IsComplete"/>, whether the bytes were exactly those fields.
/// </summary>
public ref struct BigEndianReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> rest = bytes;
    bool isSpoiled;

    /// <summary>Every byte was read and none was missing.</summary>
    public readonly bool IsComplete => !isSpoiled && rest.IsEmpty;

    public readonly int Remaining => rest.Length;

    public byte U8() => Bytes(1) is [var value] ? value : (byte)0;

    public ushort U16() => Bytes(2) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt16BigEndian(field) : (ushort)0;

    public uint U32() => Bytes(4) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt32BigEndian(field) : 0;

    public ulong U64() => Bytes(8) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt64BigEndian(field) : 0;

    public Hash256 Hash() => Bytes(Hash256.Size) is { IsEmpty: false } field ? Hash256.Read(field) : default;

    /// <summary>A party's number behind its length; nobody where it is none.</summary>
    public PartyId Party()
    {
        Span<char> text = stackalloc char[byte.MaxValue];
        return Ascii.ToUtf16(Bytes(U8()), text, out var length) == OperationStatus.Done && PartyId.TryParse(text[..length], out var party) ? party : default;
    }

    /// <summary>Exactly <paramref name="count"/> bytes, or none when fewer are left.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (isSpoiled || rest.Length < count)
        {
            isSpoiled = true;
            return default;
        }

        var field = rest[..count];
        rest = rest[count..];
        return field;
    }
}

/// <summary>Writes fixed binary front to back.</summary>
public sealed class BigEndianWriter(int capacity)
{
    readonly ArrayBufferWriter<byte> buffer = new(capacity);

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();

    public BigEndianWriter U8(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    public BigEndianWriter U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);
        return this;
    }

    public BigEndianWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);
        return this;
    }

    public BigEndianWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);
        return this;
    }

    public BigEndianWriter Hash(Hash256 hash)
    {
        hash.Write(Take(Hash256.Size));
        return this;
    }

    public BigEndianWriter Party(PartyId party) => U8((byte)party.Text.Length).Bytes(Encoding.ASCII.GetBytes(party.Text));

    public BigEndianWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        buffer.Write(bytes);
        return this;
    }

    Span<byte> Take(int count)
    {
        var field = buffer.GetSpan(count)[..count];
        buffer.Advance(count);
        return field;
    }
}
