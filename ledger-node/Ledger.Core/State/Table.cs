using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Collections;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>The deadline that a noun has, or null: of the noun, and of what the state says beside it.</summary>
delegate Deadline? DueOf<TKey, TNoun>(LedgerState state, TKey key, TNoun? noun);

/// <summary>Brings what is kept beside the records of a state that was just made into step: a noun came, changed or went.</summary>
delegate void Upkeep<TKey, TNoun>(LedgerState state, TKey key, TNoun? before, TNoun? after);

/// <summary>The records of one kind: a section's, or those under one tag of it.</summary>
public abstract class Table
{
    private protected Table(Section section, byte? tag) => (Section, Tag) = (section, tag);

    public Section Section { get; }

    /// <summary>The first octet of its keys, where kinds share a section.</summary>
    public byte? Tag { get; }

    /// <summary>The fields of its keys and values, as docs/FORMATS.md spells them.</summary>
    public abstract IReadOnlyList<SpeltField> SpeltKey { get; }

    public abstract IReadOnlyList<SpeltField> SpeltValue { get; }

    /// <summary>Its records by the bytes of their keys.</summary>
    internal abstract IEnumerable<StateRecord> Records(LedgerState state);

    internal abstract Restored Restored();

    /// <summary>The state without these records of the table, each of which it has.</summary>
    internal abstract LedgerState Without(LedgerState state, ReadOnlySpan<RecordKey> records);
}

/// <summary>A table's records while they are read: collections that can still grow.</summary>
abstract class Restored
{
    /// <summary>Takes a record; false when this state could not have it.</summary>
    public abstract bool Take(LedgerState state, Fields key, Fields value);

    /// <summary>Puts what was taken into a state that is being made.</summary>
    public abstract void Fill(LedgerState state);

    /// <summary>Brings into step what is kept beside the records.</summary>
    public virtual void Follow(LedgerState state)
    {
    }

    /// <summary>The deadlines of what was taken, once everything is in its place.</summary>
    public virtual IEnumerable<Deadline> Deadlines(LedgerState state) => [];
}

/// <summary>Nouns under their keys, one record each.</summary>
public sealed class Table<TKey, TNoun> : Table
    where TKey : notnull
{
    // Ids rise as their bytes do.
    static readonly bool IsSortedAsItIs = typeof(TKey).IsGenericType && typeof(TKey).GetGenericTypeDefinition() == typeof(Id<>);

    readonly Part<TKey> key;
    readonly Codec<TKey, TNoun> value;

    internal Table(Section section, Part<TKey> key, Codec<TKey, TNoun> value)
        : this(section, null, key, value)
    {
    }

    internal Table(Section section, byte? tag, Part<TKey> key, Codec<TKey, TNoun> value)
        : base(section, tag) => (this.key, this.value) = (key, value);

    internal Slot<Map<TKey, TNoun>> Nouns { get; } = new(Map<TKey, TNoun>.Empty);

    /// <summary>Each gives one deadline at most, and only from what stands still while its noun does.</summary>
    internal DueOf<TKey, TNoun>[] Deadlines { get; init; } = [];

    /// <summary>What is kept beside the records.</summary>
    internal Upkeep<TKey, TNoun>? Upkeep { get; init; }

    /// <summary>Whether a state of this height and time can have the noun; the bytes of a record do not tell.</summary>
    internal Func<LedgerState, TNoun, bool> Fits { get; init; } = static (_, _) => true;

    public override IReadOnlyList<SpeltField> SpeltKey => Fields.Spelling(fields => Key(fields, default));

    public override IReadOnlyList<SpeltField> SpeltValue => Fields.Spelling(fields => value(fields, Key(Fields.ToSpell(), default), default));

    public byte[] KeyOf(TKey key)
    {
        var fields = Fields.ToWrite();
        Key(fields, key);
        return fields.Written;
    }

    /// <summary>The record that a state has under a key; one without a value where it has none.</summary>
    public StateRecord RecordOf(LedgerState state, TKey key) =>
        new(Section, new(KeyOf(key)), state.Of(Nouns).TryGetValue(key, out var noun) ? new ByteString(ValueOf(key, noun)) : null, default);

    /// <summary>Reads the bytes of a key of this table; false where they are none.</summary>
    public bool TryReadKey(ReadOnlyMemory<byte> bytes, [MaybeNullWhen(false)] out TKey name)
    {
        var fields = Fields.ToRead(new()).Open(bytes);
        name = Key(fields, default);
        return fields.IsComplete;
    }

    /// <summary>Reads a value that stands under a key; false where the bytes are none.</summary>
    public bool TryRead(TKey name, ReadOnlyMemory<byte> bytes, [MaybeNullWhen(false)] out TNoun noun)
    {
        var fields = Fields.ToRead(new()).Open(bytes);
        noun = value(fields, name, default);
        return fields.IsComplete;
    }

    internal byte[] ValueOf(TKey key, TNoun noun)
    {
        var fields = Fields.ToWrite();
        value(fields, key, noun);
        return fields.Written;
    }

    internal override IEnumerable<StateRecord> Records(LedgerState state)
    {
        var nouns = state.Of(Nouns).ToArray();
        if (IsSortedAsItIs) Array.Sort(Array.ConvertAll(nouns, static noun => noun.Key), nouns);
        else Array.Sort(Array.ConvertAll(nouns, noun => KeyOf(noun.Key)), nouns, ByBytes);
        foreach (var (key, noun) in nouns) yield return new(Section, new(KeyOf(key)), new ByteString(ValueOf(key, noun)), default);
    }

    /// <summary>Brings into step with the noun what is kept beside it. Whoever asks has just made <paramref name="after"/> of <paramref name="before"/>.</summary>
    internal void Follow(LedgerState before, LedgerState after, TKey key, TNoun? noun)
    {
        if (Deadlines.Length == 0 && Upkeep is null) return;
        var known = before.Of(Nouns).GetValueOrDefault(key);
        Upkeep?.Invoke(after, key, known, noun);
        foreach (var due in Deadlines) after.Move(due(before, key, known), due(after, key, noun));
    }

    internal override Restored Restored() => new Reading(this);

    internal override LedgerState Without(LedgerState state, ReadOnlySpan<RecordKey> records)
    {
        var fields = Fields.ToRead(new PartyNames());
        foreach (var record in records)
        {
            fields.Open(record.Key.Memory);
            state = state.Remove(this, Key(fields, default));
        }

        return state;
    }

    TKey Key(Fields fields, TKey? key)
    {
        if (Tag is { } tag) fields.Tag(tag);
        return this.key(fields, key);
    }

    static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create(static (one, other) => one.AsSpan().SequenceCompareTo(other));

    sealed class Reading(Table<TKey, TNoun> table) : Restored
    {
        readonly Dictionary<TKey, TNoun> nouns = [];

        public override bool Take(LedgerState state, Fields key, Fields value)
        {
            var name = table.Key(key, default);
            var noun = table.value(value, name, default);
            nouns[name] = noun;
            return table.Fits(state, noun);
        }

        public override void Fill(LedgerState state) => state.Set(table.Nouns, Map<TKey, TNoun>.Of(nouns));

        public override void Follow(LedgerState state)
        {
            if (table.Upkeep is not { } upkeep) return;
            foreach (var (key, noun) in nouns) upkeep(state, key, default, noun);
        }

        public override IEnumerable<Deadline> Deadlines(LedgerState state)
        {
            foreach (var due in table.Deadlines)
            {
                foreach (var (key, noun) in nouns)
                {
                    if (due(state, key, noun) is { } deadline) yield return deadline;
                }
            }
        }
    }
}
