using Ledger.Node.Documents;
using Ledger.Node.Private;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

/// <summary>The API's routes, each noun's beside its handlers.</summary>
static class ApiRoutes
{
    /// <summary>Serves a table of routes under <c>/v1</c>, each behind the front door.</summary>
    public static void Map(IEndpointRouteBuilder app, FrontDoor door, RouteTable table)
    {
        var v1 = app.MapGroup("/v1");
        foreach (var route in table.All)
        {
            // Whoever may get something may also ask for its head (RFC 9110 9.3.2).
            string[] methods = route.Method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [route.Method];
            v1.MapMethods(route.Path, methods, context => door.ServeAsync(context, route));
        }
    }

    /// <summary>The one table of all routes, each noun's beside its handlers.</summary>
    public static RouteTable Of(NodeLoop node, DocumentService documents, DisclosureDesk? disclosures, ServerOptions options, ILogger log)
    {
        var v1 = new RouteTable();
        var ledger = node.Reader;
        var problems = new Problems(ledger);
        var answers = new OutcomeJson(ledger, problems);
        var telling = new Telling(ledger, new(ledger, options.Reads), options.AccessLog, options.Time);
        TransactionRoutes.Map(v1, node, answers, telling, problems);
        BulkRoutes.Map(v1, node, answers, telling, problems);
        var trials = DryRunRoutes.Map(v1, node, answers, telling, options.AccessLog, problems, log);
        DisclosedRoutes.Map(v1, node, disclosures, answers, telling, trials, problems, log);
        DraftRoutes.Map(v1, node, options.Drafts, trials, problems);
        PartyRoutes.Map(v1, ledger, problems);
        ReadsRoutes.Map(v1, ledger, options.AccessLog, problems);
        DocumentRoutes.Map(v1, ledger, problems);
        AttestationRoutes.Map(v1, ledger, documents, problems);
        DisclosureRoutes.Map(v1, ledger, disclosures, problems, log);
        InstrumentRoutes.Map(v1, ledger, problems);
        FinancingRoutes.Map(v1, ledger, disclosures, problems);
        LineRoutes.Map(v1, ledger, problems);
        PaymentRoutes.Map(v1, ledger, problems);
        InstructionRoutes.Map(v1, ledger, problems);
        TokenRoutes.Map(v1, ledger, problems);
        OfferRoutes.Map(v1, ledger, problems);
        MeasureRoutes.Map(v1, ledger, problems);
        ProposalRoutes.Map(v1, ledger, problems);
        GovernanceRoutes.Map(v1, ledger);
        PledgeRoutes.Map(v1, ledger, problems);
        PledgeEvaluationRoutes.Map(v1, options.Pledges, problems);
        AttemptRoutes.Map(v1, ledger, problems);
        BlockRoutes.Map(v1, ledger, problems);
        HistoryRoutes.Map(v1, ledger, problems);
        PartyViewRoutes.Map(v1, ledger, problems);
        SearchRoutes.Map(v1, ledger, documents, problems);
        StatisticsRoutes.Map(v1, ledger, problems);
        ReviewRoutes.Map(v1, ledger, problems);
        EventRoutes.Map(v1, ledger, options.Time, problems);
        WebhookRoutes.Map(v1, ledger, options.Webhooks, options.Time, problems);
        ReceiptRoutes.Map(v1, ledger, options.Witnessed, problems);
        CoseRoutes.Map(v1, ledger, node.Receipts, problems);
        StateProofRoutes.Map(v1, ledger, problems);
        CheckpointRoutes.Map(v1, ledger, options.Witnessed, problems);
        HealthRoutes.Map(v1, node, problems);
        ClockRoutes.Map(v1, node, problems);
        PeerRoutes.Map(v1, node, options.Peers, problems);
        NodeRoutes.Map(v1, node.Reader, new StandingReader(node, documents, options).Now, problems);
        OpenApi.Map(v1);
        return v1;
    }
}
