using Ledger.Core.Chain;
using Ledger.Core.Replay;

namespace Ledger.Node.Storage;

/// <summary>
/// The folder <c>snapshots</c>: the newest two states of the ledger behind final blocks, from which a start need not repeat the whole chain. They are
/// written beside the running ledger and stop nothing: one that fails is told and passed over, and the chain is the truth without them.
/// </summary>
public sealed class SnapshotFolder(IStorage storage, ulong every, Action<string> say) : IDisposable
{
    const int Kept = 2;
    const string Unfinished = FolderLayout.Snapshots + "/unfinished";

    readonly CancellationTokenSource givenUp = new();
    Task running = Task.CompletedTask;
    ulong lastHeight = Newest(storage) is [var newest, ..] ? newest : 0;

    /// <summary>The heights of the snapshots that are there, the newest first.</summary>
    public static IReadOnlyList<ulong> Newest(IStorage storage)
    {
        var heights = new List<ulong>();
        foreach (var name in storage.List(FolderLayout.Snapshots))
        {
            if (FolderLayout.TryParseSnapshotName(name, out var height)) heights.Add(height);
        }

        heights.Reverse();
        return heights;
    }

    /// <summary>Opens the file of a height; null where there is none.</summary>
    public static IStorageFile? Open(IStorage storage, ulong height)
    {
        try
        {
            return storage.Open(PathOf(height));
        }
        catch (FileNotFoundException)
        {
            // A newer one took its place at this moment.
            return null;
        }
    }

    /// <summary>Reads and proves a snapshot; null with what is wrong when it is none of this chain's.</summary>
    public static Snapshot? Read(IStorage storage, ulong height, Genesis genesis, out string problem)
    {
        problem = "";
        try
        {
            using var file = Open(storage, height);
            if (file is null) return null;
            using var stream = new StorageStream(file);
            var snapshot = Snapshot.Read(stream, genesis, trusted: null, out var fault);
            if (snapshot is not null && snapshot.Header.Height == height) return snapshot;
            problem = fault?.Kind.ToString() ?? "its name has another height";
        }
        catch (IOException unread)
        {
            problem = unread.Message;
        }

        return null;
    }

    /// <summary>Whether a snapshot is to be taken behind this block. One that is being written is waited for by none.</summary>
    public bool IsDue(ulong height) => running.IsCompleted && height / every > lastHeight / every;

    /// <summary>Writes the ledger as it was frozen, on a thread of its own.</summary>
    public void Begin(FrozenLedger ledger)
    {
        lastHeight = ledger.Header.Height;
        running = Task.Run(() => Write(ledger, givenUp.Token));
    }

    /// <summary>
    /// At a clean stop: what is being written is finished, and the last state is written too, unless <paramref name="cancel"/> says that there is no
    /// more time. Returns the height of the newest snapshot.
    /// </summary>
    public async Task<ulong> FinishAsync(FrozenLedger ledger, CancellationToken cancel)
    {
        await using var _ = cancel.Register(givenUp.Cancel);
        await running;
        if (ledger.Header.Height > lastHeight) await Task.Run(() => Write(ledger, givenUp.Token), CancellationToken.None);
        return Newest(storage) is [var newest, ..] ? newest : 0;
    }

    public void Dispose() => givenUp.Dispose();

    void Write(FrozenLedger ledger, CancellationToken cancel)
    {
        try
        {
            if (storage.List(FolderLayout.Snapshots).Count == 0)
            {
                storage.CreateFolder(FolderLayout.Snapshots);
                storage.FlushFolder("");
            }

            using (var file = storage.Create(Unfinished))
            {
                using (var stream = new StorageStream(file)) Snapshot.Write(stream, ledger, cancel);
                file.Flush();
            }

            storage.Rename(Unfinished, PathOf(ledger.Header.Height));
            storage.FlushFolder(FolderLayout.Snapshots);
            foreach (var old in Newest(storage).Skip(Kept)) storage.Remove(PathOf(old));
            lastHeight = ledger.Header.Height;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            say($"{PathOf(ledger.Header.Height)}: {fault.Message} The snapshot is passed over; the ledger runs on. 快照未能写入，已跳过；账本继续运行。");
        }
        catch (OperationCanceledException)
        {
            say($"{PathOf(ledger.Header.Height)}: not finished in time; the next start repeats more of the chain. 快照未能在限时内写完，下次启动将重放更多区块。");
        }
    }

    /// <summary>The file of a height.</summary>
    public static string PathOf(ulong height) => $"{FolderLayout.Snapshots}/{FolderLayout.SnapshotName(height)}";
}

/// <summary>A file of the data folder, read or written front to back.</summary>
sealed class StorageStream(IStorageFile file) : Stream
{
    long position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(position, buffer);
        position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        file.Write(position, buffer);
        position += buffer.Length;
    }

    // Whoever writes says when it is to be durable.
    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
