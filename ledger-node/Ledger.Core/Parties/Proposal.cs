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

    /// <summary>Rules come into force on a date.</summary>
    RulesAdopt = 6,

    /// <summary>The ledger goes on under the next version of its protocol.</summary>
    ProtocolRaise = 7,

    /// <summary>The next fingerprint key begins, beside all earlier ones.</summary>
    EpochOpen = 8,

    /// <summary>An industry chain's debts are held to settings of its own from a date on.</summary>
    ProgrammeAdopt = 9,
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
