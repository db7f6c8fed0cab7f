using Ledger.Core.Primitives;

namespace Ledger.Core.Parties;

/// <summary>What the validators' banks can change together.</summary>
public enum ProposalAction : byte
{
    /// <summary>A party has roles that it had not.</summary>
    RolesGrant = 1,

    RolesWithdraw = 2,

    /// <summary>A bank becomes a validator under a node key.</summary>
    ValidatorAdd = 3,

    ValidatorRemove = 4,

    /// <summary>The proposer's own node key follows its last one.</summary>
    NodeKeyRotate = 5,
}

public enum ProposalStatus : byte
{
    Open = 1,

    /// <summary>It has the votes: the opening of the next block counts them once more and does it.</summary>
    Adopted = 2,

    Enacted = 3,

    /// <summary>So many are against it that it cannot get its votes any more.</summary>
    Rejected = 4,

    Expired = 5,
    Withdrawn = 6,

    /// <summary>It had the votes, but what it would change was changed before it.</summary>
    Overtaken = 7,
}

/// <summary>How many of the validators' banks it takes, never fewer than more than half.</summary>
public enum Majority : byte
{
    MoreThanHalf = 1,
    MoreThanTwoThirds = 2,
    All = 3,
}

/// <summary>What a bank said of a proposal, in the block of which height. One that is no validator when votes are counted does not count.</summary>
public readonly record struct BankVote(PartyId Bank, bool IsFor, ulong Height);

/// <summary>
/// A change to what all have agreed on, voted on by the validators' banks, one vote each. <paramref name="Party"/> is whom it is about.
/// <paramref name="NodeKey"/> is a validator's, where one comes or changes its key. <paramref name="DueAt"/> is from when an adopted one is to be done; nothing before.
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
