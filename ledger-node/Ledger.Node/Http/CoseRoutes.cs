using System.Globalization;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Suites.Cose;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/receipts/{leaf}/cose</c> and <c>/v1/transactions/{party}/{id}/receipt/cose</c>: a leaf with this bank's word of where it stands (RFC 9942), as a file; <c>/v1/proofs/{leaf}/cose</c>: the word without the
/// leaf, for whoever has it and gathers those of several banks at one <c>size=</c>.
/// </summary>
static class CoseRoutes
{
    const string FileType = "application/cbor";
    const string WordType = "application/cose; cose-type=\"cose-sign1\"";
    const string Size = "size";

    public static void Map(RouteTable v1, LedgerReader ledger, ReceiptSigner signer, Problems problems)
    {
        Described(v1.Get("/receipts/{leaf}/cose", "getCoseReceipt", Resource.Entry, "COSE 回执：叶子及本行的签署", "A leaf with this bank's word of its place (COSE)", context => OfLeaf(context.Request, ledger, signer, problems)), FileType, "ledger-cose-receipt");
        Described(v1.Get("/transactions/{party}/{id}/receipt/cose", "getCoseReceiptOfTransaction", Resource.Entry, "一笔交易的 COSE 回执", "The COSE receipt of a transaction", context => OfTransaction(context.Request, ledger, signer, problems)), FileType, "ledger-cose-receipt")
            .Refusing(Refusal.ViewsNotReady);
        Described(v1.Get("/proofs/{leaf}/cose", "getCoseProof", Resource.Public, "本行对一叶位置的签署，不含叶（COSE）", "This bank's word of a leaf's place without the leaf (COSE)", context => WordOn(context.Request, ledger, signer, problems)), WordType, "RFC 9942");
    }

    static ApiRoute Described(ApiRoute route, string type, string says) => route
        .With(Size, Schema.Number, "某个终局区块末尾的历史长度；缺省为最新检查点", "the size of the history behind a final block; that of the latest checkpoint where none is named")
        .Answering(StatusCodes.Status200OK, type, Schema.Any, says)
        .Refusing(Refusal.NotYetFinal, Refusal.NoCoseUnderSuite, Refusal.SignsNoReceipts, Refusal.SizeOfNoBlock, Refusal.HistoryHasNoPath);

    static IResult OfLeaf(HttpRequest request, LedgerReader ledger, ReceiptSigner signer, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        return ledger.HeightOf(leaf) is { } height ? FileOf(request, ledger, signer, problems, height, leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult OfTransaction(HttpRequest request, LedgerReader ledger, ReceiptSigner signer, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "party"), out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        if (!Id<Transaction>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        return ledger.FirstAnswer(party, id) is { } entry ? FileOf(request, ledger, signer, problems, entry.Height, entry.Leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult FileOf(HttpRequest request, LedgerReader ledger, ReceiptSigner signer, Problems problems, ulong height, ulong leaf)
    {
        if (!TryReadSize(request, out var size, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (ledger.Block(height) is not { } block || !EntryJson.IsSeen(FrontDoor.SightOf(request.HttpContext), ledger.Genesis, block, leaf)) return problems.Of(Refusal.NotFound);
        if (signer.Of(leaf, size, out var refusal) is not { } word) return problems.Of(refusal);
        var file = CoseReceiptFile.Of(new(block.Leaves[(int)(leaf - block.FirstLeaf)]), [word]);
        return TypedResults.File(file.Write(), FileType, $"{ledger.Genesis.Chain.Name}-{leaf}.cose");
    }

    static IResult WordOn(HttpRequest request, LedgerReader ledger, ReceiptSigner signer, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        if (!TryReadSize(request, out var size, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (ledger.HeightOf(leaf) is null) return problems.Of(Refusal.NotFound);
        return signer.Of(leaf, size, out var refusal) is { } word ? TypedResults.Bytes(word.Write(), WordType) : problems.Of(refusal);
    }

    static bool TryReadSize(HttpRequest request, out ulong? size, out string? wrong)
    {
        size = null;
        if (!Query.TryRead(request, [Size], out var query, out wrong)) return false;
        if (query[Size] is not { } text) return true;
        wrong = Size;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read)) return false;
        size = read;
        return true;
    }
}
