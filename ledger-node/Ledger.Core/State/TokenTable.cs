using Ledger.Core.Collections;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// The tokens of every instrument. They are kept together, for they partition its units, and written apart: of thousands an act changes two or three, and only the
/// difference reaches the state tree. That is why they are no <see cref="Table{TKey,TNoun}"/>.
/// </summary>
public sealed class TokenTable : Table
{
    internal TokenTable()
        : base(Section.Tokens, tag: null)
    {
    }

    internal Slot<Map<Id<Instrument>, Tokens>> OfInstruments { get; } = new(Map<Id<Instrument>, Tokens>.Empty);

    public override IReadOnlyList<SpeltField> SpeltKey => Fields.Spelling(static fields => Codecs.FirstUnit(fields, default));

    public override IReadOnlyList<SpeltField> SpeltValue => Fields.Spelling(static fields => Codecs.Token(fields, default, null));

    public static byte[] KeyOf(Id<Instrument> instrument, ulong firstUnit)
    {
        var fields = Fields.ToWrite();
        Codecs.FirstUnit(fields, (instrument, firstUnit));
        return fields.Written;
    }

    /// <summary>The record of a token that a state has.</summary>
    public StateRecord RecordOf(Id<Instrument> instrument, Token token) => new(Section, new(KeyOf(instrument, token.Units.First)), new ByteString(ValueOf(instrument, token)), default);

    /// <summary>Reads the bytes of a key; false where they are none.</summary>
    public static bool TryReadKey(ReadOnlyMemory<byte> bytes, out (Id<Instrument> Instrument, ulong First) name)
    {
        var fields = Fields.ToRead(new()).Open(bytes);
        name = Codecs.FirstUnit(fields, default);
        return fields.IsComplete;
    }

    /// <summary>Reads a value that stands under a key; null where the bytes are none.</summary>
    public static Token? Read((Id<Instrument> Instrument, ulong First) name, ReadOnlyMemory<byte> bytes)
    {
        var fields = Fields.ToRead(new()).Open(bytes);
        var token = Codecs.Token(fields, name, null);
        return fields.IsComplete ? token : null;
    }

    /// <summary>What was written where an instrument's tokens were <paramref name="old"/> and are <paramref name="now"/>, on top of what was written before.</summary>
    internal static Change? Difference(Id<Instrument> instrument, ReadOnlySpan<Token> old, ReadOnlySpan<Token> now, Change? earlier)
    {
        int i = 0, j = 0;
        while (i < old.Length || j < now.Length)
        {
            if (j == now.Length || (i < old.Length && old[i].Units.First < now[j].Units.First))
            {
                earlier = new OfToken(instrument, old[i++], isThere: false, earlier);
                continue;
            }

            if (i < old.Length && old[i].Units.First == now[j].Units.First && ReferenceEquals(old[i++], now[j]))
            {
                j++;
                continue;
            }

            earlier = new OfToken(instrument, now[j++], isThere: true, earlier);
        }

        return earlier;
    }

    // There are far more of these than of anything else: only the instruments are sorted, for their tokens are.
    internal override IEnumerable<StateRecord> Records(LedgerState state)
    {
        foreach (var instrument in state.Of(OfInstruments).Keys.Order())
        {
            var held = state.Of(OfInstruments)[instrument];
            for (var i = 0; i < held.Count; i++)
            {
                var token = held.Span[i];
                yield return new(Section, new(KeyOf(instrument, token.Units.First)), new ByteString(ValueOf(instrument, token)), default);
            }
        }
    }

    internal override Restored Restored() => new Reading(this);

    /// <summary>What leaves of tokens are the last ones of an instrument: of thousands the others are copied once.</summary>
    internal override LedgerState Without(LedgerState state, ReadOnlySpan<RecordKey> records)
    {
        var fields = Fields.ToRead(new PartyNames());
        fields.Open(records[0].Key.Memory);
        return state.WithoutLastTokens(Codecs.FirstUnit(fields, default).Item1, records.Length);
    }

    static byte[] ValueOf(Id<Instrument> instrument, Token token)
    {
        var fields = Fields.ToWrite();
        Codecs.Token(fields, (instrument, token.Units.First), token);
        return fields.Written;
    }

    sealed class OfToken(Id<Instrument> instrument, Token token, bool isThere, Change? earlier) : Change(Section.Tokens, earlier)
    {
        public override byte[] Key => KeyOf(instrument, token.Units.First);

        public override byte[]? Value => isThere ? ValueOf(instrument, token) : null;
    }

    sealed class Reading(TokenTable table) : Restored
    {
        readonly Dictionary<Id<Instrument>, SortedList<ulong, Token>> tokens = [];

        public override bool Take(LedgerState state, Fields key, Fields value)
        {
            var (instrument, first) = Codecs.FirstUnit(key, default);
            var token = Codecs.Token(value, (instrument, first), null);
            if (!tokens.TryGetValue(instrument, out var held)) tokens.Add(instrument, held = []);

            // Most units came by the leg of those before them.
            if (held.Count > 0 && held.GetValueAtIndex(held.Count - 1).Leg is var leg && leg == token.Leg) token = token with { Leg = leg };
            held[first] = token;
            return true;
        }

        public override void Fill(LedgerState state) =>
            state.Set(table.OfInstruments, Map<Id<Instrument>, Tokens>.Of(tokens.Select(held => KeyValuePair.Create(held.Key, Partition(state, held.Key, held.Value)))));

        // Of what is leaving the last tokens may have left.
        static Tokens Partition(LedgerState state, Id<Instrument> instrument, SortedList<ulong, Token> held) =>
            Tokens.Of([.. held.Values]) is { } partition
            && (state.Instrument(instrument) is not { } known || known.Face == partition.Face || (partition.Face < known.Face && Over.Is(known)))
                ? partition
                : throw new StateRecordException(Section.Tokens, new(KeyOf(instrument, held.Keys[0])), "the instrument's tokens do not partition its units");
    }
}
