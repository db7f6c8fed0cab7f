using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Ledger.Node.Drafts;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>/v1/drafts</c>: transactions that wait for signatures. The body is a transaction's text under which announced signatures may be missing; it begins a draft, or brings one further signatures,
/// and the last of them sends it. Who has part in a draft reads it, and ends it.
/// </summary>
sealed class DraftRoutes(NodeLoop node, NodeDrafts? drafts, DryRunRoutes trials, Problems problems)
{
    const int MostBytes = 4 * 1024;

    static Member[] Members =>
    [
        Member.Party("party"), Member.Party("onBehalfOf").Optional, Member.Id("id"), Member.Hash("payloadHash"), Member.Time("expires"), Member.Names<DraftStatus>("status"),
        new("verbs", Schema.List(Schema.Text)), new("signed", Schema.List(Schema.Key)), new("missing", Schema.List(Schema.Key)), Member.Party("endedBy").Optional, Member.Text("reason").Optional,
        Member.Number("code").Optional, Member.Text("detail").Optional, Member.Text("detailZh").Optional, Member.Number("height").Optional, Member.Number("leaf").Optional,
    ];

    static readonly Schema BriefSchema = Schema.Object("DraftInList", Members);

    static readonly Schema DraftSchema = Schema.Object("Draft", [.. Members, new("payload", Schema.Base64Url), .. Schema.LedgerTime]);

    public static void Map(RouteTable v1, NodeLoop node, NodeDrafts? drafts, DryRunRoutes trials, Problems problems)
    {
        var routes = new DraftRoutes(node, drafts, trials, problems);
        v1.Post("/drafts", "putDraft", Resource.Signed, "提交待会签的交易，或为其补签；签名齐全时自动提交账本", "Puts a transaction that waits for signatures, or adds signatures to one; the last of them sends it", context => routes.PutAsync(context.Request))
            .Taking(TransactionRoutes.MediaTypes, TransactionRoutes.TransactionSchema, TransactionText.MaxSize)
            .Answering(DraftSchema)
            .Refusing([
                .. TransactionRoutes.Refusals, Refusal.NoDrafts, Refusal.DraftOfAnother, Refusal.DraftNotByItsParty, Refusal.TooManyDrafts, Refusal.DraftClosed, Refusal.DraftNotKept, Refusal.ReadQuotaUsed,
                Refusal.ViewsNotReady,
            ]);
        v1.Get("/drafts", "listDrafts", Resource.Draft, "与调用方有关的待会签交易，最近变动的在前；最多 500 笔", "The drafts in which the caller has part, the last changed first; 500 at most", context => routes.List(context.Request))
            .With("awaiting", Schema.Party, "只列等待该参与方签名的", "only those that wait for a signature of this party")
            .Answering(Schema.Object("Drafts", [new("drafts", Schema.List(BriefSchema)), .. Schema.LedgerTime]))
            .Refusing(Refusal.NoDrafts);
        v1.Get("/drafts/{party}/{id}", "getDraft", Resource.Draft, "一笔待会签的交易及其确切内容", "A draft, with the exact payload", context => routes.Get(context.Request))
            .Answering(DraftSchema)
            .Refusing(Refusal.NoDrafts);
        v1.Post("/drafts/{party}/{id}/reject", "rejectDraft", Resource.Draft, "退回：不签署，并说明理由", "Rejects a draft: the caller does not sign, and says why", context => routes.RejectAsync(context.Request))
            .Taking([JsonAnswer.MediaType], Schema.Object("DraftRejection", Member.Text("reason")), MostBytes)
            .Answering(DraftSchema)
            .Refusing(Refusal.NoDrafts, Refusal.BodyInvalid, Refusal.DraftClosed, Refusal.DraftNotKept)
            .At(RateClass.Form);
        v1.Delete("/drafts/{party}/{id}", "recallDraft", Resource.Draft, "撤回自己的待会签交易", "Recalls a draft of the caller's own", context => routes.Recall(context.Request))
            .Answering(DraftSchema)
            .Refusing(Refusal.NoDrafts, Refusal.DraftNotOwn, Refusal.DraftClosed, Refusal.DraftNotKept)
            .At(RateClass.Form);
    }

    async Task<IResult> PutAsync(HttpRequest request)
    {
        var cancel = request.HttpContext.RequestAborted;
        if (!RequestBody.IsOf(request, TransactionRoutes.MediaTypes)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, TransactionText.MaxSize, cancel) is not { } body) return problems.Of(Refusal.TooLarge);
        if (drafts is not { Desk: var desk }) return problems.Of(Refusal.NoDrafts);

        // A text stays what it is for as long as it is kept; a request's memory does not.
        var chain = node.Reader.Genesis.Chain;
        if (TransactionText.ReadInPart(body.ToArray(), chain.Suite, chain.ChainId, out var refused) is not { } text) return problems.Of(refused?.Refusal ?? Refusal.Malformed, refused?.Facts ?? Facts.None);
        if (desk.Judge(text) is { } no) return await trials.AnswerAsync(request, new(no.Refusal, 0, no.Facts, null, null, [], node.Reader.LedgerTime, null));

        // What is refused now, whoever else signs, waits for nobody; its acting party, which has signed, is told so as of a dry run.
        if (desk.Find(text.Signed.Body.Party, text.Signed.Body.Id) is null && await trials.RefusedAsync(request, node.DryRun(text)) is { } unheard) return unheard;

        var taken = desk.Take(text);
        if (taken.Draft is not { } draft) return problems.Of(taken.Refusal, taken.Reason);
        return Answer(draft.Status == DraftStatus.Complete ? await drafts.FinishAsync(draft, cancel) ?? draft : draft);
    }

    IResult List(HttpRequest request)
    {
        if (!Query.TryRead(request, ["awaiting"], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        PartyId awaited = default;
        if (query["awaiting"] is { } asked && !PartyId.TryParse(asked, out awaited)) return problems.Of(Refusal.QueryInvalid, "awaiting");
        if (drafts is null) return problems.Of(Refusal.NoDrafts);
        var seen = (query.Sight.SeesAll(Resource.Draft) ? drafts.Desk.All : drafts.Desk.Of(query.Sight.Caller.Principal))
            .Where(draft => awaited == default || (draft.Status == DraftStatus.Waiting && draft.Text.Missing.Any(signer => signer.Party == awaited)))
            .Take(Query.MaxLimit).ToArray();
        foreach (var draft in seen) query.Sight.Show(draft.Text.Signed);
        return JsonAnswer.Object(json =>
        {
            json.Objects("drafts", seen, WriteMembers);
            json.LedgerTime(node.Reader, node.Reader.LedgerTime);
        });
    }

    IResult Get(HttpRequest request)
    {
        var (draft, problem) = Find(request, byPass: false);
        if (draft is null) return problem;
        FrontDoor.SightOf(request.HttpContext).Show(draft.Text.Signed);
        return Answer(draft);
    }

    async Task<IResult> RejectAsync(HttpRequest request)
    {
        if (!RequestBody.IsOf(request, JsonAnswer.MediaType)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, MostBytes, request.HttpContext.RequestAborted) is not { } body) return problems.Of(Refusal.BodyTooLarge);
        var (draft, problem) = Find(request, byPass: true);
        if (draft is null || drafts is null) return problem;
        DraftRejection? asked = null;
        try
        {
            asked = JsonSerializer.Deserialize(body.Span, DraftBodies.Default.DraftRejection);
        }
        catch (JsonException)
        {
            // Said below.
        }

        if (asked is not { Reason: var reason } || !DraftDesk.IsReason(reason)) return problems.Of(Refusal.BodyInvalid, "reason");
        return Ended(drafts.Desk.End(draft, new(Me(request), reason)));
    }

    IResult Recall(HttpRequest request)
    {
        var (draft, problem) = Find(request, byPass: true);
        if (draft is null || drafts is null) return problem;
        return draft.Body.Party == Me(request) ? Ended(drafts.Desk.End(draft, new(Me(request), null))) : problems.Of(Refusal.DraftNotOwn);
    }

    IResult Ended(DraftTaken taken) => taken.Draft is { } draft ? Answer(draft) : problems.Of(taken.Refusal, taken.Reason);

    // Where reads are open nobody is known, and nobody can say that it does not sign.
    (Draft? Draft, IResult Problem) Find(HttpRequest request, bool byPass)
    {
        if (!PartyId.TryParse(Query.Path(request, "party"), out var party)) return (null, problems.Of(Refusal.QueryInvalid, "party"));
        if (!Id<Transaction>.TryParse(Query.Path(request, "id"), out var id)) return (null, problems.Of(Refusal.QueryInvalid, "id"));
        var sight = FrontDoor.SightOf(request.HttpContext);
        if (byPass && sight.Caller.How != CallerKind.Pass) return (null, problems.Of(Refusal.PassMissing));
        if (drafts is null) return (null, problems.Of(Refusal.NoDrafts));
        var found = drafts.Desk.Find(party, id) is { } draft && (draft.Concerns(sight.Caller.Principal) || sight.SeesAll(Resource.Draft)) ? draft : null;
        return (found, problems.Of(Refusal.NotFound));
    }

    static PartyId Me(HttpRequest request) => FrontDoor.SightOf(request.HttpContext).Caller.Principal;

    JsonAnswer Answer(Draft draft) => JsonAnswer.Object(json =>
    {
        WriteMembers(json, draft);
        json.WriteString("payload", Base64Url.Encode(TransactionText.PayloadOf(draft.Text.Signed)));
        json.LedgerTime(node.Reader, node.Reader.LedgerTime);
    });

    void WriteMembers(Utf8JsonWriter json, Draft draft)
    {
        json.Party("party", draft.Body.Party);
        if (draft.Body.OnBehalfOf is { } principal) json.Party("onBehalfOf", principal);
        json.Id("id", draft.Body.Id);
        json.Hash("payloadHash", draft.Text.Signed.PayloadHash);
        json.Time("expires", draft.Body.Expires);
        json.Name("status", draft.Status);
        json.List("verbs", draft.Body.Operations, static (json, operation) => json.WriteStringValue(operation.Kind));
        json.List("signed", draft.Text.Signed.Signers, static (json, signer) => json.WriteStringValue(signer.ToString()));
        json.List("missing", draft.Text.Missing, static (json, signer) => json.WriteStringValue(signer.ToString()));
        if (draft.End is { } end)
        {
            json.Party("endedBy", end.By);
            json.Text("reason", end.Reason);
        }

        if (draft.Answer is not { } answer) return;
        json.WriteNumber("code", (ushort)answer.Code);
        problems.WriteSentences(json, answer.Code, Facts.None);
        if (answer.Height is { } height) json.WriteNumber("height", height);
        if (answer.Leaf is { } leaf) json.WriteNumber("leaf", leaf);
    }
}

sealed record DraftRejection(string Reason);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DraftRejection))]
sealed partial class DraftBodies : JsonSerializerContext;
