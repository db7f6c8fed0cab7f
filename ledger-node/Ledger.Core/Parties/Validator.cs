using Ledger.Core.Primitives;

namespace Ledger.Core.Parties;

/// <summary>A bank that runs a voting node. Its node key signs envelopes and checkpoints and never a transaction.</summary>
public sealed record Validator(PartyId Bank, ByteString NodeKey);

/// <summary>
/// The last change of the validators: in the block of that height, which the validators before it still certify. The founding set is number 1, and nothing is written of it.
/// </summary>
public sealed record ValidatorChange(uint Number, ulong Height, ValueList<Validator> Before);

/// <summary>The latest envelope clock of a bank and the counter that its next envelope must carry.</summary>
public sealed record EnvelopeClock(PartyId Bank, Timestamp Clock, ulong NextCounter);

/// <summary>
/// An epoch of ordering, and the height of its first block. A chain begins in epoch 1; where every validator must sign, one that resumes after its
/// vote or its chain was lost begins another, and says so for ever.
/// </summary>
public sealed record OrderingEpoch(uint Number, ulong FirstHeight)
{
    public static readonly OrderingEpoch First = new(1, 0);
}

public enum ListKind : byte
{
    White = 1,
    Black = 2,
    Licence = 4,
    CoreEnterprises = 5,

    /// <summary>A court accepted a petition against the party (企业破产法 46); <c>From</c> is the day.</summary>
    Insolvent = 6,
}

/// <summary>
/// A party's standing on a list, from a date until before another; repaired entries end early and stay on record. <paramref name="Measure"/> is the latest by
/// which an insolvency was entered or ended: only while that says so does the entry count.
/// </summary>
public sealed record ListEntry(
    ListKind Kind,
    PartyId Subject,
    PartyId Proposer,
    PartyId Related,
    DateOnly From,
    DateOnly Until,
    Hash256 Evidence,
    Id<Measure> Measure = default);
