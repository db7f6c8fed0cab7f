using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

/// <summary>How a financing occupies credit; the modes exclude one another.</summary>
public enum CreditMode : byte
{
    /// <summary>The obligor's general line, from the bank's commitment until the money is back.</summary>
    General = 1,

    /// <summary>A line that the bank keeps for the obligor's supply chain alone (专项授信), from issue until payment; financing what was issued under it draws nothing more.</summary>
    Earmarked = 2,

    /// <summary>No line: the receivable is judged by itself (脱核).</summary>
    None = 3,

    /// <summary>The applicant's own line.</summary>
    Supplier = 4,
}

/// <summary>
/// A bank's limit for one party. Nothing new is drawn above it, nor after <paramref name="Until"/>; drawn exceeds it only by what was lent within it and is
/// owed again, because a payment went back after others had used the room.
/// </summary>
public sealed record CreditLine(
    Id<CreditLine> Id,
    PartyId Bank,
    PartyId Debtor,
    CreditMode Mode,
    Currency Currency,
    Amount Limit,
    Amount Drawn,
    DateOnly Until)
{
    public Amount Available => Amount.Remaining(Limit, Drawn);
}

/// <summary>What an instrument occupies of the earmarked line that it was issued under: its unpaid units.</summary>
public sealed record Earmark(Id<Instrument> Instrument, Id<CreditLine> Line, Amount Drawn);
