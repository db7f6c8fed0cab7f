using System.Collections;
using System.Runtime.CompilerServices;

namespace Ledger.Core.Primitives;

/// <summary>An immutable list that is compared by its elements, so that records that hold one are compared by content.</summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public readonly struct ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    readonly T[]? items;

    internal ValueList(T[] items) => this.items = items;

    public ReadOnlySpan<T> Span => items;

    public int Count => items?.Length ?? 0;

    public T this[int index] => Span[index];

    public ValueList<T> Add(T item) => [.. Span, item];

    public bool Equals(ValueList<T> other)
    {
        if (ReferenceEquals(items, other.items)) return true;
        if (Count != other.Count) return false;
        for (var i = 0; i < Count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(this[i], other[i])) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is ValueList<T> other && Equals(other);

    public override int GetHashCode() => Count == 0 ? 0 : (Count * 397) ^ (this[0]?.GetHashCode() ?? 0);

    public ReadOnlySpan<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (items ?? []).GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", (IEnumerable<T>)this)}]";

    public static bool operator ==(ValueList<T> left, ValueList<T> right) => left.Equals(right);

    public static bool operator !=(ValueList<T> left, ValueList<T> right) => !left.Equals(right);
}

public static class ValueList
{
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? default : new(items.ToArray());
}
