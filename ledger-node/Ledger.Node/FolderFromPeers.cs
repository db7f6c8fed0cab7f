using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Peers;
using Ledger.Node.Storage;

namespace Ledger.Node;

/// <summary>
/// The data folder of a node that begins with what others have: one that only observes, a bank that came by votes, a bank that lost its disk. It signs no first checkpoint and takes a validator's. Block 0 is what
/// genesis makes; all that comes from a peer is the signature under it.
/// </summary>
static class FolderFromPeers
{
    /// <summary>Makes the chain's folder where there is none; why not, where no peer gives what it takes.</summary>
    public static async Task<CannotOpen?> FoundAsync(NodeOptions options, Genesis genesis, IReadOnlyList<IPeer> peers, TimeProvider time, Action<string> say, CancellationToken cancel)
    {
        var storage = new DiskStorage(options.Data);
        if (GenesisFile.Read(storage) is not null) return null;
        var fold = new Fold(genesis);
        foreach (var peer in peers)
        {
            try
            {
                if (await FirstCheckpointAsync(fold, peer, cancel) is not { } note) continue;
                if (FolderLock.TryTake(options.Data, time, out var held) is not { } folder) return new(ExitCode.Fault, held?.ToString() ?? options.Data);
                using var _ = folder;
                if (!DataVersion.TryOpen(storage, out var problem)) return new(ExitCode.Fault, problem);
                if (storage.List("").Contains(FolderLayout.Joined)) storage.Remove(FolderLayout.Joined);
                BlockLog.Create(storage, fold, note, options.SegmentBytes).Dispose();
                return null;
            }
            catch (PeerException failed)
            {
                say(failed.Fault.ToString());
            }
        }

        return new(
            ExitCode.CouldNotCheck,
            $"No peer gave the first checkpoint of chain {genesis.Chain.ChainId}: a node that founds nothing begins with what one of them signed. Look at peers and at the certificates. "
            + "没有节点给出该链的首个检查点，无法开始：请检查 peers 设置与证书。");
    }

    /// <summary>The checkpoint over block 0 as a peer gives it, signed by a validator at least; null where it gives no block.</summary>
    public static async Task<Note?> FirstCheckpointAsync(Fold fold, IPeer peer, CancellationToken cancel)
    {
        await foreach (var (block, checkpoint) in peer.BlocksAsync(0, TimeSpan.Zero, cancel))
        {
            if (!block.Payload.Span.SequenceEqual(fold.GenesisBlock.Payload.Span)) throw new PeerException(new(peer.Bank, PeerFaultKind.OtherChain, 0));
            if (checkpoint is null || checkpoint.Checkpoint != fold.Checkpoint) throw new PeerException(new(peer.Bank, PeerFaultKind.CheckpointDiffers, 0));
            if (!Signers.IsSomebodys(fold.Genesis, fold.State, checkpoint)) throw new PeerException(new(peer.Bank, PeerFaultKind.CheckpointSignatureFalse, 0));
            return checkpoint;
        }

        return null;
    }
}
