using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/pledges/{id}</c>: a pledge of documents, under the id of the offer that it was; <c>/v1/pledges?party=</c>: those that a party gave or
/// took, released ones too.
/// </summary>
static class PledgeRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/pledges", "listPledges", Resource.Pledge, "参与方设立或取得的质押", "Pledges of documents that a party gave or took, released ones too", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("party", Schema.Party, "出质人或质权人", "pledgor or pledgee", required: true)
            .Paged(Shown.Pledge);
        v1.Get("/pledges/{id}", "getPledge", Resource.Pledge, "一项贸易材料质押", "A pledge of documents, under the id of the offer that it was", context => One.Answer(context.Request, ledger, problems, Shown.Pledge))
            .AtHeight()
            .Answering(Shown.Pledge.SchemaAsOf);
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, ["party", Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!PartyId.TryParse(query["party"], out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        return Page.OfNouns(request, ledger, problems, query, Shown.Pledge, (slice, height) => ledger.Views.PledgesOf(party, height, slice));
    }
}
