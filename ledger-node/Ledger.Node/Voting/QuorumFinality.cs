using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Ordering;

namespace Ledger.Node.Voting;

/// <summary>The order and the board of one epoch.</summary>
public sealed record EpochOfOrder(IOrdering Ordering, IVoteBoard Board) : IDisposable
{
    public void Dispose()
    {
        Board.Dispose();
        Ordering.Dispose();
    }
}

/// <summary>
/// Of one of several validators: a block is final once a quorum committed to it. One task does everything, as things come in: a batch of the order, something posted, a second gone by; the tasks
/// that read the order and the board only bring.
/// </summary>
sealed class QuorumFinality : IFinality
{
    // What comes in while a block is being told waits where it comes from.
    const int MaxBrought = 64;

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly Fold fold;
    readonly QuorumLedger ledger;
    readonly Func<uint, EpochOfOrder> begin;
    readonly TimeProvider time;
    Note checkpoint;
    volatile EpochOfOrder? current;

    /// <param name="fold">As the chain's end left it.</param>
    /// <param name="checkpoint">Over the chain's end.</param>
    /// <param name="make">Makes the ledger, given how it posts.</param>
    /// <param name="begin">Opens the order and the board of an epoch; the one before is closed by then.</param>
    /// <param name="time">In which seconds go by.</param>
    public QuorumFinality(Fold fold, Note checkpoint, Func<Action<Posting, ReadOnlyMemory<byte>>, QuorumLedger> make, Func<uint, EpochOfOrder> begin, TimeProvider time)
    {
        (this.fold, this.checkpoint, this.begin, this.time) = (fold, checkpoint, begin, time);

        // What is said on opening is posted once there is a board.
        var early = new List<(Posting Kind, ReadOnlyMemory<byte> Octets)>();
        ledger = make((kind, octets) =>
        {
            if (current is { } open) open.Board.Post(kind, octets);
            else early.Add((kind, octets));
        });
        current = begin(ledger.Epoch);
        foreach (var (kind, octets) in early) current.Board.Post(kind, octets);
    }

    public QuorumLedger Ledger => ledger;

    public IOrdering Ordering => Now.Ordering;

    public bool Orders => true;

    public uint Epoch => ledger.Epoch;

    public OrderTrouble? Trouble => ledger.Fork ?? Now.Ordering.Trouble;

    public bool IsShared => true;

    public void Sealed(Envelope envelope) => ledger.Sealed(envelope);

    public async IAsyncEnumerable<FinalBlocks> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var epoch = ledger.Epoch;
            await foreach (var blocks in RunEpochAsync(epoch, cancel)) yield return blocks;

            Now.Dispose();
            current = begin(ledger.Epoch);
            yield return new([], checkpoint, TimeSpan.Zero);
        }
    }

    public void Flush()
    {
        // What must be durable is so before it is said.
    }

    public FrozenLedger? Freeze(Note checkpoint) => ledger.Pending == 0 ? fold.Freeze(checkpoint) : null;

    public void GoBackToFinal() => ledger.GoBackToFinal();

    public void Dispose()
    {
        Now.Dispose();
        ledger.Dispose();
    }

    EpochOfOrder Now => current ?? throw new InvalidOperationException("No epoch is open yet.");

    async IAsyncEnumerable<FinalBlocks> RunEpochAsync(uint epoch, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var mayRead = new SemaphoreSlim(0);
        var inbox = Channel.CreateBounded<object>(new BoundedChannelOptions(MaxBrought) { SingleReader = true });
        Task[] bringing = [BringAsync(inbox.Writer, OrderAsync(Now.Ordering, mayRead, inbox.Writer, stop.Token)), BringAsync(inbox.Writer, BoardAsync(Now.Board, inbox.Writer, stop.Token)), TickAsync(inbox.Writer, stop.Token)];
        try
        {
            var isWaited = false;
            while (ledger.Epoch == epoch)
            {
                // One batch is under way: the next is read once the one before is durable, for then the order's position is.
                if (!isWaited && !ledger.IsFull)
                {
                    mayRead.Release();
                    isWaited = true;
                }

                var came = await inbox.Reader.ReadAsync(cancel);
                do
                {
                    isWaited &= came is not Batch;
                    Take(came);
                }
                while (ledger.Epoch == epoch && inbox.Reader.TryRead(out came));

                while (ledger.Epoch == epoch && ledger.Step() is { } final)
                {
                    checkpoint = final.Checkpoint;
                    yield return final;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(bringing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    void Take(object came)
    {
        switch (came)
        {
            case Batch batch:
                ledger.Take(batch);
                Ordering.Took(ledger.Forgettable);
                break;
            case Posted posted:
                ledger.Take(posted);
                break;
            case Happened.Second:
                ledger.Tick(Ordering.Trouble is null or { IsBroken: true });
                break;
            case Happened.OrderBroke:
                ledger.OrderEnded();
                break;
            default:
                throw new UnreachableException();
        }
    }

    // A fault of whoever brings is the loop's.
    static async Task BringAsync(ChannelWriter<object> inbox, Task bringing)
    {
        try
        {
            await bringing;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            inbox.TryComplete(fault);
        }
    }

    static async Task OrderAsync(IOrdering ordering, SemaphoreSlim mayRead, ChannelWriter<object> inbox, CancellationToken cancel)
    {
        await mayRead.WaitAsync(cancel);
        await foreach (var batch in ordering.ReadAsync(cancel))
        {
            await inbox.WriteAsync(batch, cancel);
            await mayRead.WaitAsync(cancel);
        }

        await inbox.WriteAsync(Happened.OrderBroke, cancel);
    }

    static async Task BoardAsync(IVoteBoard board, ChannelWriter<object> inbox, CancellationToken cancel)
    {
        await foreach (var posted in board.ReadAsync(cancel)) await inbox.WriteAsync(posted, cancel);
    }

    // One that finds no room is followed by another.
    async Task TickAsync(ChannelWriter<object> inbox, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Second, time);
        while (await timer.WaitForNextTickAsync(cancel)) inbox.TryWrite(Happened.Second);
    }

    enum Happened
    {
        Second,
        OrderBroke,
    }
}
