using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Evm;

namespace Ledger.Node.Anchoring;

/// <summary>What of a ledger is anchored: its newest final checkpoint, the root that it had at a size (null beyond what is final), the proof that a checkpoint goes on from there, and who votes on what comes next.</summary>
public sealed record AnchoredHistory(CryptoSuite Suite, Func<Note> Newest, Func<ulong, Hash256?> RootAt, Func<ulong, Note, IReadOnlyList<Hash256>> Proof, Func<SignerSet> Signers)
{
    public static AnchoredHistory Of(LedgerReader ledger) => new(
        ledger.Genesis.Chain.Suite, () => ledger.View.Checkpoint, ledger.RootAt, (size, newer) => [.. ledger.Consistency(size, newer).Hashes],
        () => SignerSet.Of(ledger.View.State.Validators.Select(static validator => validator.NodeKey), ledger.View.Checkpoint.Checkpoint.Origin));
}
