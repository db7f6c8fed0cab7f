using Ledger.Core.Interest;
using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

/// <summary>What is owed on units beside their principal: late interest runs from <paramref name="From"/>, on top of what was earned and not paid before.</summary>
public sealed record LateClaim(Interval Units, DateOnly From, Amount Interest, Amount Costs);

/// <summary>
/// An instrument's life at and after its due date. There is none while everything is ordinary. <paramref name="LateRate"/> is the agreed one, a
/// day, null for the statutory; <paramref name="OverdueOn"/> holds each due date that passed unpaid, once; late interest stops growing at
/// <paramref name="InterestStops"/> (insolvency), <see cref="DateOnly.MaxValue"/> for never. <paramref name="Claims"/> follow the units.
/// </summary>
public sealed record Maturity(
    Id<Instrument> Instrument,
    Rate? LateRate,
    ValueList<DateOnly> OverdueOn,
    DateOnly InterestStops,
    ValueList<LateClaim> Claims);

public enum PaymentStatus : byte
{
    Received = 1,

    /// <summary>The bank took it back: everything that it paid is owed again.</summary>
    Returned = 2,

    /// <summary>Somebody who was paid, or who paid, says that it is not right; nothing moves by itself.</summary>
    Disputed = 3,
}

/// <summary>What a bank says became of a payment.</summary>
public enum PaymentOutcome : byte
{
    /// <summary>All that is due.</summary>
    Paid = 1,

    PartlyPaid = 2,

    /// <summary>Money came, and whose it is or what for is not agreed.</summary>
    Disputed = 3,
}

/// <summary>One payee's part of a payment: what went to costs and late interest, and which units its principal retired.</summary>
public sealed record PaymentShare(PartyId Payee, Amount Costs, Amount Interest, ValueList<Interval> Retired);

/// <summary>
/// Money that a bank says arrived for an instrument. <paramref name="Reference"/> is the bank's and unique on the ledger.
/// <paramref name="ClaimsBefore"/> are the late claims on all the units that it was for, as they stood before it, and
/// <paramref name="ClaimsAfter"/> those that it left on what it did not retire: they tell whether it can be undone, and restore what was.
/// </summary>
public sealed record Payment(
    Id<Payment> Id,
    Id<Instrument> Instrument,
    PartyId Bank,
    Amount Amount,
    DateOnly ValueDate,
    string Reference,
    PaymentStatus Status,
    ValueList<PaymentShare> Shares,
    ValueList<LateClaim> ClaimsBefore,
    ValueList<LateClaim> ClaimsAfter);

/// <summary>Which act spent a bank's reference. A reference is good once, whatever becomes of the act.</summary>
public sealed record BankReference(string Text, PartyId Bank, UInt128 Act, Timestamp At);
