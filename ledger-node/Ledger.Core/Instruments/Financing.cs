using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

public enum FinancingForm : byte
{
    PledgeLoan = 1,
    RecourseFactoring = 2,
    NonRecourseFactoring = 3,
    Discount = 4,
}

public enum FinancingStatus : byte
{
    Applied = 1,
    Approved = 2,
    Registered = 3,
    Disbursed = 4,
    Repaid = 5,
    Matured = 6,
    BoughtBack = 7,
    Reversed = 8,
    Released = 9,
    Lapsed = 10,
}

/// <summary>Day count convention of a financing's interest.</summary>
public enum DayCount : byte
{
    Actual360 = 1,
    Actual365 = 2,
    Thirty360 = 3,
}

/// <summary>
/// Money raised on units. Rates, fees and net proceeds are only in <paramref name="Terms"/> as salted digests; what moves units or charges a line is plain.
/// </summary>
public sealed record Financing(
    Id<Financing> Id,
    FinancingForm Form,
    FinancingStatus Status,
    PartyId Applicant,
    PartyId Financier,
    Id<Instrument> Instrument,
    ValueList<Interval> Units,
    Currency Currency,
    Amount Principal,
    DateOnly Start,
    DateOnly End,
    DayCount DayCount,
    bool RefundsUnearnedInterest,
    ushort GraceDays,
    Timestamp ReservedUntil,
    Timestamp CommittedUntil,
    Hash256 Registration,
    Hash256 BankReference,
    Id<CreditLine> Line,
    ValueList<Hash256> Terms);

/// <summary>How a financing occupies credit: the obligor's general or earmarked line, none (脱核), or the supplier's own.</summary>
public enum CreditMode : byte
{
    General = 1,
    Earmarked = 2,
    None = 3,
    Supplier = 4,
}

/// <summary>A bank's limit for one party; drawn never exceeds it.</summary>
public sealed record CreditLine(
    Id<CreditLine> Id,
    PartyId Bank,
    PartyId Debtor,
    CreditMode Mode,
    Currency Currency,
    Amount Limit,
    Amount Drawn,
    DateOnly Until);

/// <summary>Units or documents held for one bank while it decides, from when to just before when.</summary>
public sealed record Reservation(
    Id<Financing> Id,
    PartyId For,
    Id<Instrument> Instrument,
    ValueList<Interval> Units,
    ValueList<DocumentUse> Documents,
    Timestamp From,
    Timestamp Until);
