using Ledger.Core.Instruments;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Web;

/// <summary>The one word for where a run of units stands today.</summary>
public enum UnitStanding
{
    Held,
    InTransfer,
    InFinancing,
    Pledged,
    Frozen,
    Presented,
    InRecourse,
    Locked,
    Due,
    Overdue,
    Redeemed,
    Extinguished,
}

public static class UnitStandings
{
    /// <summary>What binds the units comes before the calendar, and a freeze before everything.</summary>
    public static UnitStanding Of(LedgerState state, Instrument instrument, Token token)
    {
        if (token.State == UnitState.Paid) return UnitStanding.Redeemed;
        if (token.State == UnitState.Extinguished) return UnitStanding.Extinguished;

        var standing = UnitStanding.Held;
        foreach (var burden in token.Encumbrances)
        {
            if (!burden.BindsAt(state.Now)) continue;
            var one = Of(burden.Kind);
            if (one == UnitStanding.Frozen) return one;
            if (standing == UnitStanding.Held) standing = one;
        }

        if (standing != UnitStanding.Held || instrument.DueDate == DateOnly.MinValue || state.Today < instrument.DueDate) return standing;
        return state.Today > Rulebook.PayableDay(state, instrument) ? UnitStanding.Overdue : UnitStanding.Due;
    }

    static UnitStanding Of(EncumbranceKind kind) => kind switch
    {
        EncumbranceKind.Offer => UnitStanding.InTransfer,
        EncumbranceKind.Reservation or EncumbranceKind.Commitment => UnitStanding.InFinancing,
        EncumbranceKind.Pledge => UnitStanding.Pledged,
        EncumbranceKind.Freeze => UnitStanding.Frozen,
        EncumbranceKind.Presentation => UnitStanding.Presented,
        EncumbranceKind.Recourse => UnitStanding.InRecourse,
        EncumbranceKind.NotTransferable or EncumbranceKind.Mismatch => UnitStanding.Locked,
        EncumbranceKind.Guarantee => UnitStanding.Held,
    };
}
