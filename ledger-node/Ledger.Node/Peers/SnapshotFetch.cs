using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Storage;

namespace Ledger.Node.Peers;

/// <summary>
/// Fetches a snapshot from a peer, page by page, and believes it only when it is the state under a header that the pinned signers certified. What was fetched of a file is kept, and gone on with
/// wherever somebody has the same.
/// </summary>
/// <param name="genesis">Of the chain that is joined.</param>
/// <param name="trusted">Whose signatures are believed, and nobody else's.</param>
/// <param name="storage">Where the file goes.</param>
/// <param name="say">For the operator.</param>
sealed class SnapshotFetch(Genesis genesis, TrustPolicy trusted, IStorage storage, Action<string> say)
{
    // So often in a row a peer may have made a newer one while its last was being fetched.
    const int MostTimesGone = 3;

    /// <summary>The newest that was fetched whole before and is good; null where there is none.</summary>
    public Snapshot? Kept()
    {
        foreach (var height in SnapshotFolder.Newest(storage))
        {
            using var file = SnapshotFolder.Open(storage, height);
            if (file is not null && Read(file, height, out _) is { } snapshot) return snapshot;
        }

        return null;
    }

    /// <summary>Takes away one that is no good after all.</summary>
    public void Forget(Snapshot snapshot) => storage.Remove(SnapshotFolder.PathOf(snapshot.Header.Height));

    /// <summary>The newest snapshot of a peer.</summary>
    /// <exception cref="PeerException">It has none, fails, or what it gives is not what a quorum signed.</exception>
    public async Task<Snapshot> FetchAsync(IPeer peer, CancellationToken cancel)
    {
        for (var gone = 0; gone < MostTimesGone; gone++)
        {
            if (await peer.SnapshotsAsync(cancel) is not [{ Height: > 0 } newest, ..]) break;

            // A state that does not fit in memory cannot be run either.
            if (newest.Length > (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) throw new PeerException(new(peer.Bank, PeerFaultKind.SnapshotFalse, newest.Height, $"{newest.Length} octets"));
            if (await FetchAsync(peer, newest, cancel) is { } snapshot) return snapshot;
            say($"{peer.Bank}: a newer snapshot took the place of height {newest.Height}; the newer one is fetched. 高度 {newest.Height} 的快照已被更新的取代，改取新的。");
        }

        throw new PeerException(new(peer.Bank, PeerFaultKind.SnapshotGone));
    }

    async Task<Snapshot?> FetchAsync(IPeer peer, HeldSnapshot held, CancellationToken cancel)
    {
        var name = $"{FolderLayout.Snapshots}/{held.Height}-{held.Digest}.part";
        foreach (var other in storage.List(FolderLayout.Snapshots))
        {
            if ($"{FolderLayout.Snapshots}/{other}" != name) storage.Remove($"{FolderLayout.Snapshots}/{other}");
        }

        ulong begun;
        Snapshot? snapshot;
        SnapshotFault? fault;
        using (var file = storage.Open(name) ?? storage.Create(name))
        {
            begun = Math.Min((ulong)file.Length, held.Length);
            var progress = new SnapshotProgress(say, peer.Bank, held);
            for (var length = begun; length < held.Length;)
            {
                if (await peer.SnapshotAsync(held, length, cancel) is not { } page) return null;
                file.Write((long)length, page.Span);
                length += (ulong)page.Length;
                progress.Reached(length);
            }

            file.SetLength((long)held.Length);
            file.Flush();
            snapshot = Read(file, held.Height, out fault);
        }

        if (snapshot is not null)
        {
            storage.Rename(name, SnapshotFolder.PathOf(held.Height));
            storage.FlushFolder(FolderLayout.Snapshots);
            return snapshot;
        }

        // What lay here may be another's, or what a crash left: only a file that is all this peer's speaks against it.
        storage.Remove(name);
        if (begun > 0) return await FetchAsync(peer, held, cancel);
        throw new PeerException(new(peer.Bank, KindOf(fault), held.Height, fault?.Kind.Says(Language.English)));
    }

    Snapshot? Read(IStorageFile file, ulong height, out SnapshotFault? fault)
    {
        using var stream = new StorageStream(file);
        try
        {
            var snapshot = Snapshot.Read(stream, genesis, trusted, out fault);
            return snapshot?.Header.Height == height ? snapshot : null;
        }
        catch (Exception contradicts) when (contradicts is not (IOException or OperationCanceledException or OutOfMemoryException))
        {
            // Records that no ledger ever had together, read before it is known whose they are: a stranger's file does not end the node.
            fault = null;
            return null;
        }
    }

    static PeerFaultKind KindOf(SnapshotFault? fault) => fault?.Kind switch
    {
        SnapshotFaultKind.OtherChain => PeerFaultKind.OtherChain,
        SnapshotFaultKind.CheckpointSignatureFalse => PeerFaultKind.CheckpointSignatureFalse,
        SnapshotFaultKind.CheckpointUntrusted => PeerFaultKind.CheckpointUntrusted,
        _ => PeerFaultKind.SnapshotFalse,
    };
}

/// <summary>Says how far the fetch of a snapshot is: when it begins, and about once for every tenth of it.</summary>
sealed class SnapshotProgress(Action<string> say, Core.Primitives.PartyId bank, HeldSnapshot held)
{
    const ulong Steps = 10;
    const ulong Mebibyte = 1024 * 1024;

    ulong? told;

    public void Reached(ulong length)
    {
        var step = length * Steps / held.Length;
        if (step <= told) return;
        told = step;
        say($"fetching the snapshot of height {held.Height} 获取快照 {100 * length / held.Length,3} %  {length / Mebibyte} of {held.Length / Mebibyte} MiB, from {bank}");
    }
}
