using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>One thing under the id that the path names, as of a view.</summary>
static class One
{
    public static IResult Answer<TNoun, T>(
        HttpRequest request, NodeView view, Problems problems, Func<Id<TNoun>, T?> find, Action<Utf8JsonWriter, T> members)
        where T : class
    {
        if (!Id<TNoun>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        var sight = FrontDoor.SightOf(request.HttpContext);

        // What is not for the caller is not there: no answer tells the two apart.
        if (find(id) is not { } found || !sight.Sees(found)) return problems.Of(Refusal.NotFound);
        sight.Show(found);
        return JsonAnswer.Object(json =>
        {
            members(json, found);
            json.AsOf(view);
        });
    }
}
