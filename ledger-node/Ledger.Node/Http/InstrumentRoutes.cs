using System.Globalization;
using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/instruments/{id}</c> with its tokens and what is owed on it, <c>/v1/instruments/{id}/lineage</c> for all its units, <c>?unit=</c> or
/// <c>?units=a-b</c>, and <c>/v1/instruments?obligor=</c> or <c>?creditor=</c>.
/// </summary>
static class InstrumentRoutes
{
    static readonly string[] Parties = ["obligor", "creditor"];

    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems)
    {
        v1.MapGet("/instruments", async context => await List(context.Request, node, problems).ExecuteAsync(context));
        v1.MapGet("/instruments/{id}", async context => await Find(context.Request, node.View, problems).ExecuteAsync(context));
        v1.MapGet("/instruments/{id}/lineage", async context => await Lineage(context.Request, node, problems).ExecuteAsync(context));
    }

    static IResult List(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryRead(request, [.. Parties, Page.Cursor, Page.Limit], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryParty(Parties, out var side, out var party)) return problems.Of(Refusal.QueryInvalid, "obligor | creditor");
        var view = node.View;
        var ids = side == "obligor" ? node.Index.InstrumentsOwedBy(party) : node.Index.InstrumentsOwedTo(party);
        return Page.Answer(
            problems, query, view, "instruments", ids.Select(view.State.Instrument).OfType<Instrument>(), one => new(one.Id.Value, 0), WriteMembers);
    }

    static IResult Find(HttpRequest request, NodeView view, Problems problems) =>
        One.Answer<Instrument, Instrument>(request, view, problems, view.State.Instrument, (json, instrument) =>
        {
            var tokens = view.State.Tokens(instrument.Id) is { } held ? held.Span.ToArray() : [];
            WriteMembers(json, instrument);
            if (instrument.Bill is { } bill) WriteBill(json, bill, instrument, tokens.Length == 0 ? view.State : null);
            WriteDebt(json, view.State, instrument, tokens);
            json.Objects("tokens", tokens, (json, token) => TokenJson.WriteToken(json, token, instrument, view.State));
        });

    static IResult Lineage(HttpRequest request, NodeLoop node, Problems problems)
    {
        var view = node.View;
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, ["unit", "units"], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (view.State.Instrument(id) is not { } instrument) return problems.Of(Refusal.NotFound);
        if (!TryUnits(query, instrument, out var units)) return problems.Of(Refusal.QueryInvalid, "unit | units");
        return JsonAnswer.Object(json =>
        {
            json.Id("instrument", id);
            json.Interval("units", units);
            json.Objects("legs", node.Index.Legs(id, units), static (json, leg) =>
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
            json.AsOf(view);
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
    static void WriteDebt(Utf8JsonWriter json, LedgerState state, Instrument instrument, Token[] tokens)
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
        json.Objects("lateClaims", maturity.Claims, static (json, claim) =>
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
        if (undelivered is not null) TokenJson.WriteStatus(json, Rulebook.BillStatusOf(undelivered, instrument));
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
