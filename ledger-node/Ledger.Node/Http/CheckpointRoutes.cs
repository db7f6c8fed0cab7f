using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/checkpoint</c> and <c>/v1/checkpoints/{height}</c>: signed notes as their text (C2SP signed-note); <c>/v1/genesis</c>: the file whose
/// hash is the chain's id, octet for octet.
/// </summary>
static class CheckpointRoutes
{
    const string NoteType = "text/plain; charset=utf-8";

    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems)
    {
        v1.MapGet("/checkpoint", async context => await TypedResults.Bytes(node.View.Checkpoint.Write(), NoteType).ExecuteAsync(context));
        v1.MapGet("/checkpoints/{height}", async context => await Find(context.Request, node, problems).ExecuteAsync(context));
        v1.MapGet("/genesis", async context => await TypedResults.Bytes(node.Genesis.Bytes, JsonAnswer.MediaType).ExecuteAsync(context));
    }

    static IResult Find(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryPathNumber(request, "height", out var height)) return problems.Of(Refusal.QueryInvalid, "height");
        if (node.Log.ReadNote(height) is not { } note) return problems.Of(Refusal.NotFound);
        return TypedResults.Bytes(note.Write(), NoteType);
    }
}
