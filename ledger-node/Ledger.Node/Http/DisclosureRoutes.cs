using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Private;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/disclosures</c>: the hidden terms of an operation that is on the ledger, all or some of them; what is held already is no error.
/// <c>GET /v1/disclosures/{party}/{id}</c>: what is held of a transaction. Whoever reaches the node reads them, which is why it listens on loopback only.
/// </summary>
static class DisclosureRoutes
{
    public static void Map(RouteGroupBuilder v1, NodeLoop node, DisclosureDesk? desk, Problems problems, ILogger log)
    {
        v1.MapPost("/disclosures", async context => await (await KeepAsync(context.Request, node, desk, problems, log)).ExecuteAsync(context));
        v1.MapGet("/disclosures/{party}/{id}", async context => await Find(context.Request, node, desk, problems, log).ExecuteAsync(context));
    }

    static async Task<IResult> KeepAsync(HttpRequest request, NodeLoop node, DisclosureDesk? desk, Problems problems, ILogger log)
    {
        if (!Query.TryRead(request, [], out _, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!RequestBody.IsOf(request, JsonAnswer.MediaType)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, DisclosureDesk.MaxSize, request.HttpContext.RequestAborted) is not { } body) return problems.Of(Refusal.BodyTooLarge);
        if (desk is null) return problems.Of(Refusal.NoPrivateStore);

        var given = desk.Read(body.Span);
        if (given is not DisclosureReading.Readable readable) return problems.Of(given.Refusal, given.Reason);
        if (!TryFind(node, readable.Party, readable.Id, out var entry, out var refusal)) return problems.Of(refusal);

        var kept = desk.Keep(readable, entry.Body);
        if (kept.Refusal != Refusal.None) return problems.Of(kept.Refusal, kept.Reason);
        Log.DisclosuresKept(log, kept.New, readable.Party.Text, readable.Id.ToString());
        return JsonAnswer.Object(json =>
        {
            json.Party("party", readable.Party);
            json.Id("id", readable.Id);
            json.WriteNumber("operation", readable.Operation);
            json.WriteNumber("kept", kept.New);
            json.WriteNumber("heldBefore", kept.Known);
            json.Time("ledgerTime", node.LedgerTime);
        });
    }

    static IResult Find(HttpRequest request, NodeLoop node, DisclosureDesk? desk, Problems problems, ILogger log)
    {
        if (!Query.TryRead(request, [], out _, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!PartyId.TryParse(Query.Path(request, "party"), out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        if (!Id<Transaction>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (desk is null) return problems.Of(Refusal.NoPrivateStore);
        if (desk.Find(party, id) is not { } held) return problems.Of(Refusal.NotFound);

        Log.DisclosuresRead(log, party.Text, id.ToString());
        return JsonAnswer.Object(json =>
        {
            json.WriteStartArray("disclosures");
            foreach (var file in held.Files) json.WriteRawValue(file);
            json.WriteEndArray();
            json.WriteNumber("unreadable", held.Unreadable);
            json.Time("ledgerTime", node.LedgerTime);
        });
    }

    // The index knows final blocks only.
    static bool TryFind(NodeLoop node, PartyId party, Id<Transaction> id, [NotNullWhen(true)] out SignedTransaction? transaction, out Refusal refusal)
    {
        transaction = null;
        refusal = Refusal.NotFound;
        if (node.Index.Entry(party, id) is not { } place || node.Log.ReadBlock(place.Height) is not { } block || EntryJson.Find(block, place.Leaf) is not { } entry) return false;
        refusal = Refusal.DisclosedTransactionRefused;
        if (entry.Code != 0) return false;
        transaction = EntryJson.Read(node.Genesis, entry);
        return true;
    }
}
