using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/lines/{id}</c>: a credit line with what is drawn of it; <c>/v1/parties/{id}/lines</c>: those that a bank keeps, or that are kept for a
/// party's debts.
/// </summary>
static class LineRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/lines/{id}", "getLine", Resource.Line, "一条授信额度", "A credit line with what is drawn of it", context => One.Answer(context.Request, ledger, problems, Shown.Line))
            .AtHeight()
            .Answering(Shown.Line.SchemaAsOf);
        v1.Get("/parties/{id}/lines", "listLines", Resource.Line, "参与方的授信额度", "Lines that a bank keeps, or that are kept for a party's debts", context => List(context.Request, ledger, problems))
            .AtHeight()
            .Paged(Shown.Line);
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems) =>
        Page.OfParty(request, ledger, problems, Shown.Line, (party, slice, height) => ledger.Views.LinesOf(party, height, slice));
}
