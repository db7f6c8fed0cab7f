using System.Collections.Concurrent;
using Ledger.Core.Primitives;
using Ledger.Node.Ordering;

namespace Ledger.Node.Voting;

/// <summary>What was posted and not yet looked at: of each place the newest, so that whoever posts fast overtakes only itself.</summary>
sealed class Postings
{
    readonly ConcurrentDictionary<(Posting, PartyId?), Posted> newest = new();
    int isTold;

    /// <summary>Takes one in; true where whoever looks at them is to be told.</summary>
    public bool Add(Posted posted)
    {
        newest[(posted.Kind, posted.Bank)] = posted;
        return Interlocked.Exchange(ref isTold, 1) == 0;
    }

    /// <summary>All that are here, once each.</summary>
    public IEnumerable<Posted> TakeAll()
    {
        Interlocked.Exchange(ref isTold, 0);
        foreach (var place in newest.Keys)
        {
            if (newest.TryRemove(place, out var posted)) yield return posted;
        }
    }
}
