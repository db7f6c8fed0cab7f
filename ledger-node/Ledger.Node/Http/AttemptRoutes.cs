using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/attempts</c>: the double-pledge attempts on the record (重复质押尝试), oldest first. They are called attempts, not fraud.</summary>
static class AttemptRoutes
{
    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems) =>
        v1.MapGet("/attempts", async context => await List(context.Request, node, problems).ExecuteAsync(context));

    static IResult List(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        return Page.Answer(problems, query, node.View, "attempts", node.Index.Attempts(), static one => new(one.Leaf, 0), static (json, attempt) =>
        {
            json.Party("party", attempt.Party);
            json.WriteNumber("code", (ushort)attempt.Code);
            json.WriteString("title", attempt.Code.ToString());
            json.Time("at", attempt.At);
            json.WriteNumber("height", attempt.Height);
            json.WriteNumber("leaf", attempt.Leaf);
        });
    }
}
