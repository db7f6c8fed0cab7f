using Ledger.Core.Primitives;

namespace Ledger.Node.Ordering;

/// <summary>What banks post of an epoch.</summary>
public enum Posting
{
    /// <summary>A bank's newest vote.</summary>
    Vote,

    /// <summary>A bank's report, its last word in the epoch.</summary>
    Report,

    /// <summary>A quorum's reports, put up once for all: from them everybody enters the next epoch.</summary>
    End,
}

/// <summary>Something that was posted, by whoever may write there: it is worth what its signatures are.</summary>
/// <param name="Kind">What it should be.</param>
/// <param name="Bank">In whose place it stands, where what is posted later takes the place of what was; null for the one place of all.</param>
/// <param name="Octets">What was posted.</param>
public readonly record struct Posted(Posting Kind, PartyId? Bank, ReadOnlyMemory<byte> Octets);

/// <summary>
/// Where the banks of one epoch see each other's votes. It may lose, repeat, delay and forge: votes are numbered and signed, the newest of each bank says all, and whoever sees nothing
/// new posts again.
/// </summary>
public interface IVoteBoard : IDisposable
{
    /// <summary>Puts it in the place of what this bank posted of the kind before; the end only where there is none. Returns at once: what is newer overtakes it.</summary>
    void Post(Posting kind, ReadOnlyMemory<byte> octets);

    /// <summary>
    /// What is posted by anybody, what stands there already first; of what changed meanwhile the newest. What stands is looked for in the places of those who vote, each by itself, and in the one of all: however much anybody
    /// puts elsewhere, or in the place of one, keeps nobody from seeing the others. Null is told when all that stood there was.
    /// </summary>
    IAsyncEnumerable<Posted?> ReadAsync(Func<IReadOnlyCollection<PartyId>> voters, CancellationToken cancel);
}
