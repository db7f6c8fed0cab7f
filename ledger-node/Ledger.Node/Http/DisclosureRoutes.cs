using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Private;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/disclosures</c>: the hidden terms of an operation that is on the ledger, all or some of them; what is held already is no error.
/// <c>GET /v1/disclosures/{party}/{id}</c>: what is held of a transaction. The two sides of the act read
/// them, who signed it, the node's own bank and regulators.
/// </summary>
static class DisclosureRoutes
{
    public static readonly Schema FileSchema = Schema.Object(
        "DisclosureFile", Member.Hash("chain"), Member.Party("party"), Member.Id("id"), Member.Number("operation"), new("disclosures", Schema.List(Schema.Base64Url)));

    public static void Map(RouteTable v1, LedgerReader ledger, DisclosureDesk? desk, Problems problems, ILogger log)
    {
        v1.Post("/disclosures", "keepDisclosures", Resource.Signed, "保存账本上某操作的隐藏条款", "Hands in hidden terms of an operation that is on the ledger", context => KeepAsync(context.Request, ledger, desk, problems, log))
            .Taking([JsonAnswer.MediaType], FileSchema, DisclosureDesk.MaxSize)
            .Answering(Schema.Object(
                "KeptDisclosures", Member.Party("party"), Member.Id("id"), Member.Number("operation"), Member.Number("kept"), Member.Number("heldBefore"), Member.Time("ledgerTime")))
            .Refusing(
                Refusal.NotFound, Refusal.DisclosuresMalformed, Refusal.DisclosedTermUnknown, Refusal.DisclosedValueInvalid, Refusal.DisclosedTwice, Refusal.DisclosedOnAnotherChain,
                Refusal.DisclosedTransactionRefused, Refusal.DisclosedOperationMissing, Refusal.DisclosureNotCommitted, Refusal.DisclosuresNotKept, Refusal.NoPrivateStore,
                Refusal.ViewsNotReady);
        v1.Get("/disclosures/{party}/{id}", "getDisclosures", Resource.Disclosure, "节点所持某交易的披露", "What this node holds of a transaction's hidden terms", context => Find(context.Request, ledger, desk, problems, log))
            .Answering(Schema.Object("Disclosures", new("disclosures", Schema.List(FileSchema)), Member.Number("unreadable"), Member.Time("ledgerTime")))
            .Refusing(Refusal.NoPrivateStore, Refusal.ViewsNotReady);
    }

    static async Task<IResult> KeepAsync(HttpRequest request, LedgerReader ledger, DisclosureDesk? desk, Problems problems, ILogger log)
    {
        if (!Query.TryRead(request, [], out _, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!RequestBody.IsOf(request, JsonAnswer.MediaType)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, DisclosureDesk.MaxSize, request.HttpContext.RequestAborted) is not { } body) return problems.Of(Refusal.BodyTooLarge);
        if (desk is null) return problems.Of(Refusal.NoPrivateStore);

        var given = desk.Read(body.Span);
        if (given is not DisclosureReading.Readable readable) return problems.Of(given.Refusal, given.Reason);
        var (transaction, refusal) = await ledger.AskViewsAsync(() => Look(ledger, readable.Party, readable.Id), request.HttpContext.RequestAborted);
        if (transaction is null) return problems.Of(refusal);

        var kept = desk.Keep(readable, transaction.Body);
        if (kept.Refusal != Refusal.None) return problems.Of(kept.Refusal, kept.Reason);
        Log.DisclosuresKept(log, kept.New, readable.Party.Text, readable.Id.ToString());
        return JsonAnswer.Object(json =>
        {
            json.Party("party", readable.Party);
            json.Id("id", readable.Id);
            json.WriteNumber("operation", readable.Operation);
            json.WriteNumber("kept", kept.New);
            json.WriteNumber("heldBefore", kept.Known);
            json.Time("ledgerTime", ledger.LedgerTime);
        });
    }

    static IResult Find(HttpRequest request, LedgerReader ledger, DisclosureDesk? desk, Problems problems, ILogger log)
    {
        if (!Query.TryRead(request, [], out _, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!PartyId.TryParse(Query.Path(request, "party"), out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        if (!Id<Transaction>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (desk is null) return problems.Of(Refusal.NoPrivateStore);
        var sight = FrontDoor.SightOf(request.HttpContext);
        if (!sight.SeesAll(Resource.Disclosure) && !(Look(ledger, party, id).Transaction is { } transaction && sight.SeesHidden(transaction))) return problems.Of(Refusal.NotFound);
        if (desk.Find(party, id) is not { } held) return problems.Of(Refusal.NotFound);

        sight.Show(party);
        Log.DisclosuresRead(log, party.Text, id.ToString());
        return JsonAnswer.Object(json =>
        {
            json.WriteStartArray("disclosures");
            foreach (var file in held.Files) json.WriteRawValue(file);
            json.WriteEndArray();
            json.WriteNumber("unreadable", held.Unreadable);
            json.Time("ledgerTime", ledger.LedgerTime);
        });
    }

    // The index knows final blocks only.
    static (SignedTransaction? Transaction, Refusal Refusal) Look(LedgerReader ledger, PartyId party, Id<Transaction> id)
    {
        if (ledger.FirstAnswer(party, id) is not { } place || ledger.Block(place.Height) is not { } block || EntryJson.Find(block, place.Leaf) is not { } entry)
            return (null, Refusal.NotFound);
        return entry.Code == 0 ? (EntryJson.Read(ledger.Genesis, entry), Refusal.None) : (null, Refusal.DisclosedTransactionRefused);
    }
}
