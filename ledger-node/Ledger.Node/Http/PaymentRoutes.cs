using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/payments/{id}</c>; <c>/v1/instruments/{id}/payments</c>: what banks receipted for an instrument; <c>/v1/parties/{id}/payments</c>: those
/// in which a party has a share, and those that wait for its word. Both in the order of their receipts, returned and disputed ones too.
/// </summary>
static class PaymentRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/payments/{id}", "getPayment", Resource.Payment, "一笔付款", "A payment that a bank receipted", context => One.Answer(context.Request, ledger, problems, Shown.Payment))
            .AtHeight()
            .Answering(Shown.Payment.SchemaAsOf);
        v1.Get("/instruments/{id}/payments", "listPaymentsOnInstrument", Resource.Payment, "一张凭证的付款", "What banks receipted for an instrument, in the order of their receipts", context => ListOnInstrument(context.Request, ledger, problems))
            .AtHeight()
            .Paged(Shown.Payment);
        v1.Get("/parties/{id}/payments", "listPaymentsToParty", Resource.Payment, "参与方有份的付款", "Payments in which a party has a share, in the order of their receipts", context => ListToParty(context.Request, ledger, problems))
            .AtHeight()
            .Paged(Shown.Payment);
    }

    static IResult ListOnInstrument(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (ledger.StateWith(ThingRef.To(id)).Instrument(id) is not { } instrument || !query.Sight.Sees(Guards.Instrument, instrument)) return problems.Of(Refusal.NotFound);
        return Page.OfNouns(request, ledger, problems, query, Shown.Payment, (slice, height) => ledger.Views.PaymentsOn(id, height, slice));
    }

    static IResult ListToParty(HttpRequest request, LedgerReader ledger, Problems problems) =>
        Page.OfParty(request, ledger, problems, Shown.Payment, (party, slice, height) => ledger.Views.PaymentsTo(party, height, slice));
}
