using System.Diagnostics;
using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/documents/attestations?seller=</c>: the bank's desk. The body is an original, the answer its attestation ready to be signed and the
/// opening, which belongs in the bank's files and nowhere else. What it looks like and is not stands in <c>distinctFrom=</c>.
/// </summary>
static class AttestationRoutes
{
    const string DistinctFrom = "distinctFrom";

    static readonly string[] MediaTypes = ["application/xml", "text/xml", "application/octet-stream"];

    public static void Map(RouteTable v1, LedgerReader ledger, DocumentService documents, Problems problems) =>
        v1.Post(
                "/documents/attestations", "prepareAttestation", Resource.Desk, "由原件生成可签署的登记操作与开启信息", "An original's attestation, ready to be signed, with its opening",
                context => ReadAsync(context.Request, ledger, documents, problems))
            .With("seller", Schema.Party, "销售方", "the seller", required: true)
            .With(DistinctFrom, Schema.Of("string"), "看似相同而确非同一份的背景材料编号，以逗号分隔", "ids of documents that look like it and are others, with commas between")
            .Taking(MediaTypes, Schema.Any, DocumentService.MaxOriginal)
            .Answering(Schema.Object(
                "PreparedAttestation", [new("operation", EntryJson.OperationSchema), new("opening", Schema.Of("object")),
                new Member("registered", Schema.Object(null, Member.Id("document"), Member.Bool("equal"), Member.Party("attester"), Member.Time("since"))).Optional,
                new("warnings", Schema.List(Schema.Object(null, Member.Number("code"), Member.Text("title"), Member.Text("detail"), Member.Text("detailZh")))),
                .. Schema.AsOf]))
            .Refusing(Refusal.FileTooLarge, Refusal.NotXml, Refusal.XmlIsDangerous, Refusal.NotAnInvoice, Refusal.MissingField, Refusal.EpochKeyMissing);

    static async Task<IResult> ReadAsync(HttpRequest request, LedgerReader ledger, DocumentService documents, Problems problems)
    {
        if (!Query.TryRead(request, ["seller", DistinctFrom], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.Sight.IsOwnOrAll(Resource.Desk, ledger.Bank)) return problems.Of(Refusal.NotForThisRole);
        if (!PartyId.TryParse(query["seller"], out var seller)) return problems.Of(Refusal.QueryInvalid, "seller");
        if (!TryReadIds(query[DistinctFrom], out var distinctFrom)) return problems.Of(Refusal.QueryInvalid, DistinctFrom);
        if (!RequestBody.IsOf(request, MediaTypes)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, DocumentService.MaxOriginal, request.HttpContext.RequestAborted) is not { } original)
            return problems.Of(Refusal.FileTooLarge);

        var view = ledger.View;
        return documents.Read(view.State, original.Span, seller, distinctFrom) switch
        {
            DocumentReading.NotTaken no => problems.Of(no.Refusal, no.Facts),
            DocumentReading.Taken taken => JsonAnswer.Object(json =>
            {
                WriteMembers(json, taken, problems);
                json.AsOf(view);
            }),
            _ => throw new UnreachableException(),
        };
    }

    static bool TryReadIds(string? text, out ValueList<Id<Document>> ids)
    {
        ids = [];
        foreach (var part in text?.Split(',') ?? [])
        {
            if (!Id<Document>.TryParse(part, out var id)) return false;
            ids = ids.Add(id);
        }

        return true;
    }

    static void WriteMembers(Utf8JsonWriter json, DocumentReading.Taken taken, Problems problems)
    {
        json.WritePropertyName("operation");
        json.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(taken.Attestation, WireJson.TypeInfo<Operation>()));
        json.WritePropertyName("opening");
        using (var opening = JsonDocument.Parse(taken.Opening.ToJson())) opening.WriteTo(json);

        if (taken.Registered is { } known)
        {
            json.WriteStartObject("registered");
            json.Id("document", known.Id);
            json.WriteBoolean("equal", Rulebook.Tells(known, taken.Attestation));
            json.Party("attester", known.Attester);
            json.Time("since", known.AttestedAt);
            json.WriteEndObject();
        }

        json.Objects("warnings", taken.Warnings, (json, warning) =>
        {
            var (refusal, facts) = warning;
            json.WriteNumber("code", (ushort)refusal);
            json.WriteString("title", refusal.ToString());
            problems.WriteSentences(json, refusal, facts);
        });
    }
}
