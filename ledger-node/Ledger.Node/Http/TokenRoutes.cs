using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/tokens?holder=</c>: the live units that a party holds, by instrument and unit.</summary>
static class TokenRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems) =>
        v1.Get("/tokens", "listTokens", Resource.Token, "参与方持有的份额", "The live units that a party holds, by instrument and unit", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("holder", Schema.Party, "持有人", "who holds", required: true)
            .Paged(Shown.HeldToken);

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, ["holder", Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!PartyId.TryParse(query["holder"], out var holder)) return problems.Of(Refusal.QueryInvalid, "holder");
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        return Page.Answer(problems, query, moment.View, "tokens", (after, limit) =>
        {
            var (held, through) = ledger.Views.TokensOf(holder, moment.Height, after.Major, (ulong)after.Minor, limit, query.Sight.SeesBy(Resource.Token));
            var at = new At(moment.StateOf(held.Select(one => one.Instrument).Distinct().Select(ThingRef.To)), query.Sight);
            return new Fetched([.. held.Select(one => LineOf(at, one.Instrument, one.First))], through is { } last ? new(last.Instrument.Value, last.First) : null);
        });
    }

    static Line LineOf(At at, Id<Instrument> id, ulong first)
    {
        var place = new Place(id.Value, first);
        if (at.State.Instrument(id) is not { } instrument || at.State.Tokens(id) is not { } tokens) return Line.Gone(place);
        return Line.Of(Shown.HeldToken, (instrument, tokens.Touching(new(first, first))[0]), place, at);
    }
}
