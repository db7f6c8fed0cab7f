using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>A final block as a peer gives it, with the checkpoint that stands directly behind it; null where a later one covers it.</summary>
public readonly record struct PeerBlock(Block Block, Note? Checkpoint);

/// <summary>
/// Another bank's node. What comes is well formed and within its bounds, and nothing more is known of it: whoever asks verifies. A peer that fails or breaks what is agreed
/// throws <see cref="PeerException"/>. Calls may overlap.
/// </summary>
public interface IPeer
{
    PartyId Bank { get; }

    /// <summary>Where it is asked, for people.</summary>
    string Address { get; }

    /// <summary>When the certificate ends that it showed last; null before it showed any.</summary>
    DateTimeOffset? CertificateExpires { get; }

    Task<PeerStatus> StatusAsync(CancellationToken cancel);

    /// <summary>
    /// Final blocks from a height on, in order: as many as one answer holds, and none where it has none. Where there is none it waits for one, so long as that.
    /// </summary>
    IAsyncEnumerable<PeerBlock> BlocksAsync(ulong from, TimeSpan wait, CancellationToken cancel);

    /// <summary>
    /// Blocks from a height on that are not final there, in order, up to and with the one that is named; none where it has not all of them. They are worth what a quorum's certificate of the last makes them.
    /// </summary>
    IAsyncEnumerable<Block> PendingAsync(ulong from, BlockPoint upTo, CancellationToken cancel);

    /// <summary>By what the peer entered its epoch, the reports of a quorum, as they are written; null where it entered none by reports.</summary>
    Task<ReadOnlyMemory<byte>?> ClosingAsync(CancellationToken cancel);

    /// <summary>The snapshots that it says it has, the newest first.</summary>
    Task<IReadOnlyList<HeldSnapshot>> SnapshotsAsync(CancellationToken cancel);

    /// <summary>A page of a snapshot's file from an octet of it on, whole but for the last; null where the peer has no such file any more.</summary>
    Task<ReadOnlyMemory<byte>?> SnapshotAsync(HeldSnapshot snapshot, ulong from, CancellationToken cancel);

    /// <summary>The newest final checkpoint.</summary>
    Task<Note> CheckpointAsync(CancellationToken cancel);

    /// <summary>The newest vote of every bank that it has, of its epoch: another may have been shown another.</summary>
    Task<IReadOnlyList<Vote>> VotesAsync(CancellationToken cancel);

    Task<IReadOnlyList<Report>> ReportsAsync(uint epoch, CancellationToken cancel);

    Task<IReadOnlyList<Evidence>> EvidenceAsync(CancellationToken cancel);

    /// <summary>A page of the transactions that wait there for signatures and concern this node's bank, changed after a number of the peer's own, as it is written; null where it keeps none.</summary>
    Task<ReadOnlyMemory<byte>?> DraftsAsync(ulong after, CancellationToken cancel);

    /// <summary>The bank's words for the rotation that it finds due itself on a contract of an EVM chain, as they are written; null where it finds none.</summary>
    /// <param name="anchor">The EVM chain's id, the contract's address and the ledger's id in it, separated by slashes.</param>
    /// <param name="cancel">Ends it.</param>
    Task<ReadOnlyMemory<byte>?> RotationAsync(string anchor, CancellationToken cancel);

    /// <summary>The bank's words, under its anchor keys, for the checkpoint of a size that is final on its own ledger, as they are written; null where it gives none.</summary>
    /// <param name="anchor">The EVM chain's id, the contract's address and the ledger's id in it, separated by slashes.</param>
    /// <param name="size">The checkpoint's.</param>
    /// <param name="cancel">Ends it.</param>
    Task<ReadOnlyMemory<byte>?> CheckpointWordAsync(string anchor, ulong size, CancellationToken cancel);
}
