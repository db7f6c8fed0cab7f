using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Private;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/financings/{id}</c>, with what the registry last answered about it; <c>/v1/parties/{id}/financings</c>: those that a party applied for
/// or was asked for, oldest first, ended ones too.
/// </summary>
static class FinancingRoutes
{
    static readonly Schema BackSchema = Schema.Object("MoneyBack", Member.Date("on"), Member.Bool("inOne"), Member.Bool("allPaid"), Member.Amount("received"));

    public static void Map(RouteTable v1, LedgerReader ledger, DisclosureDesk? disclosures, Problems problems)
    {
        v1.Get("/financings/{id}", "getFinancing", Resource.Financing, "一笔融资及登记机构的答复", "A financing, with what the registry last answered", context => One.Answer(context.Request, ledger, problems, Shown.Financing))
            .AtHeight()
            .Answering(Shown.Financing.SchemaAsOf);
        v1.Get(
            "/financings/{id}/reckoning", "getReckoning", Resource.Disclosure, "融资金额的计算依据与本节点所持披露", "What a financing's figures follow from, with the disclosures that this node holds",
            context => Reckon(context.Request, ledger, disclosures, problems))
            .Answering(Schema.Object(
                "Reckoning", Member.Id("financing"), Member.Names<FinancingForm>("form"), Member.Names<FinancingStatus>("status"), Member.Currency("currency"), Member.Amount("principal"),
                Member.Date("start"), Member.Bool("isPaidOut"), Member.Date("end"), Member.Date("payable"), new("interest", Shown.Interest.Schema),
                new("back", BackSchema, IsOptional: true), new("ifToday", BackSchema, IsOptional: true),
                Member.Terms, new("disclosures", Schema.List(Schema.Base64Url)), Member.Time("ledgerTime")));
        v1.Get("/parties/{id}/financings", "listFinancings", Resource.Financing, "参与方申请或被申请的融资", "What a party applied for or was asked for, oldest first", context => List(context.Request, ledger, problems))
            .AtHeight()
            .Paged(Shown.Financing);
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems) =>
        Page.OfParty(request, ledger, problems, Shown.Financing, (party, slice, height) => ledger.Views.FinancingsOf(party, height, slice));

    // Whoever may compute the figures: the financing's two sides, and who sees what its bank's node keeps.
    static IResult Reckon(HttpRequest request, LedgerReader ledger, DisclosureDesk? disclosures, Problems problems)
    {
        if (!Query.TryRead(request, [], out _, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!Id<Financing>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        var state = ledger.View.State.At(ledger.View.State.Height, ledger.LedgerTime);
        var sight = FrontDoor.SightOf(request.HttpContext);
        if (state.Financing(id) is not { } financing || !sight.SeesHidden(financing)) return problems.Of(Refusal.NotFound);

        sight.Show(Guards.Financing, financing);
        var reckoning = disclosures?.Reckon(state, financing) ?? FinancingReckoning.Of(state, financing);
        return JsonAnswer.Object(json =>
        {
            var plan = reckoning.Plan;
            json.Id("financing", financing.Id);
            json.Name("form", financing.Form);
            json.Name("status", financing.Status);
            json.WriteString("currency", financing.Currency.Code);
            json.Amount("principal", plan.Principal);
            json.Date("start", plan.Start);
            json.WriteBoolean("isPaidOut", reckoning.Case.IsPaidOut);
            json.Date("end", plan.End);
            json.Date("payable", plan.Payable);
            json.WriteStartObject("interest");
            Shown.Interest.Write(json, plan.Terms, new(state, sight));
            json.WriteEndObject();
            if (reckoning.Return is { } back) WriteBack(json, "back", back.On, back.InOne, back.AllPaid, back.Received);
            if (reckoning.IfToday is { } now) WriteBack(json, "ifToday", now.On, now.InOne, now.AllPaid, now.Received);
            json.Terms(financing.Terms);
            json.WriteStartArray("disclosures");
            foreach (var disclosure in reckoning.Disclosures) json.WriteStringValue(disclosure);
            json.WriteEndArray();
            json.Time("ledgerTime", ledger.LedgerTime);
        });
    }

    static void WriteBack(Utf8JsonWriter json, string name, DateOnly on, bool inOne, bool allPaid, Amount received)
    {
        json.WriteStartObject(name);
        json.Date("on", on);
        json.WriteBoolean("inOne", inOne);
        json.WriteBoolean("allPaid", allPaid);
        json.Amount("received", received);
        json.WriteEndObject();
    }
}
