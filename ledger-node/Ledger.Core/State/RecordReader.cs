using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>Reads one part of a record.</summary>
delegate T RecordPart<out T>(ref RecordReader reader);

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote. A field that is missing, or has a value that its table in docs/FORMATS.md excludes, makes the
/// whole record false, so a codec reads all its fields and asks once, with <see cref="IsComplete"/>.
/// </summary>
ref struct RecordReader(ReadOnlySpan<byte> bytes, PartyNames names)
{
    // 9999-12-31, and its end at the westernmost offset: the last deadline that dates can lead to.
    const uint LastDay = 3_652_058;
    const ulong LastTime = 253_402_300_799_999 + (14 * Timestamp.Hour);

    BigEndianReader reader = new(bytes);
    bool isFalse;

    /// <summary>Every byte was read, none was missing, and every value may be.</summary>
    public readonly bool IsComplete => !isFalse && reader.IsComplete;

    public byte Byte(byte most = byte.MaxValue)
    {
        var value = reader.U8();
        isFalse |= value > most;
        return value;
    }

    public void Tag(byte tag) => isFalse |= reader.U8() != tag;

    public bool Flag() => Byte(most: 1) == 1;

    public TEnum Enum<TEnum>()
        where TEnum : struct, Enum
    {
        var value = reader.U8();
        isFalse |= value < Range<TEnum>.Least || value > Range<TEnum>.Most;
        return Unsafe.As<byte, TEnum>(ref value);
    }

    public ushort U16() => reader.U16();

    public uint U32() => reader.U32();

    public ulong U64() => reader.U64();

    public UInt128 U128() => new(reader.U64(), reader.U64());

    /// <summary>An id, or none.</summary>
    public Id<TNoun> Id<TNoun>() => new(U128());

    /// <summary>An id, which a key or a reference must have.</summary>
    public Id<TNoun> SomeId<TNoun>()
    {
        var id = U128();
        isFalse |= id == 0;
        return new(id);
    }

    public Hash256 Hash() => reader.Hash();

    public Timestamp Time()
    {
        var value = reader.U64();
        isFalse |= value > LastTime;
        return isFalse ? default : new((long)value);
    }

    public DateOnly Date()
    {
        var value = reader.U32();
        isFalse |= value > LastDay;
        return isFalse ? default : DateOnly.FromDayNumber((int)value);
    }

    public Amount Amount() => new(reader.U64());

    public Interval Units()
    {
        var (first, last) = (reader.U64(), reader.U64());
        return Units(first, last);
    }

    public Interval Units(ulong first, ulong last)
    {
        isFalse |= first < 1 || first > last || last > Primitives.Amount.MaxMinor;
        return isFalse ? default : new(first, last);
    }

    public ByteString Bytes() => new(reader.Bytes(reader.U16()).ToArray());

    public string Text()
    {
        var bytes = reader.Bytes(reader.U16());
        isFalse |= !Utf8.IsValid(bytes);
        return isFalse ? "" : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>A party, or nobody.</summary>
    public PartyId Party()
    {
        var text = reader.Bytes(reader.U8());
        if (text.IsEmpty) return default;
        isFalse |= !names.TryRead(text, out var party);
        return party;
    }

    /// <summary>A party that a key must name.</summary>
    public PartyId SomeParty()
    {
        var party = Party();
        isFalse |= party == default;
        return party;
    }

    public Currency Currency()
    {
        Span<char> code = stackalloc char[3];
        var text = reader.Bytes(code.Length);
        for (var i = 0; i < text.Length; i++) code[i] = (char)text[i];
        isFalse |= !Primitives.Currency.TryParse(code, out var currency);
        return currency;
    }

    public ValueList<T> List<T>(RecordPart<T> part)
    {
        var count = reader.U16();
        if (count == 0) return [];

        // No item is shorter than a byte: a count beyond that is false, and nothing is set aside for it.
        isFalse |= count > reader.Remaining;
        if (isFalse) return [];
        var items = new T[count];
        for (var i = 0; i < items.Length; i++) items[i] = part(ref this);
        return new(items);
    }

    public void Require(bool holds) => isFalse |= !holds;

    // The values of every kind that is written in one byte follow one another without gap.
    static class Range<TEnum>
        where TEnum : struct, Enum
    {
        static readonly byte[] Values = [.. System.Enum.GetValues<TEnum>().Select(value => Convert.ToByte(value, System.Globalization.CultureInfo.InvariantCulture)).Order()];

        public static readonly byte Least = Values[0];
        public static readonly byte Most = Values[^1];
    }
}

/// <summary>
/// The parties that were met while records were read. Millions of tokens name the same few: each is checked once, and all share its text.
/// </summary>
sealed class PartyNames
{
    const int LongestParty = 20;
    readonly Dictionary<(UInt128, uint), PartyId> known = [];

    public bool TryRead(ReadOnlySpan<byte> text, out PartyId party)
    {
        party = default;
        if (text.Length > LongestParty) return false;
        Span<byte> padded = stackalloc byte[LongestParty];
        padded.Clear();
        text.CopyTo(padded);
        var name = (System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(padded), System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(padded[16..]));
        if (known.TryGetValue(name, out party)) return true;

        Span<char> characters = stackalloc char[text.Length];
        for (var i = 0; i < text.Length; i++) characters[i] = (char)text[i];
        if (!PartyId.TryParse(characters, out party)) return false;
        known.Add(name, party);
        return true;
    }
}
