using System.Text.Json;
using Ledger.Core.Parties;
using Ledger.Core.State;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/measures/{id}</c>, settled ones too; <c>/v1/measures?party=</c>: those that are not settled and concern a party, oldest first (异议期内、待裁定).
/// </summary>
static class MeasureRoutes
{
    static readonly string[] Sides = ["party"];

    static readonly Member[] Members =
    [
        Member.Id("id"), Member.Names<MeasureKind>("kind"), Member.Names<MeasureStatus>("status"), Member.Party("by"), new("institutions", Schema.List(Schema.Party)),
        Member.Party("against"), Member.Party("gainer").Optional, Member.Hash("evidence").Optional, Member.Time("madeAt"), Member.Time("inForceFrom"), Member.Time("until"),
        Member.Party("contestedBy").Optional, Member.Hash("reason").Optional, Member.Party("decidedBy").Optional, Member.Hash("order").Optional,
    ];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/measures", "listMeasures", Resource.Offer, "涉及一方、尚未了结的措施，由早到晚", "Measures that concern a party and are not settled, oldest first", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("party", Schema.Party, "所涉参与方", "whom they concern")
            .Paged("measures", Schema.Object("Measure", Members));
        v1.Get("/measures/{id}", "getMeasure", Resource.Offer, "一项措施，已了结的也在内", "A measure, settled ones too", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("MeasureAsOf", [.. Members, .. Schema.AsOf]));
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [.. Sides, Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryParty(Sides, out _, out var party)) return problems.Of(Refusal.QueryInvalid, "party");
        return Page.OfNouns<Measure, Measure>(
            request, ledger, problems, query, "measures", Resource.Offer, (slice, height) => ledger.Views.OpenMeasuresOf(party, height, slice),
            static (state, id) => state.Measure(id), WriteMembers);
    }

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems) =>
        One.Answer<Measure, Measure>(request, ledger, problems, static (state, id) => state.Measure(id), WriteMembers);

    static void WriteMembers(Utf8JsonWriter json, Measure measure, LedgerState state)
    {
        json.Id("id", measure.Id);
        json.Name("kind", measure.Kind);
        json.Name("status", measure.Status);
        json.Party("by", measure.By);
        json.Parties("institutions", measure.Institutions);
        json.Party("against", measure.Against);
        json.Party("gainer", measure.Gainer);
        json.Hash("evidence", measure.Evidence);
        json.Time("madeAt", measure.MadeAt);
        json.Time("inForceFrom", measure.InForceFrom);
        json.Time("until", measure.Until);
        json.Party("contestedBy", measure.ContestedBy);
        json.Hash("reason", measure.Reason);
        json.Party("decidedBy", measure.DecidedBy);
        json.Hash("order", measure.Order);
    }
}
