using System.Text.Json;
using Ledger.Core.Instruments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/lines/{id}</c>: a credit line with what is drawn of it; <c>/v1/parties/{id}/lines</c>: those that a bank keeps, or that are kept for a
/// party's debts.
/// </summary>
static class LineRoutes
{
    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems)
    {
        v1.MapGet("/lines/{id}", async context => await Find(context.Request, node.View, problems).ExecuteAsync(context));
        v1.MapGet("/parties/{id}/lines", async context => await List(context.Request, node, problems).ExecuteAsync(context));
    }

    static IResult List(HttpRequest request, NodeLoop node, Problems problems)
    {
        var view = node.View;
        return Page.OfParty(
            request, problems, view, "lines", party => node.Index.LinesOf(party).Select(view.State.Line).OfType<CreditLine>(),
            static one => new(one.Id.Value, 0), WriteMembers);
    }

    static IResult Find(HttpRequest request, NodeView view, Problems problems) =>
        One.Answer<CreditLine, CreditLine>(request, view, problems, view.State.Line, WriteMembers);

    static void WriteMembers(Utf8JsonWriter json, CreditLine line)
    {
        json.Id("id", line.Id);
        json.Party("bank", line.Bank);
        json.Party("debtor", line.Debtor);
        json.Name("mode", line.Mode);
        json.WriteString("currency", line.Currency.Code);
        json.Amount("limit", line.Limit);
        json.Amount("drawn", line.Drawn);
        json.Amount("available", line.Available);
        json.Date("until", line.Until);
    }
}
