using System.Runtime.CompilerServices;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Peers;

/// <summary>Blocks that a peer gave as final, in order, and the checkpoint that covers the last of them and with it those before.</summary>
public sealed record CoveredBlocks(IReadOnlyList<Block> Blocks, Note Checkpoint);

/// <summary>
/// What a peer gives is held against the quorum's signatures before the fold touches it: a block that somebody altered is then only a block that nobody signed, and another peer can
/// be asked for the true one. What the quorum signed is folded and must come out, octet for octet.
/// </summary>
static class GivenBlocks
{
    // Of blocks that wait for their finality there is so much at the most, and the last may be large.
    const long MaxUncoveredBytes = (64L * 1024 * 1024) + PeerPages.MaxBlock;

    /// <summary>What one answer of a peer holds, from checkpoint to checkpoint; what no checkpoint covers in time is a fault.</summary>
    public static async IAsyncEnumerable<CoveredBlocks> AskAsync(IPeer peer, ulong from, TimeSpan wait, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (next, bytes, uncovered) = (from, 0L, new List<Block>());
        await foreach (var (block, note) in peer.BlocksAsync(from, wait, cancel))
        {
            bytes += block.Payload.Length;
            if (uncovered.Count == PeerPages.MaxUncovered || bytes > MaxUncoveredBytes) throw new PeerException(new(peer.Bank, PeerFaultKind.Uncovered, next));
            uncovered.Add(block);
            next++;
            if (note is null) continue;
            yield return new(uncovered, note);
            (bytes, uncovered) = (0, []);
        }

        if (uncovered.Count > 0) throw new PeerException(new(peer.Bank, PeerFaultKind.Uncovered, next));
    }

    /// <summary>What one answer holds of the blocks that a quorum prepared, from a height up to the one that is named; none where the peer has not all of them pending.</summary>
    public static async Task<IReadOnlyList<Block>> AskPreparedAsync(IPeer peer, ulong from, BlockPoint upTo, CancellationToken cancel)
    {
        var (bytes, blocks) = (0L, new List<Block>());
        await foreach (var block in peer.PendingAsync(from, upTo, cancel))
        {
            bytes += block.Payload.Length;
            if (blocks.Count == PeerPages.MaxUncovered || bytes > MaxUncoveredBytes) throw new PeerException(new(peer.Bank, PeerFaultKind.NotPrepared, from + (ulong)blocks.Count));
            blocks.Add(block);
        }

        return blocks;
    }

    /// <summary>What keeps blocks from being those that a quorum certified behind a block; null where they are.</summary>
    /// <param name="behind">The block before, with the history up to and with it, and by whom what follows is certified.</param>
    /// <param name="given">What came.</param>
    /// <param name="giver">Who gave it.</param>
    public static PeerFault? Fault(ChainEnd behind, CoveredBlocks given, PartyId giver)
    {
        var (blocks, note) = (given.Blocks, given.Checkpoint);
        if (Disorder(behind, blocks, giver, out var history) is { } disorder) return disorder;
        var kind = note.Checkpoint != new Checkpoint(behind.Origin, history.Size, history.Root()) ? PeerFaultKind.CheckpointDiffers
            : behind.Policy is { } policy ? Signers.Fault(behind.Suite, policy, note)
            : null;

        // Who certifies what stands behind a change of the validators is certain only once the change is final: it has a checkpoint of its own.
        if (kind is null && blocks.SkipLast(1).Any(block => block.Header.ValidatorSet != behind.Last.ValidatorSet)) kind = PeerFaultKind.Uncovered;
        return kind is { } wrong ? new(giver, wrong, blocks[^1].Header.Height) : null;
    }

    /// <summary>What keeps blocks from being those that end where a quorum prepared; null where they do.</summary>
    public static PeerFault? Fault(ChainEnd behind, IReadOnlyList<Block> blocks, BlockPoint prepared, PartyId giver)
    {
        if (Disorder(behind, blocks, giver, out var history) is { } disorder) return disorder;
        var isSo = (history.Size, history.Root()) == (prepared.Size, prepared.Root) && (blocks[^1].Envelope?.Envelope.Epoch ?? 0) <= prepared.Epoch;
        return isSo ? null : new(giver, PeerFaultKind.NotPrepared, blocks[^1].Header.Height);
    }

    static PeerFault? Disorder(ChainEnd behind, IReadOnlyList<Block> blocks, PartyId giver, out Frontier history)
    {
        var last = behind.Last;
        history = behind.History;
        foreach (var block in blocks)
        {
            var header = block.Header;
            if (header.ChainId != behind.Last.ChainId) return new(giver, PeerFaultKind.OtherChain, last.Height + 1);
            if (header.Height != last.Height + 1 || header.FirstLeaf != history.Size || header.Previous != last.LeafHash(behind.Suite)) return new(giver, PeerFaultKind.BlockOutOfOrder, last.Height + 1);
            foreach (var leaf in block.Leaves) history.Append(MerkleHash.OfLeaf(behind.Suite, leaf.Span));
            last = header;
        }

        return null;
    }
}

/// <summary>A final block behind which others are given: its header, the right edge of the history up to and with it, which is used up, and by whom what follows is certified. That is null where that is not known yet, and then no
/// signature is looked at.</summary>
sealed record ChainEnd(CryptoSuite Suite, string Origin, Header Last, Frontier History, TrustPolicy? Policy);

/// <summary>Whether a checkpoint is final: the word of a quorum of the validators of a state.</summary>
static class Signers
{
    /// <summary>Whether at least one of the validators signed, and no signature of one is false.</summary>
    public static bool IsSomebodys(Genesis genesis, LedgerState state, Note note) =>
        TrustPolicy.OfThreshold(genesis.PolicyOf(state.Validators).Logs.Span, threshold: 1).Check(genesis.Chain.Suite, note).Verdict == TrustVerdict.Trusted;

    /// <summary>
    /// What keeps a checkpoint from being the quorum's word, by the validators that stood before the first block that it covers and no checkpoint before it does; null where it is.
    /// </summary>
    public static PeerFaultKind? Fault(Genesis genesis, LedgerState before, Note note) => Fault(genesis.Chain.Suite, genesis.PolicyOf(before.Validators), note);

    public static PeerFaultKind? Fault(CryptoSuite suite, TrustPolicy policy, Note note) => policy.Check(suite, note).Verdict switch
    {
        TrustVerdict.Trusted => null,
        TrustVerdict.BadSignature => PeerFaultKind.CheckpointSignatureFalse,
        _ => PeerFaultKind.CheckpointUntrusted,
    };
}
