using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Ledger.Core.Collections;

/// <summary>
/// Values under keys, which never change: what is written makes a new map, which shares with this one all but the way to what was written.
/// Keys are found by their hashes, three bits a step (with eight ways a write copies few bytes), down to a few entries side by side; so the
/// shape depends only on the keys. In no order that means anything.
/// </summary>
public sealed class Map<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    const int BitsOfStep = 3;
    const int Most = 4;

    // Behind so many steps nothing of a hash is left to tell keys apart.
    const int Deepest = 11;

    public static readonly Map<TKey, TValue> Empty = new(null, 0);

    // Nothing, a Branch, or the entries that end here.
    readonly object? root;

    Map(object? root, int count) => (this.root, Count) = (root, count);

    public int Count { get; }

    public bool IsEmpty => Count == 0;

    public IEnumerable<TKey> Keys => this.Select(static entry => entry.Key);

    public IEnumerable<TValue> Values => this.Select(static entry => entry.Value);

    /// <exception cref="KeyNotFoundException">Nothing is there.</exception>
    public TValue this[TKey key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();

    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    public TValue? GetValueOrDefault(TKey key) => TryGetValue(key, out var value) ? value : default;

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var hash = HashOf(key);
        var node = root;
        for (; node is Branch branch; hash >>= BitsOfStep) node = branch.Ways[StepOf(hash, 0)];
        if (node is not null)
        {
            var entries = EntriesOf(node);
            if (PlaceOf(entries, key) is var place and >= 0)
            {
                value = entries[place].Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>A map in which the value is under the key, whatever was.</summary>
    public Map<TKey, TValue> SetItem(TKey key, TValue value)
    {
        var count = Count;
        return new(Put(root, new(key, value), HashOf(key), 0, isOwn: false, ref count), count);
    }

    /// <exception cref="ArgumentException">Another value is under the key.</exception>
    public Map<TKey, TValue> Add(TKey key, TValue value)
    {
        if (!TryGetValue(key, out var known)) return SetItem(key, value);
        if (EqualityComparer<TValue>.Default.Equals(known, value)) return this;
        throw new ArgumentException($"Another value is under {key}.", nameof(key));
    }

    public Map<TKey, TValue> Remove(TKey key)
    {
        var left = Without(root, key, HashOf(key), 0);
        return ReferenceEquals(left, root) ? this : new(left, Count - 1);
    }

    /// <summary>All entries at once; of a key given twice the later counts.</summary>
    public static Map<TKey, TValue> Of(IEnumerable<KeyValuePair<TKey, TValue>> entries)
    {
        object? root = null;
        var count = 0;
        foreach (var entry in entries) root = Put(root, entry, HashOf(entry.Key), 0, isOwn: true, ref count);
        return new(root, count);
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        var open = new Stack<object>();
        if (root is not null) open.Push(root);
        while (open.TryPop(out var node))
        {
            if (node is Branch branch)
            {
                foreach (var way in branch.Ways)
                {
                    if (way is not null) open.Push(way);
                }

                continue;
            }

            foreach (var entry in EntriesOf(node)) yield return entry;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // What nobody else has seen yet is its own to write.
    static object Put(object? node, KeyValuePair<TKey, TValue> entry, uint hash, int depth, bool isOwn, ref int count)
    {
        if (node is null)
        {
            count++;
            return new[] { entry };
        }

        if (node is Branch branch)
        {
            if (!isOwn) branch = branch.Copy();
            ref var way = ref branch.Ways[StepOf(hash, depth)];
            way = Put(way, entry, hash, depth + 1, isOwn, ref count);
            return branch;
        }

        var entries = EntriesOf(node);
        if (PlaceOf(entries, entry.Key) is var place and >= 0)
        {
            if (!isOwn) entries = [.. entries];
            entries[place] = entry;
            return entries;
        }

        count++;
        if (entries.Length < Most || depth == Deepest) return (KeyValuePair<TKey, TValue>[])[.. entries, entry];
        object parted = new Branch();
        var again = 0;
        foreach (var known in entries) parted = Put(parted, known, HashOf(known.Key), depth, isOwn: true, ref again);
        return Put(parted, entry, hash, depth, isOwn: true, ref again);
    }

    // The same node where the key is not there.
    static object? Without(object? node, TKey key, uint hash, int depth)
    {
        if (node is null) return null;
        if (node is Branch branch)
        {
            var step = StepOf(hash, depth);
            var left = Without(branch.Ways[step], key, hash, depth + 1);
            if (ReferenceEquals(left, branch.Ways[step])) return branch;
            branch = branch.Copy();
            branch.Ways[step] = left;
            return Joined(branch);
        }

        var entries = EntriesOf(node);
        var place = PlaceOf(entries, key);
        if (place < 0) return entries;
        return entries.Length == 1 ? null : (KeyValuePair<TKey, TValue>[])[.. entries.AsSpan(0, place), .. entries.AsSpan(place + 1)];
    }

    // Few entries need no branch.
    static object Joined(Branch branch)
    {
        var count = 0;
        foreach (var way in branch.Ways)
        {
            if (way is Branch) return branch;
            if (way is not null) count += EntriesOf(way).Length;
        }

        if (count > Most) return branch;
        var joined = new KeyValuePair<TKey, TValue>[count];
        var end = 0;
        foreach (var way in branch.Ways)
        {
            if (way is null) continue;
            EntriesOf(way).CopyTo(joined, end);
            end += EntriesOf(way).Length;
        }

        return joined;
    }

    static int PlaceOf(KeyValuePair<TKey, TValue>[] entries, TKey key)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (EqualityComparer<TKey>.Default.Equals(entries[i].Key, key)) return i;
        }

        return -1;
    }

    static KeyValuePair<TKey, TValue>[] EntriesOf(object node) => (KeyValuePair<TKey, TValue>[])node;

    static uint HashOf(TKey key) => unchecked((uint)key.GetHashCode());

    static int StepOf(uint hash, int depth) => (int)((hash >> (depth * BitsOfStep)) & (EightWays.Count - 1));
}
