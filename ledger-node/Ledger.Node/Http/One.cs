using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>One thing under the id that the path names, now or as of a height.</summary>
static class One
{
    public static IResult Answer<TNoun, T>(
        HttpRequest request, LedgerReader ledger, Problems problems, Func<LedgerState, Id<TNoun>, T?> find, Action<Utf8JsonWriter, T, LedgerState> members,
        Func<Id<TNoun>, ThingRef>? thing = null)
        where T : class
    {
        if (!Id<TNoun>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (Moment.Of(request, ledger, problems, out var wrong) is not { } moment) return wrong ?? problems.Of(Refusal.HeightNotReached);
        var state = moment.StateOf((thing ?? ThingRef.To)(id));
        var sight = FrontDoor.SightOf(request.HttpContext);

        // What is not for the caller is not there: no answer tells the two apart.
        if (find(state, id) is not { } found || !sight.Sees(found)) return problems.Of(Refusal.NotFound);
        sight.Show(found);
        return JsonAnswer.Object(json =>
        {
            members(json, found, state);
            json.AsOf(moment.View);
        });
    }
}
