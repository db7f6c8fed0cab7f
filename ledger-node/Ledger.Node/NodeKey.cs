using Ledger.Core.Primitives;

namespace Ledger.Node;

/// <summary>The key with which a validator signs envelopes and checkpoints, wherever it is kept. It never signs a transaction.</summary>
public sealed record NodeKey(PartyId Bank, ByteString PublicKey, Func<byte[], byte[]> Sign, Func<byte[], byte[]> SignNote)
{
    /// <summary>Where it is kept that the key has signed; null for a key that was made for this run and is kept nowhere.</summary>
    public FoundingMark? Mark { get; init; }
}
