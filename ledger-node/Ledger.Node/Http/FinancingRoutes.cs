using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Private;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/financings/{id}</c>, with what the registry last answered about it; <c>/v1/parties/{id}/financings</c>: those that a party applied for
/// or was asked for, oldest first, ended ones too.
/// </summary>
static class FinancingRoutes
{
    static readonly Schema AttestationSchema = Schema.Object(
        "RegistryAttestation", Member.Id("attestation"), Member.Names<RegistryFinding>("finding"), Member.Party("attester"), Member.Hash("certificate").Optional,
        Member.Time("statedAt"), Member.Time("at"));

    static readonly Schema InterestSchema = Schema.Object(
        "InterestTerms", Member.Names<DayCount>("dayCount"), Member.Names<DayBounds>("bounds"), Member.Names<Rounding>("rounding"), Member.Names<InterestPayment>("payment"),
        Member.Bool("refundsUnearned"), Member.Number("graceDays"), Member.Bool("accruesOnRolledDays"));

    static readonly Schema BackSchema = Schema.Object("MoneyBack", Member.Date("on"), Member.Bool("inOne"), Member.Bool("allPaid"), Member.Amount("received"));

    static readonly Member[] Members =
    [
        Member.Id("id"), Member.Names<FinancingForm>("form"), Member.Names<FinancingStatus>("status"), Member.Party("applicant"), Member.Party("hand"), Member.Party("financier"),
        Member.Party("reviewer").Optional, Member.Id("instrument"), Member.Units("units"), Member.Currency("currency"), Member.Amount("principal"),
        Member.Date("start").Optional, Member.Date("end"), Member.Date("endedOn").Optional,
        new("interest", InterestSchema),
        new("documents", Schema.List(Schema.Id)), Member.Terms, Member.Time("appliedAt"), Member.Time("reservedUntil").Optional, Member.Time("committedUntil").Optional,
        new("query", AttestationSchema, IsOptional: true), new("registration", AttestationSchema, IsOptional: true), Member.Text("bankReference").Optional,
        Member.Id("line").Optional, Member.Amount("drawn"),
    ];

    public static void Map(RouteTable v1, LedgerReader ledger, DisclosureDesk? disclosures, Problems problems)
    {
        v1.Get("/financings/{id}", "getFinancing", Resource.Financing, "一笔融资及登记机构的答复", "A financing, with what the registry last answered", context => Find(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object("FinancingAsOf", [.. Members, .. Schema.AsOf]));
        v1.Get(
            "/financings/{id}/reckoning", "getReckoning", Resource.Disclosure, "融资金额的计算依据与本节点所持披露", "What a financing's figures follow from, with the disclosures that this node holds",
            context => Reckon(context.Request, ledger, disclosures, problems))
            .Answering(Schema.Object(
                "Reckoning", Member.Id("financing"), Member.Names<FinancingForm>("form"), Member.Names<FinancingStatus>("status"), Member.Currency("currency"), Member.Amount("principal"),
                Member.Date("start"), Member.Bool("isPaidOut"), Member.Date("end"), Member.Date("payable"), new("interest", InterestSchema),
                new("back", BackSchema, IsOptional: true), new("ifToday", BackSchema, IsOptional: true),
                Member.Terms, new("disclosures", Schema.List(Schema.Base64Url)), Member.Time("ledgerTime")));
        v1.Get("/parties/{id}/financings", "listFinancings", Resource.Financing, "参与方申请或被申请的融资", "What a party applied for or was asked for, oldest first", context => List(context.Request, ledger, problems))
            .AtHeight()
            .Paged("financings", Schema.Object("Financing", Members));
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems) => Page.OfParty<Financing, Financing>(
        request, ledger, problems, "financings", Resource.Financing, (party, slice, height) => ledger.Views.FinancingsOf(party, height, slice), static (state, id) => state.Financing(id),
        WriteMembers);

    static IResult Find(HttpRequest request, LedgerReader ledger, Problems problems) =>
        One.Answer<Financing, Financing>(request, ledger, problems, static (state, id) => state.Financing(id), WriteMembers);

    // Whoever may compute the figures: the financing's two sides, and who sees what its bank's node keeps.
    static IResult Reckon(HttpRequest request, LedgerReader ledger, DisclosureDesk? disclosures, Problems problems)
    {
        if (!Query.TryRead(request, [], out _, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!Id<Financing>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        var state = ledger.View.State.At(ledger.View.State.Height, ledger.LedgerTime);
        var sight = FrontDoor.SightOf(request.HttpContext);
        if (state.Financing(id) is not { } financing || !sight.SeesHidden(financing)) return problems.Of(Refusal.NotFound);

        sight.Show(financing);
        var reckoning = disclosures?.Reckon(state, financing) ?? FinancingReckoning.Of(state, financing);
        return JsonAnswer.Object(json =>
        {
            var plan = reckoning.Plan;
            json.Id("financing", financing.Id);
            json.Name("form", financing.Form);
            json.Name("status", financing.Status);
            json.WriteString("currency", financing.Currency.Code);
            json.Amount("principal", plan.Principal);
            json.Date("start", plan.Start);
            json.WriteBoolean("isPaidOut", reckoning.Case.IsPaidOut);
            json.Date("end", plan.End);
            json.Date("payable", plan.Payable);
            WriteInterest(json, plan.Terms);
            if (reckoning.Return is { } back) WriteBack(json, "back", back.On, back.InOne, back.AllPaid, back.Received);
            if (reckoning.IfToday is { } now) WriteBack(json, "ifToday", now.On, now.InOne, now.AllPaid, now.Received);
            json.Terms(financing.Terms);
            json.WriteStartArray("disclosures");
            foreach (var disclosure in reckoning.Disclosures) json.WriteStringValue(disclosure);
            json.WriteEndArray();
            json.Time("ledgerTime", ledger.LedgerTime);
        });
    }

    static void WriteMembers(Utf8JsonWriter json, Financing financing, LedgerState state)
    {
        json.Id("id", financing.Id);
        json.Name("form", financing.Form);
        json.Name("status", financing.Status);
        json.Party("applicant", financing.Applicant);
        json.Party("hand", financing.Hand);
        json.Party("financier", financing.Financier);
        if (financing.Reviewer is { } reviewer) json.Party("reviewer", reviewer);
        json.Id("instrument", financing.Instrument);
        json.Units("units", financing.Units);
        json.WriteString("currency", financing.Currency.Code);
        json.Amount("principal", financing.Principal);
        json.Date("start", financing.Start);
        json.Date("end", financing.End);
        json.Date("endedOn", financing.EndedOn);
        WriteInterest(json, financing.Interest);
        json.List("documents", financing.Documents, static (json, document) => json.WriteStringValue(document.ToString()));
        json.Terms(financing.Terms);
        json.Time("appliedAt", financing.AppliedAt);
        json.Time("reservedUntil", financing.ReservedUntil);
        json.Time("committedUntil", financing.CommittedUntil);
        if (state.Attestation(financing.Query) is { } query) WriteAttestation(json, "query", query);
        if (state.Attestation(financing.Registration) is { } registration) WriteAttestation(json, "registration", registration);
        json.Text("bankReference", financing.BankReference);
        json.Id("line", financing.Line);
        json.Amount("drawn", financing.Drawn);
    }

    static void WriteInterest(Utf8JsonWriter json, InterestTerms terms)
    {
        json.WriteStartObject("interest");
        json.Name("dayCount", terms.DayCount);
        json.Name("bounds", terms.Bounds);
        json.Name("rounding", terms.Rounding);
        json.Name("payment", terms.Payment);
        json.WriteBoolean("refundsUnearned", terms.RefundsUnearned);
        json.WriteNumber("graceDays", terms.GraceDays);
        json.WriteBoolean("accruesOnRolledDays", terms.AccruesOnRolledDays);
        json.WriteEndObject();
    }

    static void WriteBack(Utf8JsonWriter json, string name, DateOnly on, bool inOne, bool allPaid, Amount received)
    {
        json.WriteStartObject(name);
        json.Date("on", on);
        json.WriteBoolean("inOne", inOne);
        json.WriteBoolean("allPaid", allPaid);
        json.Amount("received", received);
        json.WriteEndObject();
    }

    static void WriteAttestation(Utf8JsonWriter json, string name, Attestation attestation)
    {
        json.WriteStartObject(name);
        json.Id("attestation", attestation.Id);
        json.Name("finding", attestation.Finding);
        json.Party("attester", attestation.Attester);
        json.Hash("certificate", attestation.Certificate);
        json.Time("statedAt", attestation.StatedAt);
        json.Time("at", attestation.At);
        json.WriteEndObject();
    }
}
