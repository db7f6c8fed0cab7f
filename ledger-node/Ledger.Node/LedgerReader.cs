using System.Diagnostics;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Storage;
using Ledger.Node.Views;

namespace Ledger.Node;

/// <summary>
/// All that is read of a running node: the ledger as of its latest final block, its blocks and receipts, the views beside it, the time. Whoever only
/// reads is given this, and can do nothing else with the node.
/// </summary>
public sealed class LedgerReader
{
    static readonly TimeSpan BetweenFrozen = TimeSpan.FromSeconds(1);

    readonly Lock freezing = new();
    readonly Fold fold;
    readonly BlockLog log;
    readonly StoryClock clock;
    readonly RecentAnswers recent;
    volatile NodeView view;
    volatile TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    FrozenLedger? frozen;
    long? frozenAt;
    volatile int wantFrozen;

    internal LedgerReader(Fold fold, NodeView final, BlockLog log, LedgerViews views, StoryClock clock, PartyId bank)
    {
        (this.fold, this.log, this.clock) = (fold, log, clock);
        Views = views;
        Bank = bank;
        view = final;
        recent = new(final.Header.Height);
    }

    public Genesis Genesis => fold.Genesis;

    public NodeView View => view;

    /// <summary>What is found by party, by history and by text; it may lag behind <see cref="View"/> by moments.</summary>
    public LedgerViews Views { get; }

    /// <summary>The bank whose node this is.</summary>
    public PartyId Bank { get; }

    /// <summary>The node's own clock, which is not ledger time.</summary>
    public Timestamp ClockTime => new(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Whether ledger time was set for a story and stands.</summary>
    public bool IsClockHeld => clock.IsHeld;

    /// <summary>The time that the next block would have: clients take a transaction's expiry from it.</summary>
    public Timestamp LedgerTime
    {
        get
        {
            var now = ClockTime;
            return now > view.State.Now ? now : view.State.Now;
        }
    }

    /// <summary>The ledger behind what is folded and not final, where anything is. It is never read: transactions are tried on it.</summary>
    internal Func<LedgerState?> Tip { get; init; } = static () => null;

    /// <summary>
    /// What the next block would begin with, but for deadlines: checks compare with the time and do not wait for them. It stands behind what is under way, so that one may build on that; where that is given up, what was
    /// tried on it is judged again when it is folded, and what was refused may be sent again.
    /// </summary>
    public LedgerState NextState()
    {
        var (final, time) = (view.State, LedgerTime);
        var last = Tip() is { } tip && tip.Height > final.Height ? tip : final;
        return last.Untracked().At(last.Height + 1, time > last.Now ? time : last.Now);
    }

    /// <summary>A state that has these things: the latest, or where one of them left it since it was over, one that has them as they were last.</summary>
    public LedgerState StateWith(params IReadOnlyCollection<ThingRef> things) => things.All(thing => thing.IsIn(View.State)) ? View.State : Views.StateNow(things);

    /// <summary>The final block of a height; null where there is none yet.</summary>
    public Block? Block(ulong height) => log.ReadBlock(height);

    /// <summary>The checkpoint that was signed over a height.</summary>
    public Note? Checkpoint(ulong height) => log.ReadNote(height);

    /// <summary>Completes with the next block that becomes final; taken before one looks how far the ledger is, it misses none.</summary>
    public Task Grown => grown.Task;

    /// <summary>The root of the history at a size, null where it is not final up to there.</summary>
    public Hash256? RootAt(ulong size) => size <= view.Checkpoint.Checkpoint.Size ? fold.History.RootAt(size) : null;

    /// <summary>That the final history begins with its first <paramref name="size"/> leaves, under the latest checkpoint.</summary>
    public (Note Checkpoint, Hash256[] Proof) Consistency(ulong size)
    {
        var proof = Consistency(size, view.Checkpoint);
        return (proof.Newer, [.. proof.Hashes]);
    }

    /// <summary>That the history under a final checkpoint begins with its first <paramref name="size"/> leaves.</summary>
    public ConsistencyProof Consistency(ulong size, Note newer) => new(size, [.. fold.History.ConsistencyProof(size, newer.Checkpoint.Size)], newer);

    /// <summary>The hashes of a tile of the final history; null where it has not grown so far.</summary>
    public byte[]? Read(Tile tile) => tile.IsWithin(view.Checkpoint.Checkpoint.Size) ? fold.History.Read(tile) : null;

    /// <summary>The height of the block that holds a leaf.</summary>
    public ulong? HeightOf(ulong leaf) => log.BlockOf(leaf);

    /// <summary>Whether a final history of this size, 1 or more, ends with a block.</summary>
    public bool EndsBlock(ulong size) => HeightOf(size - 1) is { } height && HeightOf(size) != height;

    /// <summary>
    /// A receipt under the latest final checkpoint for a leaf and its bytes, null for a leaf that is not final yet. The history may have grown past
    /// that checkpoint meanwhile: a proof is made for the checkpoint's size, and what is complete there never changes.
    /// </summary>
    public TlogProof? Receipt(ulong leaf, ReadOnlyMemory<byte> bytes)
    {
        var note = view.Checkpoint;
        return leaf < note.Checkpoint.Size ? Receipt(leaf, bytes, note) : null;
    }

    /// <summary>A receipt under a final checkpoint that covers the leaf.</summary>
    public TlogProof Receipt(ulong leaf, ReadOnlyMemory<byte> bytes, Note under) => new(new(bytes), leaf, [.. fold.History.InclusionProof(leaf, under.Checkpoint.Size)], under);

    /// <summary>The way of a leaf to the root at a size, null where it is not final up to there or the leaf is not within it.</summary>
    public Hash256[]? Inclusion(ulong leaf, ulong size) => leaf < size && size <= view.Checkpoint.Checkpoint.Size ? fold.History.InclusionProof(leaf, size) : null;

    /// <summary>
    /// The ledger behind the newest final block, for whoever proves what is in its state. Many share one, for the writer copies what it writes next over a frozen state; for the same reason there is a new one a second at most, and who
    /// asks sooner waits.
    /// </summary>
    public async Task<FrozenLedger> FrozenAsync(CancellationToken cancel)
    {
        Interlocked.Increment(ref wantFrozen);
        try
        {
            while (true)
            {
                var next = Grown;
                if (Freeze() is { } ledger) return ledger;

                // The fold has gone further than what is final, or it is too soon.
                await Task.WhenAny(next, Task.Delay(BetweenFrozen, cancel));
                cancel.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Interlocked.Decrement(ref wantFrozen);
        }
    }

    FrozenLedger? Freeze()
    {
        lock (freezing)
        {
            if (frozen is not null || (frozenAt is { } last && Stopwatch.GetElapsedTime(last) < BetweenFrozen)) return frozen;
            frozen = fold.TryFreeze(view.Checkpoint);
            if (frozen is not null) frozenAt = Stopwatch.GetTimestamp();
            return frozen;
        }
    }

    /// <summary>
    /// The entry that answered a transaction id, null where there is none. While the views are made anew they do not answer for earlier runs of the
    /// node, and <see cref="ViewsNotReadyException"/> says so.
    /// </summary>
    public EntryLocation? FirstAnswer(PartyId party, Id<Transaction> id) => recent.Find(party, id) ?? Views.Entry(party, id, recent.Since);

    /// <summary>As <see cref="FirstAnswer"/>, where a transaction that is repeated is told that there was an answer even while it is not known which.</summary>
    public EntryLocation? FirstAnswerIfKnown(PartyId party, Id<Transaction> id)
    {
        try
        {
            return FirstAnswer(party, id);
        }
        catch (ViewsNotReadyException)
        {
            return null;
        }
    }

    /// <summary>Asks the views for what was just written too, waiting for them a little.</summary>
    /// <exception cref="ViewsNotReadyException">They took too long.</exception>
    public Task<T> AskViewsAsync<T>(Func<T> question, CancellationToken cancel) => Views.AskAsync(() => View.Header.Height, question, cancel);

    /// <summary>Goes on to blocks that are on disk under their checkpoint.</summary>
    internal void Follow(IReadOnlyList<FoldedBlock> blocks, Note checkpoint)
    {
        foreach (var folded in blocks) recent.Take(folded, Views.Height);
        lock (freezing)
        {
            frozen = null;
            view = new(blocks[^1].State, blocks[^1].Block.Header, checkpoint);
        }

        // Whoever writes waits here: a ledger that is always behind a block under way is frozen all the same.
        if (wantFrozen > 0) Freeze();
        Interlocked.Exchange(ref grown, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
