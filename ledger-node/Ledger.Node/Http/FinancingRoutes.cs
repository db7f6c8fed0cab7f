using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/financings/{id}</c>, with what the registry last answered about it; <c>/v1/parties/{id}/financings</c>: those that a party applied for
/// or was asked for, oldest first, ended ones too.
/// </summary>
static class FinancingRoutes
{
    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems)
    {
        v1.MapGet("/financings/{id}", async context => await Find(context.Request, node.View, problems).ExecuteAsync(context));
        v1.MapGet("/parties/{id}/financings", async context => await List(context.Request, node, problems).ExecuteAsync(context));
    }

    static IResult List(HttpRequest request, NodeLoop node, Problems problems)
    {
        var view = node.View;
        return Page.OfParty(
            request, problems, view, "financings", party => node.Index.FinancingsOf(party).Select(view.State.Financing).OfType<Financing>(),
            static one => new((UInt128)one.AppliedAt.UnixMilliseconds, one.Id.Value), (json, one) => WriteMembers(json, one, view.State));
    }

    static IResult Find(HttpRequest request, NodeView view, Problems problems) =>
        One.Answer<Financing, Financing>(request, view, problems, view.State.Financing, (json, one) => WriteMembers(json, one, view.State));

    static void WriteMembers(Utf8JsonWriter json, Financing financing, LedgerState state)
    {
        json.Id("id", financing.Id);
        json.Name("form", financing.Form);
        json.Name("status", financing.Status);
        json.Party("applicant", financing.Applicant);
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
