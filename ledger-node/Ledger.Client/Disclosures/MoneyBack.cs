using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Disclosures;

/// <summary>
/// How the financier's money came back: the day, and what the units paid. Where their obligor paid, the day is the payments' value date, whenever the
/// ledger was told. <paramref name="Received"/> is no more than units; late interest goes to their payee besides.
/// </summary>
public sealed record MoneyBack(DateOnly On, bool InOne, bool AllPaid, Amount Received)
{
    /// <summary>
    /// As a ledger's state tells it, null while it is not back. Of units that went another way than by payment it knows only where they are now: it says
    /// that the money came in one where they all left the financier on the day that the financing ended, or stayed with the applicant.
    /// </summary>
    public static MoneyBack? Of(LedgerState state, Financing financing)
    {
        if (financing.EndedOn == DateOnly.MinValue || financing.Start == DateOnly.MinValue) return null;
        var units = UnitsOf(financing);
        var payments = new List<UnitsPaid>();
        foreach (var payment in state.AllPayments)
        {
            if (payment.Instrument == financing.Instrument && payment.Status != PaymentStatus.Returned && Retired(payment, financing) is > 0 and var retired)
                payments.Add(new(payment.Id, payment.ValueDate, retired));
        }

        if (Count(state, financing, static token => token.State == UnitState.Paid) == units && payments.Count > 0) return Paid(financing, payments, units);
        var endedBySigning = financing.Status is FinancingStatus.Repaid or FinancingStatus.BoughtBack;
        var inOne = Count(state, financing, token => endedBySigning
            ? token.State != UnitState.Extinguished
            : token.Leg.From == financing.Financier && state.Chain.DateOf(token.Leg.At) == financing.EndedOn);
        return new(financing.EndedOn, inOne == units && payments.Count == 0, AllPaid: false, new(units));
    }

    /// <summary>As the states before and after its end tell it, with what the obligor paid the financier.</summary>
    internal static MoneyBack Of(LedgerState before, LedgerState after, Financing financing, List<UnitsPaid> payments)
    {
        var units = UnitsOf(financing);
        var live = Count(before, financing, static token => token.State == UnitState.Live);
        return Count(after, financing, static token => token.State == UnitState.Paid) < units
            ? new(financing.EndedOn, live == units && payments.Count == 0, AllPaid: false, new(units))
            : Paid(financing, payments, units);
    }

    /// <summary>How many of a financing's units a payment to its financier retired.</summary>
    internal static ulong Retired(Payment payment, Financing financing)
    {
        var units = 0UL;
        foreach (var share in payment.Shares)
        {
            if (share.Payee != financing.Financier) continue;
            foreach (var retired in share.Retired)
            {
                foreach (var run in financing.Units)
                {
                    if (run.Overlaps(retired)) units += run.Intersect(retired).Length;
                }
            }
        }

        return units;
    }

    // Units that were paid to somebody else brought the financier's money back in another way, and on another day.
    static MoneyBack Paid(Financing financing, List<UnitsPaid> payments, ulong units)
    {
        var toFinancier = 0UL;
        foreach (var payment in payments) toFinancier += payment.Units;
        var days = payments.Select(payment => payment.ValueDate).Distinct().ToArray();
        return days is [var day] && toFinancier == units
            ? new(day, InOne: true, AllPaid: true, new(units))
            : new(financing.EndedOn, InOne: false, AllPaid: true, new(units));
    }

    static ulong UnitsOf(Financing financing)
    {
        var units = 0UL;
        foreach (var interval in financing.Units) units += interval.Length;
        return units;
    }

    static ulong Count(LedgerState state, Financing financing, Func<Token, bool> isSo)
    {
        var count = 0UL;
        if (state.Tokens(financing.Instrument) is not { } tokens) return count;
        foreach (var units in financing.Units)
        {
            foreach (var token in tokens.Touching(units))
            {
                if (isSo(token)) count += token.Units.Intersect(units).Length;
            }
        }

        return count;
    }
}

/// <summary>What one payment to the financier retired of a financing's units.</summary>
readonly record struct UnitsPaid(Id<Payment> Id, DateOnly ValueDate, ulong Units);
