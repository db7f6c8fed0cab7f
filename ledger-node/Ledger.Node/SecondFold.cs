using System.Diagnostics;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Ledger.Node.Views;

namespace Ledger.Node;

/// <summary>
/// Verifies after all what a node only linked when it joined from a snapshot: beside the running node the chain is repeated from genesis, with every signature and every checkpoint, and at the snapshot's
/// height the state must be the snapshot's. It takes half of one processor, and keeps now and then how far it is; once it is through, nothing tells this node from one that began at genesis.
/// </summary>
public sealed class SecondFold
{
    static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    // What is shorter no clock measures.
    static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(20);

    readonly LedgerReader ledger;
    readonly IStorage storage;
    readonly JoinedMark mark;
    ulong verified;
    bool isThrough;
    TimeSpan owed;

    SecondFold(LedgerReader ledger, IStorage storage, JoinedMark mark) => (this.ledger, this.storage, this.mark) = (ledger, storage, mark);

    /// <summary>Behind so many leaves the state is kept from which a new start goes on.</summary>
    public ulong KeepsEvery { get; set; } = 1_000_000;

    /// <summary>The height of the snapshot with which the node began, and up to which height it was verified by now; null once all is.</summary>
    public (ulong From, ulong VerifiedTo)? Standing => Volatile.Read(ref isThrough) ? null : (mark.Height, Volatile.Read(ref verified));

    /// <summary>What is to be verified in a data folder; null where that is nothing.</summary>
    public static SecondFold? Of(LedgerReader ledger, IStorage storage) => JoinedMark.Read(storage) is { } mark ? new(ledger, storage, mark) : null;

    /// <summary>Until all is verified, or cancelled.</summary>
    /// <exception cref="JoinedFalseException">What was joined is not what the rules make.</exception>
    public Task RunAsync(Action<string> say, CancellationToken cancel) => Task.Factory.StartNew(() => Run(say, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    void Run(Action<string> say, CancellationToken cancel)
    {
        // One fold beside the node at a time: the views are made by one, and are asked for first.
        while (ledger.Views.Standing == ViewsStanding.Rebuilding) Rest(LongestRest, cancel);
        var fold = Kept(cancel) ?? new Fold(ledger.Genesis);
        for (var kept = fold.History.Size; ;)
        {
            Volatile.Write(ref verified, fold.Last.Header.Height);
            if (fold.Last.Header.Height >= mark.Linked) break;
            var began = Stopwatch.GetTimestamp();
            Verify(fold, cancel);
            if (fold.History.Size - kept >= KeepsEvery && ledger.Checkpoint(fold.Last.Header.Height) is { } note && note.Checkpoint == fold.Checkpoint)
            {
                Keep(fold.Freeze(note), say, cancel);
                kept = fold.History.Size;
            }

            RestAfter(began, cancel);
        }

        foreach (var name in storage.List("").Where(static name => name is FolderLayout.Verified or FolderLayout.Verified + WholeFile.Unfinished).ToArray()) storage.Remove(name);
        storage.Remove(FolderLayout.Joined);
        storage.FlushFolder("");
        Volatile.Write(ref isThrough, true);
        say($"all that came before the snapshot of height {mark.Height} is verified 快照（高度 {mark.Height}）之前的全部内容已核验");
    }

    // What was verified when the node was stopped; null where that is to be begun anew. The state is this node's own, and its blocks are linked again.
    Fold? Kept(CancellationToken cancel)
    {
        using var file = storage.Open(FolderLayout.Verified);
        if (file is null) return null;
        using var stream = new StorageStream(file);
        if (Snapshot.Read(stream, ledger.Genesis, trusted: null, out _) is not { } kept) return null;
        var suite = ledger.Genesis.Chain.Suite;
        var history = new HistoryTree(suite);
        Block? last = null;
        for (var height = 0UL; height <= kept.Header.Height; height++)
        {
            var began = Stopwatch.GetTimestamp();
            if ((last = Read(height, ledger.Block)) is null) return null;
            foreach (var leaf in last.Leaves) history.Append(MerkleHash.OfLeaf(suite, leaf.Span));
            RestAfter(began, cancel);
        }

        return last?.Header == kept.Header && history.Root() == kept.Checkpoint.Checkpoint.Root ? Fold.After(ledger.Genesis, last, kept.State, kept.Tree, history) : null;
    }

    // Without it a stop costs more, and the fold goes on.
    void Keep(FrozenLedger frozen, Action<string> say, CancellationToken cancel)
    {
        try
        {
            WholeFile.Write(storage, FolderLayout.Verified, file =>
            {
                using var stream = new StorageStream(file);
                Snapshot.Write(stream, frozen, cancel);
            });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            say($"{FolderLayout.Verified}: {fault.Message} It is not kept how far the second fold is; it goes on. 未能保存二次核验的进度，核验继续。");
        }
    }

    // As long as it worked it rests.
    void RestAfter(long began, CancellationToken cancel)
    {
        owed += Stopwatch.GetElapsedTime(began);
        if (owed >= ShortestRest)
        {
            Rest(owed < LongestRest ? owed : LongestRest, cancel);
            owed = TimeSpan.Zero;
        }

        cancel.ThrowIfCancellationRequested();
    }

    static void Rest(TimeSpan time, CancellationToken cancel)
    {
        cancel.WaitHandle.WaitOne(time);
        cancel.ThrowIfCancellationRequested();
    }

    void Verify(Fold fold, CancellationToken cancel)
    {
        var height = fold.Last.Header.Height + 1;
        if (Read(height, ledger.Block) is not { } block || Read(height, ledger.Checkpoint) is not { } note) throw new JoinedFalseException(height, "it is not there");
        if (fold.Repeat(block, verifySignatures: true, out var leaf) is null) throw new JoinedFalseException(height, $"leaf {leaf?.Leaf}, {leaf?.Kind}");
        if (note.Checkpoint.Size == block.EndLeaf && Fault(fold, note) is { } wrong) throw new JoinedFalseException(height, wrong.Says(Language.English));

        // What no root binds of the used ids is in the contents, too.
        if (height == mark.Height && Snapshot.ContentOf(fold.Freeze(new(fold.Checkpoint, [])), cancel) != mark.Content) throw new JoinedFalseException(height, "the snapshot's contents are others");
    }

    static T Read<T>(ulong height, Func<ulong, T> read)
    {
        try
        {
            return read(height);
        }
        catch (InvalidDataException damaged)
        {
            throw new JoinedFalseException(height, damaged.Message);
        }
    }

    static PeerFaultKind? Fault(Fold fold, Note note) =>
        note.Checkpoint != fold.Checkpoint ? PeerFaultKind.CheckpointDiffers : Signers.Fault(fold.Genesis.Chain.Suite, fold.Genesis.PolicyOf(fold.State.Certifiers), note);
}

/// <summary>What a node joined from others is not what the rules make of the chain: it was given something false, or its disk has changed it. The node stops.</summary>
public sealed class JoinedFalseException(ulong height, string what) : Exception(
    $"This node joined from a snapshot, and the block of height {height} before it is not what the rules make ({what}). The node stops: keep its data folder, join again from genesis in an empty one, and bring what you kept to the other banks. "
    + $"本节点自快照加入，而其之前高度 {height} 的内容与规则推导不符。节点停止：请保留数据目录，在空目录中自创世块重新加入，并将留存的目录交其他银行查证。");
