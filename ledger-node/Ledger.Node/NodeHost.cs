using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Ordering;
using Ledger.Node.Storage;
using Ledger.Node.Views;

namespace Ledger.Node;

/// <summary>Why a node did not open its data folder, in words for its operator.</summary>
public sealed record CannotOpen(int ExitCode, string Reason);

/// <summary>
/// Takes a data folder and makes a running ledger of it: one process, the right chain, the right version, every block repeated, a torn tail cut and
/// told. What an operator should know on the way is said.
/// </summary>
public sealed class NodeHost : IDisposable
{
    readonly FolderLock folder;
    readonly BlockLog log;

    NodeHost(FolderLock folder, BlockLog log, NodeLoop loop)
    {
        this.folder = folder;
        this.log = log;
        Loop = loop;
    }

    public NodeLoop Loop { get; }

    /// <summary>Opens or founds the chain of <paramref name="genesis"/> in the data folder.</summary>
    public static NodeHost? Open(NodeOptions options, Genesis genesis, NodeKey key, TimeProvider time, Action<string> say, out CannotOpen? cannot)
    {
        cannot = null;
        if (genesis.Text.Validators.Count > 1)
        {
            // Alone it could sign, but no quorum would, and no verifier would believe its checkpoints.
            cannot = new(
                ExitCode.Usage,
                $"This genesis names {genesis.Text.Validators.Count} validators; this node orders for itself and needs a genesis with one. "
                + "该创世文件有多个验证者；本节点为单节点内嵌排序，需要只有一个验证者的创世文件。");
            return null;
        }

        if (FolderLock.TryTake(options.Data, time, out var held) is not { } folder)
        {
            cannot = new(ExitCode.Fault, held?.ToString() ?? options.Data);
            return null;
        }

        // Not before the folder is known to be this chain's: in another's nothing is changed.
        var views = new Lazy<LedgerViews>(() => LedgerViews.Open(Path.Combine(options.Data, FolderLayout.Views), genesis, say));
        var opened = OpenLog(options, genesis, key, views, say, out cannot);
        var clock = opened is null ? null : OpenClock(options, genesis, time, say, out cannot);
        if (opened is { } unused && clock is null) unused.Log.Dispose();
        if (opened is not { } complete || clock is null)
        {
            if (views.IsValueCreated) views.Value.Dispose();
            folder.Dispose();
            return null;
        }

        views.Value.Follow(complete.Log.ReadBlock, complete.Log.Count - 1);
        return new(folder, complete.Log, new NodeLoop(complete.Fold, complete.Checkpoint, complete.Log, views.Value, new EmbeddedOrdering(), key, clock));
    }

    /// <summary>Tells a second process where this one listens.</summary>
    public void Announce(IReadOnlyList<string> urls) => folder.Announce(urls);

    public void Dispose()
    {
        Loop.Views.Dispose();
        log.Dispose();
        folder.Dispose();
    }

    static Recovery.Complete? OpenLog(NodeOptions options, Genesis genesis, NodeKey key, Lazy<LedgerViews> views, Action<string> say, out CannotOpen? cannot)
    {
        cannot = null;
        var storage = new DiskStorage(options.Data);
        if (!DataVersion.TryOpen(storage, out var problem))
        {
            cannot = new(ExitCode.Fault, problem);
            return null;
        }

        var progress = new ReplayProgress(say);
        switch (BlockLog.Open(storage, genesis, options.SegmentBytes, verifySignatures: false, progress.Report, folded => views.Value.Take(folded)))
        {
            case Recovery.Complete complete:
                progress.Finish();
                if (complete.Cut is { } cut)
                    say($"{cut.File}: cut a torn tail of {cut.Bytes} bytes at offset {cut.Offset}; nothing in it had been acknowledged. 已截断未确认的残尾。");
                return complete;
            case Recovery.NotFounded:
                var fold = new Fold(genesis);
                var first = Sign(genesis, key, fold.Checkpoint);
                return new(BlockLog.Create(storage, fold, first, options.SegmentBytes), fold, first, Cut: null);
            case Recovery.OtherGenesis other:
                cannot = new(
                    ExitCode.Fault,
                    $"{options.Data} is the data folder of another chain ({other.Found}), not of {genesis.Chain.ChainId}. Nothing was changed. "
                    + "数据目录属于另一条链，未作任何改动。");
                return null;
            case Recovery.Damaged damaged:
                cannot = new(ExitCode.Fault, $"{Describe(damaged.Fault)} Nothing was changed. 链文件损坏，未作任何改动。");
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    static StoryClock? OpenClock(NodeOptions options, Genesis genesis, TimeProvider time, Action<string> say, out CannotOpen? cannot)
    {
        cannot = null;
        var clock = StoryClock.Open(time, new DiskStorage(options.Data), genesis.Chain.Purpose);
        if (clock is null) cannot = new(ExitCode.Fault, $"{Path.Combine(options.Data, FolderLayout.StoryClock)} holds no time. Nothing was changed. 账本时间文件损坏，未作任何改动。");
        else if (clock.IsHeld) say($"the clock is held at {clock.GetUtcNow().ToOffset(TimeSpan.FromMinutes(genesis.Chain.OffsetMinutes)):yyyy-MM-dd HH:mm:ss zzz} 账本时间已设定并停住");
        return clock;
    }

    static string Describe(AuditFault fault) =>
        $"{fault.File}, offset {fault.Offset}, height {fault.Height}{(fault.Leaf is { } leaf ? $", leaf {leaf.Leaf} ({leaf.Kind})" : "")}: {fault.Kind}.";

    static Note Sign(Genesis genesis, NodeKey key, Checkpoint checkpoint) => new(
        checkpoint,
        [new NoteSignature(genesis.Origin, genesis.Chain.Suite.NoteKeyId(genesis.Origin, key.PublicKey), new(key.SignNote(checkpoint.SignedBytes())))]);
}

/// <summary>Says how far a long replay is, about once for every twentieth of it.</summary>
sealed class ReplayProgress(Action<string> say)
{
    const int Steps = 20;

    // A chain that is read in a moment needs no progress.
    const long WorthTelling = 8 * 1024 * 1024;

    RecoveryProgress last;
    long told;

    public void Report(RecoveryProgress progress)
    {
        last = progress;
        if (progress.TotalBytes < WorthTelling || progress.Bytes * Steps / progress.TotalBytes <= told) return;
        told = progress.Bytes * Steps / progress.TotalBytes;
        say($"replaying 重放 {100 * told / Steps,3} %  {progress.Blocks} blocks, {progress.Leaves} leaves");
    }

    public void Finish() => say($"opened 已打开: {Math.Max(last.Blocks, 1)} blocks, {Math.Max(last.Leaves, 1)} leaves");
}
