using System.Collections.Immutable;
using Ledger.Core.Instruments;

namespace Ledger.Core.Rules;

/// <summary>What can happen to a bill, as the bill register tells it.</summary>
public enum BillAct
{
    /// <summary>出票登记.</summary>
    Registration,

    /// <summary>提示承兑.</summary>
    Acceptance,

    /// <summary>提示收票.</summary>
    Delivery,

    /// <summary>撤票.</summary>
    Cancellation,

    /// <summary>背书; a discount goes the same way.</summary>
    Endorsement,

    /// <summary>不得转让撤销.</summary>
    TransferPermission,

    /// <summary>质押.</summary>
    Pledge,

    /// <summary>质押解除.</summary>
    PledgeRelease,

    /// <summary>保证.</summary>
    Guarantee,

    /// <summary>到期.</summary>
    Maturity,

    /// <summary>提示付款.</summary>
    Presentation,

    /// <summary>拒付.</summary>
    Dishonour,

    /// <summary>结清.</summary>
    Payment,

    /// <summary>追索.</summary>
    Recourse,
}

public enum BillStep
{
    /// <summary>One side asks (申请).</summary>
    Asked,

    /// <summary>It happens (签收).</summary>
    Done,

    /// <summary>It does not: refused, withdrawn or run out (拒绝, 撤回, 清退).</summary>
    Undone,
}

/// <summary>One row: an act's step takes an interval from one pair to another.</summary>
public sealed record BillTransition(BillAct Act, BillStep Step, BillPair Before, BillPair After);

/// <summary>
/// Which acts take a bill from which pair of codes to which. It is the register's table; where the ledger is the register it is the ledger's own. A
/// lock that was asked for before maturity may end after it: such rows are written once, for a held bill, and hold for a due one.
/// </summary>
public static class BillTransitions
{
    static readonly BillPair Issued = new(BillStatus.Issued, BillFlow.AwaitsDelivery);
    static readonly BillPair IssuedLocked = new(BillStatus.Issued, BillFlow.Locked);
    static readonly BillPair Accepted = new(BillStatus.Accepted, BillFlow.AwaitsDelivery);
    static readonly BillPair AcceptedLocked = new(BillStatus.Accepted, BillFlow.Locked);
    static readonly BillPair Free = new(BillStatus.Held, BillFlow.Free);
    static readonly BillPair Locked = new(BillStatus.Held, BillFlow.Locked);
    static readonly BillPair Marked = new(BillStatus.Held, BillFlow.NotTransferable);
    static readonly BillPair Pledged = new(BillStatus.Held, BillFlow.Pledged);
    static readonly BillPair DueFree = new(BillStatus.Due, BillFlow.Free);
    static readonly BillPair DueLocked = new(BillStatus.Due, BillFlow.Locked);
    static readonly BillPair DueMarked = new(BillStatus.Due, BillFlow.NotTransferable);
    static readonly BillPair DuePledged = new(BillStatus.Due, BillFlow.Pledged);
    static readonly BillPair Presented = new(BillStatus.Due, BillFlow.Presented);
    static readonly BillPair InRecourse = new(BillStatus.Due, BillFlow.InRecourse);
    static readonly BillPair Ended = new(BillStatus.Ended, BillFlow.Ended);
    static readonly BillPair Settled = new(BillStatus.Settled, BillFlow.Ended);

    public static readonly ImmutableArray<BillTransition> All =
    [
        new(BillAct.Registration, BillStep.Done, default, Issued),
        new(BillAct.Acceptance, BillStep.Asked, Issued, IssuedLocked),
        new(BillAct.Acceptance, BillStep.Done, IssuedLocked, Accepted),
        new(BillAct.Acceptance, BillStep.Undone, IssuedLocked, Issued),
        new(BillAct.Cancellation, BillStep.Done, Issued, Ended),
        new(BillAct.Cancellation, BillStep.Done, Accepted, Ended),
        new(BillAct.Delivery, BillStep.Asked, Accepted, AcceptedLocked),
        new(BillAct.Delivery, BillStep.Done, AcceptedLocked, Free),
        new(BillAct.Delivery, BillStep.Done, AcceptedLocked, Marked),
        new(BillAct.Delivery, BillStep.Undone, AcceptedLocked, Accepted),
        new(BillAct.Endorsement, BillStep.Asked, Free, Locked),
        new(BillAct.Endorsement, BillStep.Done, Locked, Free),
        new(BillAct.Endorsement, BillStep.Done, Locked, Marked),
        new(BillAct.Endorsement, BillStep.Done, Locked, Settled),
        new(BillAct.Endorsement, BillStep.Undone, Locked, Free),
        new(BillAct.TransferPermission, BillStep.Done, Marked, Free),
        new(BillAct.Pledge, BillStep.Asked, Free, Locked),
        new(BillAct.Pledge, BillStep.Done, Locked, Pledged),
        new(BillAct.Pledge, BillStep.Undone, Locked, Free),
        new(BillAct.PledgeRelease, BillStep.Done, Pledged, Free),
        new(BillAct.PledgeRelease, BillStep.Done, InRecourse, InRecourse),
        new(BillAct.Guarantee, BillStep.Asked, Free, Locked),
        new(BillAct.Guarantee, BillStep.Asked, Marked, Locked),
        new(BillAct.Guarantee, BillStep.Done, Locked, Free),
        new(BillAct.Guarantee, BillStep.Done, Locked, Marked),
        new(BillAct.Guarantee, BillStep.Undone, Locked, Free),
        new(BillAct.Guarantee, BillStep.Undone, Locked, Marked),
        new(BillAct.Maturity, BillStep.Done, Free, DueFree),
        new(BillAct.Maturity, BillStep.Done, Locked, DueLocked),
        new(BillAct.Maturity, BillStep.Done, Marked, DueMarked),
        new(BillAct.Maturity, BillStep.Done, Pledged, DuePledged),
        new(BillAct.Presentation, BillStep.Asked, DueFree, Presented),
        new(BillAct.Presentation, BillStep.Asked, DueMarked, Presented),
        new(BillAct.Presentation, BillStep.Asked, DuePledged, Presented),
        new(BillAct.Presentation, BillStep.Undone, Presented, DueFree),
        new(BillAct.Presentation, BillStep.Undone, Presented, DueMarked),
        new(BillAct.Presentation, BillStep.Undone, Presented, DuePledged),
        new(BillAct.Dishonour, BillStep.Done, Presented, InRecourse),
        new(BillAct.Payment, BillStep.Done, DueFree, Settled),
        new(BillAct.Payment, BillStep.Done, DueMarked, Settled),
        new(BillAct.Payment, BillStep.Done, DuePledged, Settled),
        new(BillAct.Payment, BillStep.Done, Presented, Settled),
        new(BillAct.Payment, BillStep.Done, InRecourse, Settled),
        new(BillAct.Recourse, BillStep.Done, InRecourse, InRecourse),
        new(BillAct.Recourse, BillStep.Done, InRecourse, Settled),
    ];

    /// <summary>Whether the act's step takes an interval from <paramref name="before"/> to <paramref name="after"/>.</summary>
    public static bool Allows(BillAct act, BillStep step, BillPair before, BillPair after) =>
        All.Contains(new(act, step, before, after)) || All.Contains(new(act, step, BeforeMaturity(before), BeforeMaturity(after)));

    /// <summary>Whether any act at all does.</summary>
    public static bool Allows(BillPair before, BillPair after) =>
        All.Any(row => (row.Before == before && row.After == after) || (row.Before == BeforeMaturity(before) && row.After == BeforeMaturity(after)));

    /// <summary>Whether the act can begin at <paramref name="before"/>.</summary>
    public static bool Begins(BillAct act, BillPair before) => All.Any(row => row.Act == act && row.Step == FirstStep(act) && row.Before == before);

    /// <summary>
    /// Whether two statements of a pair say the same. That a held bill is due follows from its date alone, and a message that was on its way at
    /// midnight is no contradiction.
    /// </summary>
    public static bool Agree(BillPair one, BillPair other) => BeforeMaturity(one) == BeforeMaturity(other);

    static BillStep FirstStep(BillAct act) => All.Any(row => row.Act == act && row.Step == BillStep.Asked) ? BillStep.Asked : BillStep.Done;

    static BillPair BeforeMaturity(BillPair pair) => pair.Status == BillStatus.Due ? pair with { Status = BillStatus.Held } : pair;
}
