using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Node.Peers;

/// <summary>
/// What a peer gives is held against the quorum's signatures before the fold touches it: a block that somebody altered is then only a block that nobody signed, and another peer can
/// be asked for the true one. What the quorum signed is folded and must come out, octet for octet.
/// </summary>
sealed class GivenBlocks(Fold fold, PartyId giver)
{
    // Of blocks that wait for their finality there is so much at the most, and the last may be large.
    const long MaxUncoveredBytes = (64L * 1024 * 1024) + PeerPages.MaxBlock;

    readonly List<Block> uncovered = [];
    readonly Frontier history = fold.History.Edge();
    Header last = fold.Last.Header;
    long bytes;

    public ulong Next => last.Height + 1;

    /// <summary>Takes the next block; with its checkpoint it and those before it come back folded.</summary>
    public (IReadOnlyList<FoldedBlock> Blocks, Note Checkpoint)? Take(PeerBlock given)
    {
        var suite = fold.Genesis.Chain.Suite;
        var header = given.Block.Header;
        if (header.ChainId != fold.Genesis.Chain.ChainId) throw False(PeerFaultKind.OtherChain);
        if (header.Height != Next || header.FirstLeaf != history.Size || header.Previous != last.LeafHash(suite)) throw False(PeerFaultKind.BlockOutOfOrder);
        bytes += given.Block.Payload.Length;
        if (uncovered.Count == PeerPages.MaxUncovered || bytes > MaxUncoveredBytes) throw False(PeerFaultKind.Uncovered);

        uncovered.Add(given.Block);
        foreach (var leaf in given.Block.Leaves) history.Append(MerkleHash.OfLeaf(suite, leaf.Span));
        if (given.Checkpoint is not { } note)
        {
            last = header;
            return null;
        }

        if (note.Checkpoint != new Checkpoint(fold.Genesis.Origin, history.Size, history.Root())) throw False(PeerFaultKind.CheckpointDiffers);
        if (Signers.Fault(fold.Genesis, fold.State, note) is { } unsigned) throw False(unsigned);

        // Who certifies what stands behind a change of the validators is certain only once the change is final: it has a checkpoint of its own.
        if (uncovered.SkipLast(1).Any(block => block.Header.ValidatorSet != fold.Last.Header.ValidatorSet)) throw False(PeerFaultKind.Uncovered);
        last = header;
        return (Fold(), note);
    }

    /// <summary>Behind an answer's last block: all of it must have been covered.</summary>
    public void End()
    {
        if (uncovered.Count > 0) throw False(PeerFaultKind.Uncovered);
    }

    List<FoldedBlock> Fold()
    {
        var folded = new List<FoldedBlock>(uncovered.Count);
        foreach (var block in uncovered)
            folded.Add(fold.Repeat(block, verifySignatures: true, out var fault) ?? throw new QuorumContradictedException(block.Header.Height, $"leaf {fault?.Leaf}, {fault?.Kind}"));
        uncovered.Clear();
        bytes = 0;
        return folded;
    }

    PeerException False(PeerFaultKind kind) => new(new(giver, kind, Next));
}

/// <summary>Whether a checkpoint is final: the word of a quorum of the validators of a state.</summary>
static class Signers
{
    /// <summary>Whether at least one of the validators signed, and no signature of one is false.</summary>
    public static bool IsSomebodys(Genesis genesis, LedgerState state, Note note) =>
        TrustPolicy.OfThreshold(genesis.PolicyOf(state.Validators).Logs.Span, threshold: 1).Check(genesis.Chain.Suite, note).Verdict == TrustVerdict.Trusted;

    /// <summary>
    /// What keeps a checkpoint from being the quorum's word, by the validators that stood before the first block that it covers and no checkpoint before it does; null where it is.
    /// </summary>
    public static PeerFaultKind? Fault(Genesis genesis, LedgerState before, Note note) => genesis.PolicyOf(before.Validators).Check(genesis.Chain.Suite, note).Verdict switch
    {
        TrustVerdict.Trusted => null,
        TrustVerdict.BadSignature => PeerFaultKind.CheckpointSignatureFalse,
        _ => PeerFaultKind.CheckpointUntrusted,
    };
}
