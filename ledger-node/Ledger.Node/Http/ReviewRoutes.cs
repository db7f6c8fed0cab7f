using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/near-matches</c>: pairs of documents that are nearly the same, graded, with what was decided about them (疑似重复复核);
/// <c>POST /v1/near-matches/reviews</c>: a person's decision. It is this node's own and on no chain.
/// </summary>
static class ReviewRoutes
{
    const int MostBytes = 16 * 1024;

    static readonly Schema ReviewSchema = Schema.Object(
        "Review", new Member("decision", Schema.OneOf([.. Reviews.Decisions])), Member.Text("note").Optional, Member.Text("reviewer").Optional, Member.Time("at"));

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/near-matches", "listNearMatches", Resource.Review, "疑似重复的贸易背景材料及复核意见", "Pairs of documents that are nearly the same, with their reviews", context => List(context.Request, ledger, problems))
            .AtHeight()
            .Paged("matches", Schema.Object(
                "NearMatch", Member.Number("number"), Member.Id("one"), Member.Id("other"), Member.Number("grade"), Member.Number("height"), new("reviews", Schema.List(ReviewSchema))));
        v1.Post("/near-matches/reviews", "reviewNearMatch", Resource.Desk, "记录复核意见", "Records a person's decision about a pair", context => ReviewAsync(context.Request, ledger, problems))
            .Taking([JsonAnswer.MediaType], Schema.Object("NewReview", Member.Number("number"), new("decision", Schema.OneOf([.. Reviews.Decisions])), Member.Text("note").Optional), MostBytes)
            .Refusing(Refusal.BodyInvalid, Refusal.ReviewNotKept, Refusal.ViewsNotReady, Refusal.NotFound)
            .Answering(ReviewSchema)
            .At(RateClass.Form);
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        return Page.Answer(problems, query, moment.View, "matches", (after, limit) =>
            [.. ledger.Views.NearMatches(moment.Height, (ulong)after.Major, limit, query.Sight.SeesBy(Resource.Review)).Select(match => LineOf(match, ledger, query.Sight))]);
    }

    static Line LineOf(NearMatch match, LedgerReader ledger, Sight sight) => new(Guards.NearMatch.Guarding(PairOf(match, ledger.View.State)), new(match.Number, 0), json =>
    {
        json.WriteNumber("number", match.Number);
        json.Id("one", match.One);
        json.Id("other", match.Other);
        json.WriteNumber("grade", match.Grade);
        json.WriteNumber("height", match.Height);
        json.Objects("reviews", !sight.SeesReviews ? [] : ledger.Views.Reviews.Of(Reviews.SubjectOf(match)), WriteMembers);
    });

    static (NearMatch, PartyId, PartyId) PairOf(NearMatch match, LedgerState state) =>
        (match, state.Document(match.One)?.Attester ?? default, state.Document(match.Other)?.Attester ?? default);

    static void WriteMembers(Utf8JsonWriter json, Review review)
    {
        json.WriteString("decision", review.Decision);
        json.Text("note", review.Note);
        json.Text("reviewer", review.Reviewer);
        json.Time("at", review.At);
    }

    static async Task<IResult> ReviewAsync(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        // What a bank's people decided is in that bank's own file: nobody else writes there.
        var sight = FrontDoor.SightOf(request.HttpContext);
        if (!sight.MayReview) return problems.Of(Refusal.NotForThisRole);
        if (!RequestBody.IsOf(request, [JsonAnswer.MediaType])) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, MostBytes, request.HttpContext.RequestAborted) is not { } body) return problems.Of(Refusal.BodyTooLarge);
        NewReview? asked;
        try
        {
            asked = JsonSerializer.Deserialize(body.Span, ReviewJson.Default.NewReview);
        }
        catch (JsonException)
        {
            asked = null;
        }

        if (asked is null || !Reviews.Decisions.Contains(asked.Decision) || asked.Note.Length > Reviews.LongestNote) return problems.Of(Refusal.BodyInvalid, "number, decision, note");
        var match = asked.Number == 0 ? null : await ledger.AskViewsAsync(
            () => ledger.Views.NearMatches(null, asked.Number - 1, 1).FirstOrDefault(one => one.Number == asked.Number), request.HttpContext.RequestAborted);
        if (match is null || !sight.Sees(Guards.NearMatch, PairOf(match, ledger.View.State))) return problems.Of(Refusal.NotFound);

        var review = new Review(Reviews.SubjectOf(match), asked.Decision, asked.Note, $"{sight.Caller.Key}", ledger.ClockTime);
        if (!ledger.Views.Reviews.TryAdd(review)) return problems.Of(Refusal.ReviewNotKept);
        return JsonAnswer.Object(json => WriteMembers(json, review));
    }
}

sealed record NewReview(ulong Number, string Decision, string Note = "");

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NewReview))]
sealed partial class ReviewJson : JsonSerializerContext;
