using System.Text.Json;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/parties/{id}</c>: a party with its keys, those that ended too.</summary>
static class PartyRoutes
{
    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems) =>
        v1.MapGet("/parties/{id}", async context => await Find(context.Request, node.View, problems).ExecuteAsync(context));

    static IResult Find(HttpRequest request, NodeView view, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (view.State.Party(id) is not { } party) return problems.Of(Refusal.NotFound);
        return JsonAnswer.Object(json =>
        {
            WriteMembers(json, view.State, party);
            json.AsOf(view);
        });
    }

    static void WriteMembers(Utf8JsonWriter json, LedgerState state, Party party)
    {
        json.Party("id", party.Id);
        json.WriteString("name", party.Name);
        json.List("roles", Enum.GetValues<Roles>().Where(role => role != Roles.None && party.Has(role)), static (json, role) => json.WriteStringValue(ApiJson.Name(role)));
        json.Text("region", party.Region);
        json.Name("size", party.Size);
        json.Text("industryChain", party.IndustryChain);
        json.Party("sponsor", party.Sponsor);
        json.Name("standing", party.Standing);
        json.WriteBoolean("validator", state.Validator(party.Id) is not null);
        json.Hash("account", party.Account);
        json.Objects("policy", party.Policy, static (json, limit) =>
        {
            json.WriteString("currency", limit.Currency.Code);
            json.Amount("perAct", limit.PerAct);
            json.Amount("perDay", limit.PerDay);
        });
        var keys = Enumerable.Range(1, (int)party.LastKey).Select(number => state.Key(new(party.Id, (uint)number))).OfType<PartyKey>();
        json.Objects("keys", keys, (json, key) =>
        {
            json.WriteString("id", key.Id.ToString());
            json.WriteString("publicKey", key.PublicKey.ToString());
            json.Name("use", key.Use);
            json.Name("role", key.Role);
            json.Text("person", key.Person);
            json.Time("from", key.From);
            if (key.Until != PartyKey.Forever) json.Time("until", key.Until);
            if (key.Replaces != 0) json.WriteNumber("replaces", key.Replaces);
            json.WriteBoolean("valid", key.IsValidAt(state.Now));
        });
    }
}
