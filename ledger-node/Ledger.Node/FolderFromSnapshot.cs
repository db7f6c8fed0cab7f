using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Peers;
using Ledger.Node.Storage;

namespace Ledger.Node;

/// <summary>
/// The data folder of a node that begins with a snapshot of others. A policy that its operator pinned is all that is trusted: the snapshot is the state under a header that those signers certified, and the
/// blocks before it are those that lead there. All of it is made in the folder <c>joining</c> and becomes the node's in one step; broken off before that, it is gone on with.
/// </summary>
sealed class FolderFromSnapshot
{
    readonly DiskStorage data;
    readonly DiskStorage joining;
    readonly long segmentBytes;
    readonly Genesis genesis;
    readonly TrustPolicy trusted;
    readonly IReadOnlyList<IPeer> peers;
    readonly Action<string> say;

    FolderFromSnapshot(NodeOptions options, Genesis genesis, TrustPolicy trusted, IReadOnlyList<IPeer> peers, Action<string> say)
    {
        (data, joining) = (new(options.Data), new(Path.Combine(options.Data, FolderLayout.Joining)));
        segmentBytes = options.SegmentBytes;
        (this.genesis, this.trusted, this.peers, this.say) = (genesis, trusted, peers, say);
    }

    /// <summary>Makes the chain's folder where there is none; why not, where no peer gives what it takes.</summary>
    public static async Task<CannotOpen?> FoundAsync(
        NodeOptions options, Genesis genesis, TrustPolicy trusted, IReadOnlyList<IPeer> peers, TimeProvider time, Action<string> say, CancellationToken cancel)
    {
        if (FolderLock.TryTake(options.Data, time, out var held) is not { } folder) return new(ExitCode.Fault, held?.ToString() ?? options.Data);
        using var _ = folder;
        var from = new FolderFromSnapshot(options, genesis, trusted, peers, say);
        if (!DataVersion.TryOpen(from.data, out var problem)) return new(ExitCode.Fault, problem);
        return GenesisFile.Read(from.data) is null ? await from.FoundAsync(cancel) : null;
    }

    async Task<CannotOpen?> FoundAsync(CancellationToken cancel)
    {
        joining.CreateFolder(FolderLayout.Snapshots);
        var fetch = new SnapshotFetch(genesis, trusted, joining, say);

        // First what was fetched before, whoever gave it.
        foreach (var giver in (IPeer?[])[null, .. peers])
        {
            if ((giver is null ? fetch.Kept() : await FirstAsync([giver], peer => fetch.FetchAsync(peer, cancel))) is not { } snapshot) continue;
            say($"snapshot of height {snapshot.Header.Height} certified, {snapshot.Records} records; the blocks before it are fetched 快照已由法定人数认证，现获取其之前的区块");
            if (await ChainAsync(snapshot, cancel) is not var (linked, areIdsTrue))
                return CannotJoin($"No peer gave all blocks up to the snapshot's height {snapshot.Header.Height}. What was fetched is kept: start again.", $"没有节点给出直至快照高度 {snapshot.Header.Height} 的全部区块。已获取的内容已保留，请重新执行。");
            if (areIdsTrue) return Take(snapshot, linked);
            fetch.Forget(snapshot);
            if (giver is not null) PassOver(new(giver.Bank, PeerFaultKind.SnapshotFalse, snapshot.Header.Height, "an id that it keeps lives otherwise than its transaction says"));
        }

        return CannotJoin(
            $"No peer gave a snapshot of chain {genesis.Chain.ChainId} that the signers of the policy certified. Look at peers, at the certificates and at the policy (ledger export policy at a node that is trusted); without --trust the node joins from genesis.",
            "没有节点给出由该策略的签署方认证的快照：请检查 peers 设置、证书与策略文件（可在可信节点上执行 ledger export policy）；不带 --trust 则自创世块加入。");
    }

    // One step makes it the node's: before it there is no chain here, behind it there is all of it.
    CannotOpen? Take(Snapshot snapshot, ulong linked)
    {
        data.CreateFolder(FolderLayout.Snapshots);
        data.Rename($"{FolderLayout.Joining}/{SnapshotFolder.PathOf(snapshot.Header.Height)}", SnapshotFolder.PathOf(snapshot.Header.Height));
        data.FlushFolder(FolderLayout.Snapshots);
        new JoinedMark(snapshot.Header.Height, linked, snapshot.Content).Write(data);

        // A chain without genesis is what a crash left of a beginning, and nobody's.
        if (Directory.Exists(Path.Combine(data.Folder, FolderLayout.Chain))) Directory.Delete(Path.Combine(data.Folder, FolderLayout.Chain), recursive: true);
        data.MoveFolder($"{FolderLayout.Joining}/{FolderLayout.Chain}", FolderLayout.Chain);
        data.FlushFolder("");
        Directory.Delete(joining.Folder, recursive: true);
        return null;
    }

    /// <summary>Up to which height there are blocks that lead to the snapshot, and whether its ids are theirs; null where nobody gives them.</summary>
    async Task<(ulong Linked, bool AreIdsTrue)?> ChainAsync(Snapshot snapshot, CancellationToken cancel)
    {
        LinkedChain? chain = null;
        try
        {
            chain = LinkedChain.Open(joining, genesis, segmentBytes);
            var givers = chain is null ? 0 : 1;
            return await FirstAsync<(ulong, bool)?>(peers, async peer =>
            {
                while (true)
                {
                    if (chain is null) chain = await BeginAsync(peer, cancel);
                    else if (chain.Height < snapshot.Header.Height) givers++;
                    try
                    {
                        await chain.TakeAsync(peer, snapshot, say, cancel);
                        if (chain.LeadsTo(snapshot)) return (chain.Height, chain.HasIdsOf(snapshot));
                    }
                    catch (PeerException failed) when (failed.Fault.IsLie && givers > 0)
                    {
                        // What somebody else gave before may be what does not fit.
                    }

                    // Between two sets of validators that are known it shows only late. Whose blocks they were is certain where all are one peer's.
                    Drop();
                    if (givers == 0) throw new PeerException(new(peer.Bank, PeerFaultKind.CheckpointDiffers, snapshot.Header.Height));
                    givers = 0;
                }
            });
        }
        finally
        {
            chain?.Dispose();
        }

        void Drop()
        {
            chain?.Dispose();
            chain = null;
            Directory.Delete(Path.Combine(joining.Folder, FolderLayout.Chain), recursive: true);
            joining.FlushFolder("");
        }
    }

    async Task<LinkedChain> BeginAsync(IPeer peer, CancellationToken cancel)
    {
        // What could not be gone on with is in the way.
        if (joining.List(FolderLayout.Chain).Count > 0) Directory.Delete(Path.Combine(joining.Folder, FolderLayout.Chain), recursive: true);
        var note = await FolderFromPeers.FirstCheckpointAsync(new(genesis), peer, cancel) ?? throw new PeerException(new(peer.Bank, PeerFaultKind.BrokenOff, 0));
        return LinkedChain.Begin(joining, genesis, note, segmentBytes);
    }

    // Of the first peer that gives it; null where none does.
    async Task<T?> FirstAsync<T>(IEnumerable<IPeer> asked, Func<IPeer, Task<T>> ask)
    {
        foreach (var peer in asked)
        {
            try
            {
                return await ask(peer);
            }
            catch (PeerException failed)
            {
                PassOver(failed.Fault);
            }
        }

        return default;
    }

    void PassOver(PeerFault fault) => say($"{fault} Another peer is asked. 改向其他节点获取。");

    static CannotOpen CannotJoin(string english, string chinese) => new(ExitCode.CouldNotCheck, $"{english} {chinese}");
}
