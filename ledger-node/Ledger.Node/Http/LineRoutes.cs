using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/lines/{id}</c>: a credit line with what is drawn of it; <c>/v1/parties/{id}/lines</c>: those that a bank keeps, or that are kept for a
/// party's debts.
/// </summary>
static class LineRoutes
{
    static readonly Member[] Members =
    [
        Member.Id("id"), Member.Party("bank"), Member.Party("debtor"), Member.Names<CreditMode>("mode"), Member.Currency("currency"), Member.Amount("limit"),
        Member.Amount("drawn"), Member.Amount("available"), Member.Date("until"),
    ];

    public static void Map(RouteTable v1, NodeLoop node, Problems problems)
    {
        v1.Get("/lines/{id}", "getLine", Resource.Line, "一条授信额度", "A credit line with what is drawn of it", context => Find(context.Request, node.View, problems))
            .Answering(Schema.Object("CreditLineAsOf", [.. Members, .. Schema.AsOf]));
        v1.Get("/parties/{id}/lines", "listLines", Resource.Line, "参与方的授信额度", "Lines that a bank keeps, or that are kept for a party's debts", context => List(context.Request, node, problems))
            .Paged("lines", Schema.Object("CreditLine", Members));
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
