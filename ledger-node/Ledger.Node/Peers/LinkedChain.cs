using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.Wire;
using Ledger.Node.Storage;

namespace Ledger.Node.Peers;

/// <summary>
/// The blocks up to a snapshot as peers give them: each linked to the one before by its header and into the history by its leaves, each checkpoint held against the history and, where it is known
/// who certified there, against a quorum. Nothing is repeated: at the snapshot's height the history must have the root that its signers certified.
/// </summary>
sealed class LinkedChain : IDisposable
{
    readonly Genesis genesis;
    readonly BlockLog log;
    readonly HistoryTree history;
    readonly Header first;
    Header last;

    LinkedChain(Genesis genesis, BlockLog log, HistoryTree history, Header first, Header last) => (this.genesis, this.log, this.history, this.first, this.last) = (genesis, log, history, first, last);

    public ulong Height => last.Height;

    /// <summary>Goes on with what lies in a folder; null where that is nothing, or not a chain of this genesis.</summary>
    public static LinkedChain? Open(IStorage storage, Genesis genesis, long segmentBytes) =>
        BlockLog.OpenLinks(storage, genesis, segmentBytes) is Recovery.Linked linked ? new(genesis, linked.Log, linked.History, new Fold(genesis).GenesisBlock.Header, linked.Last) : null;

    /// <summary>Begins with block 0, which genesis makes, in a folder that has no chain.</summary>
    public static LinkedChain Begin(IStorage storage, Genesis genesis, Note checkpoint, long segmentBytes)
    {
        var fold = new Fold(genesis);
        return new(genesis, BlockLog.Create(storage, fold, checkpoint, segmentBytes), fold.History, fold.Last.Header, fold.Last.Header);
    }

    /// <summary>Takes what a peer has up to a snapshot's height; what came before a fault is kept.</summary>
    /// <exception cref="PeerException">It fails, lies, or does not have so many.</exception>
    public async Task TakeAsync(IPeer peer, Snapshot snapshot, Action<string> say, CancellationToken cancel)
    {
        var (target, progress) = (snapshot.Header.Height, new CatchUpProgress(say, Height, snapshot.Header.Height));
        for (var before = Height; before < target; before = Height)
        {
            await foreach (var given in GivenBlocks.AskAsync(peer, Height + 1, TimeSpan.Zero, cancel))
            {
                var behind = new ChainEnd(genesis.Chain.Suite, genesis.Origin, last, history.Edge(), PolicyBehind(last, snapshot));
                if (GivenBlocks.Fault(behind, given, peer.Bank) is { } fault) throw new PeerException(fault);

                // How many leaves there are up to the snapshot is certified, whoever certified what lies before.
                if (given.Blocks.FirstOrDefault(block => block.Header.Height <= target && block.EndLeaf > snapshot.Checkpoint.Checkpoint.Size) is { } beyond)
                    throw new PeerException(new(peer.Bank, PeerFaultKind.CheckpointDiffers, beyond.Header.Height));
                log.Append(BlockLog.Records(given.Blocks, given.Checkpoint));
                foreach (var leaf in given.Blocks.SelectMany(static block => block.Leaves)) history.Append(MerkleHash.OfLeaf(genesis.Chain.Suite, leaf.Span));
                last = given.Blocks[^1].Header;
                progress.Reached(Height, peer.Bank);
                if (Height >= target) break;
            }

            // What an answer holds is made durable at once, and what a crash takes of it is fetched again.
            log.Flush();
            if (Height == before) throw new PeerException(new(peer.Bank, PeerFaultKind.BrokenOff, Height + 1));
        }
    }

    /// <summary>Whether the history up to a snapshot's height, which was reached, is the one that its signers certified.</summary>
    public bool LeadsTo(Snapshot snapshot)
    {
        var certified = snapshot.Checkpoint.Checkpoint;
        return log.ReadBlock(snapshot.Header.Height)?.Header == snapshot.Header && certified.Size <= history.Size && history.RootAt(certified.Size) == certified.Root;
    }

    /// <summary>
    /// Whether the ids that a snapshot keeps, to which this leads, expire and are long-lived as their transactions say. The state root tells whose they are and how many, and neither the instant within a
    /// minute nor which are long-lived; the transactions are certified, and none is older than a day.
    /// </summary>
    public bool HasIdsOf(Snapshot snapshot)
    {
        var missing = snapshot.KeptIds;
        for (var height = snapshot.Header.Height; missing > 0 && log.ReadBlock(height) is { Envelope: not null } block; height--)
        {
            foreach (var entry in block.Entries)
            {
                if (TransactionText.Read(entry.Transaction.Memory, genesis.Chain.Suite, genesis.Chain.ChainId, out _) is not { } signed) continue;
                if (snapshot.State.UsedId(signed.Body.Party, signed.Body.Id) is not { } kept || kept.PayloadHash != signed.PayloadHash) continue;
                var used = Rulebook.IdUsedBy(signed, block.Header.Time);
                if ((kept.Expires, kept.LongLived) != (used.Expires, used.LongLived)) return false;
                missing--;
            }
        }

        return missing == 0;
    }

    public void Dispose() => log.Dispose();

    // The founders and whoever is in the snapshot are known; who came and went between is known only to who repeats the blocks.
    TrustPolicy? PolicyBehind(Header header, Snapshot snapshot) =>
        header.ValidatorSet == first.ValidatorSet ? genesis.Policy
        : header.ValidatorSet == snapshot.Header.ValidatorSet ? genesis.PolicyOf(snapshot.State.Validators)
        : null;
}
