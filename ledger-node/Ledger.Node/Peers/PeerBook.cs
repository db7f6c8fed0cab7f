using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>What is known of a peer: what it said last and when, until when its certificate lasts, and what is wrong with it now.</summary>
public sealed record PeerRecord(
    PartyId Bank, string Address, PeerStatus? Status, DateTimeOffset? LastSeen, DateTimeOffset? CertificateExpires, PeerFault? Trouble);

/// <summary>What this node knows of its peers, for people and for monitoring. Read and written from anywhere.</summary>
public sealed class PeerBook
{
    readonly Lock gate = new();
    readonly SortedDictionary<PartyId, PeerRecord> records = [];

    public PeerBook(IEnumerable<IPeer> peers, DateTimeOffset? ownExpires)
    {
        OwnExpires = ownExpires;
        Name(peers);
    }

    /// <summary>When this node's own certificate ends.</summary>
    public DateTimeOffset? OwnExpires { get; }

    /// <summary>How many histories that exclude this node's it was shown under a quorum's signatures, and kept.</summary>
    public int SplitViews { get; internal set; }

    /// <summary>The proofs that a bank broke the rules of voting, as far as this node keeps them.</summary>
    public IReadOnlyList<Breach> Breaches { get; internal set; } = [];

    /// <summary>By bank.</summary>
    public IReadOnlyList<PeerRecord> All
    {
        get
        {
            lock (gate) return [.. records.Values];
        }
    }

    /// <summary>These are asked from now on; of who was before, at the same address, everything stays known.</summary>
    public void Name(IEnumerable<IPeer> peers)
    {
        lock (gate)
        {
            var before = records.ToDictionary();
            records.Clear();
            foreach (var peer in peers)
                records[peer.Bank] = before.TryGetValue(peer.Bank, out var known) && known.Address == peer.Address ? known : new(peer.Bank, peer.Address, null, null, null, null);
        }
    }

    /// <summary>A peer answered.</summary>
    public void Seen(IPeer peer, PeerStatus status, DateTimeOffset now) =>
        Change(peer.Bank, record => record with { Status = status, LastSeen = now, CertificateExpires = peer.CertificateExpires, Trouble = record.Trouble?.IsLie == true ? record.Trouble : null });

    /// <summary>A peer failed or lied. A lie stays until a start, for whoever looks later should know.</summary>
    public void Failed(PeerFault fault) => Change(fault.Bank, record => record.Trouble?.IsLie == true && !fault.IsLie ? record : record with { Trouble = fault });

    void Change(PartyId bank, Func<PeerRecord, PeerRecord> change)
    {
        lock (gate)
        {
            if (records.TryGetValue(bank, out var record)) records[bank] = change(record);
        }
    }
}
