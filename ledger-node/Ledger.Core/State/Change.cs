namespace Ledger.Core.State;

/// <summary>
/// One written or removed record; a list of them tells the state tree what to hash again. Its bytes are made when they are asked for, and few are: an act is tried before
/// it is folded, and the next may write the same again.
/// </summary>
public abstract class Change(Section section, Change? earlier)
{
    public Section Section => section;

    public Change? Earlier => earlier;

    public abstract byte[] Key { get; }

    /// <summary>Null for a record that is removed.</summary>
    public abstract byte[]? Value { get; }
}

sealed class Change<TKey, TNoun>(Table<TKey, TNoun> table, TKey key, TNoun noun, Change? earlier) : Change(table.Section, earlier)
    where TKey : notnull
{
    public override byte[] Key => table.KeyOf(key);

    public override byte[] Value => table.ValueOf(key, noun);
}

sealed class Removal<TKey, TNoun>(Table<TKey, TNoun> table, TKey key, Change? earlier) : Change(table.Section, earlier)
    where TKey : notnull
{
    public override byte[] Key => table.KeyOf(key);

    public override byte[]? Value => null;
}
