using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Private;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/transactions/disclosed</c> and <c>/v1/dry-run/disclosed</c>: a transaction with the disclosures of what it hides. The node looks at them
/// before it orders anything, and keeps them once the transaction is accepted.
/// </summary>
sealed class DisclosedRoutes(NodeLoop node, DisclosureDesk? disclosures, OutcomeJson answers, Telling telling, DryRunRoutes trials, Problems problems, ILogger log)
{
    public static readonly Schema BodySchema = Schema.Object(
        "DisclosedTransaction", Member.Text("transaction"), new("disclosures", Schema.List(DisclosureRoutes.FileSchema)));

    static readonly Refusal[] Refusals =
    [
        .. TransactionRoutes.Refusals, Refusal.BodyTooLarge, Refusal.NoPrivateStore, Refusal.DisclosuresMalformed, Refusal.DisclosedTermUnknown, Refusal.DisclosedValueInvalid,
        Refusal.DisclosedTwice, Refusal.DisclosedOnAnotherChain, Refusal.DisclosedOperationMissing, Refusal.DisclosureNotCommitted, Refusal.DisclosuresOfAnother,
    ];

    public static void Map(RouteTable v1, NodeLoop node, DisclosureDesk? disclosures, OutcomeJson answers, Telling telling, DryRunRoutes trials, Problems problems, ILogger log)
    {
        var routes = new DisclosedRoutes(node, disclosures, answers, telling, trials, problems, log);
        v1.Post(
            "/transactions/disclosed", "submitDisclosed", Resource.Signed, "连同隐藏条款的披露提交交易，终局后答复", "Submits a transaction with the disclosures of what it hides",
            context => routes.SubmitAsync(context.Request))
            .Taking([JsonAnswer.MediaType], BodySchema, DisclosedSubmission.MaxSize)
            .Answering(OutcomeJson.Schema)
            .Refusing(Refusals);
        v1.Post(
            "/dry-run/disclosed", "dryRunDisclosed", Resource.Signed, "连同披露试算，不排序", "How a transaction with its disclosures would be answered now; nothing is ordered or kept",
            context => routes.TryAsync(context.Request))
            .Taking([JsonAnswer.MediaType], BodySchema, DisclosedSubmission.MaxSize)
            .Answering(OutcomeJson.DryRunSchema)
            .Refusing([.. Refusals, Refusal.ReadQuotaUsed, Refusal.ViewsNotReady])
            .AsRead();
    }

    async Task<IResult> SubmitAsync(HttpRequest request)
    {
        var (given, problem) = await ReadAsync(request);
        if (given is null) return problem;
        var outcome = await (await node.BeginAsync(given.Transaction, given.Beside, request.HttpContext.RequestAborted)).Answer;
        if (outcome is { IsAccepted: true, Transaction: { } transaction } && disclosures is { } desk)
        {
            // The act stands whatever becomes of its disclosures: whoever has them can hand them in again.
            var kept = desk.Keep(given.Beside, transaction.Body);
            if (kept.Refusal == Refusal.None) Log.DisclosuresKept(log, kept.New, transaction.Body.Party.Text, transaction.Body.Id.ToString());
            else Log.DisclosuresNotKept(log, transaction.Body.Party.Text, transaction.Body.Id.ToString(), kept.Refusal);
        }

        return answers.Answer(await telling.TellAsync(request, outcome));
    }

    async Task<IResult> TryAsync(HttpRequest request)
    {
        var (given, problem) = await ReadAsync(request);
        return given is null ? problem : await trials.AnswerAsync(request, node.DryRun(given.Transaction, given.Beside));
    }

    async Task<(DisclosedSubmission? Given, IResult Problem)> ReadAsync(HttpRequest request)
    {
        if (!Query.TryRead(request, [], out _, out var wrong)) return (null, problems.Of(Refusal.QueryInvalid, wrong));
        if (!RequestBody.IsOf(request, JsonAnswer.MediaType)) return (null, problems.Of(Refusal.MediaTypeWrong));
        if (await RequestBody.ReadAsync(request, DisclosedSubmission.MaxSize, request.HttpContext.RequestAborted) is not { } body)
            return (null, problems.Of(Refusal.BodyTooLarge));
        if (disclosures is null) return (null, problems.Of(Refusal.NoPrivateStore));
        return DisclosedSubmission.TryRead(body, out var given, out var refusal, out var reason) ? (given, Results.Empty) : (null, problems.Of(refusal, reason));
    }
}
