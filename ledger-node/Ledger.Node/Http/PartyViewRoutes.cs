using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/parties</c>: everybody, in the order of joining; <c>/v1/parties/{id}/portfolio</c>: sums of what a party holds, owes, lent and borrowed;
/// <c>/v1/parties/{id}/todo</c>: what waits for it (待签收, 待确权, 待复核, 待还款, 即将到期).
/// </summary>
static class PartyViewRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/parties", "listParties", Resource.Party, "参与方名录", "All parties, in the order in which they joined", context => List(context.Request, ledger, problems))
            .AtHeight()
            .Paged(Shown.PartyRow);
        v1.Get("/parties/{id}/portfolio", "getPortfolio", Resource.Token, "参与方的持有、应付、融资汇总", "Sums of what a party holds, owes, lent and borrowed", context => Portfolio(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object(
                "Portfolio",
                [
                    Member.Party("party"),
                    new("sums", Schema.List(Schema.Object("Sum", new Member("kind", Schema.OneOf("held", "owing", "lent", "borrowed")), Member.Currency("currency"), Member.Amount("amount"), Member.Number("count")))),
                    .. Schema.AsOf,
                ]));
        v1.Get("/parties/{id}/todo", "listToDos", Resource.Offer, "参与方的待办与到期提醒", "What waits for a party to be done, the soonest first", context => ToDo(context.Request, ledger, problems))
            .AtHeight()
            .Answering(Schema.Object(
                "ToDos",
                [
                    Member.Party("party"),
                    new("toDos", Schema.List(Schema.Object(
                        "ToDo", Member.Names<ToDoKind>("kind"), new Member("noun", Schema.OneOf("offer", "measure", "instrument", "financing", "payment")), Member.Id("id"), Member.Party("counterparty").Optional,
                        Member.Currency("currency").Optional, Member.Amount("amount").Optional, Member.Time("until").Optional, Member.Date("due").Optional, Member.Bool("overdue")))),
                    .. Schema.AsOf,
                ]));
    }

    static IResult List(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        return Page.Answer(problems, query, moment.View, "parties", (after, limit) =>
            [.. ledger.Views.Parties(moment.Height, PartyAt(after), limit).Select(party => Line.Of(Shown.PartyRow, party, PlaceOf(party.Id), new(moment.View.State, query.Sight)))]);
    }

    // A party's place is its name, whose at most 20 characters fit.
    static PartyId PartyAt(Place place)
    {
        Span<byte> name = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(name, place.Major);
        BinaryPrimitives.WriteUInt128BigEndian(name[16..], place.Minor);
        return PartyId.TryParse(Encoding.ASCII.GetString(name.TrimEnd((byte)0)), out var party) ? party : default;
    }

    static Place PlaceOf(PartyId party)
    {
        Span<byte> name = stackalloc byte[32];
        name.Clear();
        Encoding.ASCII.GetBytes(party.Text, name);
        return new(BinaryPrimitives.ReadUInt128BigEndian(name), BinaryPrimitives.ReadUInt128BigEndian(name[16..]));
    }

    static IResult Portfolio(HttpRequest request, LedgerReader ledger, Problems problems) => Own(request, ledger, problems, Resource.Token, (party, moment) =>
    {
        var portfolio = ledger.Views.PortfolioOf(party, moment.Height);
        return json => json.Objects("sums", portfolio.Sums, static (json, sum) =>
        {
            json.WriteString("kind", sum.Kind);
            json.WriteString("currency", sum.Currency.Code);
            json.WriteString("amount", sum.Amount.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("count", sum.Count);
        });
    });

    static IResult ToDo(HttpRequest request, LedgerReader ledger, Problems problems) => Own(request, ledger, problems, Resource.Offer, (party, moment) =>
    {
        var toDos = ledger.Views.ToDosOf(party, moment.Height);
        return json => json.Objects("toDos", toDos, static (json, toDo) =>
        {
            json.Name("kind", toDo.Kind);
            json.WriteString("noun", toDo.Noun);
            json.Id("id", new Id<Transaction>(toDo.Id));
            json.Party("counterparty", toDo.Counterparty);
            if (toDo.Money is var (currency, amount))
            {
                json.WriteString("currency", currency.Code);
                json.Amount("amount", amount);
            }

            if (toDo.Until is { } until) json.Time("until", until);
            if (toDo.Due is { } due) json.Date("due", due);
            json.WriteBoolean("overdue", toDo.IsOverdue);
        });
    });

    // What only the party itself and those who see everything are shown.
    static IResult Own(HttpRequest request, LedgerReader ledger, Problems problems, Resource resource, Func<PartyId, Moment, Action<Utf8JsonWriter>> read)
    {
        if (!PartyId.TryParse(Query.Path(request, "id"), out var party)) return problems.Of(Refusal.QueryInvalid, "id");
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        var sight = FrontDoor.SightOf(request.HttpContext);
        if (ledger.View.State.Party(party) is null || !sight.IsOwnOrAll(resource, party)) return problems.Of(Refusal.NotFound);
        sight.Show(party);
        var write = read(party, moment);
        return JsonAnswer.Object(json =>
        {
            json.Party("party", party);
            write(json);
            json.AsOf(moment.View);
        });
    }
}
