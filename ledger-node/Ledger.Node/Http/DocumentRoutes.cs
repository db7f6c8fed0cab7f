using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/documents/{id}</c>: a document as it was attested, and how much of it is taken; <c>/v1/documents?seller=</c>, <c>?buyer=</c> or
/// <c>?attester=</c>.
/// </summary>
static class DocumentRoutes
{
    static readonly string[] Parties = ["seller", "buyer", "attester"];

    static readonly Member[] Members =
    [
        Member.Id("id"), Member.Names<DocumentKind>("documentKind"), Member.Party("seller"), Member.Party("buyer"), Member.Currency("currency"), Member.Amount("total"),
        Member.Amount("redLetters"), Member.Amount("reserved"), Member.Amount("used"), Member.Amount("available"), Member.Date("date"), Member.Hash("commitment"),
        new("fingerprints", Schema.List(Schema.Object("Fingerprint", Member.Text("scheme"), Member.Number("epoch"), Member.Hash("value")))),
        new("skeletons", Schema.List(Schema.Object("Fingerprint", Member.Text("scheme"), Member.Number("epoch"), Member.Hash("value")))),
        new("distinctFrom", Schema.List(Schema.Id)),
        Member.Party("attester"), Member.Party("sellersHand"), Member.Time("attestedAt"), new("reliant", Schema.List(Schema.Party)),
    ];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/documents", "listDocuments", Resource.Document, "贸易背景材料，按参与方", "Documents of a party", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("seller", Schema.Party, "销售方", "the seller").With("buyer", Schema.Party, "购买方", "the buyer").With("attester", Schema.Party, "登记银行", "the attesting bank")
            .Paged("documents", Schema.Object("Document", Members));
        v1.Get("/documents/{id}", "getDocument", Resource.Document, "一份贸易背景材料及其余额", "A document as it was attested, and how much of it is taken", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("DocumentAsOf", [.. Members, .. Schema.AsOf]));
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [.. Parties, Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryParty(Parties, out var side, out var party)) return problems.Of(Refusal.QueryInvalid, "seller | buyer | attester");
        return Page.OfNouns<Document, Document>(
            request, ledger, problems, query, "documents", Resource.Document,
            (slice, height) => side switch
            {
                "seller" => ledger.Views.DocumentsSoldBy(party, height, slice),
                "buyer" => ledger.Views.DocumentsBoughtBy(party, height, slice),
                _ => ledger.Views.DocumentsAttestedBy(party, height, slice),
            },
            static (state, id) => state.Document(id), WriteMembers);
    }

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems) =>
        One.Answer<Document, Document>(request, ledger, problems, static (state, id) => state.Document(id), WriteMembers);

    static void WriteMembers(Utf8JsonWriter json, Document document, LedgerState state)
    {
        json.Id("id", document.Id);
        json.Name("documentKind", document.Kind);
        json.Party("seller", document.Seller);
        json.Party("buyer", document.Buyer);
        json.WriteString("currency", document.Currency.Code);
        json.Amount("total", document.Total);
        json.Amount("redLetters", document.RedLetters);
        json.Amount("reserved", document.Reserved);
        json.Amount("used", document.Used);
        json.Amount("available", document.Available);
        json.Date("date", document.Date);
        json.Hash("commitment", document.Commitment);
        WriteMarks(json, "fingerprints", document.Fingerprints);
        WriteMarks(json, "skeletons", document.Skeletons);
        json.List("distinctFrom", document.DistinctFrom, static (json, other) => json.WriteStringValue(other.ToString()));
        json.Party("attester", document.Attester);
        json.Party("sellersHand", document.SellersHand);
        json.Time("attestedAt", document.AttestedAt);
        json.Parties("reliant", document.Reliant);
    }

    static void WriteMarks(Utf8JsonWriter json, string name, ValueList<Fingerprint> marks) => json.Objects(name, marks, static (json, mark) =>
    {
        json.WriteString("scheme", mark.Scheme);
        json.WriteNumber("epoch", mark.Epoch);
        json.Hash("value", mark.Value);
    });
}
