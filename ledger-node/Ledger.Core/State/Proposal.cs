using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>What a bank said of a proposal, in the block of which height. One that is no validator when votes are counted does not count.</summary>
public readonly record struct BankVote(PartyId Bank, bool IsFor, ulong Height);

/// <summary>
/// A change to what all have agreed on, voted on by the validators' banks, one vote each. <paramref name="Party"/> is whom it is about.
/// <paramref name="NodeKey"/> is a validator's, where one comes or changes its key; <paramref name="Rules"/> come into force by it, <paramref name="Version"/> is the protocol's, and <paramref name="Epoch"/> is that
/// of the next fingerprint key; <paramref name="Programme"/> is a chain's. <paramref name="DueAt"/> is from when an adopted one is to be done; nothing before.
/// </summary>
public sealed record Proposal(
    Id<Proposal> Id,
    ProposalAction Action,
    ProposalStatus Status,
    PartyId Proposer,
    Timestamp MadeAt,
    Timestamp Expires,
    PartyId Party,
    Roles Roles,
    ByteString NodeKey,
    RuleSet? Rules,
    uint Version,
    NextEpoch? Epoch,
    NextProgramme? Programme,
    ValueList<BankVote> Votes,
    Timestamp DueAt = default,
    Timestamp EndedAt = default)
{
    /// <summary>Whether it changes who the validators are, or by which key one is known.</summary>
    public bool ChangesValidators => Action is ProposalAction.ValidatorAdd or ProposalAction.ValidatorRemove or ProposalAction.NodeKeyRotate;

    /// <summary>Whether something can still come of it.</summary>
    public bool IsPending => Status is ProposalStatus.Open or ProposalStatus.Adopted;

    public bool HasVoteOf(PartyId bank) => Votes.Any(vote => vote.Bank == bank);
}

/// <summary>The version of the protocol by which blocks behind that height are folded. A chain begins with the first, of which nothing is written.</summary>
public sealed record ProtocolVersion(uint Number, ulong Height)
{
    public static readonly ProtocolVersion First = new(1, 0);
}
