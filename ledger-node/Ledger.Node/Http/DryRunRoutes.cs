using System.Collections.Concurrent;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/dry-run</c>: how a signed transaction would be answered now; nothing is ordered. Since a dry run tells of burdens on units and of what
/// is left of documents, each is authenticated, counted by party and logged.
/// </summary>
sealed class DryRunRoutes(NodeLoop node, OutcomeJson answers, Problems problems, ILogger log)
{
    readonly ConcurrentDictionary<PartyId, long> counts = new();

    public static void Map(RouteGroupBuilder v1, NodeLoop node, OutcomeJson answers, Problems problems, ILogger log)
    {
        var routes = new DryRunRoutes(node, answers, problems, log);
        v1.MapPost("/dry-run", async context => await (await routes.TryAsync(context.Request)).ExecuteAsync(context));
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
