using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>A number that law or the consortium's policy sets. Genesis states every one of them; none has a default.</summary>
public enum RuleParameter : ushort
{
    /// <summary>Days in which an obligor must answer a request (条例 16: 30, calendar days).</summary>
    ConfirmationDays = 1,

    /// <summary>1: a period that ends on a closed day runs to the next working day; 0: it does not.</summary>
    ConfirmationRollsOver = 2,

    /// <summary>The longest time an offer may stand open, in days.</summary>
    OfferMaximumDays = 3,

    /// <summary>How long a reservation for a financing lasts, in hours.</summary>
    ReservationHours = 4,

    /// <summary>How long an unconfirmed key rotation waits for a veto, in hours.</summary>
    RotationDelayHours = 5,

    /// <summary>The longest term of a mandate, in days.</summary>
    MandateMaximumDays = 6,

    /// <summary>The smallest transfer, in minor units.</summary>
    MinimumTransfer = 7,

    /// <summary>How many hands units may pass through after the first.</summary>
    MaximumDepth = 8,

    /// <summary>Into how many tokens one instrument may be split.</summary>
    MaximumTokens = 9,

    /// <summary>1: issue and trade need a contract beside the invoices; 0: invoices are enough.</summary>
    ContractRequired = 10,

    /// <summary>Double-pledge attempts of one party that go on the record in a day.</summary>
    AttemptsPerDay = 11,

    /// <summary>Unexpired ids that live longer than ten minutes, for each party.</summary>
    LongLivedIds = 12,

    /// <summary>Tenor of a receivable that needs no justification, in months.</summary>
    ReceivableTenorMonths = 13,

    /// <summary>Tenor of a receivable that no justification lengthens, in months.</summary>
    ReceivableTenorMaximumMonths = 14,

    /// <summary>Longest tenor of a bill, in months (令〔2022〕4号 25: 6).</summary>
    BillTenorMonths = 15,

    /// <summary>Longest financing, in months.</summary>
    FinancingTenorMonths = 16,

    /// <summary>Largest share of the units' amount that may be financed, in basis points.</summary>
    FinancingShareBasisPoints = 17,

    /// <summary>Late interest a day where none was agreed, in millionths (条例 17: 0.05 % = 500).</summary>
    LateInterestMillionths = 18,

    /// <summary>1: a due day on a closed day is payable on the next working day without penalty; 0: it is not.</summary>
    DueDateRollsOver = 19,

    /// <summary>How long an act against a holder can be contested before it takes effect, in hours.</summary>
    ContestHours = 20,

    /// <summary>For how long after a registration the sponsor and the party that it brought in are not independent of each other, in days.</summary>
    IndependenceDays = 21,

    /// <summary>The longest freeze on one institution's word, in hours.</summary>
    EmergencyFreezeHours = 22,

    /// <summary>How long an announced payment waits for its payees' banks, in days.</summary>
    AnnouncementDays = 23,

    /// <summary>The one-year loan prime rate (一年期 LPR), the least that a small creditor's agreed late rate may be (条例 17), in millionths a year.</summary>
    LprMillionths = 24,

    /// <summary>
    /// 1: whoever approves or pays out a financing has its documents reserved with other consortia (decision 0095); 0: it need not. Ledgers are older than it: a set says it where it is 1, and without it it is 0.
    /// </summary>
    PledgeReservation = 25,
}

/// <summary>The parameters in force from a date, in the order of their numbers.</summary>
public sealed record RuleSet(DateOnly From, ValueList<long> Values)
{
    public static readonly int ParameterCount = Enum.GetValues<RuleParameter>().Length;

    /// <summary>Every set states so many, whatever they are. Those behind came later, and are stated up to the last one that is not 0.</summary>
    public const int AlwaysStated = (int)RuleParameter.LprMillionths;

    public long this[RuleParameter parameter] => (int)parameter <= Values.Count ? Values[(int)parameter - 1] : 0;

    public bool Is(RuleParameter parameter) => this[parameter] != 0;

    /// <summary>Whether values are as a set has them, in their one form.</summary>
    public static bool AreComplete(ValueList<long> values) => values.Count >= AlwaysStated && values.Count <= ParameterCount && (values.Count == AlwaysStated || values[^1] != 0);

    /// <summary>Up to here no deadline, depth or count that follows from the parameter can leave its range.</summary>
    public static long Greatest(RuleParameter parameter) => parameter switch
    {
        RuleParameter.ConfirmationDays or RuleParameter.OfferMaximumDays or RuleParameter.MandateMaximumDays
            or RuleParameter.AnnouncementDays => 366,
        RuleParameter.ReservationHours or RuleParameter.RotationDelayHours or RuleParameter.ContestHours => 366 * 24,
        RuleParameter.EmergencyFreezeHours => 31 * 24,
        RuleParameter.IndependenceDays => 3_660,
        RuleParameter.MinimumTransfer => (long)Amount.MaxMinor,
        RuleParameter.MaximumDepth or RuleParameter.AttemptsPerDay => ushort.MaxValue - 1,
        RuleParameter.MaximumTokens => 30_000,
        RuleParameter.LongLivedIds => 10_000_000,
        RuleParameter.ReceivableTenorMonths or RuleParameter.ReceivableTenorMaximumMonths or RuleParameter.BillTenorMonths
            or RuleParameter.FinancingTenorMonths => 12 * 100,
        RuleParameter.FinancingShareBasisPoints => 10_000,
        RuleParameter.LateInterestMillionths or RuleParameter.LprMillionths => 1_000_000,
        RuleParameter.ConfirmationRollsOver or RuleParameter.ContractRequired or RuleParameter.DueDateRollsOver or RuleParameter.PledgeReservation => 1,
    };
}

/// <summary>Days that are closed though they are weekdays and days that are open though they are not (国务院放假安排), as data.</summary>
public sealed class Calendar(IEnumerable<DateOnly> closed, IEnumerable<DateOnly> open)
{
    readonly SortedSet<DateOnly> closed = [.. closed];
    readonly SortedSet<DateOnly> open = [.. open];

    public IReadOnlyCollection<DateOnly> Closed => closed;

    public IReadOnlyCollection<DateOnly> Open => open;

    public bool IsWorkingDay(DateOnly date) =>
        open.Contains(date) || (!closed.Contains(date) && date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));

    /// <summary>The date itself when it is a working day, or the next one that is.</summary>
    public DateOnly RollForward(DateOnly date)
    {
        while (!IsWorkingDay(date)) date = date.AddDays(1);
        return date;
    }
}
