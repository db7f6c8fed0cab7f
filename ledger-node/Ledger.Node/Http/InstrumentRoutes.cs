using System.Globalization;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/instruments/{id}</c> with its tokens and what is owed on it, <c>/v1/instruments/{id}/lineage</c> for all its units, <c>?unit=</c> or
/// <c>?units=a-b</c>, and <c>/v1/instruments?obligor=</c> or <c>?creditor=</c>.
/// </summary>
static class InstrumentRoutes
{
    static readonly string[] Parties = ["obligor", "creditor"];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/instruments", "listInstruments", Resource.Instrument, "凭证与票据包，按债务人或债权人", "Instruments of an obligor or a creditor", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("obligor", Schema.Party, "债务人", "who owes").With("creditor", Schema.Party, "最初债权人", "to whom it was first owed")
            .Paged(Shown.Instrument);
        v1.Get("/instruments/{id}", "getInstrument", Resource.Instrument, "一张凭证或票据包及可见的份额", "An instrument, what is owed on it, and the tokens that the caller may see", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("Instrument", [.. Shown.WholeInstrument.Members, .. Schema.AsOf]));
        v1.Get("/instruments/{id}/lineage", "getLineage", Resource.Instrument, "流转过程", "The way of its units from hand to hand, as far as the caller may see", context => Lineage(context.Request, ledger, problems))
            .AtHeight()
            .With("unit", Schema.Number, "某一单位", "one unit").With("units", Schema.Interval, "一段单位", "a run of units")
            .Answering(Schema.Object("Lineage", [Member.Id("instrument"), Member.Interval("units"), new(Shown.LineageLeg.List.Name, Schema.List(Shown.LineageLeg.Schema)), .. Schema.AsOf]));
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [.. Parties, Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryParty(Parties, out var side, out var party)) return problems.Of(Refusal.QueryInvalid, "obligor | creditor");
        return Page.OfNouns(
            request, ledger, problems, query, Shown.Instrument,
            (slice, height) => side == "obligor" ? ledger.Views.InstrumentsOwedBy(party, height, slice) : ledger.Views.InstrumentsOwedTo(party, height, slice));
    }

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems) => One.Answer(request, ledger, problems, Guards.Instrument, static (json, instrument, at) =>
    {
        var whole = WholeInstrument.Of(instrument, at.State, at.Sight);
        at.Sight.Show([.. whole.Seen.Select(token => token.Holder)]);
        Shown.WholeInstrument.Write(json, whole, at);
    });

    static IResult Lineage(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, ["unit", "units", Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        if (moment.StateOf(ThingRef.To(id)).Instrument(id) is not { } instrument || !query.Sight.Sees(Guards.Instrument, instrument)) return problems.Of(Refusal.NotFound);
        if (!TryUnits(query, instrument, out var units)) return problems.Of(Refusal.QueryInvalid, "unit | units");
        var sight = query.Sight;
        var legs = ledger.Views.Legs(id, units, moment.Height).Select(leg => leg with { Units = sight.Part(instrument, leg.From, leg.To, leg.Units) }).Where(leg => leg.Units.Count > 0).ToArray();
        sight.Show([instrument.Obligor, .. legs.SelectMany(leg => new[] { leg.From, leg.To })]);
        return JsonAnswer.Object(json =>
        {
            json.Id("instrument", id);
            json.Interval("units", units);
            json.Objects(Shown.LineageLeg.List.Name, legs, (json, leg) => Shown.LineageLeg.Write(json, (instrument, leg, 0), new(moment.View.State, sight)));
            json.AsOf(moment.View);
        });
    }

    static bool TryUnits(Query query, Instrument instrument, out Interval units)
    {
        units = instrument.Face.IsZero ? default : Interval.OfWhole(instrument.Face);
        switch (query["unit"], query["units"])
        {
            case (null, null):
                return true;
            case ({ } unit, null):
                return Interval.TryParse(string.Create(CultureInfo.InvariantCulture, $"{unit}-{unit}"), out units) && units.Last <= instrument.Face.Minor;
            case (null, { } named):
                return Interval.TryParse(named, out units) && units.Last <= instrument.Face.Minor;
            default:
                return false;
        }
    }
}
