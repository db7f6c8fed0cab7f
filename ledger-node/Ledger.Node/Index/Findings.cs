using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Index;

/// <summary>
/// Where the chain answers a transaction: the entry's leaf in the history, its place among its block's leaves, and the answer: the refusal's number,
/// or none, and which operation was refused.
/// </summary>
public sealed record EntryLocation(ulong Height, ulong Leaf, int LeafInBlock, Refusal Code, int Operation, Hash256 PayloadHash);

/// <summary>The live units of one instrument that one party holds, ascending.</summary>
public sealed record Holding(Id<Instrument> Instrument, ValueList<Interval> Units);

/// <summary>An act that brought units from one party to another, with the entry that did it.</summary>
public sealed record LineageLeg(
    Id<Offer> Act,
    TransferCause Cause,
    PartyId From,
    PartyId To,
    ValueList<Interval> Units,
    ushort Depth,
    Timestamp At,
    ulong Height,
    ulong Leaf);

/// <summary>A double-pledge attempt that went on the record.</summary>
public sealed record Attempt(PartyId Party, Refusal Code, Timestamp At, ulong Height, ulong Leaf);
