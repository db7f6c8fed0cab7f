using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Node.Ordering;

/// <summary>A bank's signed envelope with the transactions that it seals.</summary>
public sealed record Batch(Envelope Envelope, IReadOnlyList<BatchItem> Items);

/// <summary>
/// Why nothing is ordered, in words for an operator. An order that cannot be reached comes back by itself; one that is broken has lost or changed
/// what it had told, and nothing more of it is taken until somebody begins a new epoch.
/// </summary>
public sealed record OrderTrouble(bool IsBroken, string Chinese, string English)
{
    /// <summary>What a client hears.</summary>
    public Refusal Refusal { get; init; } = IsBroken ? Refusal.OrderBroken : Refusal.OrderNotReached;
}

/// <summary>What the order need not keep, for it is durable wherever it may be asked for.</summary>
/// <param name="Below">This bank's batches of the epoch below this counter.</param>
/// <param name="EarlierEpochs">Everything of the epochs before.</param>
public readonly record struct Forgettable(ulong Below, bool EarlierEpochs);

/// <summary>
/// Puts batches into one order for all nodes and loses none; it decides nothing and is trusted for nothing else. A batch may be delivered that
/// nobody here submitted, one may be delivered again, and one whose submitting failed may have been ordered. One submits at a time, and one reads.
/// </summary>
public interface IOrdering : IDisposable
{
    /// <summary>Above how many bytes of transactions a batch takes no further one.</summary>
    int MaxBatchBytes { get; }

    /// <summary>What keeps it from ordering; null while it orders.</summary>
    OrderTrouble? Trouble { get; }

    /// <summary>The counter from <paramref name="wanted"/> on under which this node has not yet put a batch: one that it put may still be on its way.</summary>
    ulong FirstFree(ulong wanted);

    /// <summary>
    /// Waits while the order is behind, so that batches fill up meanwhile, and returns once the batch is ordered, or the order is broken. False: under this
    /// counter another batch of this bank was ordered before, and the transactions are to be sealed again under the next.
    /// </summary>
    ValueTask<bool> SubmitAsync(Batch batch, CancellationToken cancel);

    /// <summary>The batches in order, behind the last that was taken before; some of them again. Ends when the order is broken.</summary>
    IAsyncEnumerable<Batch> ReadAsync(CancellationToken cancel);

    /// <summary>Whether something lies here already behind the last batch that was read; it may turn out to be none.</summary>
    bool HasMore => false;

    /// <summary>
    /// The last batch that was read is durable here, or was not for this chain: a later start goes on behind it. <paramref name="forgettable"/> may go.
    /// </summary>
    void Took(Forgettable forgettable);
}
