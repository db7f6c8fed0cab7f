using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Node.Nouns;
using Ledger.Node.Views;

namespace Ledger.Node.Web;

/// <summary>The dictionary's metrics as a page shows them: the same figures as <c>/v1/statistics</c>, with names instead of numbers where there are names.</summary>
static class Measures
{
    /// <summary>Sums of a metric by its currency; one of no currency for what is counted.</summary>
    public static IReadOnlyDictionary<string, Int128> Totals(Visit v, string code, DateOnly? from = null, DateOnly? to = null) =>
        Metrics.Find(code) is { } metric ? v.Library.Statistics(metric, [], from, to).Rows.ToDictionary(row => row.Currency, row => row.Value) : new();

    public static Sheet SheetOf(Visit v, StatisticsTable table)
    {
        var metric = table.Question.Metric;
        var sheet = new Sheet(
            new(metric.NameZh, metric.NameEn),
            [.. table.Question.By.Select(group => new Column(group, GroupOf(group))), new(metric.Code, new(metric.NameZh, metric.NameEn), metric.IsAmount ? ColumnKind.Money : ColumnKind.Number)]);
        foreach (var row in table.Rows)
            sheet.Add([.. table.Question.By.Zip(row.Group, (group, key) => new Cell(NameOf(v, group, key), HrefOf(group, key))), Figure(v, row)]);
        return sheet;
    }

    /// <summary>A bar for each group, the longest first, except in time.</summary>
    public static IReadOnlyList<Bar> Bars(Visit v, StatisticsTable table, string currency, int most)
    {
        var (metric, by) = (table.Question.Metric, table.Question.By);
        var bars = table.Rows.Where(row => row.Currency == currency && row.Value > 0)
            .Select(row => new Bar(string.Join(' ', by.Zip(row.Group, (group, key) => NameOf(v, group, key))), (UInt128)row.Value, by.Count == 1 ? HrefOf(by[0], row.Group[0]) : null));
        return by.Count > 0 && Metrics.Periods.Contains(by[0]) ? [.. bars.TakeLast(most)] : [.. bars.OrderByDescending(bar => bar.Value).Take(most)];
    }

    public static Currency? CurrencyOf(string code) => Currency.TryParse(code, out var currency) ? currency : null;

    public static Word GroupOf(string group) => group switch
    {
        "province" => Words.ByProvince,
        "city" => Words.ByCity,
        "county" => Words.ByCounty,
        "chain" => Words.ByChain,
        "coreEnterprise" => Words.ByCoreEnterprise,
        "bank" => Words.ByBank,
        "day" => Words.ByDay,
        "month" => Words.ByMonth,
        "quarter" => Words.ByQuarter,
        _ => Words.ByYear,
    };

    static string NameOf(Visit v, string group, string key) => group switch
    {
        _ when key.Length == 0 => v[Words.NotStated],
        "province" => Metrics.ProvinceOf(key) is { } name && v.Language == Client.Text.Language.Chinese ? name : key,
        "coreEnterprise" or "bank" => PartyId.TryParse(key, out var party) ? v.Name(party) : key,
        _ => key,
    };

    static string? HrefOf(string group, string key) => group is "coreEnterprise" or "bank" && PartyId.TryParse(key, out var party) ? Links.Of(party) : null;

    // A sum beyond what one amount can hold, or of which more was undone than done in the period, is told in minor units.
    static Cell Figure(Visit v, StatisticsRow row)
    {
        if (CurrencyOf(row.Currency) is not { } currency) return new(row.Value.ToString("#,##0", CultureInfo.InvariantCulture));
        return row.Value >= 0 && (UInt128)row.Value <= Amount.MaxMinor
            ? Cell.Money(new((ulong)row.Value), currency)
            : new(v[Words.InMinorUnits, row.Value.ToString("#,##0", CultureInfo.InvariantCulture), currency.Code]);
    }
}
