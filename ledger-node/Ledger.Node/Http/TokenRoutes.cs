using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/tokens?holder=</c>: the live units that a party holds, by instrument and unit.</summary>
static class TokenRoutes
{
    public static void Map(RouteTable v1, NodeLoop node, Problems problems) =>
        v1.Get("/tokens", "listTokens", Resource.Token, "参与方持有的份额", "The live units that a party holds, by instrument and unit", context => List(context.Request, node, problems))
            .With("holder", Schema.Party, "持有人", "who holds", required: true)
            .Paged("tokens", Schema.Object(
                "HeldToken", [Member.Id("instrument"), Member.Party("obligor"), Member.Currency("currency"), Member.Date("dueDate").Optional, .. TokenJson.Members]));

    static IResult List(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryRead(request, ["holder", Page.Cursor, Page.Limit], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!PartyId.TryParse(query["holder"], out var holder)) return problems.Of(Refusal.QueryInvalid, "holder");
        var view = node.View;
        return Page.Answer(
            problems, query, view, "tokens", HeldBy(node, view.State, holder),
            static held => new(held.Instrument.Id.Value, held.Token.Units.First),
            (json, held) =>
            {
                json.Id("instrument", held.Instrument.Id);
                json.Party("obligor", held.Instrument.Obligor);
                json.WriteString("currency", held.Instrument.Currency.Code);
                json.Date("dueDate", held.Instrument.DueDate);
                TokenJson.WriteToken(json, held.Token, held.Instrument, view.State);
            });
    }

    static IEnumerable<(Instrument Instrument, Token Token)> HeldBy(NodeLoop node, LedgerState state, PartyId holder)
    {
        foreach (var holding in node.Index.Held(holder))
        {
            if (state.Instrument(holding.Instrument) is not { } instrument || state.Tokens(holding.Instrument) is not { } tokens) continue;
            foreach (var token in tokens.Span.ToArray())
            {
                if (token.Holder == holder && token.State == UnitState.Live) yield return (instrument, token);
            }
        }
    }
}
