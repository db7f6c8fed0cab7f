using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/checkpoint</c> and <c>/v1/checkpoints/{height}</c>: signed notes as their text (C2SP signed-note); <c>/v1/genesis</c>: the file whose
/// hash is the chain's id, octet for octet.
/// </summary>
static class CheckpointRoutes
{
    const string NoteType = "text/plain; charset=utf-8";

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/checkpoint", "getCheckpoint", Resource.Public, "最新检查点（签名注记）", "The latest checkpoint, a signed note", _ => TypedResults.Bytes(ledger.View.Checkpoint.Write(), NoteType))
            .Answering(StatusCodes.Status200OK, NoteType, Schema.Text, "OK");
        v1.Get("/checkpoints/{height}", "getCheckpointAt", Resource.Public, "某高度的检查点", "The checkpoint of a height", context => Find(context.Request, ledger, problems))
            .Answering(StatusCodes.Status200OK, NoteType, Schema.Text, "OK").Immutable();
        v1.Get(
                "/genesis", "getGenesis", Resource.Public, "创世文件，其哈希即链标识", "The genesis file, whose hash is the chain's id",
                _ => new Immutable($"\"{ledger.Genesis.Chain.ChainId}\"", forEverybody: true, forEver: true, TypedResults.Bytes(ledger.Genesis.Bytes, JsonAnswer.MediaType)))
            .Answering(Schema.Of("object")).Immutable();
    }

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryPathNumber(request, "height", out var height)) return problems.Of(Refusal.QueryInvalid, "height");
        if (ledger.Checkpoint(height) is not { } note) return problems.Of(Refusal.NotFound);
        var tag = $"\"{ledger.Genesis.Chain.Suite.Hash(note.Write())}\"";
        return new Immutable(tag, forEverybody: true, forEver: true, TypedResults.Bytes(note.Write(), NoteType));
    }
}
