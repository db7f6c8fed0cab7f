using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/payments/{id}</c>; <c>/v1/instruments/{id}/payments</c>: what banks receipted for an instrument; <c>/v1/parties/{id}/payments</c>: those
/// in which a party has a share, and those that wait for its word. Both in the order of their receipts, returned and disputed ones too.
/// </summary>
static class PaymentRoutes
{
    /// <summary>What is on its way to one payee and waits for its word.</summary>
    public static readonly Schema Announced = Schema.Object("AnnouncedShare", Member.Party("payee"), Member.Amount("amount"));

    static readonly Member[] Members =
    [
        Member.Id("id"), Member.Id("instrument"), Member.Party("bank"), Member.Names<PaymentStatus>("status"), Member.Currency("currency").Optional, Member.Amount("amount"),
        Member.Date("valueDate"), Member.Text("reference"),
        new("shares", Schema.List(Schema.Object("PaymentShare", Member.Party("payee"), Member.Amount("costs"), Member.Amount("interest"), Member.Units("retired")))),
        new("announced", Schema.List(Announced)), Member.Time("announcedUntil").Optional,
    ];

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/payments/{id}", "getPayment", Resource.Payment, "一笔付款", "A payment that a bank receipted", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("PaymentAsOf", [.. Members, .. Schema.AsOf]));
        v1.Get("/instruments/{id}/payments", "listPaymentsOnInstrument", Resource.Payment, "一张凭证的付款", "What banks receipted for an instrument, in the order of their receipts", context => ListOnInstrument(context.Request, ledger, problems))
            .AtHeight()
            .Paged("payments", Schema.Object("Payment", Members));
        v1.Get("/parties/{id}/payments", "listPaymentsToParty", Resource.Payment, "参与方有份的付款", "Payments in which a party has a share, in the order of their receipts", context => ListToParty(context.Request, ledger, problems))
            .AtHeight()
            .Paged("payments", Schema.Object("Payment", Members));
    }

    static IResult ListOnInstrument(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (ledger.StateWith(ThingRef.To(id)).Instrument(id) is not { } instrument || !query.Sight.Sees(instrument)) return problems.Of(Refusal.NotFound);
        return Page.OfNouns<Payment, Payment>(
            request, ledger, problems, query, "payments", Resource.Payment, (slice, height) => ledger.Views.PaymentsOn(id, height, slice), static (state, one) => state.Payment(one),
            (json, one, state) => WriteMembers(json, one, state, FrontDoor.SightOf(request.HttpContext)));
    }

    static IResult ListToParty(HttpRequest request, LedgerReader ledger, Problems problems) => Page.OfParty<Payment, Payment>(
        request, ledger, problems, "payments", Resource.Payment, (party, slice, height) => ledger.Views.PaymentsTo(party, height, slice), static (state, id) => state.Payment(id),
        (json, one, state) => WriteMembers(json, one, state, FrontDoor.SightOf(request.HttpContext)));

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems) => One.Answer<Payment, Payment>(
        request, ledger, problems, static (state, id) => state.Payment(id), (json, one, state) => WriteMembers(json, one, state, FrontDoor.SightOf(request.HttpContext)));

    static void WriteMembers(Utf8JsonWriter json, Payment payment, LedgerState state, Sight sight)
    {
        json.Id("id", payment.Id);
        json.Id("instrument", payment.Instrument);
        json.Party("bank", payment.Bank);
        json.Name("status", payment.Status);
        if (state.Instrument(payment.Instrument) is { } instrument) json.WriteString("currency", instrument.Currency.Code);
        json.Amount("amount", payment.Amount);
        json.Date("valueDate", payment.ValueDate);
        json.WriteString("reference", payment.Reference);
        json.Objects("shares", payment.Shares.Where(share => state.Instrument(payment.Instrument) is { } on && sight.SeesShare(on, payment.Bank, share.Payee)), static (json, share) =>
        {
            json.Party("payee", share.Payee);
            json.Amount("costs", share.Costs);
            json.Amount("interest", share.Interest);
            json.Units("retired", share.Retired);
        });
        var announced = payment.OpenAt(state.Now);
        json.Objects("announced", announced.Where(share => state.Instrument(payment.Instrument) is { } on && sight.SeesAnnounced(on, payment.Bank, share.Payee)), static (json, share) =>
        {
            json.Party("payee", share.Payee);
            json.Amount("amount", share.Amount);
        });
        if (announced.Count > 0) json.Time("announcedUntil", payment.AnnouncedUntil);
    }
}
