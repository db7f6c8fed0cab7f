using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.State;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/offers/{id}</c>, answered ones too; <c>/v1/offers?from=</c> or <c>?to=</c>: what is open, oldest first (待签收).</summary>
static class OfferRoutes
{
    static readonly string[] Sides = ["from", "to"];

    static readonly Member[] Members =
    [
        Member.Id("id"), Member.Names<OfferKind>("kind"), Member.Names<OfferStatus>("status"), Member.Party("from"), Member.Party("to"), Member.Party("hand"), Member.Id("instrument").Optional,
        Member.Units("units"), Member.Names<TransferCause>("cause"), Member.Bool("recourse"), Member.Currency("currency"), Member.Amount("amount"), Member.Uses("documents"),
        Member.Terms, Member.Time("madeAt"), Member.Time("expires"),
    ];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/offers", "listOffers", Resource.Offer, "待签收的要约，由早到晚", "What is open from or to a party, oldest first", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("from", Schema.Party, "发出方", "who offers").With("to", Schema.Party, "接收方", "who is to answer")
            .Paged("offers", Schema.Object("Offer", Members));
        v1.Get("/offers/{id}", "getOffer", Resource.Offer, "一个要约，已答复的也在内", "An offer, answered ones too", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("OfferAsOf", [.. Members, .. Schema.AsOf]));
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [.. Sides, Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryParty(Sides, out var side, out var party)) return problems.Of(Refusal.QueryInvalid, "from | to");
        return Page.OfNouns<Offer, Offer>(
            request, ledger, problems, query, "offers", Resource.Offer,
            (slice, height) => side == "from" ? ledger.Views.OpenOffersFrom(party, height, slice) : ledger.Views.OpenOffersTo(party, height, slice),
            static (state, id) => state.Offer(id), WriteMembers);
    }

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems) =>
        One.Answer<Offer, Offer>(request, ledger, problems, static (state, id) => state.Offer(id), WriteMembers);

    static void WriteMembers(Utf8JsonWriter json, Offer offer, LedgerState state)
    {
        json.Id("id", offer.Id);
        json.Name("kind", offer.Kind);
        json.Name("status", offer.Status);
        json.Party("from", offer.From);
        json.Party("to", offer.To);
        json.Party("hand", offer.Hand);
        json.Id("instrument", offer.Instrument);
        json.Units("units", offer.Units);
        json.Name("cause", offer.Cause);
        json.WriteBoolean("recourse", offer.Recourse);
        json.WriteString("currency", offer.Currency.Code);
        json.Amount("amount", offer.Amount);
        json.Uses("documents", offer.Documents);
        json.Terms(offer.Terms);
        json.Time("madeAt", offer.MadeAt);
        json.Time("expires", offer.Expires);
    }
}
