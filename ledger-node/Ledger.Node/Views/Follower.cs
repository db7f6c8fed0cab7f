using System.Threading.Channels;
using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Microsoft.Data.Sqlite;

namespace Ledger.Node.Views;

/// <summary>How the views stand to the chain.</summary>
public enum ViewsStanding
{
    /// <summary>They take every block as it becomes final.</summary>
    Following,

    /// <summary>They are made again from the chain, or what they missed of it is read; the node serves meanwhile.</summary>
    Rebuilding,

    /// <summary>They cannot be written now; another attempt is made soon, unless the fault is a mistake in this program.</summary>
    Failed,
}

/// <summary>
/// Keeps the tables in step with the chain, on a thread of its own. Blocks come from the writer, which waits only when many are waiting here; what was
/// not fed is read from the chain and folded again. Whatever is wrong with the file, the ledger goes on: the file is thrown away and made anew.
/// </summary>
sealed class Follower : IDisposable
{
    // So many blocks may wait before the writer does.
    const int Waiting = 64;

    // A transaction of the database ends after so many entries or blocks, or when no further block waits.
    const int EntriesInTransaction = 4_000;
    const int BlocksInTransaction = 200;

    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    readonly string path;
    readonly Genesis genesis;
    readonly Action<string> say;
    readonly Channel<(FoldedBlock Block, LedgerState? Before)> fed =
        Channel.CreateBounded<(FoldedBlock, LedgerState?)>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    readonly CancellationTokenSource stop = new();
    readonly ManualResetEventSlim wake = new();
    readonly Thread thread;
    Func<ulong, Block?>? chain;
    LedgerState lastFed;
    Sql? sql;
    BlockWriter? writer;
    FileStream? held;
    string? id;
    ulong written;
    int blocksOpen;
    int entriesOpen;
    long lookedAt;
    bool isWorthMakingAtOnce = true;
    ulong? brokeAt;
    volatile ViewsStanding standing = ViewsStanding.Rebuilding;
    volatile string? suspicion;
    volatile bool takesFed = true;
    volatile bool mustCompare;
    volatile TaskCompletionSource advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    ulong height;
    ulong newest;
    int generation;

    public Follower(string path, Genesis genesis, Action<string> say)
    {
        this.path = path;
        this.genesis = genesis;
        this.say = say;
        lastFed = genesis.State().WithoutChanges();
        height = HeightIn(path, genesis);
        thread = new(Run) { IsBackground = true, Name = "views" };
        thread.Start();
    }

    public ViewsStanding Standing => standing;

    /// <summary>The height that reads can be answered at.</summary>
    public ulong Height => Volatile.Read(ref height);

    /// <summary>Grows with every file: who opened an older one must let go of it.</summary>
    public int Generation => Volatile.Read(ref generation);

    public Task Advanced => advanced.Task;

    /// <summary>From here on what was not fed can be read; the chain is so high.</summary>
    public void Follow(Func<ulong, Block?> blocks, ulong tip)
    {
        Volatile.Write(ref newest, Math.Max(tip, Volatile.Read(ref newest)));
        Volatile.Write(ref chain, blocks);
        mustCompare = true;
        wake.Set();
    }

    public ValueTask FeedAsync(FoldedBlock folded, CancellationToken cancel)
    {
        var before = lastFed.Height + 1 == folded.Block.Header.Height ? lastFed : null;
        lastFed = folded.State;
        Volatile.Write(ref newest, folded.Block.Header.Height);
        if (!takesFed) return ValueTask.CompletedTask;
        if (!fed.Writer.TryWrite((folded, before))) return WaitAsync();
        wake.Set();
        return ValueTask.CompletedTask;

        async ValueTask WaitAsync()
        {
            try
            {
                await fed.Writer.WriteAsync((folded, before), cancel);
                wake.Set();
            }
            catch (Exception fault) when (fault is ChannelClosedException or OperationCanceledException)
            {
                // They end, and will read from the chain what they miss.
            }
        }
    }

    /// <summary>A reader found the file damaged.</summary>
    public void Suspect(string why)
    {
        suspicion = why;
        wake.Set();
    }

    public void Dispose()
    {
        stop.Cancel();
        fed.Writer.TryComplete();
        thread.Join();
        stop.Dispose();
        wake.Dispose();
    }

    // What a file says of itself before it was looked at closely.
    static ulong HeightIn(string path, Genesis genesis)
    {
        if (!File.Exists(path)) return 0;
        try
        {
            using var look = Sql.Open(path, write: true);
            return ViewsSchema.Get(look, "chain") == genesis.Chain.ChainId.ToString() ? HeightIn(look) : 0;
        }
        catch (ViewsFault)
        {
            return 0;
        }
    }

    static ulong HeightIn(Sql sql) => ulong.TryParse(ViewsSchema.Get(sql, "height"), out var known) ? known : 0;

    void Run()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Open();
                Keep();
            }
            catch (Exception fault) when (fault is ViewsFault or SqliteException or IOException or UnauthorizedAccessException)
            {
                // However long it takes to have a file again, the writer does not wait for it: what it feeds meanwhile is in the chain.
                takesFed = false;
                Drain();
                if (MayPass(fault)) Wait(fault.Message);
                else Discard(fault.Message);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (Exception bug)
            {
                // A mistake in a table is no reason to stop a ledger, and making the table again from the same blocks would repeat it.
                say($"views: {bug.Message} They answer no more until the node is started again. 视图故障，重启节点前不再应答。");
                standing = ViewsStanding.Failed;
                takesFed = false;
                Drain();
                break;
            }
        }

        Close();
        Tell();
    }

    void Open()
    {
        var isNew = !File.Exists(path);
        sql = Sql.Open(path, write: true, create: isNew);
        if (isNew)
        {
            ViewsSchema.Create(sql, genesis.Chain.ChainId);
        }
        else
        {
            ViewsSchema.Configure(sql);
            if (!ViewsSchema.Fits(sql, genesis.Chain.ChainId, out var why)) throw new ViewsFault(why, 0);
        }

        held = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        id = ViewsSchema.IdOf(sql);
        writer = new(sql, genesis);
        (blocksOpen, entriesOpen) = (0, 0);
        if (isNew)
        {
            // What the file before this one had is forgotten.
            written = 0;
            sql.Run("BEGIN");
            writer.WriteGenesis(new(genesis));
            blocksOpen = 1;
            Commit();
        }

        written = HeightIn(sql);
        Volatile.Write(ref height, written);
        Interlocked.Increment(ref generation);
        suspicion = null;
        mustCompare = Volatile.Read(ref chain) is not null;
        Tell();
    }

    // Takes what is fed as long as nothing is missing, and otherwise reads it.
    void Keep()
    {
        while (!stop.IsCancellationRequested)
        {
            if (fed.Reader.TryRead(out var next))
            {
                var at = next.Block.Block.Header.Height;
                if (at <= written) continue;
                if (at == written + 1) Write(next.Block, next.Before);
                else CatchUp();
                KeepsUp();
                if (!fed.Reader.TryPeek(out _)) Commit();
                continue;
            }

            Commit();
            if (suspicion is not null || Environment.TickCount64 - lookedAt >= (long)Look.TotalMilliseconds) LookAtFile();
            if (mustCompare) Compare();
            if ((!takesFed || Volatile.Read(ref newest) > written) && Volatile.Read(ref chain) is not null && !fed.Reader.TryPeek(out _)) CatchUp();
            KeepsUp();
            Rest(Look);
        }
    }

    void KeepsUp()
    {
        standing = ViewsStanding.Following;
        isWorthMakingAtOnce = true;
        brokeAt = null;
    }

    // The last block here is the chain's at that height, or the file is another's.
    void Compare()
    {
        mustCompare = false;
        if (Volatile.Read(ref chain) is not { } blocks || sql is not { } open) return;
        var hash = open["SELECT hash FROM blocks WHERE height=?1"].With(written).First<byte[]>(static row => row.Bytes(0), []);
        if (blocks(written) is not { } block) throw new ViewsFault("ahead of the chain", 0);
        if (!block.Header.LeafHash(genesis.Chain.Suite).ToBytes().AsSpan().SequenceEqual(hash)) throw new ViewsFault("of another branch of the chain", 0);
    }

    // A file is known by what is inside it: its times and its size change whenever it is written. Its beginning is read through a handle that stays open
    // with the connection, for the system forgets all of a process's locks on a file when it closes any handle of it; SQLite minds that of its own ones.
    void LookAtFile()
    {
        lookedAt = Environment.TickCount64;
        if (suspicion is { } why) throw new ViewsFault(why, 0);
        Span<byte> start = stackalloc byte[16];
        if (held is null || RandomAccess.Read(held.SafeFileHandle, start, 0) != start.Length || !start.SequenceEqual("SQLite format 3\0"u8))
            throw new ViewsFault("the file is no database", 0);
        if (!IsThere()) throw new ViewsFault("the file is gone", 0);
    }

    bool IsThere()
    {
        if (!File.Exists(path)) return false;
        try
        {
            using var look = Sql.Open(path, write: false);
            return ViewsSchema.IdOf(look) == id;
        }
        catch (ViewsFault fault) when (fault.MayPass)
        {
            // It could not be looked at, which tells nothing of the file.
            return true;
        }
    }

    // Folds the chain again beside the node and writes what is missing. Meanwhile nothing is kept of what is fed: it is in the chain.
    void CatchUp()
    {
        standing = ViewsStanding.Rebuilding;
        takesFed = false;
        try
        {
            Func<ulong, Block?>? blocks;
            while ((blocks = Volatile.Read(ref chain)) is null)
            {
                stop.Token.ThrowIfCancellationRequested();
                Drain();
                Rest(Look);
            }

            var first = written + 1;
            var progress = new Progress(say, first, Volatile.Read(ref newest));
            var fold = new Fold(genesis);
            Repeat(fold, blocks, progress, keepFed: false);
            takesFed = true;

            // What came between the last look and this moment was not fed and is there.
            Repeat(fold, blocks, progress, keepFed: true);
            progress.Finish(written);
        }
        catch
        {
            takesFed = false;
            throw;
        }
    }

    void Repeat(Fold fold, Func<ulong, Block?> blocks, Progress progress, bool keepFed)
    {
        while (blocks(fold.State.Height + 1) is { } block)
        {
            stop.Token.ThrowIfCancellationRequested();
            if (!keepFed) Drain();
            var before = fold.State;
            if (fold.Repeat(block, verifySignatures: false, out var fault) is not { } folded)
                throw new InvalidOperationException($"Block {block.Header.Height} of the chain cannot be repeated: {fault}.");
            if (block.Header.Height <= written) continue;
            Write(folded, before);
            if (blocksOpen == 0) LookAtFile();
            progress.Report(written);
        }

        Commit();
    }

    // The first block after a restart comes without the state before it; then what it wrote is read as it was.
    void Write(FoldedBlock folded, LedgerState? before)
    {
        if (sql is not { } open || writer is not { } rows) return;
        if (blocksOpen == 0) open.Run("BEGIN");
        rows.Write(folded, before ?? Before(open, folded), isPartial: before is null);
        written = folded.Block.Header.Height;
        blocksOpen++;
        entriesOpen += folded.Block.Entries.Count;
        if (blocksOpen >= BlocksInTransaction || entriesOpen >= EntriesInTransaction) Commit();
    }

    LedgerState Before(Sql open, FoldedBlock folded)
    {
        var point = new PointInTime(open, genesis.Chain, written);
        foreach (var record in folded.Written) point.AddAlone(new(record.Section, record.Key));
        return point.State();
    }

    void Commit()
    {
        if (blocksOpen == 0 || sql is not { } open) return;
        ViewsSchema.Set(open, "height", $"{written}");
        open.Run("COMMIT");
        (blocksOpen, entriesOpen) = (0, 0);
        Volatile.Write(ref height, written);
        Tell();
    }

    void Tell() => Interlocked.Exchange(ref advanced, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    void Rest(TimeSpan time)
    {
        try
        {
            wake.Wait(time, stop.Token);
            wake.Reset();
        }
        catch (OperationCanceledException)
        {
            // Whoever waits looks at that himself.
        }
    }

    void Drain()
    {
        while (fed.Reader.TryRead(out _))
        {
        }
    }

    // What may be over soon (a full disk, a lock of somebody else's) is waited for, and the file goes on from where it is. Coming again at the same
    // height, an error of input and output is taken for the file's own.
    bool MayPass(Exception fault)
    {
        if (fault is not ViewsFault { MayPass: true } passing) return false;
        var isAgain = passing.IsOfTheDevice && brokeAt == written;
        brokeAt = written;
        return !isAgain;
    }

    void Wait(string why)
    {
        standing = ViewsStanding.Failed;
        say($"views.db: {why}; another attempt is made soon. 查询视图暂不可写，稍后重试。");
        Close();
        Rest(Pause);
    }

    // A file that was made anew and never caught up is not made again at once: what spoils it may spoil the next one too.
    void Discard(string why)
    {
        standing = ViewsStanding.Rebuilding;
        Volatile.Write(ref height, 0);
        Interlocked.Increment(ref generation);
        say($"views.db: {why}; it is made again from the chain. 查询视图将由链重建。");
        Close();
        try
        {
            foreach (var name in (ReadOnlySpan<string>)[path, path + "-wal", path + "-shm"]) File.Delete(name);
            if (!isWorthMakingAtOnce) Rest(Pause);
            isWorthMakingAtOnce = false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            standing = ViewsStanding.Failed;
            say($"views.db: {fault.Message}");
            Rest(Pause);
        }
    }

    void Close()
    {
        sql?.Dispose();
        held?.Dispose();
        (sql, held, writer) = (null, null, null);
    }

    /// <summary>Says how far a long rebuild is, about once for every twentieth of it.</summary>
    sealed class Progress(Action<string> say, ulong first, ulong tip)
    {
        const ulong WorthTelling = 1_000;
        const ulong Steps = 20;
        ulong told;

        public void Report(ulong height)
        {
            var all = Math.Max(tip, height) - first + 1;
            if (all < WorthTelling || (height - first + 1) * Steps / all <= told) return;
            told = (height - first + 1) * Steps / all;
            say($"views 重建视图 {100 * told / Steps,3} %  height {height}");
        }

        public void Finish(ulong height)
        {
            if (height >= first) say($"views rebuilt 视图已重建: height {height}");
        }
    }
}
