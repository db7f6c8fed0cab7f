using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>A record's section and the bytes of its key: what the ledger calls a thing, before it has a number here.</summary>
readonly record struct ThingKey(Section Section, ByteString Key)
{
    public static ThingKey Of(PartyId party) => new(Section.Parties, new(new RecordWriter().Party(party).ToBytes()));

    public static ThingKey Of(KeyId key) => new(Section.Keys, new(new RecordWriter().Party(key.Party).U32(key.Number).ToBytes()));

    public static ThingKey Of(Fingerprint fingerprint) =>
        new(Section.Fingerprints, new(new RecordWriter().Text(fingerprint.Scheme).U32(fingerprint.Epoch).Hash(fingerprint.Value).ToBytes()));

    public static ThingKey OfNumber(string number) => new(Section.Numbers, new(new RecordWriter().Text(number).ToBytes()));

    public static ThingKey OfBankReference(string text) => new(Section.Payments, new(new RecordWriter().Byte(1).Text(text).ToBytes()));

    public static ThingKey OfMessage(string text) => new(Section.Attestations, new(new RecordWriter().Byte(2).Text(text).ToBytes()));

    public static ThingKey OfMaturity(Id<Instrument> instrument) => new(Section.Payments, new(new RecordWriter().Byte(2).U128(instrument.Value).ToBytes()));

    public static ThingKey OfEarmark(Id<Instrument> instrument) => new(Section.Lines, new(new RecordWriter().Byte(2).U128(instrument.Value).ToBytes()));

    public static ThingKey OfValidator(PartyId bank) => new(Section.Validators, new(new RecordWriter().Party(bank).ToBytes()));

    /// <summary>A noun with an id of 128 bits.</summary>
    public static ThingKey Of(Section section, UInt128 id) => TagOf(section) is var tag and not 0
        ? new(section, new(new RecordWriter().Byte(tag).U128(id).ToBytes()))
        : new(section, new(new RecordWriter().U128(id).ToBytes()));

    public static ThingKey Of<TNoun>(Id<TNoun> id) => Of(SectionOf(typeof(TNoun)), id.Value);

    /// <summary>Where the nouns of a type are; section 0 for what has no record of its own.</summary>
    public static Section SectionOf(Type noun) => Sections.GetValueOrDefault(noun);

    /// <summary>The id at the end of a key; 0 where it does not end with one.</summary>
    public static UInt128 IdIn(ReadOnlySpan<byte> key) => key.Length < Id<Instrument>.Size ? 0 : Id<Instrument>.Read(key[^Id<Instrument>.Size..]).Value;

    /// <summary>Whether the key is that of a noun with an id, as <see cref="Of(Section, UInt128)"/> writes it.</summary>
    public bool HasId => Sections.ContainsValue(Section)
        && (TagOf(Section) is var tag and not 0 ? Key.Length == 17 && Key.Span[0] == tag : Key.Length == 16);

    public UInt128 Id => IdIn(Key.Span);

    public PartyId Party => PartyId.TryParse(Encoding.ASCII.GetString(Key.Span[1..]), out var party) ? party : default;

    static readonly Dictionary<Type, Section> Sections = new()
    {
        [typeof(Instrument)] = Section.Instruments,
        [typeof(Offer)] = Section.Offers,
        [typeof(Document)] = Section.Documents,
        [typeof(Financing)] = Section.Financings,
        [typeof(Payment)] = Section.Payments,
        [typeof(CreditLine)] = Section.Lines,
        [typeof(Freeze)] = Section.Freezes,
        [typeof(Measure)] = Section.Measures,
        [typeof(Mandate)] = Section.Mandates,
        [typeof(Attestation)] = Section.Attestations,
    };

    static byte TagOf(Section section) => section switch
    {
        Section.Lines or Section.Attestations => 1,
        Section.Payments => 3,
        _ => 0,
    };
}
