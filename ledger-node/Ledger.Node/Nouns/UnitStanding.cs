using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Nouns;

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
    public static Word NameOf(UnitStanding standing) => standing switch
    {
        UnitStanding.Held => new("持有", "held"),
        UnitStanding.InTransfer => new("流转中", "in transfer"),
        UnitStanding.InFinancing => new("融资中", "financing"),
        UnitStanding.Pledged => new("已质押", "pledged"),
        UnitStanding.Frozen => new("冻结", "frozen"),
        UnitStanding.Presented => new("提示付款", "presented for payment"),
        UnitStanding.InRecourse => new("追索中", "in recourse"),
        UnitStanding.Locked => new("已锁定", "locked"),
        UnitStanding.Due => new("到期待兑付", "due"),
        UnitStanding.Overdue => new("逾期", "overdue"),
        UnitStanding.Redeemed => new("已兑付", "redeemed"),
        UnitStanding.Extinguished => new("已消灭", "extinguished"),
    };

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
