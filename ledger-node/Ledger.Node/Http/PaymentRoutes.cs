using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/payments/{id}</c>; <c>/v1/instruments/{id}/payments</c>: what banks receipted for an instrument; <c>/v1/parties/{id}/payments</c>: those
/// in which a party has a share. Both by value date, returned and disputed ones too.
/// </summary>
static class PaymentRoutes
{
    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems)
    {
        v1.MapGet("/payments/{id}", async context => await Find(context.Request, node.View, problems).ExecuteAsync(context));
        v1.MapGet("/instruments/{id}/payments", async context => await ListOnInstrument(context.Request, node, problems).ExecuteAsync(context));
        v1.MapGet("/parties/{id}/payments", async context => await ListToParty(context.Request, node, problems).ExecuteAsync(context));
    }

    static IResult ListOnInstrument(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        var view = node.View;
        if (view.State.Instrument(id) is null) return problems.Of(Refusal.NotFound);
        return Page.Answer(
            problems, query, view, "payments", node.Index.PaymentsOn(id).Select(view.State.Payment).OfType<Payment>(), PlaceOf,
            (json, one) => WriteMembers(json, one, view.State));
    }

    static IResult ListToParty(HttpRequest request, NodeLoop node, Problems problems)
    {
        var view = node.View;
        return Page.OfParty(
            request, problems, view, "payments", party => node.Index.PaymentsTo(party).Select(view.State.Payment).OfType<Payment>(), PlaceOf,
            (json, one) => WriteMembers(json, one, view.State));
    }

    static IResult Find(HttpRequest request, NodeView view, Problems problems) =>
        One.Answer<Payment, Payment>(request, view, problems, view.State.Payment, (json, one) => WriteMembers(json, one, view.State));

    static Place PlaceOf(Payment payment) => new((UInt128)payment.ValueDate.DayNumber, payment.Id.Value);

    static void WriteMembers(Utf8JsonWriter json, Payment payment, LedgerState state)
    {
        json.Id("id", payment.Id);
        json.Id("instrument", payment.Instrument);
        json.Party("bank", payment.Bank);
        json.Name("status", payment.Status);
        if (state.Instrument(payment.Instrument) is { } instrument) json.WriteString("currency", instrument.Currency.Code);
        json.Amount("amount", payment.Amount);
        json.Date("valueDate", payment.ValueDate);
        json.WriteString("reference", payment.Reference);
        json.Objects("shares", payment.Shares, static (json, share) =>
        {
            json.Party("payee", share.Payee);
            json.Amount("costs", share.Costs);
            json.Amount("interest", share.Interest);
            json.Units("retired", share.Retired);
        });
    }
}
