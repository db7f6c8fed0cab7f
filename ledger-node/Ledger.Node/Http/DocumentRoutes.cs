using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/documents/{id}</c>: a document as it was attested, and how much of it is taken; <c>/v1/documents?seller=</c>, <c>?buyer=</c> or
/// <c>?attester=</c>.
/// </summary>
static class DocumentRoutes
{
    static readonly string[] Parties = ["seller", "buyer", "attester"];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/documents", "listDocuments", Resource.Document, "贸易背景材料，按参与方", "Documents of a party", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("seller", Schema.Party, "销售方", "the seller").With("buyer", Schema.Party, "购买方", "the buyer").With("attester", Schema.Party, "登记银行", "the attesting bank")
            .Paged(Shown.Document);
        v1.Get("/documents/{id}", "getDocument", Resource.Document, "一份贸易背景材料及其余额", "A document as it was attested, and how much of it is taken", context => One.Answer(context.Request, ledger, problems, Shown.Document))
            .AtHeight()
            .Answering(Shown.Document.SchemaAsOf);
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [.. Parties, Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryParty(Parties, out var side, out var party)) return problems.Of(Refusal.QueryInvalid, "seller | buyer | attester");
        return Page.OfNouns(
            request, ledger, problems, query, Shown.Document,
            (slice, height) => side switch
            {
                "seller" => ledger.Views.DocumentsSoldBy(party, height, slice),
                "buyer" => ledger.Views.DocumentsBoughtBy(party, height, slice),
                _ => ledger.Views.DocumentsAttestedBy(party, height, slice),
            });
    }
}
