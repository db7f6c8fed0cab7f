using System.Text.Json;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/parties/{id}</c>: a party with its keys, those that ended too.</summary>
static class PartyRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems) =>
        v1.Get("/parties/{id}", "getParty", Resource.Party, "参与方及其密钥", "A party with its keys, those that ended too", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object(
                "Party", [Member.Party("id"), Member.Text("name"), new("roles", Schema.List(Schema.Names<Roles>())), Member.Text("region").Optional,
                Member.Names<SizeClass>("size"), Member.Text("industryChain").Optional, Member.Party("sponsor").Optional, Member.Names<Standing>("standing"), Member.Bool("validator"),
                new("control", Schema.Object(
                    "Control", Member.Party("controller").Optional, Member.Date("since"), new("saidBy", Schema.List(Schema.Party)), Member.Hash("evidence"),
                    new("former", Schema.List(Schema.Object("FormerController", Member.Party("controller"), Member.Date("until"))))), IsOptional: true),
                Member.Hash("account").Optional,
                new("policy", Schema.List(Schema.Object("PolicyLimit", Member.Currency("currency"), Member.Amount("perAct"), Member.Amount("perDay"))), IsOptional: true),
                new("keys", Schema.List(Schema.Object(
                    "PartyKey", new("id", Schema.Key), new("publicKey", Schema.Base64Url), Member.Names<KeyUse>("use"), Member.Names<KeyRole>("role"),
                    Member.Text("person").Optional, Member.Time("from").Optional, Member.Time("until").Optional, Member.Number("replaces").Optional, Member.Bool("valid")))),
                .. Schema.AsOf]));

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        var state = moment.StateOf(ThingRef.To(id));
        if (state.Party(id) is not { } party) return problems.Of(Refusal.NotFound);
        var sight = FrontDoor.SightOf(request.HttpContext);
        var isInside = sight.SeesInside(party);
        if (isInside) sight.Show(party.Id);
        return JsonAnswer.Object(json =>
        {
            WriteMembers(json, state, party, isInside);
            json.AsOf(moment.View);
        });
    }

    static void WriteMembers(Utf8JsonWriter json, LedgerState state, Party party, bool isInside)
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
        if (state.Control(party.Id) is { } control) WriteControl(json, control);
        if (isInside) WriteInside(json, party);
        var keys = Enumerable.Range(1, (int)party.LastKey).Select(number => state.Key(new(party.Id, (uint)number))).OfType<PartyKey>();
        json.Objects("keys", keys, (json, key) =>
        {
            json.WriteString("id", key.Id.ToString());
            json.WriteString("publicKey", key.PublicKey.ToString());
            json.Name("use", key.Use);
            json.Name("role", key.Role);
            if (isInside) json.Text("person", key.Person);
            json.Time("from", key.From);
            if (key.Until != PartyKey.Forever) json.Time("until", key.Until);
            if (key.Replaces != 0) json.WriteNumber("replaces", key.Replaces);
            json.WriteBoolean("valid", key.IsValidAt(state.Now));
        });
    }

    static void WriteControl(Utf8JsonWriter json, Control control)
    {
        json.WriteStartObject("control");
        json.Party("controller", control.Controller);
        json.Date("since", control.Since);
        json.List("saidBy", control.SaidBy, static (json, party) => json.WriteStringValue(party.Text));
        json.Hash("evidence", control.Evidence);
        json.Objects("former", control.Former, static (json, former) =>
        {
            json.Party("controller", former.Controller);
            json.Date("until", former.Until);
        });
        json.WriteEndObject();
    }

    // What others could use against it: how much one person may sign for, and where its money goes.
    static void WriteInside(Utf8JsonWriter json, Party party)
    {
        json.Hash("account", party.Account);
        json.Objects("policy", party.Policy, static (json, limit) =>
        {
            json.WriteString("currency", limit.Currency.Code);
            json.Amount("perAct", limit.PerAct);
            json.Amount("perDay", limit.PerDay);
        });
    }
}
