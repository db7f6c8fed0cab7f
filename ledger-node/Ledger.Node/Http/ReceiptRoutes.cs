using Ledger.Core.Primitives;
using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/receipts/{leaf}</c> and <c>/v1/transactions/{party}/{id}/receipt</c>: a leaf with the proof that it is under the latest checkpoint (C2SP
/// tlog-proof), to be kept and verified without this node.
/// </summary>
static class ReceiptRoutes
{
    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems)
    {
        v1.MapGet("/receipts/{leaf}", async context => await OfLeaf(context.Request, node, problems).ExecuteAsync(context));
        v1.MapGet("/transactions/{party}/{id}/receipt", async context => await OfTransaction(context.Request, node, problems).ExecuteAsync(context));
    }

    static IResult OfLeaf(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        return node.Index.BlockOf(leaf) is { } height ? Receipt(node, problems, height, leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult OfTransaction(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "party"), out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        if (!Id<Transaction>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        return node.Index.Entry(party, id) is { } entry ? Receipt(node, problems, entry.Height, entry.Leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult Receipt(NodeLoop node, Problems problems, ulong height, ulong leaf)
    {
        if (node.Log.ReadBlock(height) is not { } block) return problems.Of(Refusal.NotFound);
        if (node.Receipt(leaf, block.Leaves[(int)(leaf - block.FirstLeaf)]) is not { } receipt) return problems.Of(Refusal.NotYetFinal);
        return TypedResults.File(receipt.Write(), "text/plain; charset=utf-8", $"{node.Genesis.Chain.Name}-{leaf}.tlog-proof");
    }
}
