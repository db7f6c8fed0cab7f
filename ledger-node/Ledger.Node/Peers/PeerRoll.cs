using System.Collections;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>
/// The peers that a node asks, as its operator names them now. Whoever goes through them has those of the moment in which that began; whoever needs the same twice takes a copy.
/// </summary>
/// <param name="own">Whose node this is: its own entry, which may stand in the list that all banks share, is passed over.</param>
/// <param name="open">Makes the way to a peer.</param>
sealed class PeerRoll(PartyId own, Func<PeerAddress, IPeer> open) : IReadOnlyList<IPeer>
{
    volatile (PeerAddress Address, IPeer Peer)[] named = [];

    public int Count => named.Length;

    public IPeer this[int index] => named[index].Peer;

    /// <summary>From now on these are asked; who was named before, at the same address, stays as it is. False where nothing is other than before. One caller at a time.</summary>
    public bool Name(IEnumerable<PeerAddress> addresses)
    {
        var (before, asked) = (named, addresses.Where(one => one.Bank != own).ToArray());
        if (asked.SequenceEqual(before.Select(static one => one.Address))) return false;
        named = [.. asked.Select(address => Array.Find(before, one => one.Address == address) is { Peer: not null } same ? same : (address, open(address)))];
        return true;
    }

    public IEnumerator<IPeer> GetEnumerator() => named.Select(static one => one.Peer).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
