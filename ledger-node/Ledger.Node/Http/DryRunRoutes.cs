using System.Collections.Concurrent;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/dry-run</c>: how a signed transaction would be answered now, as its sender sees the ledger; nothing is ordered. Each is authenticated,
/// counted by party and logged.
/// </summary>
sealed class DryRunRoutes(NodeLoop node, OutcomeJson answers, Telling telling, AccessLog? reads, Problems problems, ILogger log)
{
    readonly ConcurrentDictionary<PartyId, long> counts = new();

    public static DryRunRoutes Map(RouteTable v1, NodeLoop node, OutcomeJson answers, Telling telling, AccessLog? reads, Problems problems, ILogger log)
    {
        var routes = new DryRunRoutes(node, answers, telling, reads, problems, log);
        v1.Post("/dry-run", "dryRun", Resource.Signed, "试算：交易现在会得到的答复，不排序", "How a signed transaction would be answered now; nothing is ordered", context => routes.TryAsync(context.Request))
            .Taking(TransactionRoutes.MediaTypes, TransactionRoutes.TransactionSchema, TransactionText.MaxSize)
            .Answering(OutcomeJson.DryRunSchema)
            .Refusing([.. TransactionRoutes.Refusals, Refusal.ReadQuotaUsed, Refusal.ViewsNotReady])
            .AsRead();
        return routes;
    }

    async Task<IResult> TryAsync(HttpRequest request)
    {
        if (!RequestBody.IsOf(request, TransactionRoutes.MediaTypes)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, TransactionText.MaxSize, request.HttpContext.RequestAborted) is not { } body)
            return problems.Of(Refusal.TooLarge);

        return await AnswerAsync(request, node.DryRun(body));
    }

    /// <summary>Answers, once it is taken down who asked about whom.</summary>
    public async Task<IResult> AnswerAsync(HttpRequest request, Answer outcome) =>
        TurnedAway(outcome) ?? answers.DryRun(await telling.TellAsync(request, outcome, isDryRun: true));

    /// <summary>
    /// Why a draft need not wait, null where it may: what a dry run with the signatures that are there is refused, where those that are missing change nothing of it. What the ledger would say behind
    /// a signature that is missing is told to nobody before it is there. It is a question like a dry run, and taken down.
    /// </summary>
    public async Task<IResult?> RefusedAsync(HttpRequest request, (Answer AsSigned, Answer AsIfWhole) trial)
    {
        if (TurnedAway(trial.AsSigned) is { } turnedAway) return turnedAway;
        var told = await telling.TellAsync(request, trial.AsSigned, isDryRun: true);
        return !told.IsAccepted && await telling.StandsAsync(told, trial.AsIfWhole, request.HttpContext.RequestAborted) ? answers.DryRun(told) : null;
    }

    IResult? TurnedAway(Answer outcome)
    {
        if (outcome is not { Transaction: { } transaction, Code: not (Refusal.KeyUnknown or Refusal.SignatureInvalid) }) return null;

        // It reads with the words of a transaction, and fills the log of reads as any other read does.
        if (reads?.Share is { } share && !share.HasRoom(transaction.Body.Party)) return problems.Of(Refusal.ReadQuotaUsed, share.Text);
        var party = transaction.Body.Principal;
        Log.DryRun(log, party.Text, counts.AddOrUpdate(party, 1, static (_, count) => count + 1), outcome.Code);
        return null;
    }
}
