using Ledger.Core.Interest;
using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

/// <summary>What raising money on units is in law, which decides whether they move and who gets what is left over.</summary>
public enum FinancingForm : byte
{
    /// <summary>The holder stays and the payment goes to the pledgee's collection account; what exceeds the debt is the holder's (民法典 445).</summary>
    PledgeLoan = 1,

    /// <summary>The units move; the financier may turn back to the seller, and owes it a surplus (民法典 766).</summary>
    RecourseFactoring = 2,

    /// <summary>The units move for good; no surplus (民法典 767).</summary>
    NonRecourseFactoring = 3,

    /// <summary>A bill is bought by endorsement; no surplus.</summary>
    Discount = 4,
}

public enum FinancingStatus : byte
{
    /// <summary>The units are reserved for the financier while it decides.</summary>
    Applied = 1,

    /// <summary>Two parties reviewed it; a commitment holds the units.</summary>
    Approved = 2,

    /// <summary>The registry has it.</summary>
    Registered = 3,

    /// <summary>The money is out: the units have moved or are pledged.</summary>
    Disbursed = 4,

    /// <summary>The applicant paid it back.</summary>
    Repaid = 5,

    /// <summary>The obligor paid every unit.</summary>
    Matured = 6,

    /// <summary>The applicant took the units back after dishonour.</summary>
    BoughtBack = 7,

    /// <summary>The payout came back, and everything is as it was before.</summary>
    Reversed = 8,

    /// <summary>The financier let go before paying out.</summary>
    Released = 9,

    /// <summary>Reservation or commitment ran out.</summary>
    Lapsed = 10,

    /// <summary>The applicant took its application back.</summary>
    Withdrawn = 11,

    /// <summary>A mistake, undone by both parties and a reviewer.</summary>
    Corrected = 12,

    /// <summary>Paid, and what was over went back to the applicant.</summary>
    Settled = 13,
}

/// <summary>A run of units with the leg that they had before a financing moved them, for the case that it is undone.</summary>
public sealed record EarlierLeg(Interval Units, Leg Leg);

/// <summary>
/// Money raised on units. Rates, fees and what follows from them are only in <paramref name="Terms"/> as salted digests; what moves units or
/// charges a line is plain. <paramref name="Start"/> is the day of the payout, before it <see cref="DateOnly.MinValue"/>,
/// and so is <paramref name="EndedOn"/>, the day on which its money was back, before that.
/// <paramref name="Query"/> and <paramref name="Registration"/> are the latest attestations of the registry, <paramref name="Drawn"/> what it
/// occupies of its line now, and <paramref name="Before"/> the legs that its units had, where they moved. <paramref name="Hand"/> signed for the
/// applicant: that party itself, or its agent. <paramref name="Margin"/> is by how much the units that secure it may exceed what is owed: what they were worth
/// above the principal, less what was let go with units that were not needed any more.
/// </summary>
public sealed record Financing(
    Id<Financing> Id,
    FinancingForm Form,
    FinancingStatus Status,
    PartyId Applicant,
    PartyId Hand,
    PartyId Financier,
    PartyId? Reviewer,
    Id<Instrument> Instrument,
    ValueList<Interval> Units,
    Currency Currency,
    Amount Principal,
    DateOnly Start,
    DateOnly End,
    DateOnly EndedOn,
    InterestTerms Interest,
    ValueList<Id<Document>> Documents,
    ValueList<Hash256> Terms,
    Timestamp AppliedAt,
    Timestamp ReservedUntil,
    Timestamp CommittedUntil,
    Id<Attestation> Query,
    Id<Attestation> Registration,
    string BankReference,
    Id<CreditLine> Line,
    Amount Drawn,
    Amount Margin,
    ValueList<EarlierLeg> Before,
    Timestamp EndedAt = default);

/// <summary>Units held for one bank while it decides, from when to just before when.</summary>
public sealed record Reservation(
    Id<Financing> Id,
    PartyId For,
    Id<Instrument> Instrument,
    ValueList<Interval> Units,
    ValueList<Id<Document>> Documents,
    Timestamp From,
    Timestamp Until);
