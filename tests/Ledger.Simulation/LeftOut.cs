using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node;
using Ledger.Node.Ordering;

namespace Ledger.Simulation;

/// <summary>What is left out of the protocol at every bank, to see that the simulation finds it: the rules of <see cref="Model.Broken"/> that the model shows to be needed.</summary>
enum LeftOut
{
    Nothing,

    /// <summary>Disks say of the ballot that it was flushed, and it was not; and nobody reads what it said itself.</summary>
    FlushedBallot,

    /// <summary>Whoever begins again goes on from its first ballot, and reads nothing of what it said itself.</summary>
    NewestBallot,

    /// <summary>Whoever begins again does not know that it reported, and reads nothing of what it said itself.</summary>
    LastWord,

    /// <summary>Whoever lost its ballot votes again behind what is final to it, and reads nothing of what it said itself.</summary>
    Envelope,

    /// <summary>What banks post as their reports says nothing of their commits.</summary>
    Certificates,

    /// <summary>Whoever prepares a block commits to it with the same word.</summary>
    SecondPhase,

    /// <summary>Of what may be reported the longest branch counts, of whatever epoch.</summary>
    EpochFirst,
}

/// <summary>What banks are shown of what one of them posts, where a rule is left out.</summary>
static class Altered
{
    /// <param name="left">The rule.</param>
    /// <param name="kind">What is posted.</param>
    /// <param name="octets">As the bank posts it.</param>
    /// <param name="origin">Of the ledger's checkpoints.</param>
    /// <param name="keyOf">Under which a bank signs now.</param>
    /// <param name="longest">Of the longest branch that was ever certified.</param>
    public static ReadOnlyMemory<byte> Of(LeftOut left, Posting kind, ReadOnlyMemory<byte> octets, string origin, Func<PartyId, NodeKey> keyOf, Certificate? longest) => (left, kind) switch
    {
        (LeftOut.Certificates, Posting.Report) when Report.TryRead(octets.Span, out var report) => Reporting(report, null, keyOf).Write(),
        (LeftOut.EpochFirst, Posting.Report) when longest is not null && Report.TryRead(octets.Span, out var report) && longest.Block.Epoch < report.Epoch => Reporting(report, longest, keyOf).Write(),
        (LeftOut.SecondPhase, Posting.Vote) when Vote.TryRead(octets.Span, out var vote) => Committing(vote, origin, keyOf(vote.Bank)).Write(),
        _ => octets,
    };

    static Report Reporting(Report report, Certificate? certificate, Func<PartyId, NodeKey> keyOf)
    {
        var other = report with { Certificate = certificate };
        return other with { Signature = new(keyOf(report.Bank).Sign(other.SignedBytes())) };
    }

    static Vote Committing(Vote vote, string origin, NodeKey key)
    {
        VoteLine[] prepares = [.. vote.Lines.Where(static line => line.Kind == VoteKind.Prepare)];
        var commits = vote.Lines.Where(static line => line.Kind == VoteKind.Commit).ToDictionary(static line => line.Size);
        foreach (var line in prepares) commits.TryAdd(line.Size, line with { Kind = VoteKind.Commit, Signature = new(key.SignNote(Vote.CommitBytes(origin, line.Size, line.Root))) });
        var unsigned = vote with { Lines = [.. prepares, .. commits.Values.OrderBy(static line => line.Size)] };
        return unsigned with { Signature = new(key.Sign(unsigned.SignedBytes())) };
    }
}
