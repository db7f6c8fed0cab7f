using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/parties/{id}</c>: a party with its keys, those that ended too.</summary>
static class PartyRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems) =>
        v1.Get("/parties/{id}", "getParty", Resource.Party, "参与方及其密钥", "A party with its keys, those that ended too", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("Party", [.. Shown.Party.Members, .. Schema.AsOf]));

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        var state = moment.StateOf(ThingRef.To(id));
        if (state.Party(id) is not { } party) return problems.Of(Refusal.NotFound);
        var sight = FrontDoor.SightOf(request.HttpContext);
        if (sight.SeesInside(party)) sight.Show(party.Id);
        return JsonAnswer.Object(json =>
        {
            Shown.Party.Write(json, party, new(state, sight));
            json.AsOf(moment.View);
        });
    }
}
