namespace Ledger.Core.Interest;

public enum InterestPayment : byte
{
    /// <summary>Taken from the principal when it is paid out (预收利息).</summary>
    Prepaid = 1,

    /// <summary>Owed with the principal at the end.</summary>
    AtMaturity = 2,
}

/// <summary>
/// How a financing's interest is reckoned. All of it is plain and none of it is a price: rates stay with the parties.
/// <paramref name="AccruesOnRolledDays"/>: whether the days between a due date on a closed day and the day it is payable bear interest.
/// </summary>
public sealed record InterestTerms(
    DayCount DayCount,
    DayBounds Bounds,
    Rounding Rounding,
    InterestPayment Payment,
    bool RefundsUnearned,
    ushort GraceDays,
    bool AccruesOnRolledDays);
