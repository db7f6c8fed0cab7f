using System.Globalization;
using System.Net.Mime;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/checkpoint</c> and <c>/v1/checkpoints/{height}</c>: signed notes as their text (C2SP signed-note); <c>/v1/genesis</c>: the file whose
/// hash is the chain's id, octet for octet; <c>/v1/consistency?from=</c>: that a checkpoint's history begins with an older one (the body of C2SP tlog-witness's add-checkpoint); <c>/v1/tile/…</c>: the hashes of which everybody can make every root and proof himself (C2SP tlog-tiles, whose prefix is <c>/v1</c>).
/// </summary>
static class CheckpointRoutes
{
    const string NoteType = "text/plain; charset=utf-8";
    const string From = "from";

    public static void Map(RouteTable v1, LedgerReader ledger, Func<Note?>? witnessed, Problems problems)
    {
        v1.Get("/checkpoint", "getCheckpoint", Resource.Public, "最新检查点（签名注记）", "The latest checkpoint, a signed note", _ => TypedResults.Bytes(Newest(ledger, witnessed).Write(), NoteType))
            .Answering(StatusCodes.Status200OK, NoteType, Schema.Text, "OK");
        v1.Get("/witnessed", "getWitnessed", Resource.Public, "见证方已联署的最新检查点", "The newest checkpoint that witnesses cosigned", _ => witnessed?.Invoke() is { } note ? TypedResults.Bytes(note.Write(), NoteType) : problems.Of(Refusal.NotFound))
            .Answering(StatusCodes.Status200OK, NoteType, Schema.Text, "C2SP tlog-cosignature").Refusing(Refusal.NotFound);
        v1.Get("/checkpoints/{height}", "getCheckpointAt", Resource.Public, "某高度的检查点", "The checkpoint of a height", context => Find(context.Request, ledger, problems))
            .Answering(StatusCodes.Status200OK, NoteType, Schema.Text, "OK").Immutable();
        v1.Get("/consistency", "getConsistency", Resource.Public, "一致性证明：较新的历史以较早的历史为前缀", "The proof that the history of a checkpoint begins with an older one", context => ConsistencyOf(context.Request, ledger, problems))
            .With(From, Schema.Number, "较早检查点的长度（叶）", "the size of the older checkpoint", required: true)
            .With(Moment.Parameter, Schema.Number, "较新检查点的高度；缺省为最新", "the height of the newer checkpoint; the latest where none is named")
            .Answering(StatusCodes.Status200OK, NoteType, Schema.Text, "C2SP tlog-witness add-checkpoint").Refusing(Refusal.HeightNotReached);
        v1.Get("/tile/{**tile}", "getTile", Resource.Public, "历史树的哈希瓦片（C2SP tlog-tiles），路径如 0/x001/067 或 0/000.p/5", "A tile of hashes of the history (C2SP tlog-tiles), such as 0/x001/067 or 0/000.p/5", context => TileOf(context.Request, ledger, problems))
            .Answering(StatusCodes.Status200OK, MediaTypeNames.Application.Octet, Schema.Any, "C2SP tlog-tiles").Immutable();
        v1.Get(
                "/genesis", "getGenesis", Resource.Public, "创世文件，其哈希即链标识", "The genesis file, whose hash is the chain's id",
                _ => new Immutable($"\"{ledger.Genesis.Chain.ChainId}\"", forEverybody: true, forEver: true, TypedResults.Bytes(ledger.Genesis.Bytes, JsonAnswer.MediaType)))
            .Answering(Schema.Of("object")).Immutable();
    }

    // What witnesses said of it is shown under it; they are asked once a minute, so that it is often newer than what they saw.
    static Note Newest(LedgerReader ledger, Func<Note?>? witnessed) =>
        ledger.View.Checkpoint is var newest && witnessed?.Invoke() is { } cosigned && cosigned.Checkpoint == newest.Checkpoint ? cosigned : newest;

    static IResult ConsistencyOf(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [From, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!ulong.TryParse(query[From], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size == 0) return problems.Of(Refusal.QueryInvalid, From);
        var newer = ledger.View.Checkpoint;
        if (query[Moment.Parameter] is { } text)
        {
            if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var height)) return problems.Of(Refusal.QueryInvalid, Moment.Parameter);
            if (ledger.Checkpoint(height) is not { } note) return problems.Of(Refusal.HeightNotReached);
            newer = note;
        }

        return size <= newer.Checkpoint.Size ? TypedResults.Bytes(ledger.Consistency(size, newer).Write(), NoteType) : problems.Of(Refusal.QueryInvalid, From);
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
