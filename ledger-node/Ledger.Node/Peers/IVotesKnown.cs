using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>How far a node is beside what is final: durable blocks, its epoch of ordering, and from where in the order one may begin who has its final blocks.</summary>
public readonly record struct PeerStanding(ulong DurableHeight, uint Epoch, ulong? Position);

/// <summary>What a node knows of votes and shows to peers. Asked beside whoever writes it, at any time.</summary>
public interface IVotesKnown
{
    /// <summary>Null where nothing is known beside the final blocks.</summary>
    PeerStanding? Standing { get; }

    /// <summary>The newest vote of each bank that voted in the epoch, this one's too.</summary>
    IReadOnlyList<Vote> Votes { get; }

    /// <summary>The reports of an epoch, of each bank at most one.</summary>
    IReadOnlyList<Report> Reports(uint epoch);

    /// <summary>The reports by which this node entered its epoch, or an earlier one, as they are written; null where it entered none by reports.</summary>
    ReadOnlyMemory<byte>? Closing { get; }

    /// <summary>The blocks that are durable here and not final, waiting or given up since something was, from the first one up to and with the one that ends there; none where it is not among them.</summary>
    IReadOnlyList<Block> PendingUpTo(ulong size, Hash256 root);

    /// <summary>The breaches of the rules that this node keeps.</summary>
    IReadOnlyList<Evidence> Evidence { get; }
}

/// <summary>Where one validator signs alone, or a node only observes, nobody votes; what proves that a bank broke the rules it shows all the same.</summary>
public sealed class NoVotes(EvidenceFolder? breaches) : IVotesKnown
{
    public static readonly NoVotes Instance = new(null);

    public PeerStanding? Standing => null;

    public IReadOnlyList<Vote> Votes => [];

    public IReadOnlyList<Evidence> Evidence => breaches?.All() ?? [];

    public ReadOnlyMemory<byte>? Closing => null;

    public IReadOnlyList<Report> Reports(uint epoch) => [];

    public IReadOnlyList<Block> PendingUpTo(ulong size, Hash256 root) => [];
}
