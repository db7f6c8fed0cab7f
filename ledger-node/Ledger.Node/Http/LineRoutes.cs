using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.State;
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

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/lines/{id}", "getLine", Resource.Line, "一条授信额度", "A credit line with what is drawn of it", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("CreditLineAsOf", [.. Members, .. Schema.AsOf]));
        v1.Get("/parties/{id}/lines", "listLines", Resource.Line, "参与方的授信额度", "Lines that a bank keeps, or that are kept for a party's debts", context => List(context.Request, ledger, problems))
            .AtHeight()
            .Paged("lines", Schema.Object("CreditLine", Members));
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems) => Page.OfParty<CreditLine, CreditLine>(
        request, ledger, problems, "lines", Resource.Line, (party, slice, height) => ledger.Views.LinesOf(party, height, slice), static (state, id) => state.Line(id), WriteMembers);

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems) =>
        One.Answer<CreditLine, CreditLine>(request, ledger, problems, static (state, id) => state.Line(id), WriteMembers);

    static void WriteMembers(Utf8JsonWriter json, CreditLine line, LedgerState state)
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
