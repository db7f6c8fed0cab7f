using Ledger.Core.Chain;
using Ledger.Core.Replay;

namespace Ledger.Node.Ordering;

/// <summary>A bank's signed envelope with the transactions that it seals.</summary>
public sealed record Batch(Envelope Envelope, IReadOnlyList<BatchItem> Items);

/// <summary>
/// Puts batches into one order for all nodes and loses none; it decides nothing and is trusted for nothing else. A batch may be delivered that
/// nobody here submitted. <see cref="SubmitAsync"/> waits while the order is behind, so that batches fill up meanwhile.
/// </summary>
public interface IOrdering
{
    ValueTask SubmitAsync(Batch batch, CancellationToken cancel);

    IAsyncEnumerable<Batch> ReadAsync(CancellationToken cancel);
}
