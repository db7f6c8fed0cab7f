using System.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/parties/{id}/reads</c>: who read a party's data, oldest first. The party itself may ask, and regulators.</summary>
static class ReadsRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger, AccessLog? log, Problems problems) =>
        v1.Get("/parties/{id}/reads", "listReads", Resource.Reads, "谁查阅过该参与方的数据", "Who read a party's data, oldest first", context => List(context.Request, ledger, log, problems))
            .With(Page.Cursor, Schema.Base64Url, "上一页返回的 next", "the last page's next")
            .With(Page.Limit, new(new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = Query.MaxLimit }), "每页条数", "items a page")
            .Answering(Schema.Object(
                "Reads",
                [new("reads", Schema.List(Schema.Object(
                    "Read", Member.Text("at"), Member.Party("party").Optional, new Member("key", Schema.Key).Optional, Member.Party("onBehalfOf").Optional, Member.Text("resource"),
                    Member.Text("method"), Member.Text("path"), Member.Number("status"), Member.Text("request")))),
                new("next", Schema.Base64Url, IsOptional: true), Member.Number("lost"), .. Schema.AsOf]))
            .Refusing(Refusal.NoAccessLog)
            .Heavy();

    static IResult List(HttpRequest request, LedgerReader ledger, AccessLog? log, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "id"), out var party)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!query.TryLimit(out var limit)) return problems.Of(Refusal.QueryInvalid, Page.Limit);
        if (!TryPlace(query[Page.Cursor], out var from)) return problems.Of(Refusal.QueryInvalid, Page.Cursor);
        if (!query.Sight.IsOwnOrAll(Resource.Reads, party)) return problems.Of(Refusal.NotFound);
        if (log is null) return problems.Of(Refusal.NoAccessLog);

        var view = ledger.View;
        var (lines, next) = log.Read(party, from, limit);
        query.Sight.Show(party);
        return JsonAnswer.Object(json =>
        {
            json.Objects("reads", lines, static (json, line) =>
            {
                // From which address is the node's business, and of whom else the same answer told is theirs.
                foreach (var member in line.EnumerateObject())
                {
                    if (member.Name is not ("of" or "from")) member.WriteTo(json);
                }
            });
            if (next is { } place) json.WriteString("next", Base64Url.Encode(Encoding.ASCII.GetBytes($"{place.File}:{place.Offset}")));
            json.WriteNumber("lost", log.Dropped);
            json.AsOf(view);
        });
    }

    static bool TryPlace(string? cursor, out (string, long)? place)
    {
        place = null;
        if (cursor is null) return true;
        if (!Base64Url.TryDecode(cursor, out var bytes) || Encoding.ASCII.GetString(bytes).Split(':') is not [var file, var offset]) return false;
        if (!long.TryParse(offset, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var at)) return false;
        place = (file, at);
        return true;
    }
}
