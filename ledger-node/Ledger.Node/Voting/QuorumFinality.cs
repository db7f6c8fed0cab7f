using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Ordering;
using Ledger.Node.Peers;

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
sealed class QuorumFinality : IFinality, IVotesKnown
{
    // What comes in while a block is being told waits where it comes from.
    const int MaxBrought = 64;

    // So many seconds behind, and then again, before other banks are asked; and so many although nothing is known to be missing, for who is cut off from the order hears of nothing.
    const int AskEvery = 3;
    const int AskAnyway = 30;

    // What the order has already is voted on at once, up to about so many transactions, where a block counts for some too: a vote costs every bank the same, however much it says, and none may wait for it long.
    const int MostAtOnce = 250;
    const int BlockCountsFor = 30;

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly Fold fold;
    readonly QuorumLedger ledger;
    readonly Func<uint, NodeKey, EpochOfOrder> begin;
    readonly PeerBlocks peers;
    readonly TimeProvider time;
    volatile VotesShown shown;
    int behind;
    int seconds;
    ulong next;
    bool mayRead;
    Note checkpoint;
    volatile EpochOfOrder? current;

    /// <param name="fold">As the chain's end left it.</param>
    /// <param name="checkpoint">Over the chain's end.</param>
    /// <param name="make">Makes the ledger, given how it posts.</param>
    /// <param name="begin">Opens the order and the board of an epoch, for a key of this bank; what was open before is closed by then.</param>
    /// <param name="peers">Who is asked for what became final without this bank.</param>
    /// <param name="time">In which seconds go by.</param>
    public QuorumFinality(
        Fold fold, Note checkpoint, Func<Action<Posting, ReadOnlyMemory<byte>>, QuorumLedger> make, Func<uint, NodeKey, EpochOfOrder> begin, PeerBlocks peers, TimeProvider time)
    {
        (this.fold, this.checkpoint, this.begin, this.peers, this.time) = (fold, checkpoint, begin, peers, time);
        next = fold.Last.Header.Height + 1;

        // What the order no longer keeps must not be missed: first the others are asked, and then the order is read.
        mayRead = peers.HasNobody;

        // What is said on opening is posted once there is a board.
        var early = new List<(Posting Kind, ReadOnlyMemory<byte> Octets)>();
        ledger = make((kind, octets) =>
        {
            if (current is { } open) open.Board.Post(kind, octets);
            else early.Add((kind, octets));
        });
        shown = Shown();
        current = begin(ledger.Epoch, ledger.Signer);
        foreach (var (kind, octets) in early) current.Board.Post(kind, octets);
    }

    public QuorumLedger Ledger => ledger;

    public IOrdering Ordering => Now.Ordering;

    public bool Orders => true;

    public uint Epoch => ledger.Epoch;

    public OrderTrouble? Trouble => ledger.Fork ?? ledger.Exclusion ?? Now.Ordering.Trouble;

    public VotingStanding Voting
    {
        get
        {
            var now = shown;
            return now.Since is { } since ? now.Voting with { Waits = time.GetElapsedTime(since) } : now.Voting;
        }
    }

    public LedgerState? Tip => ledger.Tip;

    public bool IsShared => true;

    public NodeKey Signer => ledger.Signer;

    public PeerStanding? Standing => shown.Standing;

    public IReadOnlyList<Vote> Votes => shown.Votes;

    public IReadOnlyList<Evidence> Evidence => ledger.Evidence;

    public ReadOnlyMemory<byte>? Closing => ledger.Closing;

    public IReadOnlyList<Report> Reports(uint epoch) => shown.Standing.Epoch == epoch ? shown.Reports : [];

    public IReadOnlyList<Block> PendingUpTo(ulong size, Hash256 root) => CutBlocks.BranchTo(fold.Genesis.Chain.Suite, shown.NotFinal, size, root);

    public void Sealed(Envelope envelope) => ledger.Sealed(envelope);

    public async IAsyncEnumerable<FinalBlocks> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var turn = (ledger.Epoch, ledger.Signer);
            await foreach (var blocks in RunEpochAsync(turn, cancel)) yield return blocks;

            // What this bank had on its way under another key takes no place any more, as what was of another epoch.
            Now.Dispose();
            current = begin(ledger.Epoch, ledger.Signer);
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
        peers.Dispose();
        ledger.Dispose();
    }

    EpochOfOrder Now => current ?? throw new InvalidOperationException("No epoch is open yet.");

    async IAsyncEnumerable<FinalBlocks> RunEpochAsync((uint Epoch, NodeKey Signer) turn, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var turns = new SemaphoreSlim(0);
        var postings = new Postings();
        var inbox = Channel.CreateBounded<object>(new BoundedChannelOptions(MaxBrought) { SingleReader = true });
        Task[] bringing =
        [
            BringAsync(inbox.Writer, OrderAsync(Now.Ordering, turns, inbox.Writer, stop.Token)), BringAsync(inbox.Writer, BoardAsync(Now.Board, postings, inbox.Writer, stop.Token)),
            BringAsync(inbox.Writer, peers.RunAsync(() => shown.HowFar, given => inbox.Writer.WriteAsync(given, stop.Token), told => inbox.Writer.WriteAsync(new PeersAsked(told), stop.Token), stop.Token)),
            TickAsync(inbox.Writer, stop.Token),
        ];
        try
        {
            var (isWaited, unsaid) = (false, 0);
            if (!mayRead || ledger.Missing is not null) peers.Ask();
            while (IsStill(turn))
            {
                // One batch is under way: the next is read once the one before is durable, for then the order's position is.
                if (!isWaited && mayRead && !ledger.IsFull)
                {
                    turns.Release();
                    isWaited = true;
                }

                // As much as lies there now: what comes meanwhile keeps nobody from signing.
                var came = await inbox.Reader.ReadAsync(cancel);
                var (more, taken) = (inbox.Reader.Count, false);
                do
                {
                    if (came is Batch batch)
                    {
                        (taken, isWaited) = (true, false);
                        unsaid += BlockCountsFor + batch.Items.Count;
                    }

                    if (came is Happened.Posted)
                    {
                        foreach (var posted in postings.TakeAll()) ledger.Take(posted);
                    }
                    else if (Take(came) is { } given)
                    {
                        yield return given;
                    }
                }
                while (more-- > 0 && IsStill(turn) && inbox.Reader.TryRead(out came));

                // Each is durable before the next is read, and what lies behind may be none: then a second goes by at most.
                if (taken && Ordering.HasMore && !ledger.IsFull && unsaid < MostAtOnce) continue;
                unsaid = 0;
                while (IsStill(turn) && ledger.Step() is { } final) yield return Told(final);
                shown = Shown();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(bringing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    bool IsStill((uint Epoch, NodeKey Signer) turn) => ledger.Epoch == turn.Epoch && ledger.Signer == turn.Signer;

    FinalBlocks Told(FinalBlocks final)
    {
        checkpoint = final.Checkpoint;
        next = final.Blocks[^1].Folded.Block.Header.Height + 1;
        return final;
    }

    VotesShown Shown() => new(
        new(ledger.Height, ledger.Epoch, null), ledger.Votes, [.. ledger.Reports], ledger.NotFinal, new(ledger.Epoch, next, ledger.Missing, !ledger.HasHeard), ledger.Standing(), ledger.WaitsSince);

    FinalBlocks? Take(object came)
    {
        switch (came)
        {
            case Batch batch:
                ledger.Take(batch);
                Ordering.Took(ledger.Forgettable);
                return null;
            case GivenByPeer given:
                var final = Take(given, out var fault);
                shown = Shown();
                given.Taken.SetResult(fault);
                return final;
            case Happened.Second:
                ledger.Tick(Ordering.Trouble is null or { IsBroken: true });
                behind = ledger.IsBehind || Ordering.Trouble is not null ? behind + 1 : 0;
                if ((behind > 0 && behind % AskEvery == 0) || ++seconds % AskAnyway == 0) peers.Ask();
                return null;
            case Happened.OrderBroke:
                ledger.OrderEnded();
                return null;
            case Happened.BoardRead:
                ledger.Heard();
                return null;
            case PeersAsked(var told):
                mayRead = true;

                // Where the order tells nothing, what a quorum was shown must do.
                if (Ordering.Trouble is not null && ledger.IsQuorumWith(told)) ledger.Heard();
                return null;
            default:
                throw new UnreachableException();
        }
    }

    FinalBlocks? Take(GivenByPeer given, out PeerFault? fault)
    {
        fault = null;
        switch (given)
        {
            case GivenByPeer.Final(var giver, var blocks):
                return ledger.TakeFinal(blocks, giver, out fault) is { } final ? Told(final) : null;
            case GivenByPeer.Prepared(var giver, var blocks, var upTo):
                fault = ledger.TakePrepared(blocks, upTo, giver);
                return null;
            case GivenByPeer.Closed(_, var octets):
                // What this bank cannot verify may be from before a change of the validators, and is no lie.
                ledger.TakeClosing(octets);
                return null;
            case GivenByPeer.Said(_, var votes, var reports):
                foreach (var vote in votes.Where(vote => ledger.IsVoter(vote.Bank))) ledger.Take(vote);
                foreach (var report in reports) ledger.Take(report);
                return null;
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

    static async Task OrderAsync(IOrdering ordering, SemaphoreSlim turns, ChannelWriter<object> inbox, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        await foreach (var batch in ordering.ReadAsync(cancel))
        {
            await inbox.WriteAsync(batch, cancel);
            await turns.WaitAsync(cancel);
        }

        await inbox.WriteAsync(Happened.OrderBroke, cancel);
    }

    // In places that are nobody's who votes nothing is looked at.
    async Task BoardAsync(IVoteBoard board, Postings postings, ChannelWriter<object> inbox, CancellationToken cancel)
    {
        await foreach (var told in board.ReadAsync(() => ledger.Voters, cancel))
        {
            if (told is not { } posted)
            {
                await inbox.WriteAsync(Happened.BoardRead, cancel);
                continue;
            }

            if (posted.Bank is { } bank && !ledger.IsVoter(bank)) continue;
            if (postings.Add(posted)) await inbox.WriteAsync(Happened.Posted, cancel);
        }
    }

    // One that finds no room is followed by another.
    async Task TickAsync(ChannelWriter<object> inbox, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Second, time);
        while (await timer.WaitForNextTickAsync(cancel)) inbox.TryWrite(Happened.Second);
    }

    enum Happened
    {
        Posted,
        BoardRead,
        Second,
        OrderBroke,
    }

    // Which peers said what they were shown.
    sealed record PeersAsked(IReadOnlyCollection<PartyId> Told);

    sealed record VotesShown(
        PeerStanding Standing, IReadOnlyList<Vote> Votes, IReadOnlyList<Report> Reports, IReadOnlyList<(Block Block, BlockPoint Point)> NotFinal, HowFar HowFar, VotingStanding Voting, long? Since);
}
