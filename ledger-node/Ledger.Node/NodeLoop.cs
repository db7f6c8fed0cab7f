using System.Collections.Concurrent;
using System.Threading.Channels;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Monitoring;
using Ledger.Node.Ordering;
using Ledger.Node.Private;
using Ledger.Node.Storage;
using Ledger.Node.Views;
using Ledger.Node.Voting;

namespace Ledger.Node;

/// <summary>
/// The life of a transaction on one page. Many threads read, verify and try it on the latest state, behind what is under way; it is sealed into a batch and ordered; what makes blocks final folds it, puts
/// block and checkpoint on disk, and only then it is answered. Nothing is acknowledged that is not final and durable.
/// </summary>
public sealed class NodeLoop
{
    // A batch may wait while another is folded; beyond it callers wait too, which is all the back-pressure that a ledger needs that goes on. More would only keep more
    // transactions in memory for longer.
    const int IntakeCapacity = Fold.MaxBatch;

    // Who waits for room looks so often whether there will be any.
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // A smaller batch of a bank of several waits while another of its own waits for a quorum.
    const int WorthAnother = Fold.MaxBatch / 4;

    // A bulk is verified in runs of lines: long enough that handing one over costs little, short enough that the first is soon tried.
    const int RunLength = 16;

    // Well below what an id may lie ahead of ledger time.
    const long ClockEvery = 5 * Timestamp.Minute;
    static readonly int RunsAhead = 2 * Environment.ProcessorCount;

    readonly Fold fold;
    readonly IFinality finality;
    readonly NodeKey key;
    readonly StoryClock clock;
    readonly Lock clockGate = new();
    readonly Channel<BatchItem> intake = Channel.CreateBounded<BatchItem>(IntakeCapacity);
    readonly ConcurrentDictionary<Hash256, TaskCompletionSource<Answer>> waiting = new();
    volatile TaskCompletionSource nextBlock = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool holdsWrites;
    volatile bool isStopping;
    long attemptsHeldBack;

    // Of a batch that had transactions, as the sealing bank's clock said; where that was ahead of this bank's, what this one said then: otherwise a clock that is an hour ahead would have every other bank seal an empty batch a
    // second for an hour.
    long newestClock;

    public NodeLoop(Fold fold, NodeView final, BlockLog log, LedgerViews views, IFinality finality, NodeKey key, StoryClock clock)
    {
        this.fold = fold;
        this.finality = finality;
        this.key = key;
        this.clock = clock;
        Reader = new(fold, final, log, views, clock, key.Bank) { Tip = () => finality.Tip };
        Receipts = new(Reader, key);
    }

    /// <summary>The same ledger for whoever only reads.</summary>
    public LedgerReader Reader { get; }

    /// <summary>What this bank signs of the final history for whoever asks.</summary>
    public ReceiptSigner Receipts { get; }

    /// <summary>The epoch of ordering in which this node seals.</summary>
    public uint Epoch => finality.Epoch;

    /// <summary>Where the ledger's states are written now and then; null for nowhere.</summary>
    public SnapshotFolder? Snapshots { get; init; }

    /// <summary>How much each party but the node's own bank may put on the chain in a day through this node; null for as much as it likes.</summary>
    public DailyQuota? ChainQuota { get; init; }

    /// <summary>What this bank was shown of hidden terms, and asked before an act on a financing is ordered; null where it keeps none.</summary>
    public DisclosureDesk? Disclosures { get; set; }

    /// <summary>How long a client waits for what is not final before it hears that its transaction is on its way.</summary>
    public TimeSpan AnswersWithin { get; set; } = TimeSpan.FromSeconds(10);

    public NodeMetrics Metrics { get; } = new();

    /// <summary>How many transactions wait for their block.</summary>
    public int UnderWay => waiting.Count;

    /// <summary>Whether what would be ordered is refused with <see cref="Refusal.StorageFull"/>: while there is too little room to promise anything.</summary>
    public bool HoldsWrites
    {
        get => holdsWrites;
        set => holdsWrites = value;
    }

    /// <summary>Whether this node takes transactions; one that only observes does not.</summary>
    public bool Orders => finality.Orders;

    /// <summary>What keeps transactions from being ordered; null while nothing does. What is final is read all the same.</summary>
    public OrderTrouble? OrderTrouble => finality.Trouble;

    /// <summary>How voting stands; null where nobody else votes.</summary>
    public VotingStanding? Voting => finality.Voting;

    /// <summary>Whether the loop was told to end: it takes nothing more and answers those who wait.</summary>
    public bool IsStopping => isStopping;

    /// <summary>Whether this chain is a demo or a test, whose time may be set.</summary>
    public bool MaySetClock => clock.MaySet;

    /// <summary>Double-pledge attempts beyond the quotas, which are counted here and never ordered.</summary>
    public long AttemptsHeldBack => Interlocked.Read(ref attemptsHeldBack);

    /// <summary>
    /// Sets the clock of a demo or test chain and holds it there, never before the time of its last block or where it was held. Returns when every deadline that has come by then
    /// has fired and is final: who asks next sees what the time has done.
    /// </summary>
    public async Task<Refusal> SetClockAsync(Timestamp at, CancellationToken cancel)
    {
        if (!clock.MaySet) return Refusal.ClockNotSettable;
        if (!finality.Orders) return Refusal.ObservesOnly;
        lock (clockGate)
        {
            // While it runs, the clock is nobody's word yet: only what a block says, or a clock that was held, cannot be taken back.
            if (at < (clock.IsHeld ? Reader.LedgerTime : Reader.View.State.Now)) return Refusal.ClockGoesBack;
            try
            {
                clock.Hold(at);
            }
            catch (IOException)
            {
                return Refusal.StorageFull;
            }
        }

        // Where several banks vote, time is what most of their clocks say: their ledgers go on when their clocks were set too.
        if (finality.IsShared)
        {
            intake.Writer.TryWrite(default);
            return Refusal.None;
        }

        // A batch may be under way that was sealed before, and a block fires only so many deadlines.
        while (true)
        {
            var block = nextBlock.Task;
            if (Reader.View.State.NextDeadline is not { } due || due.At > Reader.LedgerTime) return Refusal.None;
            if (finality.Trouble is { } trouble) return trouble.Refusal;
            try
            {
                await intake.Writer.WriteAsync(default, cancel);
            }
            catch (ChannelClosedException)
            {
                return Refusal.NodeStopping;
            }

            await block.WaitAsync(cancel);
        }
    }

    /// <summary>Tries a transaction on the latest state, as if it were submitted, and changes nothing.</summary>
    public Answer DryRun(ReadOnlyMemory<byte> bytes) => DryRun(bytes, beside: null);

    /// <summary>Tries a transaction of which it is shown what it hides.</summary>
    public Answer DryRun(ReadOnlyMemory<byte> bytes, DisclosedBeside? beside)
    {
        var state = Reader.NextState();
        if (Read(state, bytes, out var unread) is not { } item || item.Known is not { } known) return unread;
        var decision = Rulebook.Decide(state, known.Transaction);
        return WhyNotOrdered(state, decision, known.Transaction, beside) ?? AnswerOf(decision, known.Transaction);
    }

    /// <summary>Tries a transaction whose signatures that are there were verified: with those alone, and as if all whom it announces had signed.</summary>
    public (Answer AsSigned, Answer AsIfWhole) DryRun(SignedInPart draft)
    {
        var state = Reader.NextState();
        return (AnswerOf(Rulebook.Decide(state, draft.Signed), draft.Signed), AnswerOf(Rulebook.Decide(state, draft.AsIfWhole), draft.AsIfWhole));
    }

    /// <summary>Submits one transaction and waits until its answer is final.</summary>
    public async Task<Answer> SubmitAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => await (await BeginAsync(bytes, cancel)).Answer;

    /// <summary>Puts one transaction on its way.</summary>
    public Task<Begun> BeginAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => BeginAsync(bytes, beside: null, cancel);

    /// <summary>Puts a transaction on its way of which it is shown what it hides.</summary>
    public async Task<Begun> BeginAsync(ReadOnlyMemory<byte> bytes, DisclosedBeside? beside, CancellationToken cancel)
    {
        var state = Reader.NextState();
        if (Read(state, bytes, out var unread) is not { Known: { } known } item) return new(unread.Transaction, Task.FromResult(unread));
        var decision = Rulebook.Decide(state, known.Transaction);
        if (WhyNotOrdered(state, decision, known.Transaction, beside) is { } no) return new(known.Transaction, Task.FromResult(no));
        return new(known.Transaction, IsOrdered(state, known.Transaction, decision)
            ? await EnqueueAsync(item, known.Transaction, cancel)
            : Task.FromResult(AnswerOf(decision, known.Transaction)));
    }

    /// <summary>
    /// Submits transactions in order, as they come; each is tried on what the ones before it would leave, so that one may build on another. Later ones
    /// are still being verified while earlier ones are tried and folded. The answers, in the same order, complete as their blocks become final.
    /// </summary>
    public ChannelReader<Task<Answer>> Submit(IAsyncEnumerable<ReadOnlyMemory<byte>> bulk, CancellationToken cancel)
    {
        var answers = Channel.CreateUnbounded<Task<Answer>>(new() { SingleReader = true, SingleWriter = true });
        _ = SubmitAsync(bulk, answers.Writer, cancel);
        return answers.Reader;
    }

    async Task SubmitAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> bulk, ChannelWriter<Task<Answer>> answers, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = Task.CompletedTask;
        Exception? failed = null;
        try
        {
            var ahead = Channel.CreateBounded<Task<ReadLine[]>>(new BoundedChannelOptions(RunsAhead) { SingleReader = true, SingleWriter = true });
            reading = ReadAheadAsync(bulk, ahead.Writer, end.Token);
            var state = Reader.NextState();
            var underWay = new Queue<Task>();
            await foreach (var run in ahead.Reader.ReadAllAsync(end.Token))
            {
                // A bulk may take long to arrive. Once all of it that was sent is final, what others did meanwhile counts too.
                while (underWay.TryPeek(out var oldest) && oldest.IsCompleted) _ = underWay.Dequeue();
                if (underWay.Count == 0) state = Reader.NextState();
                foreach (var (bytes, read, why) in await run)
                {
                    var (line, unread) = (read, why);

                    // A line may be signed with a key that an earlier line registers.
                    if (line is null && unread.Code == Refusal.KeyUnknown) line = Read(state, bytes, out unread);
                    if (line is not { Known: { } known } item)
                    {
                        answers.TryWrite(Task.FromResult(unread));
                        continue;
                    }

                    var decision = Rulebook.Decide(state, known.Transaction);
                    if (WhyNotOrdered(state, decision, known.Transaction, beside: null) is { } no)
                    {
                        answers.TryWrite(Task.FromResult(no));
                        continue;
                    }

                    if (!IsOrdered(state, known.Transaction, decision))
                    {
                        answers.TryWrite(Task.FromResult(AnswerOf(decision, known.Transaction)));
                        continue;
                    }

                    var answer = await EnqueueAsync(item, known.Transaction, cancel);
                    var isHeldBack = answer.IsCompletedSuccessfully && (await answer).Leaf is null;
                    if (decision.IsEntry && !isHeldBack) state = After(state, known.Transaction, decision);
                    underWay.Enqueue(answer);
                    answers.TryWrite(answer);
                }
            }
        }
        catch (Exception fault)
        {
            failed = fault;
        }

        // What the lines come from is left alone before anybody hears that there are no more answers, or why.
        await end.CancelAsync();
        await reading;
        answers.Complete(failed);
    }

    // Hands on whole runs of lines, each as it is being verified; no more of them than there are others to wait for.
    async Task ReadAheadAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> bulk, ChannelWriter<Task<ReadLine[]>> runs, CancellationToken cancel)
    {
        try
        {
            await foreach (var lines in bulk.Chunk(RunLength).WithCancellation(cancel))
            {
                var state = Reader.NextState();
                await runs.WriteAsync(Task.Run(() => ReadRun(state, lines), cancel), cancel);
            }

            runs.Complete();
        }
        catch (Exception fault)
        {
            runs.Complete(fault);
        }
    }

    /// <summary>
    /// Runs until cancelled; then whoever waits is told, and <see cref="FinishAsync"/> leaves what the next start goes on from. A fault of storage or a bug
    /// ends it with the exception: the node must then stop.
    /// </summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var tasks = new[] { SealBatchesAsync(linked.Token), FollowAsync(linked.Token), TickAsync(linked.Token) };
        var stored = true;

        // A new epoch begins at once, with an empty batch where nobody sends anything; and of several banks each says its clock.
        if (finality.Epoch > fold.State.Ordering.Number || (finality is { Orders: true, Trouble: null } && IsClockAskedFor(Reader.NextState()))) intake.Writer.TryWrite(default);
        try
        {
            await await Task.WhenAny(tasks);
        }
        catch (StorageFault)
        {
            stored = false;
            throw;
        }
        finally
        {
            isStopping = true;
            await linked.CancelAsync();
            intake.Writer.TryComplete();

            // A block that is being written is finished and told. Whoever comes later finds the intake closed; whoever came before is among the waiting.
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            nextBlock.TrySetCanceled(CancellationToken.None);
            foreach (var left in waiting.Values)
            {
                // Not acknowledged, whether or not it reached the disk: the same transaction may be sent again and has one answer.
                if (stored) left.TrySetCanceled(CancellationToken.None);
                else left.TrySetResult(Unstored(null));
            }
        }
    }

    Answer Unstored(SignedTransaction? transaction) => new(Refusal.StorageFull, 0, Facts.None, null, null, [], Reader.LedgerTime, transaction);

    Answer Unordered(OrderTrouble trouble, SignedTransaction? transaction) =>
        new(trouble.Refusal, 0, Facts.None, null, null, [], Reader.LedgerTime, transaction);

    /// <summary>
    /// Behind a loop that was cancelled: makes the vote durable and writes the last state, for as long as <paramref name="cancel"/> allows. Returns the
    /// height of the newest snapshot; null where none is kept, or where the loop ended otherwise.
    /// </summary>
    public async Task<ulong?> FinishAsync(CancellationToken cancel)
    {
        if (!isStopping) return null;
        finality.GoBackToFinal();
        if (fold.Last.Header != Reader.View.Header) return null;
        finality.Flush();
        return Snapshots is { } snapshots ? await snapshots.FinishAsync(fold.Freeze(Reader.View.Checkpoint), cancel) : null;
    }

    // An answer that would leave no entry goes straight back; so does a refusal, unless it is a double-pledge attempt that goes on the record.
    // One whose first answer is still on its way waits for it in the order.
    bool IsOrdered(LedgerState state, SignedTransaction transaction, Decision decision)
    {
        if (decision.IsAccepted) return true;
        if (decision.Code == Refusal.AlreadyAnswered) return Reader.FirstAnswerIfKnown(transaction.Body.Party, transaction.Body.Id) is null;
        if (!Core.DoublePledge.DoublePledgeCheck.IsAttempt(decision.Code)) return false;
        if (Rulebook.IsWorthRecording(state, transaction, decision)) return true;
        Interlocked.Increment(ref attemptsHeldBack);
        return false;
    }

    // What the ledger would take and this node does not order: a figure that does not follow from what the node was shown.
    Answer? WhyNotOrdered(LedgerState state, Decision decision, SignedTransaction transaction, DisclosedBeside? beside)
    {
        if (!decision.IsAccepted || Disclosures?.Judge(state, decision.After, transaction.Body, beside) is not { } no) return null;
        Metrics.Rejected(no.Refusal);
        return new(no.Refusal, no.Operation, no.Facts, null, null, [], Reader.LedgerTime, transaction);
    }

    // What the fold will make of it: the next in the bulk sees the id as used and the attempt as counted.
    static LedgerState After(LedgerState state, SignedTransaction transaction, Decision decision)
    {
        var after = decision.After;
        foreach (var happened in Rulebook.Record(state, transaction, decision)) after = happened.Enact(after);
        return after;
    }

    async ValueTask<Task<Answer>> EnqueueAsync(BatchItem item, SignedTransaction transaction, CancellationToken cancel)
    {
        if (holdsWrites) return Task.FromResult(Unstored(transaction));
        if (!finality.Orders)
        {
            Metrics.Rejected(Refusal.ObservesOnly);
            return Task.FromResult(Unstored(transaction) with { Code = Refusal.ObservesOnly });
        }

        var hash = transaction.Hash;
        if (waiting.TryGetValue(hash, out var sent)) return sent.Task;
        if (finality.Trouble is { } trouble)
        {
            Metrics.Rejected(trouble.Refusal);
            return Task.FromResult(Unordered(trouble, transaction));
        }

        if (ChainQuota is { } quota && transaction.Body.Party != key.Bank && !quota.TryTake(transaction.Body.Party, item.Bytes.Length))
        {
            Metrics.Rejected(Refusal.ChainQuotaUsed);
            return Task.FromResult(Unstored(transaction) with { Code = Refusal.ChainQuotaUsed, Facts = new(Reason: quota.Text) });
        }

        var mine = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = waiting.GetOrAdd(hash, mine);
        if (answer != mine) return answer.Task;
        try
        {
            if (await WhyNotTakenAsync(item, cancel) is { } no)
            {
                waiting.TryRemove(hash, out _);
                Metrics.Rejected(no);
                mine.TrySetResult(Unstored(transaction) with { Code = no });
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            // It never reached the intake, so nobody would ever answer it, nor those who sent the same meanwhile.
            waiting.TryRemove(hash, out _);
            mine.TrySetCanceled(CancellationToken.None);
            if (exception is OperationCanceledException) throw;
        }

        return mine.Task;
    }

    // Puts it into the intake, where there is room for it as soon as the ledger goes on. Where it does not there will be none, and whoever waits is told so.
    async ValueTask<Refusal?> WhyNotTakenAsync(BatchItem item, CancellationToken cancel)
    {
        Task<bool>? room = null;
        while (!intake.Writer.TryWrite(item))
        {
            if (finality.Trouble is { } trouble) return trouble.Refusal;
            if (finality.Voting is { IsStalled: true }) return Refusal.FinalityStalled;
            room ??= intake.Writer.WaitToWriteAsync(cancel).AsTask();
            await Task.WhenAny(room, Task.Delay(Look, cancel));
            cancel.ThrowIfCancellationRequested();
            if (!room.IsCompleted) continue;
            if (!await room) throw new ChannelClosedException();
            room = null;
        }

        return null;
    }

    ReadLine[] ReadRun(LedgerState state, ReadOnlyMemory<byte>[] lines)
    {
        var run = new ReadLine[lines.Length];
        for (var i = 0; i < run.Length; i++) run[i] = new(lines[i], Read(state, lines[i], out var unread), unread);
        return run;
    }

    BatchItem? Read(LedgerState state, ReadOnlyMemory<byte> bytes, out Answer unread)
    {
        unread = null!;
        var transaction = TransactionText.Read(bytes, fold.Genesis.Chain.Suite, fold.Genesis.Chain.ChainId, out var refused);
        if (transaction is not null && Authentication.Verify(state, transaction, out refused) is { } known) return new(bytes, known);
        var no = refused ?? new(Refusal.Malformed, Facts.None);
        Metrics.Rejected(no.Refusal);
        unread = new(no.Refusal, 0, no.Facts, null, null, [], Reader.LedgerTime, transaction);
        return null;
    }

    Answer AnswerOf(Decision decision, SignedTransaction transaction)
    {
        var answer = new Answer(decision.Code, decision.Operation, decision.Facts, null, null, decision.Events, Reader.LedgerTime, transaction);
        if (decision.Code == Refusal.AlreadyAnswered && FirstAnswerTo(transaction, answer) is { Replayed: true } first) return first;
        if (!decision.IsAccepted) Metrics.Rejected(decision.Code);
        return answer;
    }

    async Task SealBatchesAsync(CancellationToken cancel)
    {
        var (ordering, first, counter) = (default(IOrdering), 0UL, 0UL);
        while (await intake.Reader.WaitToReadAsync(cancel))
        {
            var items = await FillAsync(finality.Ordering, () => finality.IsShared && EndOfOrdering is null && finality.Ordering == ordering && IsUnderWay(first, counter), cancel);
            if (EndOfOrdering is { } ended)
            {
                while (intake.Reader.TryRead(out _)) continue;
                GiveUp(ended.Refusal);
                continue;
            }

            // Each epoch has an order of its own, and goes on from what the chain has of this bank's batches.
            if (finality.Ordering != ordering)
            {
                ordering = finality.Ordering;
                first = counter = ordering.FirstFree(NextCounter);
            }

            try
            {
                while (ordering.Trouble is not { IsBroken: true })
                {
                    // A batch from before a crash may have the place: it is folded first. Blocks that others gave may have passed it.
                    counter = Math.Max(counter, ordering.FirstFree(NextCounter));
                    if (await ordering.SubmitAsync(Seal(items, counter++), cancel)) break;
                }
            }
            catch (Exception gone) when (finality.IsShared && !cancel.IsCancellationRequested && gone is OperationCanceledException or ObjectDisposedException)
            {
                // The epoch ended meanwhile, and whoever was told of it may have sent these since.
                GiveUp(Refusal.EpochEnded);
                continue;
            }

            if (ordering.Trouble is { IsBroken: true } broken) GiveUp(broken.Refusal);
        }
    }

    // Nothing more is put while there is one: it does not pass by itself.
    OrderTrouble? EndOfOrdering => finality.Trouble is { } trouble and ({ IsBroken: true } or { Refusal: Refusal.NodeNotAValidator }) ? trouble : null;

    // What comes while a batch of this bank is on its way goes together in the next: every node signs, sends and writes for each, however little is in it.
    async Task<List<BatchItem>> FillAsync(IOrdering ordering, Func<bool> isUnderWay, CancellationToken cancel)
    {
        var items = new List<BatchItem>();
        var size = 0;
        while (true)
        {
            var block = nextBlock.Task;
            while (items.Count < Fold.MaxBatch && size < ordering.MaxBatchBytes && intake.Reader.TryRead(out var item))
            {
                // A tick is an item without bytes: it makes a batch, and nothing in it.
                if (item.Bytes.IsEmpty) continue;
                items.Add(item);
                size += item.Bytes.Length;
            }

            if (items.Count >= WorthAnother || size >= ordering.MaxBatchBytes || !isUnderWay()) return items;
            await Task.WhenAny(block, intake.Reader.WaitToReadAsync(cancel).AsTask());
            cancel.ThrowIfCancellationRequested();
        }
    }

    // Of the epoch's own: what came over from epochs before becomes final by votes on its base.
    bool IsUnderWay(ulong first, ulong counter) => counter > Math.Max(first, Reader.View.State.Clock(key.Bank)?.NextCounter ?? 1);

    ulong NextCounter => fold.State.Clock(key.Bank)?.NextCounter ?? 1;

    // Nothing more is ordered in this epoch. Whether what was under way had been, nobody here can say: sent again it is answered once.
    void GiveUp(Refusal why)
    {
        foreach (var hash in waiting.Keys)
        {
            if (waiting.TryRemove(hash, out var asked)) asked.TrySetResult(new(why, 0, Facts.None, null, null, [], Reader.LedgerTime, null));
        }

        // No block comes; whoever waits for the next one sees why.
        Interlocked.Exchange(ref nextBlock, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    Batch Seal(List<BatchItem> items, ulong counter)
    {
        var (suite, signer) = (fold.Genesis.Chain.Suite, finality.Signer);
        var hashes = items.Select(item => item.Known?.Transaction.Hash ?? suite.Hash(item.Bytes.Span)).ToArray();
        var unsigned = new Envelope(
            fold.Genesis.Chain.ChainId, finality.Epoch, key.Bank, counter, Reader.ClockTime, (uint)items.Count,
            Envelope.DigestOf(suite, hashes), default);
        var envelope = unsigned with { Signature = new(signer.Sign(unsigned.SignedBytes())) };
        finality.Sealed(envelope);
        return new(envelope, items);
    }

    async Task FollowAsync(CancellationToken cancel)
    {
        await foreach (var final in finality.RunAsync(cancel))
        {
            if (final.Blocks.Count == 0)
            {
                GiveUp(Refusal.EpochEnded);
                intake.Writer.TryWrite(default);
                continue;
            }

            foreach (var (folded, _, deciding) in final.Blocks) Metrics.Committed(folded, deciding, final.Storing);
            Reader.Follow([.. final.Blocks.Select(static block => block.Folded)], final.Checkpoint);
            Interlocked.Exchange(ref nextBlock, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            foreach (var (folded, items, _) in final.Blocks)
            {
                if (folded.Block.Header.EntryCount + folded.Block.Header.SkippedCount > 0)
                    newestClock = Math.Max(newestClock, Math.Min(folded.Block.Envelope?.Envelope.Clock.UnixMilliseconds ?? 0, Reader.ClockTime.UnixMilliseconds));
                foreach (var (item, answer) in items.Zip(folded.Answers)) Tell(answer.Transaction?.Hash ?? fold.Genesis.Chain.Suite.Hash(item.Bytes.Span), answer);

                // Of a block that another bank gave, or an earlier run folded, the entries say what was asked here too.
                if (items.Count > 0) continue;
                foreach (var answer in folded.Answers)
                {
                    if (answer.Transaction is { } asked) Tell(asked.Hash, answer);
                }
            }

            if (Snapshots is { } snapshots && snapshots.IsDue(Reader.View.Header.Height) && finality.Freeze(final.Checkpoint) is { } frozen) snapshots.Begin(frozen);

            // Whoever was answered may ask the views at once: they are waited for by height.
            foreach (var (folded, _, _) in final.Blocks) await Reader.Views.TakeAsync(folded, cancel);
            if (!fold.Knows(Reader.View.State)) throw new ProtocolUnknownException(Reader.View.State.Protocol.Number);
        }

        // The ledger that is final is still there to be read; the operator is told what to do.
        if (finality.Trouble is { } broken) GiveUp(broken.Refusal);
        await Task.Delay(Timeout.Infinite, cancel);
    }

    void Tell(Hash256 hash, Answer answer)
    {
        if (!waiting.TryRemove(hash, out var asked)) return;
        asked.SetResult(answer.Code == Refusal.AlreadyAnswered && answer.Transaction is { } again ? FirstAnswerTo(again, answer) : answer);
    }

    // Of what was answered before, that answer; where it is not known which, that there was one.
    Answer FirstAnswerTo(SignedTransaction again, Answer otherwise) => Reader.FirstAnswerIfKnown(again.Body.Party, again.Body.Id) is { } first
        ? new(first.Code, first.Operation, Facts.None, first.Height, first.Leaf, [], otherwise.LedgerTime, again, Replayed: true)
        : otherwise;

    // A quiet ledger of one bank stops ticking; an empty batch is sealed only when a deadline has come. Of several, time is what most of their clocks say: each says its own when it begins, where others' transactions came
    // behind it, and now and then, so that what comes after a silence is not of the day before.
    async Task TickAsync(CancellationToken cancel)
    {
        const int flushTicks = 10;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        for (var tick = 1; await timer.WaitForNextTickAsync(cancel); tick++)
        {
            if (tick % flushTicks == 0) finality.Flush();
            if (finality is not { Orders: true, Trouble: null }) continue;

            // What is under way fires, and tells the clock: while nothing becomes final, seconds would else fill with empty blocks all that may wait.
            var next = Reader.NextState();
            if ((next.NextDeadline is { } due && due.At <= next.Now) || IsClockAskedFor(next)) await intake.Writer.WriteAsync(default, cancel);
        }
    }

    bool IsClockAskedFor(LedgerState next)
    {
        if (!finality.IsShared) return false;
        var (told, now) = (next.Clock(key.Bank)?.Clock.UnixMilliseconds ?? 0, Reader.ClockTime.UnixMilliseconds);
        return told < now && (told < newestClock || now - told >= ClockEvery);
    }

    // A line that was read and verified, or the answer that says why it was not.
    readonly record struct ReadLine(ReadOnlyMemory<byte> Bytes, BatchItem? Item, Answer Unread);
}

/// <summary>A transaction that was put on its way, null where it could not be read, and its final answer.</summary>
public readonly record struct Begun(SignedTransaction? Transaction, Task<Answer> Answer);
