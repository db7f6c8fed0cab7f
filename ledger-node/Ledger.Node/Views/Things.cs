using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>
/// The numbers that stand for things here. A number is found by a hash of the key, in buckets of the history from the newest back: writing is always
/// near what was written last, and a look-up costs one step a bucket.
/// </summary>
static class Things
{
    const int LeavesInBucket = 16;

    public static long BucketOf(ulong leaf) => (long)(leaf >> LeavesInBucket);

    public static long Hash(ThingKey key) => Hash(KeyKind.Thing, (byte)key.Section, key.Key.Span);

    // FNV-1a: the same on every machine, for two databases of one chain have the same bytes. Who finds collisions only makes his own look-ups longer.
    public static long Hash(KeyKind kind, byte section, ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            var hash = 14695981039346656037UL;
            hash = (hash ^ (byte)kind) * 1099511628211UL;
            hash = (hash ^ section) * 1099511628211UL;
            foreach (var one in bytes) hash = (hash ^ one) * 1099511628211UL;
            return (long)hash;
        }
    }

    /// <summary>The number of a thing, 0 for what is not known.</summary>
    public static long Find(Sql sql, ThingKey key)
    {
        foreach (var thing in Find(sql, KeyKind.Thing, Hash(key)))
        {
            if (KeyOf(sql, thing) == key) return thing;
        }

        return 0;
    }

    public static long Find(Sql sql, PartyId party) => Find(sql, ThingKey.Of(party));

    /// <summary>The numbers under a hash, newest first; what they stand for must still be compared.</summary>
    public static List<long> Find(Sql sql, KeyKind kind, long hash)
    {
        var found = new List<long>();
        for (var bucket = sql["SELECT MAX(bucket) FROM keys"].Number(-1); bucket >= 0; bucket--)
        {
            var rows = sql["SELECT target FROM keys WHERE bucket=?1 AND hash=?2 AND kind=?3 ORDER BY target DESC"].With(bucket).With(hash).With((long)kind);
            while (rows.Next()) found.Add(rows.Long(0));
        }

        return found;
    }

    public static ThingKey? KeyOf(Sql sql, long thing) => sql["SELECT section, key FROM things WHERE thing=?1"].With(thing)
        .First<ThingKey?>(static row => new((Section)row.Int(0), new(row.Bytes(1))), null);

    public static PartyId PartyOf(Sql sql, long thing) => KeyOf(sql, thing)?.Party ?? default;

    public static Id<TNoun> IdOf<TNoun>(Sql sql, long thing) => new(KeyOf(sql, thing)?.Id ?? 0);
}
