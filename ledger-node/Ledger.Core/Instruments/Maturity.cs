using Ledger.Core.Interest;
using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

/// <summary>What is owed on units beside their principal: late interest runs from <paramref name="From"/>, on top of what was earned and not paid before.</summary>
public sealed record LateClaim(Interval Units, DateOnly From, Amount Interest, Amount Costs);

/// <summary>
/// A due date that passed and was not paid for all units: so many were live when the payable day ended and were retired by no payment valued by then.
/// None any more when it turned out that everything had been paid in time; it stays on record, for such a payment may go back.
/// </summary>
public sealed record MissedDate(DateOnly DueDate, Amount Unpaid);

/// <summary>
/// An instrument's life at and after its due date. There is none while everything is ordinary. <paramref name="LateRate"/> is the agreed one, a
/// day, null for the statutory; <paramref name="Missed"/> holds each due date that passed unpaid, once; late interest stops growing at
/// <paramref name="InterestStops"/> (insolvency), <see cref="DateOnly.MaxValue"/> for never. <paramref name="Claims"/> follow the units.
/// </summary>
public sealed record Maturity(
    Id<Instrument> Instrument,
    Rate? LateRate,
    ValueList<MissedDate> Missed,
    DateOnly InterestStops,
    ValueList<LateClaim> Claims)
{
    /// <summary>The due dates on which it was not paid in time.</summary>
    public ValueList<DateOnly> OverdueOn => [.. Missed.Where(static missed => !missed.Unpaid.IsZero).Select(static missed => missed.DueDate)];
}

public enum PaymentStatus : byte
{
    Received = 1,

    /// <summary>The bank took it back: everything that it paid is owed again.</summary>
    Returned = 2,

    /// <summary>Somebody who was paid, or who paid, says that it is not right; nothing moves by itself.</summary>
    Disputed = 3,

    /// <summary>Nothing of it was received by its own record: a bank says what is on its way to others, and these say what came.</summary>
    Announced = 4,
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
public sealed record PaymentShare(PartyId Payee, Amount Costs, Amount Interest, ValueList<Interval> Retired)
{
    public Amount Total => Retired.Aggregate(Costs + Interest, static (sum, units) => sum + units.Amount);
}

/// <summary>What a bank says is on its way to one payee whom it does not serve; that payee, or its bank, says whether it came.</summary>
public sealed record AnnouncedShare(PartyId Payee, Amount Amount);

/// <summary>
/// Money that a bank says arrived for an instrument. <paramref name="Shares"/> are what was received; <paramref name="Announced"/> what still waits, until
/// <paramref name="AnnouncedUntil"/>, for the word of those to whom it goes: it pays nothing. <paramref name="Reference"/> is the bank's and unique on the ledger.
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
    ValueList<LateClaim> ClaimsAfter,
    ValueList<AnnouncedShare> Announced,
    Timestamp AnnouncedUntil,
    Timestamp EndedAt = default)
{
    /// <summary>What it paid: the sum of its shares. What is announced, or whose it is nobody knows yet, pays nothing.</summary>
    public Amount Received => Shares.Aggregate(Amount.Zero, static (sum, share) => sum + share.Total);

    /// <summary>What waits for somebody's word now, whether or not its end has been tidied away.</summary>
    public ValueList<AnnouncedShare> OpenAt(Timestamp now) => AnnouncedUntil > now ? Announced : [];
}

/// <summary>Which act spent a bank's reference. A reference is good once on its value date, whatever becomes of the act.</summary>
public sealed record BankReference(DateOnly ValueDate, string Text, PartyId Bank, UInt128 Act, Timestamp At);
