namespace Ledger.Core.State;

/// <summary>One written or removed record; a list of them tells the state tree what to hash again. Its bytes are made when they are asked for.</summary>
public abstract class Change(Section section, Change? earlier)
{
    public Section Section => section;

    public Change? Earlier => earlier;

    public abstract byte[] Key { get; }

    /// <summary>Null for a record that is removed.</summary>
    public abstract byte[]? Value { get; }
}

sealed class Change<T>(Section section, T noun, Func<T, byte[]> key, Func<T, byte[]>? value, Change? earlier) : Change(section, earlier)
{
    public override byte[] Key => key(noun);

    public override byte[]? Value => value?.Invoke(noun);
}
