using System.Collections.Concurrent;
using Ledger.Core.Primitives;

namespace Ledger.Node;

/// <summary>
/// How many bytes each party may make this node keep in a day of its clock. It is counted from the start of the process and agreed with nobody: it guards
/// one disk, and the ledger knows nothing of it.
/// </summary>
public sealed class DailyQuota(long bytes, TimeProvider time)
{
    readonly ConcurrentDictionary<PartyId, long> used = new();
    long day;

    /// <summary>How much that is, for people.</summary>
    public string Text => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / NodeSettings.Mebibyte} MiB");

    /// <summary>When the next day begins.</summary>
    public TimeSpan UntilTomorrow => TimeSpan.FromTicks(TimeSpan.TicksPerDay - (time.GetUtcNow().UtcTicks % TimeSpan.TicksPerDay));

    public bool HasRoom(PartyId party)
    {
        Turn();
        return used.GetValueOrDefault(party) < bytes;
    }

    /// <summary>Counts what was kept for a party, whether or not there was room for it.</summary>
    public void Add(PartyId party, int size)
    {
        Turn();
        used.AddOrUpdate(party, size, (_, sum) => sum + size);
    }

    /// <summary>Takes room for a party, or says that there is none.</summary>
    public bool TryTake(PartyId party, int size)
    {
        if (!HasRoom(party)) return false;
        Add(party, size);
        return true;
    }

    // Whoever comes first on a new day begins it for everybody.
    void Turn()
    {
        var today = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerDay;
        if (Interlocked.Exchange(ref day, today) != today) used.Clear();
    }
}
