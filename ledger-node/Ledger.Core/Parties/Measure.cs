using Ledger.Core.Primitives;

namespace Ledger.Core.Parties;

/// <summary>What institutions can bring about against a party, or without it. The first three stand behind an offer of units.</summary>
public enum MeasureKind : byte
{
    Court = 1,
    Realisation = 2,
    Succession = 3,

    /// <summary>A court accepted a petition against the party.</summary>
    Insolvency = 4,

    /// <summary>The petition is over.</summary>
    Solvency = 5,
}

public enum MeasureStatus : byte
{
    /// <summary>Announced: it takes effect by itself when its contest period is over.</summary>
    Standing = 1,

    /// <summary>Its party or that one's bank objected: without a third institution's decision it has no effect.</summary>
    Contested = 2,

    InForce = 3,

    /// <summary>The decision on the objection was against it.</summary>
    Dismissed = 4,

    /// <summary>Nobody decided in time, or its offer ended before.</summary>
    Ended = 5,
}

/// <summary>
/// Two institutions or more act against a party or without it (措施): on what evidence, in whose favour (nobody's for an insolvency), from when it is in force, and
/// what became of it. One on units has the id of its offer. A contested one that nobody has decided by <paramref name="Until"/> never has an effect.
/// <paramref name="ContestedBy"/> and <paramref name="DecidedBy"/> are nobody until then.
/// </summary>
public sealed record Measure(
    Id<Measure> Id,
    MeasureKind Kind,
    MeasureStatus Status,
    PartyId By,
    ValueList<PartyId> Institutions,
    PartyId Against,
    PartyId Gainer,
    Hash256 Evidence,
    Timestamp MadeAt,
    Timestamp InForceFrom,
    Timestamp Until,
    PartyId ContestedBy = default,
    Hash256 Reason = default,
    PartyId DecidedBy = default,
    Hash256 Order = default,
    Timestamp EndedAt = default)
{
    public bool IsOnUnits => Kind is MeasureKind.Court or MeasureKind.Realisation or MeasureKind.Succession;

    /// <summary>Whether it has its effect at <paramref name="now"/>, whether or not its deadline has fired.</summary>
    public bool IsInForceAt(Timestamp now) => Status == MeasureStatus.InForce || (Status == MeasureStatus.Standing && InForceFrom <= now);

    /// <summary>Whether it can still come to either.</summary>
    public bool IsOpenAt(Timestamp now) =>
        (Status == MeasureStatus.Standing && InForceFrom > now) || (Status == MeasureStatus.Contested && Until > now);
}
