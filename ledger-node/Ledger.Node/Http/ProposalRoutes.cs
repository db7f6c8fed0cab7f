using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/proposals</c>: all of them, newest first, decided ones too; <c>/v1/proposals/{id}</c>: one, with its votes (提案与表决).</summary>
static class ProposalRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/proposals", "listProposals", Resource.Party, "提案，由新到旧，已有结果的也在内", "Proposals, newest first, decided ones too", context => List(context.Request, ledger, problems))
            .AtHeight()
            .Paged(Shown.Proposal);
        v1.Get("/proposals/{id}", "getProposal", Resource.Party, "一项提案及其表决", "A proposal with its votes", context => One.Answer(context.Request, ledger, problems, Shown.Proposal))
            .AtHeight()
            .Answering(Shown.Proposal.SchemaAsOf);
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        return Page.OfNouns(request, ledger, problems, query, Shown.Proposal, (slice, height) =>
        {
            var found = ledger.Views.Latest<Proposal>(height, new(slice.After), slice.Limit);
            return new Piece<Proposal>(found, found.Count < slice.Limit ? null : found[^1]);
        });
    }
}
