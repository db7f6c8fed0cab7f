using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/attempts</c>: the double-pledge attempts on the record (重复质押尝试), oldest first. They are called attempts, not fraud.</summary>
static class AttemptRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems) =>
        v1.Get("/attempts", "listAttempts", Resource.Attempt, "重复质押尝试，由早到晚", "Double-pledge attempts on the record, oldest first", context => List(context.Request, ledger, problems))
            .AtHeight()
            .Paged(Shown.Attempt);

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        return Page.Answer(problems, query, moment.View, Shown.Attempt.List.Name, (after, limit) =>
            [.. ledger.Views.Attempts(moment.Height, query.Sight.SeesBy(Resource.Attempt), (ulong)after.Major, limit)
                .Select(attempt => Line.Of(Shown.Attempt, attempt, new(attempt.Leaf, 0), new(moment.View.State, query.Sight)))]);
    }
}
