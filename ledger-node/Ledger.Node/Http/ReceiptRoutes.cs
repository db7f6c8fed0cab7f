using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/receipts/{leaf}</c> and <c>/v1/transactions/{party}/{id}/receipt</c>: a leaf with the proof that it is under the latest checkpoint (C2SP
/// tlog-proof), to be kept and verified without this node.
/// </summary>
static class ReceiptRoutes
{
    const string ProofType = "text/plain; charset=utf-8";

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/receipts/{leaf}", "getReceipt", Resource.Entry, "回执：叶子及其包含证明", "A leaf with the proof that it is under the latest checkpoint", context => OfLeaf(context.Request, ledger, problems))
            .Answering(StatusCodes.Status200OK, ProofType, Schema.Text, "C2SP tlog-proof").Refusing(Refusal.NotYetFinal);
        v1.Get("/transactions/{party}/{id}/receipt", "getReceiptOfTransaction", Resource.Entry, "一笔交易的回执", "The receipt of a transaction", context => OfTransaction(context.Request, ledger, problems))
            .Answering(StatusCodes.Status200OK, ProofType, Schema.Text, "C2SP tlog-proof").Refusing(Refusal.NotYetFinal);
        v1.Get("/proofs/{leaf}", "getProof", Resource.Public, "不含叶子的包含证明", "The proof of a leaf without the leaf, for whoever has it", context => ProofOf(context.Request, ledger, problems))
            .Answering(StatusCodes.Status200OK, ProofType, Schema.Text, "C2SP tlog-proof").Refusing(Refusal.NotYetFinal);
    }

    static IResult OfLeaf(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        return ledger.HeightOf(leaf) is { } height ? Receipt(request, ledger, problems, height, leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult ProofOf(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        if (ledger.HeightOf(leaf) is null) return problems.Of(Refusal.NotFound);
        return ledger.Receipt(leaf, ReadOnlyMemory<byte>.Empty) is { } proof ? TypedResults.Bytes(proof.Write(), ProofType) : problems.Of(Refusal.NotYetFinal);
    }

    static IResult OfTransaction(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "party"), out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        if (!Id<Transaction>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        return ledger.FirstAnswer(party, id) is { } entry ? Receipt(request, ledger, problems, entry.Height, entry.Leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult Receipt(HttpRequest request, LedgerReader ledger, Problems problems, ulong height, ulong leaf)
    {
        if (ledger.Block(height) is not { } block || !EntryJson.IsSeen(FrontDoor.SightOf(request.HttpContext), ledger.Genesis, block, leaf)) return problems.Of(Refusal.NotFound);
        if (ledger.Receipt(leaf, block.Leaves[(int)(leaf - block.FirstLeaf)]) is not { } receipt) return problems.Of(Refusal.NotYetFinal);
        return TypedResults.File(receipt.Write(), ProofType, $"{ledger.Genesis.Chain.Name}-{leaf}.tlog-proof");
    }
}
