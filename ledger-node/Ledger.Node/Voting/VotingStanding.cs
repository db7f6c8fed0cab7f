using Ledger.Core.Primitives;
using Ledger.Node.Peers;

namespace Ledger.Node.Voting;

/// <summary>A bank's newest vote as this node has it: how far the bank has blocks, and how many leaves the farthest block has that it prepared and that it committed to.</summary>
public sealed record VoteSeen(PartyId Bank, ulong Sequence, Timestamp Clock, ulong DurableHeight, ulong Prepared, ulong Committed);

/// <summary>How voting stands at this node, for its operator.</summary>
/// <param name="Epoch">In which batches are taken and votes count.</param>
/// <param name="Folded">The last block that is folded, final or not.</param>
/// <param name="Pending">How many blocks wait for their finality.</param>
/// <param name="Waits">For how long the oldest of them has; null where none waits.</param>
/// <param name="Quorum">So many banks make a block final.</param>
/// <param name="Voters">The banks that vote now.</param>
/// <param name="Votes">The newest vote of this epoch of each bank from which one came.</param>
/// <param name="Missing">The voters whose votes say nothing of the oldest block that waits.</param>
/// <param name="Reported">The banks that have given the epoch up.</param>
/// <param name="Silence">Why this node does not vote, in words for its operator; null while it does.</param>
/// <param name="HasLostBallot">Whether it does not because its ballot is missing, or was until this epoch.</param>
/// <param name="Breaches">The proofs that are kept that a bank broke the rules.</param>
public sealed record VotingStanding(
    uint Epoch, ulong Folded, int Pending, TimeSpan? Waits, int Quorum, IReadOnlyList<PartyId> Voters, IReadOnlyList<VoteSeen> Votes, IReadOnlyList<PartyId> Missing,
    IReadOnlyList<PartyId> Reported, (string Chinese, string English)? Silence, bool HasLostBallot, IReadOnlyList<Breach> Breaches)
{
    /// <summary>A client hears of its transaction by then, or that it is on its way: longer than this no block waits where a quorum votes.</summary>
    public static readonly TimeSpan MostWaited = TimeSpan.FromSeconds(10);

    /// <summary>Whether nothing becomes final though something waits.</summary>
    public bool IsStalled => Waits > MostWaited;
}
