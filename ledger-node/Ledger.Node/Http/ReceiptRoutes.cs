using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/receipts/{leaf}</c> and <c>/v1/transactions/{party}/{id}/receipt</c>: a leaf with the proof that it is under the latest checkpoint (C2SP
/// tlog-proof), to be kept and verified without this node.
/// </summary>
static class ReceiptRoutes
{
    const string ProofType = "text/plain; charset=utf-8";

    public static void Map(RouteTable v1, NodeLoop node, Problems problems)
    {
        v1.Get("/receipts/{leaf}", "getReceipt", Resource.Entry, "回执：叶子及其包含证明", "A leaf with the proof that it is under the latest checkpoint", context => OfLeaf(context.Request, node, problems))
            .Answering(StatusCodes.Status200OK, ProofType, Schema.Text, "C2SP tlog-proof").Refusing(Refusal.NotYetFinal);
        v1.Get("/transactions/{party}/{id}/receipt", "getReceiptOfTransaction", Resource.Entry, "一笔交易的回执", "The receipt of a transaction", context => OfTransaction(context.Request, node, problems))
            .Answering(StatusCodes.Status200OK, ProofType, Schema.Text, "C2SP tlog-proof").Refusing(Refusal.NotYetFinal);
        v1.Get("/proofs/{leaf}", "getProof", Resource.Public, "不含叶子的包含证明", "The proof of a leaf without the leaf, for whoever has it", context => ProofOf(context.Request, node, problems))
            .Answering(StatusCodes.Status200OK, ProofType, Schema.Text, "C2SP tlog-proof").Refusing(Refusal.NotYetFinal);
    }

    static IResult OfLeaf(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        return node.Log.BlockOf(leaf) is { } height ? Receipt(request, node, problems, height, leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult ProofOf(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        if (node.Log.BlockOf(leaf) is null) return problems.Of(Refusal.NotFound);
        return node.Receipt(leaf, ReadOnlyMemory<byte>.Empty) is { } proof ? TypedResults.Bytes(proof.Write(), ProofType) : problems.Of(Refusal.NotYetFinal);
    }

    static IResult OfTransaction(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "party"), out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        if (!Id<Transaction>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        return node.FirstAnswer(party, id) is { } entry ? Receipt(request, node, problems, entry.Height, entry.Leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult Receipt(HttpRequest request, NodeLoop node, Problems problems, ulong height, ulong leaf)
    {
        if (node.Log.ReadBlock(height) is not { } block || !EntryJson.IsSeen(FrontDoor.SightOf(request.HttpContext), node.Genesis, block, leaf)) return problems.Of(Refusal.NotFound);
        if (node.Receipt(leaf, block.Leaves[(int)(leaf - block.FirstLeaf)]) is not { } receipt) return problems.Of(Refusal.NotYetFinal);
        return TypedResults.File(receipt.Write(), ProofType, $"{node.Genesis.Chain.Name}-{leaf}.tlog-proof");
    }
}
