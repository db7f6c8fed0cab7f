using System.Threading.Channels;

namespace Ledger.Node.Ordering;

/// <summary>One node, nothing to install: the order is the order of submission. One batch waits at most, so the next one gathers what arrives.</summary>
public sealed class EmbeddedOrdering : IOrdering
{
    readonly Channel<Batch> batches = Channel.CreateBounded<Batch>(1);

    public int MaxBatchBytes => 16 * 1024 * 1024;

    public OrderTrouble? Trouble => null;

    public ulong FirstFree(ulong wanted) => wanted;

    public async ValueTask<bool> SubmitAsync(Batch batch, CancellationToken cancel)
    {
        await batches.Writer.WriteAsync(batch, cancel);
        return true;
    }

    public IAsyncEnumerable<Batch> ReadAsync(CancellationToken cancel) => batches.Reader.ReadAllAsync(cancel);

    public void Took(Forgettable forgettable)
    {
        // What waits is in memory, and goes when it is read.
    }

    public void Dispose()
    {
        // It holds nothing.
    }
}
