using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/offers/{id}</c>, answered ones too; <c>/v1/offers?from=</c> or <c>?to=</c>: what is open, oldest first (待签收).</summary>
static class OfferRoutes
{
    static readonly string[] Sides = ["from", "to"];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/offers", "listOffers", Resource.Offer, "待签收的要约，由早到晚", "What is open from or to a party, oldest first", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("from", Schema.Party, "发出方", "who offers").With("to", Schema.Party, "接收方", "who is to answer")
            .Paged(Shown.Offer);
        v1.Get("/offers/{id}", "getOffer", Resource.Offer, "一个要约，已答复的也在内", "An offer, answered ones too", context => One.Answer(context.Request, ledger, problems, Shown.Offer))
            .AtHeight()
            .Answering(Shown.Offer.SchemaAsOf);
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [.. Sides, Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryParty(Sides, out var side, out var party)) return problems.Of(Refusal.QueryInvalid, "from | to");
        return Page.OfNouns(
            request, ledger, problems, query, Shown.Offer,
            (slice, height) => side == "from" ? ledger.Views.OpenOffersFrom(party, height, slice) : ledger.Views.OpenOffersTo(party, height, slice));
    }
}
