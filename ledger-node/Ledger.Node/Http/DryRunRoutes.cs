using System.Collections.Concurrent;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/dry-run</c>: how a signed transaction would be answered now; nothing is ordered. Since a dry run tells of burdens on units and of what
/// is left of documents, each is authenticated, counted by party and logged.
/// </summary>
sealed class DryRunRoutes(NodeLoop node, OutcomeJson answers, Problems problems, ILogger log)
{
    readonly ConcurrentDictionary<PartyId, long> counts = new();

    public static void Map(RouteTable v1, NodeLoop node, OutcomeJson answers, Problems problems, ILogger log)
    {
        var routes = new DryRunRoutes(node, answers, problems, log);
        v1.Post("/dry-run", "dryRun", Resource.Signed, "试算：交易现在会得到的答复，不排序", "How a signed transaction would be answered now; nothing is ordered", context => routes.TryAsync(context.Request))
            .Taking(TransactionRoutes.MediaTypes, TransactionRoutes.TransactionSchema, TransactionText.MaxSize)
            .Answering(OutcomeJson.DryRunSchema)
            .Refusing(TransactionRoutes.Refusals);
    }

    async Task<IResult> TryAsync(HttpRequest request)
    {
        if (!RequestBody.IsOf(request, TransactionRoutes.MediaTypes)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, TransactionText.MaxSize, request.HttpContext.RequestAborted) is not { } body)
            return problems.Of(Refusal.TooLarge);

        var outcome = node.DryRun(body);
        if (outcome is { Transaction: { } transaction, Code: not (Refusal.KeyUnknown or Refusal.SignatureInvalid) })
        {
            var party = transaction.Body.Principal;
            Log.DryRun(log, party.Text, counts.AddOrUpdate(party, 1, static (_, count) => count + 1), outcome.Code);
        }

        return answers.DryRun(outcome);
    }
}
