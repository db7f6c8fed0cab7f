using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>A receivable runs longer than is usual, with a justification or its holders' consent; whoever watches tenors is told.</summary>
public sealed record IssueFlagged(Id<Instrument> Instrument, DateOnly DueDate) : LedgerEvent<IssueFlagged>, IEvent
{
    public static (string Chinese, string English) Words => ("开立期限已标记", "tenor flagged");

    public override LedgerState Enact(LedgerState state) => state;

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Instrument.Is(Instrument), Details.DueDate.Is(DueDate)];
}

public static partial class Rulebook
{
    /// <summary>A receivable's tenor is judged from its issue date, by the rules of that day: no justification lengthens it beyond the maximum.</summary>
    internal static Verdict.Refused? JudgeTenor(LedgerState state, DateOnly issued, DateOnly due)
    {
        var latest = LatestDue(state, issued, RuleParameter.ReceivableTenorMaximumMonths);
        return due > latest ? new(Refusal.TenorTooLong, new(Reference: Written(due), Reason: Written(latest))) : null;
    }

    internal static bool IsUsualTenor(LedgerState state, DateOnly issued, DateOnly due) => due <= LatestDue(state, issued, RuleParameter.ReceivableTenorMonths);

    internal static DateOnly LatestDue(LedgerState state, DateOnly issued, RuleParameter months) => MonthsAfter(issued, (int)state.RulesAt(issued)[months]);

    // By the calendar; a day that the month lacks is its last. No debt outlives the years that a date has.
    internal static DateOnly MonthsAfter(DateOnly day, int months) => day.Year + (months / 12) + 1 >= LastDue.Year ? LastDue : day.AddMonths(months);

    static readonly DateOnly LastDue = new(9998, 12, 31);

    internal static string Written(DateOnly date) => FormattableString.Invariant($"{date:yyyy-MM-dd}");
}
