using System.Collections.Concurrent;
using Ledger.Core.Primitives;

namespace Ledger.Suites.Verification;

/// <summary>
/// What was made of keys, for at most <paramref name="capacity"/> of them; the one that was not used for longest goes first. Who may be any stranger earns a place
/// by signatures that the platform accepted, so that no more is made than one table for <see cref="Needed"/> of them, whoever signs under however many keys.
/// Safe for many threads.
/// </summary>
sealed class TableCache<T>(int capacity)
    where T : class
{
    public const int Needed = 4;

    // Keys share counters, which costs a table made early at most.
    readonly int[] counters = new int[4096];
    readonly ConcurrentDictionary<ByteString, Kept> kept = new();
    readonly Lock gate = new();
    long uses;

    public int Count => kept.Count;

    public T? Find(ByteString key)
    {
        if (!kept.TryGetValue(key, out var found)) return null;
        found.LastUse = Interlocked.Increment(ref uses);
        return found.Value;
    }

    /// <summary>A signature under the key was accepted: whether something is to be made of the key now.</summary>
    public bool Earns(ByteString key)
    {
        ref var counter = ref counters[key.GetHashCode() & (counters.Length - 1)];
        if (Interlocked.Increment(ref counter) < Needed) return false;
        return Interlocked.Exchange(ref counter, 0) >= Needed;
    }

    public void Keep(ByteString key, T value)
    {
        lock (gate)
        {
            if (kept.ContainsKey(key)) return;
            if (kept.Count >= capacity) kept.TryRemove(kept.MinBy(static one => one.Value.LastUse).Key, out _);
            kept[new(key.Span.ToArray())] = new(value) { LastUse = Interlocked.Increment(ref uses) };
        }
    }

    sealed class Kept(T value)
    {
        long lastUse;

        public T Value => value;

        public long LastUse
        {
            get => Interlocked.Read(ref lastUse);
            set => Interlocked.Exchange(ref lastUse, value);
        }
    }
}
