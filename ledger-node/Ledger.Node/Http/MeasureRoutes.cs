using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/measures/{id}</c>, settled ones too; <c>/v1/measures?party=</c>: those that are not settled and concern a party, oldest first (异议期内、待裁定).
/// </summary>
static class MeasureRoutes
{
    static readonly string[] Sides = ["party"];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/measures", "listMeasures", Resource.Offer, "涉及一方、尚未了结的措施，由早到晚", "Measures that concern a party and are not settled, oldest first", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("party", Schema.Party, "所涉参与方", "whom they concern")
            .Paged(Shown.Measure);
        v1.Get("/measures/{id}", "getMeasure", Resource.Offer, "一项措施，已了结的也在内", "A measure, settled ones too", context => One.Answer(context.Request, ledger, problems, Shown.Measure))
            .AtHeight()
            .Answering(Shown.Measure.SchemaAsOf);
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [.. Sides, Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryParty(Sides, out _, out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        return Page.OfNouns(request, ledger, problems, query, Shown.Measure, (slice, height) => ledger.Views.OpenMeasuresOf(party, height, slice));
    }
}
