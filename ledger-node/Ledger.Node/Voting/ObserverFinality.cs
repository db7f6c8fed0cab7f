using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Ordering;
using Ledger.Node.Peers;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>Of a node that only observes: a block is final once a peer gave it with a quorum's checkpoint, every octet was verified, and it is on disk here.</summary>
sealed class ObserverFinality(Fold fold, BlockLog log, IReadOnlyList<IPeer> peers, Action<PeerFault> onFault, Action<string> say, TimeProvider time) : IFinality
{
    public IOrdering Ordering => NoOrdering.Instance;

    public bool Orders => false;

    public uint Epoch => fold.State.Ordering.Number;

    public OrderTrouble? Trouble => null;

    public LedgerState? Tip => null;

    public bool IsShared => true;

    public NodeKey Signer => throw new UnreachableException("An observer seals nothing.");

    public void Sealed(Envelope envelope) => throw new UnreachableException("An observer seals nothing.");

    public async IAsyncEnumerable<FinalBlocks> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var told = new SemaphoreSlim(0);
        var final = Channel.CreateBounded<FinalBlocks>(1);
        var following = FollowAsync(final.Writer, told, stop.Token);
        try
        {
            await foreach (var blocks in final.Reader.ReadAllAsync(cancel))
            {
                yield return blocks;

                // The fold goes on only now, so that whoever was told may still ask what it left.
                told.Release();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Flush()
    {
        // Nothing is kept beside the chain.
    }

    public FrozenLedger? Freeze(Note checkpoint) => fold.Freeze(checkpoint);

    public void GoBackToFinal()
    {
        // Where a stop came between a fold and the disk the chain's end is read again at the next start.
    }

    public void Dispose()
    {
        // Peers are their maker's to close.
    }

    async Task FollowAsync(ChannelWriter<FinalBlocks> final, SemaphoreSlim told, CancellationToken cancel)
    {
        async ValueTask AppendAsync(IReadOnlyList<FoldedBlock> blocks, Note checkpoint, CancellationToken within)
        {
            var began = Stopwatch.GetTimestamp();

            // The commit point, as where blocks are made: only what is on disk is told to anybody.
            log.Append(BlockLog.Records([.. blocks.Select(static folded => folded.Block)], checkpoint));
            log.Flush();
            await final.WriteAsync(new([.. blocks.Select(static folded => new FinalBlock(folded, [], TimeSpan.Zero))], checkpoint, Stopwatch.GetElapsedTime(began)), within);
            await told.WaitAsync(within);
        }

        try
        {
            await new CatchUp(fold, AppendAsync, say, time) { OnFault = onFault }.FollowAsync(peers, cancel);
        }
        catch (Exception fault)
        {
            final.TryComplete(fault);
        }
    }

    /// <summary>Nobody puts anything into it.</summary>
    sealed class NoOrdering : IOrdering
    {
        public static readonly NoOrdering Instance = new();

        public int MaxBatchBytes => 0;

        public OrderTrouble? Trouble => null;

        public ulong FirstFree(ulong wanted) => wanted;

        public ValueTask<bool> SubmitAsync(Batch batch, CancellationToken cancel) => throw new UnreachableException("An observer orders nothing.");

        public IAsyncEnumerable<Batch> ReadAsync(CancellationToken cancel) => throw new UnreachableException("An observer orders nothing.");

        public void Took(Forgettable forgettable)
        {
            // Nothing was ordered.
        }

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
