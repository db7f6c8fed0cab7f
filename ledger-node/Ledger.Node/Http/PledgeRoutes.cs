using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/pledges/{id}</c>: a pledge of documents, under the id of the offer that it was; <c>/v1/pledges?party=</c>: those that a party gave or
/// took, released ones too.
/// </summary>
static class PledgeRoutes
{
    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems)
    {
        v1.MapGet("/pledges", async context => await List(context.Request, node, problems).ExecuteAsync(context));
        v1.MapGet("/pledges/{id}", async context => await Find(context.Request, node.View, problems).ExecuteAsync(context));
    }

    static IResult List(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryRead(request, ["party", Page.Cursor, Page.Limit], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!PartyId.TryParse(query["party"], out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        var view = node.View;
        return Page.Answer(
            problems, query, view, "pledges", node.Index.PledgesOf(party).Select(view.State.Pledge).OfType<Pledge>(),
            static one => new((UInt128)one.Since.UnixMilliseconds, one.Id.Value), WriteMembers);
    }

    static IResult Find(HttpRequest request, NodeView view, Problems problems) =>
        One.Answer<Offer, Pledge>(request, view, problems, view.State.Pledge, WriteMembers);

    static void WriteMembers(Utf8JsonWriter json, Pledge pledge)
    {
        json.Id("id", pledge.Id);
        json.Party("pledgor", pledge.Pledgor);
        json.Party("pledgee", pledge.Pledgee);
        json.WriteString("currency", pledge.Currency.Code);
        json.Amount("amount", pledge.Amount);
        json.Uses("documents", pledge.Documents);
        json.Time("since", pledge.Since);
        json.WriteBoolean("released", pledge.Released);
    }
}
