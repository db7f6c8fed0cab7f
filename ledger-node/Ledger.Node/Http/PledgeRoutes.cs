using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/pledges/{id}</c>: a pledge of documents, under the id of the offer that it was; <c>/v1/pledges?party=</c>: those that a party gave or
/// took, released ones too.
/// </summary>
static class PledgeRoutes
{
    static readonly Member[] Members =
    [
        Member.Id("id"), Member.Party("pledgor"), Member.Party("pledgee"), Member.Currency("currency"), Member.Amount("amount"), Member.Uses("documents"),
        Member.Time("since"), Member.Bool("released"),
    ];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/pledges", "listPledges", Resource.Pledge, "参与方设立或取得的质押", "Pledges of documents that a party gave or took, released ones too", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("party", Schema.Party, "出质人或质权人", "pledgor or pledgee", required: true)
            .Paged("pledges", Schema.Object("Pledge", Members));
        v1.Get("/pledges/{id}", "getPledge", Resource.Pledge, "一项贸易材料质押", "A pledge of documents, under the id of the offer that it was", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("PledgeAsOf", [.. Members, .. Schema.AsOf]));
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, ["party", Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!PartyId.TryParse(query["party"], out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        return Page.OfNouns<Offer, Pledge>(
            request, ledger, problems, query, "pledges", Resource.Pledge, (slice, height) => ledger.Views.PledgesOf(party, height, slice), static (state, id) => state.Pledge(id),
            WriteMembers, ThingRef.ToPledge);
    }

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems) =>
        One.Answer<Offer, Pledge>(request, ledger, problems, static (state, id) => state.Pledge(id), WriteMembers, ThingRef.ToPledge);

    static void WriteMembers(Utf8JsonWriter json, Pledge pledge, LedgerState state)
    {
        json.Id("id", pledge.Id);
        json.Party("pledgor", pledge.Pledgor);
        json.Party("pledgee", pledge.Pledgee);
        json.WriteString("currency", pledge.Currency.Code);
        json.Amount("amount", pledge.Amount);
        json.Uses("documents", pledge.Documents);
        json.Time("since", pledge.Since);
        json.WriteBoolean("released", pledge.Released);
    }
}
