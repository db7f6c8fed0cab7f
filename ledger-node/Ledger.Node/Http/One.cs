using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>One thing under the id that the path names, now or as of a height.</summary>
static class One
{
    public static IResult Answer<TNoun, T>(HttpRequest request, LedgerReader ledger, Problems problems, Noun<TNoun, T> noun)
        where T : class => Answer(request, ledger, problems, noun.Guard, noun.Write);

    public static IResult Answer<TNoun, T>(HttpRequest request, LedgerReader ledger, Problems problems, Guard<TNoun, T> guard, Action<Utf8JsonWriter, T, At> members)
        where T : class
    {
        if (!Id<TNoun>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (Moment.Of(request, ledger, problems, out var wrong) is not { } moment) return wrong ?? problems.Of(Refusal.HeightNotReached);
        var at = new At(moment.StateOf(guard.Thing(id)), FrontDoor.SightOf(request.HttpContext));

        // What is not for the caller is not there: no answer tells the two apart.
        if (guard.Find(at.State, id) is not { } found || !at.Sight.Sees(guard, found)) return problems.Of(Refusal.NotFound);
        at.Sight.Show(guard, found);
        return JsonAnswer.Object(json =>
        {
            members(json, found, at);
            json.AsOf(moment.View);
        });
    }
}
