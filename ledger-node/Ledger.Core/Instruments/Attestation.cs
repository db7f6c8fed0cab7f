using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

/// <summary>What was done at the unified registry of movables and rights (动产融资统一登记公示系统).</summary>
public enum RegistryAct : byte
{
    Query = 1,
    Registration = 2,
    Cancellation = 3,
}

public enum RegistryFinding : byte
{
    /// <summary>No other claim on what was asked about.</summary>
    Clear = 1,

    /// <summary>There was one, and it is cancelled.</summary>
    Released = 2,

    /// <summary>Another's claim stands.</summary>
    Encumbered = 3,

    /// <summary>Registered, or cancelled, as asked.</summary>
    Done = 4,
}

/// <summary>
/// A signed statement of what a registry answered about a financing. <paramref name="Certificate"/> is a salted digest of the number of its
/// certificate (查询证明编号, 登记证明编号); <paramref name="StatedAt"/> is the registry's own time.
/// </summary>
public sealed record Attestation(
    Id<Attestation> Id,
    Id<Financing> Financing,
    RegistryAct Act,
    RegistryFinding Finding,
    PartyId Attester,
    Hash256 Certificate,
    Timestamp StatedAt,
    Timestamp At,
    Timestamp EndedAt = default);

/// <summary>
/// Two banks' word that a financing's documents are reserved with a registry of pledges between consortia (decision 0095). <paramref name="Registry"/> is the contract,
/// as CAIP-10 writes it; <paramref name="Seat"/> the financier's number there. <paramref name="Tags"/> is a salted digest of the documents' tags, and at the contract's state as of
/// <paramref name="Block"/>, a final one of <paramref name="StatedAt"/>, none of them is free or another's before <paramref name="Until"/>.
/// </summary>
public sealed record PledgeReservation(
    Id<Financing> Financing,
    string Registry,
    uint Seat,
    Hash256 Tags,
    Hash256 Block,
    PartyId Second,
    Timestamp StatedAt,
    Timestamp Until,
    Timestamp At);

/// <summary>
/// What the bill register said of an interval of a package: its status and flow codes (票据状态, 流通标志) before and after. The message's id is
/// the register's and good once.
/// </summary>
public sealed record RegisterMessage(
    string MessageId,
    Id<Instrument> Instrument,
    Interval Units,
    byte StatusBefore,
    byte FlowBefore,
    byte StatusAfter,
    byte FlowAfter,
    Timestamp At);
