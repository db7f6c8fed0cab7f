using Ledger.Core.Chain;

namespace Ledger.Suites;

/// <summary>Signature lines under Ed25519 keys, which no chain's suite has: a log's own, and witnesses' cosignatures.</summary>
public static class CosignatureKeys
{
    /// <summary>Whether a line under such a key is its holder's; false for a key of any other type.</summary>
    public static bool Verify(VKey key, ReadOnlySpan<byte> noteText, ReadOnlySpan<byte> signature) => key.Kind switch
    {
        VKeyKind.Ed25519 => Ed25519.Verify(key.PublicKey.Span, noteText, signature),
        VKeyKind.Ed25519Cosignature => Cosignature.TryRead(signature, out var read) && Ed25519.Verify(key.PublicKey.Span, Cosignature.SignedBytes(noteText, read.UnixSeconds), read.Signature.Span),
        VKeyKind.P256 or VKeyKind.Sm2 => false,
    };
}
