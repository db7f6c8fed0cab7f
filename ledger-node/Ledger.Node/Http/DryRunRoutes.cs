using System.Collections.Concurrent;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
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
sealed class DryRunRoutes(NodeLoop node, OutcomeJson answers, AccessLog? reads, TimeProvider time, Problems problems, ILogger log)
{
    readonly ConcurrentDictionary<PartyId, long> counts = new();

    public static DryRunRoutes Map(RouteTable v1, NodeLoop node, OutcomeJson answers, AccessLog? reads, TimeProvider time, Problems problems, ILogger log)
    {
        var routes = new DryRunRoutes(node, answers, reads, time, problems, log);
        v1.Post("/dry-run", "dryRun", Resource.Signed, "试算：交易现在会得到的答复，不排序", "How a signed transaction would be answered now; nothing is ordered", context => routes.TryAsync(context.Request))
            .Taking(TransactionRoutes.MediaTypes, TransactionRoutes.TransactionSchema, TransactionText.MaxSize)
            .Answering(OutcomeJson.DryRunSchema)
            .Refusing([.. TransactionRoutes.Refusals, Refusal.ReadQuotaUsed]);
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
    public async Task<IResult> AnswerAsync(HttpRequest request, Outcome outcome)
    {
        if (outcome is { Transaction: { } transaction, Code: not (Refusal.KeyUnknown or Refusal.SignatureInvalid) })
        {
            // It reads with the words of a transaction, and fills the log of reads as any other read does.
            if (reads?.Share is { } share && !share.HasRoom(transaction.Body.Party)) return problems.Of(Refusal.ReadQuotaUsed, share.Text);
            var party = transaction.Body.Principal;
            Log.DryRun(log, party.Text, counts.AddOrUpdate(party, 1, static (_, count) => count + 1), outcome.Code);
            await NoteAsync(request, transaction, Problems.StatusOf(outcome.Code));
        }

        return answers.DryRun(outcome);
    }

    // A dry run reads with the words of a transaction: whose units and documents it asked about is taken down like any other read of theirs.
    async ValueTask NoteAsync(HttpRequest request, SignedTransaction transaction, int status)
    {
        var of = transaction.Body.Operations.SelectMany(Owners).Where(party => party != transaction.Body.Party && party != transaction.Body.Principal).Distinct().ToArray();
        if (reads is null || of.Length == 0) return;
        await reads.NoteAsync(new(
            time.GetUtcNow(), transaction.Body.Party, transaction.Signers[0], transaction.Body.Principal, Resource.Signed, request.Method, request.Path, status,
            FrontDoor.AddressOf(request.HttpContext), RequestId.Of(request.HttpContext), of));
    }

    IEnumerable<PartyId> Owners(Operation operation)
    {
        var state = node.View.State;
        return operation switch
        {
            ApplyForFinancing apply when state.Instrument(apply.Instrument) is { } instrument => [instrument.Obligor, instrument.Creditor],
            PledgeDocuments pledge => pledge.Documents.Select(use => state.Document(use.Document)).OfType<Document>().SelectMany(document => new[] { document.Seller, document.Buyer }),
            _ => [],
        };
    }
}
