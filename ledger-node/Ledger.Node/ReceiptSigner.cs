using System.Collections.Concurrent;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Suites.Cose;

namespace Ledger.Node;

/// <summary>
/// Signs, for whoever asks, this bank's word of where a leaf stands in the final history (RFC 9942). It says no more than the bank's checkpoints do: only sizes at which a final block ends, only roots that
/// are this node's own, and only under the key that the ledger names for the bank, once that has voted.
/// </summary>
public sealed class ReceiptSigner(LedgerReader ledger, NodeKey key)
{
    // What is signed is the same for every leaf under a size. The bound is a memory limit: whatever was forgotten is signed again.
    const int KeptSignatures = 1024;

    readonly ConcurrentDictionary<(uint KeyId, ulong Size), ByteString> kept = new();

    /// <summary>The receipt of a leaf under the newest checkpoint, or at a size that is named; null with why there is none.</summary>
    public CoseReceipt? Of(ulong leaf, ulong? at, out Refusal refusal)
    {
        var suite = ledger.Genesis.Chain.Suite;
        if (suite.Name != P256Suite.SuiteName) return No(Refusal.NoCoseUnderSuite, out refusal);
        var view = ledger.View;
        if (SignerOf(view.State) is not { } signer) return No(Refusal.SignsNoReceipts, out refusal);

        var final = view.Checkpoint.Checkpoint;
        var size = at ?? final.Size;
        if (leaf >= final.Size || size > final.Size) return No(Refusal.NotYetFinal, out refusal);
        if (ledger.Inclusion(leaf, size) is not { } path || ledger.RootAt(size) is not { } root || !ledger.EndsBlock(size)) return No(Refusal.SizeOfNoBlock, out refusal);
        if (path.Length == 0) return No(Refusal.HistoryHasNoPath, out refusal);

        refusal = Refusal.None;
        var keyId = suite.NoteKeyId(final.Origin, signer.PublicKey);
        if (kept.Count >= KeptSignatures) kept.Clear();
        var signature = kept.GetOrAdd((keyId, size), _ => new(signer.Sign(CoseReceipt.SignedBytes(final.Origin, keyId, size, root))));
        return new(final.Origin, keyId, size, leaf, [.. path], signature);
    }

    // A key that is certain to have signed nothing keeps that mark until the bank's first vote.
    NodeKey? SignerOf(LedgerState state) =>
        key.Named(state.Certifiers.FirstOrDefault(validator => validator.Bank == key.Bank)?.NodeKey) is { IsUnused: false } named ? named : null;

    static CoseReceipt? No(Refusal why, out Refusal refusal)
    {
        refusal = why;
        return null;
    }
}
