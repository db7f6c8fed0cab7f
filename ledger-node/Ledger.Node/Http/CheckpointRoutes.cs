using System.Net.Mime;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/checkpoint</c> and <c>/v1/checkpoints/{height}</c>: signed notes as their text (C2SP signed-note); <c>/v1/genesis</c>: the file whose
/// hash is the chain's id, octet for octet; <c>/v1/tile/…</c>: the hashes of which everybody can make every root and proof himself (C2SP tlog-tiles, whose prefix is <c>/v1</c>).
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
        v1.Get("/tile/{**tile}", "getTile", Resource.Public, "历史树的哈希瓦片（C2SP tlog-tiles），路径如 0/x001/067 或 0/000.p/5", "A tile of hashes of the history (C2SP tlog-tiles), such as 0/x001/067 or 0/000.p/5", context => TileOf(context.Request, ledger, problems))
            .Answering(StatusCodes.Status200OK, MediaTypeNames.Application.Octet, Schema.Any, "C2SP tlog-tiles").Immutable();
        v1.Get(
                "/genesis", "getGenesis", Resource.Public, "创世文件，其哈希即链标识", "The genesis file, whose hash is the chain's id",
                _ => new Immutable($"\"{ledger.Genesis.Chain.ChainId}\"", forEverybody: true, forEver: true, TypedResults.Bytes(ledger.Genesis.Bytes, JsonAnswer.MediaType)))
            .Answering(Schema.Of("object")).Immutable();
    }

    static IResult TileOf(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Tile.TryParse(Query.Path(request, "tile"), out var tile)) return problems.Of(Refusal.QueryInvalid, "tile");
        if (ledger.Read(tile) is not { } octets) return problems.Of(Refusal.NotFound);
        return new Immutable($"\"{ledger.Genesis.Chain.Suite.Hash(octets)}\"", forEverybody: true, forEver: true, TypedResults.Bytes(octets, MediaTypeNames.Application.Octet));
    }

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryPathNumber(request, "height", out var height)) return problems.Of(Refusal.QueryInvalid, "height");
        if (ledger.Checkpoint(height) is not { } note) return problems.Of(Refusal.NotFound);
        var tag = $"\"{ledger.Genesis.Chain.Suite.Hash(note.Write())}\"";
        return new Immutable(tag, forEverybody: true, forEver: true, TypedResults.Bytes(note.Write(), NoteType));
    }
}
