using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>A part of a record, for both ways: what it writes or reads, it gives back.</summary>
delegate T Part<T>(Fields fields, T? part);

/// <summary>A field as its codec spells it: its type in docs/FORMATS.md and the member that it holds. A list's fields stand between <c>[</c> and <c>]</c>, an optional part's between <c>?[</c> and <c>]</c>.</summary>
public readonly record struct SpeltField(string Type, string Member);

/// <summary>
/// A record's fields one after another, without gaps (docs/FORMATS.md, section "State records"). A codec is one expression that makes a noun of its fields: while it
/// writes, each field writes its argument and gives it back; while it reads, each gives what stands there, so that the two cannot part. A field that is missing, or has a
/// value that its table excludes, makes the whole record false: a codec reads all its fields, and whoever called it asks once, with <see cref="IsComplete"/>.
/// </summary>
sealed class Fields
{
    enum Way
    {
        Writing,
        Reading,
        Spelling,
    }

    // 9999-12-31, and its end at the westernmost offset: the last deadline that dates can lead to.
    const uint LastDay = 3_652_058;
    const ulong LastTime = 253_402_300_799_999 + (14 * Timestamp.Hour);

    const int UsualSize = 1024;

    readonly Way way;
    readonly PartyNames? names;
    readonly List<SpeltField> spelt = [];
    byte[] output = [];
    ReadOnlyMemory<byte> input;
    int at;
    bool isFalse;

    Fields(Way way, PartyNames? names = null)
    {
        this.way = way;
        this.names = names;
    }

    // Records are written one after another; each leaves its bytes and the room that it took.
    [ThreadStatic]
    static Fields? writer;

    /// <summary>Fields to write, of one record at a time.</summary>
    public static Fields ToWrite()
    {
        var fields = writer ??= new(Way.Writing);
        if (fields.output.Length != UsualSize) fields.output = new byte[UsualSize];
        fields.at = 0;
        return fields;
    }

    /// <summary>Fields to read, of one record after another.</summary>
    public static Fields ToRead(PartyNames names) => new(Way.Reading, names);

    /// <summary>Fields that are only told of.</summary>
    public static Fields ToSpell() => new(Way.Spelling);

    /// <summary>The fields that a codec asks for.</summary>
    public static IReadOnlyList<SpeltField> Spelling(Action<Fields> codec)
    {
        var fields = ToSpell();
        codec(fields);
        return fields.spelt;
    }

    public Fields Open(ReadOnlyMemory<byte> record)
    {
        (input, at, isFalse) = (record, 0, false);
        return this;
    }

    public byte[] Written => output.AsSpan(0, at).ToArray();

    /// <summary>Every byte was read, none was missing, and every value may be.</summary>
    public bool IsComplete => !isFalse && at == input.Length;

    public byte Byte(byte? value, byte most = byte.MaxValue, [CallerArgumentExpression(nameof(value))] string name = "") =>
        (byte)Number(value ?? 0, sizeof(byte), 0, most, "u8", name);

    /// <summary>The octet by which kinds of records share a section.</summary>
    public void Tag(byte tag)
    {
        if (way == Way.Spelling) Spell(tag.ToString("x2", System.Globalization.CultureInfo.InvariantCulture), "");
        else Number(tag, sizeof(byte), tag, tag, "", "");
    }

    public bool Flag(bool? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Number(value == true ? 1u : 0, sizeof(byte), 0, 1, "flag", name) == 1;

    public TEnum Enum<TEnum>(TEnum? value, [CallerArgumentExpression(nameof(value))] string name = "")
        where TEnum : struct, Enum => Enum(value.GetValueOrDefault(), name);

    public TEnum Enum<TEnum>(TEnum value, [CallerArgumentExpression(nameof(value))] string name = "")
        where TEnum : struct, Enum
    {
        var number = (byte)Number(Unsafe.As<TEnum, byte>(ref value), sizeof(byte), Range<TEnum>.Least, Range<TEnum>.Most, "u8", name);
        return Unsafe.As<byte, TEnum>(ref number);
    }

    public ushort U16(int? value, ushort most = ushort.MaxValue, [CallerArgumentExpression(nameof(value))] string name = "") =>
        (ushort)Number((ushort)(value ?? 0), sizeof(ushort), 0, most, "u16", name);

    public uint U32(uint? value, uint least = 0, [CallerArgumentExpression(nameof(value))] string name = "") =>
        (uint)Number(value ?? 0, sizeof(uint), least, uint.MaxValue, "u32", name);

    public ulong U64(ulong? value, ulong least = 0, ulong most = ulong.MaxValue, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Number(value ?? 0, sizeof(ulong), least, most, "u64", name);

    public UInt128 U128(UInt128? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        var number = value ?? 0;
        if (way == Way.Writing) BinaryPrimitives.WriteUInt128BigEndian(Room(16), number);
        else if (way == Way.Spelling) Spell("id", name);
        else number = Take(16) is { IsEmpty: false } octets ? BinaryPrimitives.ReadUInt128BigEndian(octets) : 0;
        return number;
    }

    /// <summary>An id, or none.</summary>
    public Id<TNoun> Id<TNoun>(Id<TNoun>? value, [CallerArgumentExpression(nameof(value))] string name = "") => new(U128(value?.Value, name));

    public Id<TNoun> Id<TNoun>(Id<TNoun> value, [CallerArgumentExpression(nameof(value))] string name = "") => new(U128(value.Value, name));

    /// <summary>An id, which a key or a reference must have.</summary>
    public Id<TNoun> SomeId<TNoun>(Id<TNoun>? value, [CallerArgumentExpression(nameof(value))] string name = "") => SomeId(value.GetValueOrDefault(), name);

    public Id<TNoun> SomeId<TNoun>(Id<TNoun> value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        var id = Id(value, name);
        Require(id.Value != 0);
        return id;
    }

    public Hash256 Hash(Hash256? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        var hash = value.GetValueOrDefault();
        if (way == Way.Writing) hash.Write(Room(Hash256.Size));
        else if (way == Way.Spelling) Spell("hash", name);
        else hash = Take(Hash256.Size) is { IsEmpty: false } octets ? Hash256.Read(octets) : default;
        return hash;
    }

    public Timestamp Time(Timestamp? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        new((long)Number((ulong)value.GetValueOrDefault().UnixMilliseconds, sizeof(ulong), 0, LastTime, "time", name));

    /// <summary>Days since 0001-01-01, which is 0.</summary>
    public DateOnly Date(DateOnly? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        DateOnly.FromDayNumber((int)Number((ulong)value.GetValueOrDefault().DayNumber, sizeof(uint), 0, LastDay, "date", name));

    public Amount Amount(Amount? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        new(Number(value.GetValueOrDefault().Minor, sizeof(ulong), 0, ulong.MaxValue, "amount", name));

    public Interval Units(Interval? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        Spell("units", name);
        var units = value.GetValueOrDefault();
        var first = Number(units.First, sizeof(ulong), 0, ulong.MaxValue, "", "");
        return Until(first, Number(units.Last, sizeof(ulong), 0, ulong.MaxValue, "", ""), units);
    }

    /// <summary>Units whose first is known, and whose last stands here.</summary>
    public Interval Units(ulong first, Interval? value)
    {
        var units = value.GetValueOrDefault();
        return Until(first, U64(units.Last, name: "last"), units);
    }

    /// <summary>u16 length and the octets.</summary>
    public ByteString Bytes(ByteString? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        Spell("bytes", name);
        var bytes = value.GetValueOrDefault();
        if (way == Way.Writing) bytes.Span.CopyTo(Room(Length(bytes.Length)));
        else if (way == Way.Reading) bytes = new(Take(Length(0)).ToArray());
        return bytes;
    }

    /// <summary>u16 length and UTF-8.</summary>
    public string Text(string? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        Spell("text", name);
        var text = value ?? "";
        if (way == Way.Writing) Encoding.UTF8.GetBytes(text, Room(Length(Encoding.UTF8.GetByteCount(text))));
        if (way != Way.Reading) return text;

        var octets = Take(Length(0));
        Require(Utf8.IsValid(octets));
        return isFalse ? "" : Encoding.UTF8.GetString(octets);
    }

    /// <summary>A party, or nobody: u8 length and ASCII; length 0 for nobody.</summary>
    public PartyId Party(PartyId? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        Spell("party", name);
        var party = value.GetValueOrDefault();
        var text = party.Text ?? "";
        var length = (int)Number((ulong)text.Length, sizeof(byte), 0, byte.MaxValue, "", "");
        if (way == Way.Writing) Encoding.ASCII.GetBytes(text, Room(length));
        if (way != Way.Reading) return party;

        var octets = Take(length);
        if (octets.IsEmpty) return default;
        Require(names is not null && names.TryRead(octets, out party));
        return party;
    }

    /// <summary>A party that a key must name.</summary>
    public PartyId SomeParty(PartyId? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        var party = Party(value, name);
        Require(party != default);
        return party;
    }

    /// <summary>A party whose absence is nothing and not nobody.</summary>
    public PartyId? PartyOrNone(PartyId? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Party(value, name) is var party && party == default ? null : party;

    /// <summary>Three letters.</summary>
    public Currency Currency(Currency? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        const int letters = 3;
        Spell("currency", name);
        var currency = value.GetValueOrDefault();
        if (way == Way.Writing) Encoding.ASCII.GetBytes(currency.Code, Room(letters));
        if (way != Way.Reading) return currency;

        Span<char> code = stackalloc char[letters];
        var octets = Take(letters);
        for (var i = 0; i < octets.Length; i++) code[i] = (char)octets[i];
        Require(Primitives.Currency.TryParse(code, out currency));
        return currency;
    }

    /// <summary>u16 count and the items.</summary>
    public ValueList<T> List<T>(ValueList<T>? value, Part<T> part, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        var items = value.GetValueOrDefault();
        switch (way)
        {
            case Way.Writing:
                Length(items.Count);
                foreach (var item in items) part(this, item);
                return items;

            case Way.Spelling:
                Spell("[", name);
                part(this, default);
                Spell("]", "");
                return items;

            default:
                var count = Length(0);
                if (count == 0) return [];

                // No item is shorter than a byte: a count beyond that is false, and nothing is set aside for it.
                Require(count <= input.Length - at);
                if (isFalse) return [];
                var read = new T[count];
                for (var i = 0; i < read.Length; i++) read[i] = part(this, default);
                return new(read);
        }
    }

    /// <summary>0, or 1 and the part.</summary>
    public T? Maybe<T>(T? value, Part<T> part, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : class
    {
        Spell("?[", name);
        var isThere = Number(value is null ? 0u : 1, sizeof(byte), 0, 1, "", "") == 1;
        var made = isThere || way == Way.Spelling ? part(this, value) : null;
        Spell("]", "");
        return made;
    }

    /// <summary>What must hold of the fields that were read.</summary>
    public void Require(bool holds) => isFalse |= way == Way.Reading && !holds;

    int Length(int count) => (int)Number((ushort)count, sizeof(ushort), 0, ushort.MaxValue, "", "");

    Interval Until(ulong first, ulong last, Interval units)
    {
        if (way != Way.Reading) return units;
        Require(first >= 1 && first <= last && last <= Primitives.Amount.MaxMinor);
        return isFalse ? default : new(first, last);
    }

    ulong Number(ulong value, int size, ulong least, ulong most, string type, string name)
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        switch (way)
        {
            case Way.Writing:
                Debug.Assert(least <= value && value <= most, $"{name} is {value}, which nobody could read again");
                BinaryPrimitives.WriteUInt64BigEndian(octets, value);
                octets[^size..].CopyTo(Room(size));
                return value;

            case Way.Reading:
                octets.Clear();
                Take(size).CopyTo(octets[^size..]);
                var number = BinaryPrimitives.ReadUInt64BigEndian(octets);
                if (number >= least && number <= most) return number;
                isFalse = true;
                return least;

            default:
                Spell(type, name);
                return least;
        }
    }

    Span<byte> Room(int count)
    {
        if (output.Length - at < count) Array.Resize(ref output, Math.Max(2 * output.Length, at + count));
        at += count;
        return output.AsSpan(at - count, count);
    }

    // A read past the end yields nothing.
    ReadOnlySpan<byte> Take(int count)
    {
        isFalse |= input.Length - at < count;
        if (isFalse) return default;
        at += count;
        return input.Span.Slice(at - count, count);
    }

    // Of an argument like it?.Sponsor the member's name.
    void Spell(string type, string argument)
    {
        if (way != Way.Spelling || type.Length == 0) return;
        var name = argument[(argument.LastIndexOf('.') + 1)..];
        spelt.Add(new(type, name.All(char.IsAsciiLetterOrDigit) ? name : ""));
    }

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
        var name = (BinaryPrimitives.ReadUInt128BigEndian(padded), BinaryPrimitives.ReadUInt32BigEndian(padded[16..]));
        if (known.TryGetValue(name, out party)) return true;

        Span<char> characters = stackalloc char[text.Length];
        for (var i = 0; i < text.Length; i++) characters[i] = (char)text[i];
        if (!PartyId.TryParse(characters, out party)) return false;
        known.Add(name, party);
        return true;
    }
}
