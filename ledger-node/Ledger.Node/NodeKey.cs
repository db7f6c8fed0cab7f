using Ledger.Core.Primitives;

namespace Ledger.Node;

/// <summary>
/// The key with which a validator signs envelopes, votes and checkpoints, wherever it is kept. It never signs a transaction. A bank may hold several, where one is to follow the other: the ledger says which of
/// them signs.
/// </summary>
public sealed record NodeKey(PartyId Bank, ByteString PublicKey, Func<byte[], byte[]> Sign, Func<byte[], byte[]> SignNote)
{
    /// <summary>Where it is kept that the key has signed; null for a key that was made for this run and is kept nowhere.</summary>
    public FoundingMark? Mark { get; init; }

    /// <summary>Another key that the bank holds.</summary>
    public NodeKey? Other { get; init; }

    public IEnumerable<ByteString> PublicKeys => [PublicKey, .. Other?.PublicKeys ?? []];

    /// <summary>Whether it is certain that the key has signed nothing yet.</summary>
    public bool IsUnused => Mark is { } mark && !mark.IsOf(PublicKey);

    /// <summary>The one of the bank's keys that the ledger names; null where it names none of them.</summary>
    public NodeKey? Named(ByteString? publicKey) => publicKey == PublicKey ? this : Other?.Named(publicKey);
}
