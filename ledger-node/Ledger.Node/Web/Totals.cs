using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Web;

/// <summary>Sums over what the onlooker may see, in one currency: every instrument is counted once, from its tokens.</summary>
public sealed class Totals(Currency currency)
{
    public Currency Currency { get; } = currency;

    /// <summary>Live units.</summary>
    public UInt128 Outstanding { get; private set; }

    public UInt128 IssuedToday { get; private set; }

    /// <summary>Principal of financings whose money is out and not back.</summary>
    public UInt128 Financed { get; private set; }

    public UInt128 DueInWeek { get; private set; }

    public UInt128 DueInMonth { get; private set; }

    public UInt128 Overdue { get; private set; }

    public UInt128 Redeemed { get; private set; }

    /// <summary>Outstanding by the obligor who owes it.</summary>
    public Dictionary<PartyId, UInt128> ByObligor { get; } = [];

    /// <summary>What falls due in each month, as its first day.</summary>
    public SortedDictionary<DateOnly, UInt128> DueByMonth { get; } = [];

    public SortedDictionary<DateOnly, UInt128> IssuedByDay { get; } = [];

    /// <summary>One for each currency that occurs; yuan always, and first.</summary>
    public static IReadOnlyList<Totals> Of(Visit visit, IEnumerable<Instrument> instruments)
    {
        var totals = new Dictionary<Currency, Totals> { [Currency.Cny] = new(Currency.Cny) };
        Totals In(Currency currency) => totals.TryGetValue(currency, out var one) ? one : totals[currency] = new(currency);

        foreach (var instrument in instruments)
        {
            if (visit.Library.Tokens(instrument) is { Count: > 0 } tokens) In(instrument.Currency).Add(visit.State, instrument, tokens);
        }

        foreach (var financing in visit.Library.Financings())
        {
            if (financing.Status == FinancingStatus.Disbursed) In(financing.Currency).Financed += financing.Principal.Minor;
        }

        return [.. totals.Values.OrderBy(one => one.Currency == Currency.Cny ? "" : one.Currency.Code, StringComparer.Ordinal)];
    }

    void Add(LedgerState state, Instrument instrument, IReadOnlyList<Token> tokens)
    {
        UInt128 live = 0, paid = 0;
        foreach (var token in tokens)
        {
            if (token.State == UnitState.Live) live += token.Units.Length;
            if (token.State == UnitState.Paid) paid += token.Units.Length;
        }

        Outstanding += live;
        Redeemed += paid;
        if (instrument.IssueDate == state.Today) IssuedToday += instrument.Face.Minor;
        IssuedByDay[instrument.IssueDate] = IssuedByDay.GetValueOrDefault(instrument.IssueDate) + instrument.Face.Minor;
        if (live == 0) return;

        ByObligor[instrument.Obligor] = ByObligor.GetValueOrDefault(instrument.Obligor) + live;
        var payable = Rulebook.PayableDay(state, instrument);
        var month = new DateOnly(instrument.DueDate.Year, instrument.DueDate.Month, 1);
        DueByMonth[month] = DueByMonth.GetValueOrDefault(month) + live;
        if (payable < state.Today) Overdue += live;
        else if (payable <= state.Today.AddDays(7)) DueInWeek += live;
        if (payable >= state.Today && payable <= state.Today.AddDays(30)) DueInMonth += live;
    }
}
