using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Wire;

/// <summary>Genesis as its file has it: strict JSON in which nothing is defaulted (docs/FORMATS.md, section "Genesis").</summary>
public sealed record GenesisText(
    int Version,
    string Name,
    Purpose Purpose,
    string Suite,
    int OffsetMinutes,
    int RetentionDays,
    Timestamp Time,
    Hash256 Seed,
    VotingRules Voting,
    PartyId Authority,
    PartyId? BillRegister,
    ValueList<FoundingParty> Parties,
    ValueList<FoundingValidator> Validators,
    FirstEpoch Epoch,
    ValueList<DatedRules> Rules,
    ClosedDays Calendar);

/// <summary>A party that is there from the first block on, with its keys numbered from 1.</summary>
public sealed record FoundingParty(
    PartyId Id,
    string Name,
    Roles Roles,
    string Region,
    SizeClass Size,
    string IndustryChain,
    PartyId Sponsor,
    ValueList<NewKey> Keys);

public sealed record FoundingValidator(PartyId Bank, ByteString NodeKey);

public sealed record FirstEpoch(Hash256 KeyCommitment, ValueList<SealedEpochKey> SealedKeys);

public sealed record ClosedDays(ValueList<DateOnly> Closed, ValueList<DateOnly> Open);
