using System.Threading.Channels;

namespace Ledger.Node.Ordering;

/// <summary>One node, nothing to install: the order is the order of submission. One batch waits at most, so the next one gathers what arrives.</summary>
public sealed class EmbeddedOrdering : IOrdering
{
    readonly Channel<Batch> batches = Channel.CreateBounded<Batch>(1);

    public ValueTask SubmitAsync(Batch batch, CancellationToken cancel) => batches.Writer.WriteAsync(batch, cancel);

    public IAsyncEnumerable<Batch> ReadAsync(CancellationToken cancel) => batches.Reader.ReadAllAsync(cancel);
}
