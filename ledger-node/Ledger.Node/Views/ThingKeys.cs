using System.Collections.Frozen;
using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>A record's section and the bytes of its key: what the ledger calls a thing, before it has a number here.</summary>
readonly record struct ThingKey(Section Section, ByteString Key)
{
    public static ThingKey Of(PartyId party) => Of(Tables.Parties, party);

    public static ThingKey Of(KeyId key) => Of(Tables.Keys, key);

    public static ThingKey Of(Fingerprint fingerprint) => Of(Tables.Fingerprints, fingerprint);

    public static ThingKey OfNumber(string number) => Of(Tables.Numbers, number);

    /// <summary>How the keys of a bank's reference begin, whatever its value date.</summary>
    public static ReadOnlyMemory<byte> OfBankReference(string text) => Tables.References.KeyOf((text, DateOnly.MinValue)).AsMemory()[..^sizeof(uint)];

    public static ThingKey OfMessage(string text) => Of(Tables.Messages, text);

    public static ThingKey OfMaturity(Id<Instrument> instrument) => Of(Tables.Maturities, instrument);

    public static ThingKey OfEarmark(Id<Instrument> instrument) => Of(Tables.Earmarks, instrument);

    public static ThingKey OfValidator(PartyId bank) => Of(Tables.Validators, bank);

    public static ThingKey OfProgramme(string industryChain) => Of(Tables.Programmes, industryChain);

    public static ThingKey OfControl(PartyId party) => Of(Tables.Controls, party);

    /// <summary>A noun with an id of 128 bits.</summary>
    public static ThingKey Of(Section section, UInt128 id)
    {
        var start = TagOf(section) == 0 ? 0 : 1;
        var key = new byte[start + Id<Instrument>.Size];
        key[0] = TagOf(section);
        new Id<Instrument>(id).Write(key.AsSpan(start));
        return new(section, new(key));
    }

    public static ThingKey Of<TNoun>(Id<TNoun> id) => Of(SectionOf(typeof(TNoun)), id.Value);

    /// <summary>Where the nouns of a type are; section 0 for what has no record of its own.</summary>
    public static Section SectionOf(Type noun) => NounTables.GetValueOrDefault(noun)?.Section ?? default;

    /// <summary>The id at the end of a key; 0 where it does not end with one.</summary>
    public static UInt128 IdIn(ReadOnlySpan<byte> key) => key.Length < Id<Instrument>.Size ? 0 : Id<Instrument>.Read(key[^Id<Instrument>.Size..]).Value;

    /// <summary>Whether the key is that of a noun with an id, as <see cref="Of(Section, UInt128)"/> writes it.</summary>
    public bool HasId => Tags.ContainsKey(Section)
        && (TagOf(Section) is var tag and not 0 ? Key.Length == 17 && Key.Span[0] == tag : Key.Length == 16);

    public UInt128 Id => IdIn(Key.Span);

    public PartyId Party => PartyId.TryParse(Encoding.ASCII.GetString(Key.Span[1..]), out var party) ? party : default;

    // The nouns that are kept under an id of their own.
    static readonly FrozenDictionary<Type, Table> NounTables = Tables.All
        .Where(static table => table.GetType().GenericTypeArguments is [var key, var noun] && key == typeof(Id<>).MakeGenericType(noun))
        .ToFrozenDictionary(static table => table.GetType().GenericTypeArguments[1]);

    static readonly FrozenDictionary<Section, byte> Tags = NounTables.Values.ToFrozenDictionary(static table => table.Section, static table => table.Tag ?? 0);

    static ThingKey Of<TName, TNoun>(Table<TName, TNoun> table, TName key)
        where TName : notnull => new(table.Section, new(table.KeyOf(key)));

    static byte TagOf(Section section) => Tags.GetValueOrDefault(section);
}
