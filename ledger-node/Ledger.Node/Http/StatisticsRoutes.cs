using System.Globalization;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/statistics/metrics</c>: the dictionary; <c>/v1/statistics?metric=&amp;by=&amp;from=&amp;to=&amp;height=</c>: a metric's figures, as JSON or with
/// <c>format=csv</c> for spreadsheets. The same question at the same height has the same answer to the byte.
/// </summary>
static class StatisticsRoutes
{
    const int MostGroups = 4;
    const string CsvType = "text/csv; charset=utf-8";

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/statistics", "getStatistics", Resource.Statistics, "统计指标，按地区、产业链、银行、核心企业、期间", "Figures of a metric, grouped", context => Find(context.Request, ledger, problems))
            .With("metric", Schema.OneOf([.. Metrics.All.Select(metric => metric.Code)]), "指标代码", "the metric's code", required: true)
            .With("by", Schema.Text, "分组，以逗号分隔", "groups, with commas between")
            .With("from", Schema.Date, "首日", "the first day").With("to", Schema.Date, "末日", "the last day")
            .With("format", Schema.OneOf("json", "csv"), "输出格式", "JSON, or CSV for spreadsheets")
            .AtHeight().Refusing(Refusal.StatisticUnknown).Heavy()
            .Answering(Schema.Object(
                "Statistics", Member.Text("metric"), new("unit", Schema.OneOf("minor", "count")), new("by", Schema.List(Schema.Text)), Member.Date("from").Optional, Member.Date("to").Optional,
                Member.Party("party").Optional, new("rows", Schema.List(Schema.Any)), Member.Number("height"), Member.Hash("header"), Member.Hash("sha256")))
            .OrAs(CsvType);
        v1.Get("/statistics/metrics", "getMetrics", Resource.Public, "指标字典", "The dictionary of metrics", _ => Dictionary())
            .Answering(Schema.Object(
                "Metrics",
                new Member("metrics", Schema.List(Schema.Object(
                    "Metric", Member.Text("code"), Member.Text("nameZh"), Member.Text("nameEn"), Member.Text("unit"), Member.Text("definitionZh"), Member.Text("definitionEn"),
                    Member.Text("formula"), Member.Text("source"), Member.Bool("stock"), new("groups", Schema.List(Schema.Text)))))));
    }

    static JsonAnswer Dictionary() => JsonAnswer.Object(json => json.Objects("metrics", Metrics.All, static (json, metric) =>
    {
        json.WriteString("code", metric.Code);
        json.WriteString("nameZh", metric.NameZh);
        json.WriteString("nameEn", metric.NameEn);
        json.WriteString("unit", metric.Unit);
        json.WriteString("definitionZh", metric.DefinitionZh);
        json.WriteString("definitionEn", metric.DefinitionEn);
        json.WriteString("formula", metric.Formula);
        json.WriteString("source", metric.Source);
        json.WriteBoolean("stock", metric.IsStock);
        json.List("groups", metric.Groups, static (json, group) => json.WriteStringValue(group));
    }));

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, ["metric", "by", "from", "to", "format", Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (Metrics.Find(query["metric"]) is not { } metric) return problems.Of(Refusal.StatisticUnknown, query["metric"] ?? "metric");
        string[] by = query["by"] is { Length: > 0 } named ? named.Split(',') : [];
        if (by.Length > MostGroups) return problems.Of(Refusal.QueryInvalid, "by");
        if (by.FirstOrDefault(group => !metric.Groups.Contains(group)) is { } unknown) return problems.Of(Refusal.StatisticUnknown, unknown);
        if (by.Distinct().Count() != by.Length) return problems.Of(Refusal.QueryInvalid, "by");
        if (!TryDay(query["from"], out var from)) return problems.Of(Refusal.QueryInvalid, "from");
        if (!TryDay(query["to"], out var to) || to < from) return problems.Of(Refusal.QueryInvalid, "to");
        if (metric.IsStock && (from ?? to) is not null) return problems.Of(Refusal.StatisticUnknown, "from | to");
        if (query["format"] is not (null or "json" or "csv")) return problems.Of(Refusal.QueryInvalid, "format");
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);

        // Who does not see everybody's figures sees those of what it has a part in.
        var only = query.Sight.SeesAll(Resource.Statistics) ? default : query.Sight.Caller.Principal;
        var table = ledger.Views.Statistics(new(metric, by, from, to, only), moment.Height);
        return query["format"] == "csv" ? TypedResults.Bytes(table.ToCsv(), CsvType, $"{metric.Code}-{moment.Height}.csv") : TypedResults.Bytes(table.ToJson(), JsonAnswer.MediaType);
    }

    static bool TryDay(string? text, out DateOnly? day)
    {
        day = null;
        if (text is null) return true;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)) return false;
        day = read;
        return true;
    }
}
