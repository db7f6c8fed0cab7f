using System.Globalization;
using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Access;
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

    static readonly Schema LegSchema = Schema.Object(
        "LineageLeg", Member.Id("act"), Member.Names<TransferCause>("cause"), Member.Party("from"), Member.Party("to"), Member.Units("units"), Member.Number("depth"),
        Member.Time("at"), Member.Number("height"), Member.Number("leaf"));

    static readonly Member[] Members =
    [
        Member.Id("id"), Member.Names<InstrumentKind>("kind"), Member.Names<InstrumentStatus>("status"), Member.Party("obligor"), Member.Party("creditor"),
        Member.Currency("currency"), Member.Amount("face"), Member.Date("issueDate").Optional, Member.Date("dueDate").Optional, Member.Bool("transferable"),
        Member.Text("number").Optional, Member.Id("issueOffer").Optional, Member.Uses("documents"), Member.Terms,
        new("confirmation", Schema.Object(
            "Confirmation", Member.Amount("requested"), Member.Time("requestedAt"), Member.Date("contractSigned").Optional, Member.Time("deadline").Optional, Member.Bool("overdue"),
            Member.Amount("confirmed"), Member.Amount("disputed"), Member.Time("answeredAt").Optional, Member.Hash("undertaking").Optional, Member.Bool("defencesWaived"),
            Member.Hash("contractClause").Optional, Member.Hash("supplierConsent").Optional, Member.Hash("disputeReason").Optional, Member.Bool("disputedLater")), IsOptional: true),
    ];

    static readonly Member[] DebtMembers =
    [
        new("bill", Schema.Object(
            "Bill", Member.Text("packageNumber"), Member.Party("drawer"), Member.Party("acceptor"), Member.Bool("undivided"), Member.Bool("registerIsLedger"),
            Member.Bool("mismatch"), Member.Time("drawnUntil").Optional, Member.Text("billStatus").Optional), IsOptional: true),
        Member.Amount("outstanding").Optional, Member.Amount("paid").Optional, Member.Date("payableOn").Optional, Member.Text("lateRate").Optional,
        new("overdueOn", Schema.List(Schema.Date), IsOptional: true), Member.Date("interestStops").Optional,
        new("lateClaims", Schema.List(Schema.Object("LateClaim", Member.Interval("units"), Member.Date("from"), Member.Amount("interest"), Member.Amount("costs"))), IsOptional: true),
    ];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/instruments", "listInstruments", Resource.Instrument, "凭证与票据包，按债务人或债权人", "Instruments of an obligor or a creditor", context => List(context.Request, ledger, problems))
            .AtHeight()
            .With("obligor", Schema.Party, "债务人", "who owes").With("creditor", Schema.Party, "最初债权人", "to whom it was first owed")
            .Paged("instruments", Schema.Object("InstrumentBrief", Members));
        v1.Get("/instruments/{id}", "getInstrument", Resource.Instrument, "一张凭证或票据包及可见的份额", "An instrument, what is owed on it, and the tokens that the caller may see", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("Instrument", [.. Members, .. DebtMembers, new("tokens", Schema.List(Schema.Object("Token", TokenJson.Members))), .. Schema.AsOf]));
        v1.Get("/instruments/{id}/lineage", "getLineage", Resource.Instrument, "流转过程", "The way of its units from hand to hand, as far as the caller may see", context => Lineage(context.Request, ledger, problems))
            .AtHeight()
            .With("unit", Schema.Number, "某一单位", "one unit").With("units", Schema.Interval, "一段单位", "a run of units")
            .Answering(Schema.Object("Lineage", [Member.Id("instrument"), Member.Interval("units"), new("legs", Schema.List(LegSchema)), .. Schema.AsOf]));
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [.. Parties, Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryParty(Parties, out var side, out var party)) return problems.Of(Refusal.QueryInvalid, "obligor | creditor");
        return Page.OfNouns<Instrument, Instrument>(
            request, ledger, problems, query, "instruments", Resource.Instrument,
            (slice, height) => side == "obligor" ? ledger.Views.InstrumentsOwedBy(party, height, slice) : ledger.Views.InstrumentsOwedTo(party, height, slice),
            static (state, id) => state.Instrument(id), static (json, one, _) => WriteMembers(json, one));
    }

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems) =>
        One.Answer<Instrument, Instrument>(request, ledger, problems, static (state, id) => state.Instrument(id), (json, instrument, state) =>
        {
            var tokens = state.Tokens(instrument.Id) is { } held ? held.Span.ToArray() : [];
            var sight = FrontDoor.SightOf(request.HttpContext);
            var seen = Array.FindAll(tokens, token => sight.Sees(instrument, token));
            sight.Show([.. seen.Select(token => token.Holder)]);
            WriteMembers(json, instrument);
            if (instrument.Bill is { } bill) WriteBill(json, bill, instrument, tokens.Length == 0 ? state : null);
            WriteDebt(json, state, instrument, tokens, seen);
            json.Objects("tokens", seen, (json, token) => TokenJson.WriteToken(json, token, instrument, state));
        });

    static IResult Lineage(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, ["unit", "units", Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        if (moment.StateOf(ThingRef.To(id)).Instrument(id) is not { } instrument || !query.Sight.Sees(instrument)) return problems.Of(Refusal.NotFound);
        if (!TryUnits(query, instrument, out var units)) return problems.Of(Refusal.QueryInvalid, "unit | units");
        var sight = query.Sight;
        var legs = ledger.Views.Legs(id, units, moment.Height).Select(leg => leg with { Units = sight.Part(instrument, leg.From, leg.To, leg.Units) }).Where(leg => leg.Units.Count > 0).ToArray();
        sight.Show([instrument.Obligor, .. legs.SelectMany(leg => new[] { leg.From, leg.To })]);
        return JsonAnswer.Object(json =>
        {
            json.Id("instrument", id);
            json.Interval("units", units);
            json.Objects("legs", legs, static (json, leg) =>
            {
                json.Id("act", leg.Act);
                json.Name("cause", leg.Cause);
                json.Party("from", leg.From);
                json.Party("to", leg.To);
                json.Units("units", leg.Units);
                json.WriteNumber("depth", leg.Depth);
                json.Time("at", leg.At);
                json.WriteNumber("height", leg.Height);
                json.WriteNumber("leaf", leg.Leaf);
            });
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

    static void WriteMembers(Utf8JsonWriter json, Instrument instrument)
    {
        json.Id("id", instrument.Id);
        json.Name("kind", instrument.Kind);
        json.Name("status", instrument.Status);
        json.Party("obligor", instrument.Obligor);
        json.Party("creditor", instrument.Creditor);
        json.WriteString("currency", instrument.Currency.Code);
        json.Amount("face", instrument.Face);
        json.Date("issueDate", instrument.IssueDate);
        json.Date("dueDate", instrument.DueDate);
        json.WriteBoolean("transferable", instrument.Transferable);
        json.Text("number", instrument.Number);
        json.Id("issueOffer", instrument.IssueOffer);
        json.Uses("documents", instrument.Documents);
        json.Terms(instrument.Terms);
        if (instrument.Confirmation is { } claim) WriteConfirmation(json, claim);
    }

    // An issue that nobody accepted owes nothing yet.
    static void WriteDebt(Utf8JsonWriter json, LedgerState state, Instrument instrument, Token[] tokens, Token[] seen)
    {
        if (tokens.Length > 0)
        {
            json.Amount("outstanding", Sum(UnitState.Live));
            json.Amount("paid", Sum(UnitState.Paid));
        }

        if (instrument.DueDate != DateOnly.MinValue) json.Date("payableOn", Rulebook.PayableDay(state, instrument));
        if (state.Maturity(instrument.Id) is not { } maturity) return;
        if (maturity.LateRate is { } rate) json.WriteString("lateRate", rate.ToString());
        json.List("overdueOn", maturity.OverdueOn, static (json, day) => json.WriteStringValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        if (maturity.InterestStops != DateOnly.MaxValue) json.Date("interestStops", maturity.InterestStops);
        json.Objects("lateClaims", maturity.Claims.Where(claim => Array.Exists(seen, token => token.Units.Overlaps(claim.Units))), static (json, claim) =>
        {
            json.Interval("units", claim.Units);
            json.Date("from", claim.From);
            json.Amount("interest", claim.Interest);
            json.Amount("costs", claim.Costs);
        });

        Amount Sum(UnitState status) => tokens.Where(token => token.State == status).Aggregate(Amount.Zero, static (sum, token) => sum + token.Units.Amount);
    }

    // A package that was delivered has no status of its own: each interval has.
    static void WriteBill(Utf8JsonWriter json, BillAttributes bill, Instrument instrument, LedgerState? undelivered)
    {
        json.WriteStartObject("bill");
        json.WriteString("packageNumber", bill.PackageNumber);
        json.Party("drawer", bill.Drawer);
        json.Party("acceptor", bill.Acceptor);
        json.WriteBoolean("undivided", bill.Undivided);
        json.WriteBoolean("registerIsLedger", bill.RegisterIsLedger);
        json.WriteBoolean("mismatch", bill.Mismatch);
        if (undelivered is not null)
        {
            json.Time("drawnUntil", bill.DrawnUntil);
            TokenJson.WriteStatus(json, Rulebook.BillStatusOf(undelivered, instrument));
        }

        json.WriteEndObject();
    }

    static void WriteConfirmation(Utf8JsonWriter json, Confirmation claim)
    {
        json.WriteStartObject("confirmation");
        json.Amount("requested", claim.Requested);
        json.Time("requestedAt", claim.RequestedAt);
        json.Date("contractSigned", claim.ContractSigned);
        json.Time("deadline", claim.Deadline);
        json.WriteBoolean("overdue", claim.Overdue);
        json.Amount("confirmed", claim.Confirmed);
        json.Amount("disputed", claim.Disputed);
        json.Time("answeredAt", claim.AnsweredAt);
        json.Hash("undertaking", claim.Undertaking);
        json.WriteBoolean("defencesWaived", claim.DefencesWaived);
        json.Hash("contractClause", claim.ContractClause);
        json.Hash("supplierConsent", claim.SupplierConsent);
        json.Hash("disputeReason", claim.DisputeReason);
        json.WriteBoolean("disputedLater", claim.DisputedLater);
        json.WriteEndObject();
    }
}
