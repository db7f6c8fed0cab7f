using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Evm;

namespace Ledger.Node.Anchoring;

/// <summary>What of a ledger is anchored: its newest final checkpoint, the root that it had at a size (null beyond what is final), the proof that a checkpoint goes on from there, and who votes on what comes next.</summary>
public sealed record AnchoredHistory(CryptoSuite Suite, Func<Note> Newest, Func<ulong, Hash256?> RootAt, Func<ulong, Note, IReadOnlyList<Hash256>> Proof, Func<SignerSet> Signers)
{
    /// <summary>The anchor keys of who votes, as they announced them.</summary>
    public Func<AnnouncedSet> Announced { get; init; } = static () => new(Set: null, []);

    /// <summary>The text of the checkpoint at a size; null where that is not final here, or no block ends there.</summary>
    public required Func<ulong, byte[]?> CheckpointText { get; init; }

    public static AnchoredHistory Of(LedgerReader ledger, IReadOnlyList<AnchorAnnouncement> announcements) => new(
        ledger.Genesis.Chain.Suite, () => ledger.View.Checkpoint, ledger.RootAt, (size, newer) => [.. ledger.Consistency(size, newer).Hashes],
        () => SignerSet.Of(ledger.View.State.Validators.Select(static validator => validator.NodeKey), ledger.View.Checkpoint.Checkpoint.Origin))
    {
        Announced = () => AnnouncedSet.Of(announcements, ledger.View.State.Validators, ledger.Genesis.Chain.Suite, ledger.View.Checkpoint.Checkpoint.Origin),
        CheckpointText = size => size > 0 && ledger.RootAt(size) is { } root && ledger.EndsBlock(size) ? new Checkpoint(ledger.View.Checkpoint.Checkpoint.Origin, size, root).SignedBytes() : null,
    };
}
