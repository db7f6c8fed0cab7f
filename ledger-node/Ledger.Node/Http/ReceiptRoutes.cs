using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/receipts/{leaf}</c> and <c>/v1/transactions/{party}/{id}/receipt</c>: a leaf with the proof that it is under the latest checkpoint (C2SP
/// tlog-proof), to be kept and verified without this node; with <c>?under=witnessed</c> under the newest one that witnesses cosigned.
/// </summary>
static class ReceiptRoutes
{
    const string ProofType = "text/plain; charset=utf-8";

    const string Under = "under";
    const string Latest = "latest";
    const string Witnessed = "witnessed";

    public static void Map(RouteTable v1, LedgerReader ledger, Func<Note?>? witnessed, Problems problems)
    {
        Described(v1.Get("/receipts/{leaf}", "getReceipt", Resource.Entry, "回执：叶子及其包含证明", "A leaf with the proof that it is under the latest checkpoint", context => OfLeaf(context.Request, ledger, witnessed, problems)));
        Described(v1.Get("/transactions/{party}/{id}/receipt", "getReceiptOfTransaction", Resource.Entry, "一笔交易的回执", "The receipt of a transaction", context => OfTransaction(context.Request, ledger, witnessed, problems)));
        Described(v1.Get("/proofs/{leaf}", "getProof", Resource.Public, "不含叶子的包含证明", "The proof of a leaf without the leaf, for whoever has it", context => ProofOf(context.Request, ledger, witnessed, problems)));
    }

    static void Described(ApiRoute route) => route
        .With(Under, Schema.OneOf(Latest, Witnessed), "witnessed：以见证方已联署的最新检查点为准；缺省为最新检查点", "witnessed: under the newest checkpoint that witnesses cosigned; else under the latest")
        .Answering(StatusCodes.Status200OK, ProofType, Schema.Text, "C2SP tlog-proof")
        .Refusing(Refusal.NotYetFinal, Refusal.NotYetWitnessed, Refusal.AsksNoWitnesses);

    static IResult OfLeaf(HttpRequest request, LedgerReader ledger, Func<Note?>? witnessed, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        return ledger.HeightOf(leaf) is { } height ? Receipt(request, ledger, witnessed, problems, height, leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult ProofOf(HttpRequest request, LedgerReader ledger, Func<Note?>? witnessed, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        if (ledger.HeightOf(leaf) is null) return problems.Of(Refusal.NotFound);
        if (WhyNot(request, ledger, witnessed, problems, leaf, out var note) is { } problem) return problem;
        return TypedResults.Bytes(ledger.Receipt(leaf, ReadOnlyMemory<byte>.Empty, note).Write(), ProofType);
    }

    static IResult OfTransaction(HttpRequest request, LedgerReader ledger, Func<Note?>? witnessed, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "party"), out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        if (!Id<Transaction>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        return ledger.FirstAnswer(party, id) is { } entry ? Receipt(request, ledger, witnessed, problems, entry.Height, entry.Leaf) : problems.Of(Refusal.NotFound);
    }

    static IResult Receipt(HttpRequest request, LedgerReader ledger, Func<Note?>? witnessed, Problems problems, ulong height, ulong leaf)
    {
        if (ledger.Block(height) is not { } block || !EntryJson.IsSeen(FrontDoor.SightOf(request.HttpContext), ledger.Genesis, block, leaf)) return problems.Of(Refusal.NotFound);
        if (WhyNot(request, ledger, witnessed, problems, leaf, out var note) is { } problem) return problem;
        return TypedResults.File(ledger.Receipt(leaf, block.Leaves[(int)(leaf - block.FirstLeaf)], note).Write(), ProofType, $"{ledger.Genesis.Chain.Name}-{leaf}.tlog-proof");
    }

    // Why the checkpoint that is asked for does not cover the leaf; null where it does.
    static IResult? WhyNot(HttpRequest request, LedgerReader ledger, Func<Note?>? witnessed, Problems problems, ulong leaf, out Note note)
    {
        note = ledger.View.Checkpoint;
        if (!Query.TryRead(request, [Under], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        switch (query[Under])
        {
            case null or Latest:
                return leaf < note.Checkpoint.Size ? null : problems.Of(Refusal.NotYetFinal);
            case Witnessed when witnessed is null:
                return problems.Of(Refusal.AsksNoWitnesses);
            case Witnessed:
                if (witnessed() is not { } cosigned || leaf >= cosigned.Checkpoint.Size) return problems.Of(Refusal.NotYetWitnessed);
                note = cosigned;
                return null;
            default:
                return problems.Of(Refusal.QueryInvalid, Under);
        }
    }
}
