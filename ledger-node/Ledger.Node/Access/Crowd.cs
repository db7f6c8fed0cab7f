using System.Collections.Concurrent;

namespace Ledger.Node.Access;

/// <summary>How many of something everybody has at once, such as connections; nobody has more than <paramref name="most"/>.</summary>
public sealed class Crowd(int most)
{
    readonly ConcurrentDictionary<string, int> present = new(StringComparer.Ordinal);

    /// <summary>Counts one more in, to be counted out again by <see cref="Leave"/>; false where there are enough.</summary>
    public bool TryEnter(string who)
    {
        if (present.AddOrUpdate(who, 1, static (_, count) => count + 1) <= most) return true;
        Leave(who);
        return false;
    }

    public void Leave(string who)
    {
        if (present.AddOrUpdate(who, 0, static (_, count) => count - 1) == 0) present.TryRemove(new(who, 0));
    }
}
