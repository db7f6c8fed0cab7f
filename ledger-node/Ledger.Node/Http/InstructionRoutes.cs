using System.Globalization;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/instruments/{id}/instructions?on=</c>: what the obligor is to pay on a day, on ledger time's day where none is named: to whom, for which
/// units, with costs and late interest (兑付指令). Before the due date there are none.
/// </summary>
static class InstructionRoutes
{
    // Late interest is reckoned up to the day; nobody plans so far ahead.
    const int MostYearsAhead = 10;

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems) =>
        v1.Get("/instruments/{id}/instructions", "getInstructions", Resource.Instruction, "某日的兑付指令", "What the obligor is to pay on a day, and to whom", context => List(context.Request, ledger, problems))
            .With("on", Schema.Date, "兑付日，缺省为账本当日", "the day; ledger time's where none is named")
            .Answering(Schema.Object(
                "Instructions",
                [new(Shown.Instruction.List.Name, Schema.List(Shown.Instruction.Schema)), Member.Id("instrument"), Member.Party("obligor"), Member.Currency("currency"), Member.Date("on"), Member.Amount("total"), .. Schema.AsOf]));

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, ["on"], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        var view = ledger.View;
        var today = view.State.Chain.DateOf(ledger.LedgerTime);
        if (!TryDay(query["on"], today, out var on)) return problems.Of(Refusal.QueryInvalid, "on");
        var state = ledger.StateWith(ThingRef.To(id));
        if (state.Instrument(id) is not { } instrument || !query.Sight.Sees(Guards.Instrument, instrument)) return problems.Of(Refusal.NotFound);

        // To each payee its own; the sum is of what is shown.
        var instructions = Rulebook.Instructions(state, id, on).Where(one => query.Sight.SeesShare(instrument, default, one.Payee)).ToArray();
        query.Sight.Show([instrument.Obligor, .. instructions.Select(one => one.Payee)]);
        return JsonAnswer.Object(json =>
        {
            json.Objects(Shown.Instruction.List.Name, instructions, (json, one) => Shown.Instruction.Write(json, (instrument, one), new(state, query.Sight)));
            json.Id("instrument", id);
            json.Party("obligor", instrument.Obligor);
            json.WriteString("currency", instrument.Currency.Code);
            json.Date("on", on);
            json.Amount("total", instructions.Aggregate(Amount.Zero, static (sum, one) => sum + one.Total));
            json.AsOf(view);
        });
    }

    static bool TryDay(string? text, DateOnly today, out DateOnly on)
    {
        on = today;
        return text is null
            || (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out on) && on <= today.AddYears(MostYearsAhead));
    }
}
