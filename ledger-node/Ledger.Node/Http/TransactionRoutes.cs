using System.Collections.Concurrent;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/transactions</c>: the body is a transaction's exact text, the answer comes when it is final, or after ten seconds that it is on its way and where to ask. <c>?wait=none</c> says that
/// at once. <c>GET /v1/transactions/{party}/{id}</c>: the first answer, for ever.
/// </summary>
sealed class TransactionRoutes(NodeLoop node, OutcomeJson answers, Telling telling, Problems problems)
{
    /// <summary>The registered type of a JWS in JSON, and what most clients send anyway.</summary>
    public static readonly string[] MediaTypes = ["application/jose+json", JsonAnswer.MediaType];

    /// <summary>A transaction's exact text; what its payload says is in FORMATS.</summary>
    public static readonly Schema TransactionSchema = Schema.Object(
        "Transaction", new("payload", Schema.Base64Url), new("signatures", Schema.List(Schema.Object(null, new("protected", Schema.Base64Url), new("signature", Schema.Base64Url)))));

    /// <summary>Beside these a transaction is refused with the ledger's own numbers, from 2000 up.</summary>
    public static readonly Refusal[] Refusals =
        [
            .. Enum.GetValues<Refusal>().Where(one => one != Refusal.None && (ushort)one < 2_000), Refusal.TooLarge, Refusal.NodeStopping, Refusal.StorageFull, Refusal.ChainQuotaUsed, Refusal.OrderNotReached,
            Refusal.OrderBroken, Refusal.EpochEnded, Refusal.NodeNotAValidator, Refusal.ValidatorsChanged, Refusal.ObservesOnly,
            Refusal.FigureWrong, Refusal.FigureNotShown, Refusal.FigureTooEarly, Refusal.TermContradicts, Refusal.FigureForADay,
        ];

    static readonly Schema UnderWaySchema = Schema.Object(
        "UnderWay", [new("status", Schema.OneOf("underWay")), Member.Party("party"), Member.Id("id"), Member.Hash("payloadHash"), Member.Text("location"), .. Schema.LedgerTime]);

    // What was answered with 202 and is not final yet.
    readonly ConcurrentDictionary<(PartyId, Id<Transaction>), Task<Answer>> underWay = new();

    public static void Map(RouteTable v1, NodeLoop node, OutcomeJson answers, Telling telling, Problems problems)
    {
        var routes = new TransactionRoutes(node, answers, telling, problems);
        v1.Post("/transactions", "submit", Resource.Signed, "提交交易，终局后答复；十秒内未终局则答复处理中", "Submits a transaction; the answer comes when it is final, or after ten seconds that it is on its way", context => routes.SubmitAsync(context.Request))
            .With("wait", Schema.OneOf("final", "none"), "none：不等终局", "none answers as soon as it is on its way")
            .Taking(MediaTypes, TransactionSchema, TransactionText.MaxSize)
            .Answering(OutcomeJson.Schema)
            .Answering(StatusCodes.Status202Accepted, JsonAnswer.MediaType, UnderWaySchema, "on its way")
            .Refusing(Refusals);
        v1.Get("/transactions/{party}/{id}", "getTransaction", Resource.Entry, "交易的第一次答复", "A transaction's first answer, for ever", context => routes.Find(context.Request))
            .Answering(Schema.Object("EntryOfTransaction", [.. EntryJson.Members, Member.Time("ledgerTime")]))
            .Refusing(Refusal.NotYetFinal, Refusal.ViewsNotReady);
    }

    async Task<IResult> SubmitAsync(HttpRequest request)
    {
        var cancel = request.HttpContext.RequestAborted;
        if (!Query.TryRead(request, ["wait"], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (query["wait"] is not (null or "final" or "none")) return problems.Of(Refusal.QueryInvalid, "wait");
        if (!RequestBody.IsOf(request, MediaTypes)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, TransactionText.MaxSize, cancel) is not { } body) return problems.Of(Refusal.TooLarge);

        var begun = await node.BeginAsync(body, cancel);
        if (query["wait"] != "none") await Task.WhenAny(begun.Answer, Task.Delay(node.AnswersWithin, cancel));
        return begun is { Answer.IsCompleted: false, Transaction: { } transaction }
            ? UnderWay(transaction, begun.Answer)
            : answers.Answer(await telling.TellAsync(request, await begun.Answer));
    }

    UnderWayAnswer UnderWay(SignedTransaction transaction, Task<Answer> answer)
    {
        var (party, id) = (transaction.Body.Party, transaction.Body.Id);
        if (underWay.TryAdd((party, id), answer)) answer.ContinueWith(_ => underWay.TryRemove((party, id), out var _), TaskScheduler.Default);

        var location = $"/v1/transactions/{party}/{id}";
        return new UnderWayAnswer(location, new JsonAnswer(StatusCodes.Status202Accepted, JsonAnswer.MediaType, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "underWay");
            json.Party("party", party);
            json.Id("id", id);
            json.Hash("payloadHash", transaction.PayloadHash);
            json.WriteString("location", location);
            json.LedgerTime(node.Reader, node.Reader.LedgerTime);
            json.WriteEndObject();
        }));
    }

    IResult Find(HttpRequest request)
    {
        if (!PartyId.TryParse(Query.Path(request, "party"), out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        if (!Id<Transaction>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        var sight = FrontDoor.SightOf(request.HttpContext);
        if (node.Reader.FirstAnswer(party, id) is not { } first)
            return problems.Of(sight.IsOwnOrAll(Resource.Entry, party) && underWay.ContainsKey((party, id)) ? Refusal.NotYetFinal : Refusal.NotFound);

        var view = node.Reader.View;
        if (node.Reader.Block(first.Height) is not { } block) return problems.Of(Refusal.NotYetFinal);
        if (EntryJson.Seen(sight, node.Reader.Genesis, block, first.Leaf) is not { } seen) return problems.Of(Refusal.NotFound);
        return JsonAnswer.Object(json =>
        {
            EntryJson.WriteMembers(json, problems, seen);
            json.WriteNumber("ledgerTime", view.State.Now.UnixMilliseconds);
        });
    }

    /// <summary>The answer that it is on its way, and where it will be.</summary>
    sealed class UnderWayAnswer(string location, JsonAnswer body) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.Headers.Location = location;
            return body.ExecuteAsync(context);
        }
    }
}
