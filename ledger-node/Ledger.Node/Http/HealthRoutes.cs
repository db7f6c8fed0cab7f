using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/health</c>: which chain this is, how far it is, and what time it is there: clients take a transaction's expiry from it.</summary>
static class HealthRoutes
{
    public static void Map(RouteTable v1, NodeLoop node, Problems problems) => v1.Get("/health", "getHealth", Resource.Public, "链、高度与账本时间", "Which chain this is, how far it is, and what time it is there", _ =>
    {
        if (node.IsStopping) return problems.Of(Refusal.NodeStopping);
        var view = node.Reader.View;
        var chain = node.Reader.Genesis.Chain;
        return JsonAnswer.Object(json =>
        {
            var trouble = StandingReader.TroubleOf(node);
            json.WriteString("status", trouble is null ? "ok" : "readsOnly");
            if (trouble is not null)
            {
                json.WriteStartObject("trouble");
                NodeRoutes.Write(json, trouble);
                json.WriteEndObject();
            }

            json.Hash("chainId", chain.ChainId);
            json.WriteString("name", chain.Name);
            json.WriteString("origin", node.Reader.Genesis.Origin);
            json.Name("purpose", chain.Purpose);
            json.WriteString("suite", chain.Suite.Name);
            json.WriteNumber("offsetMinutes", chain.OffsetMinutes);
            json.WriteNumber("height", view.Header.Height);
            json.WriteNumber("leaves", view.Checkpoint.Checkpoint.Size);
            if (view.State.Ordering is { Number: > 1 } ordering)
            {
                json.WriteNumber("epoch", ordering.Number);
                json.WriteNumber("epochSince", ordering.FirstHeight);
            }

            json.LedgerTime(node.Reader, node.Reader.LedgerTime);
            json.Time("time", node.Reader.ClockTime);
            json.Party("bank", node.Reader.Bank);
            json.WriteString("version", NodeVersion.Text);
            json.WriteNumber("attemptsHeldBack", node.AttemptsHeldBack);
        });
    }).Answering(Schema.Object(
        "Health", new("status", Schema.OneOf("ok", "readsOnly")), new("trouble", NodeRoutes.TroubleSchema, IsOptional: true), Member.Hash("chainId"), Member.Text("name"), Member.Text("origin"), Member.Names<Purpose>("purpose"), Member.Text("suite"),
        new("offsetMinutes", Schema.Of("integer")), Member.Number("height"), Member.Number("leaves"), new("ledgerTime", Schema.Time), new("clock", Schema.OneOf("held"), IsOptional: true),
        Member.Time("time"), Member.Party("bank"), Member.Text("version"), Member.Number("attemptsHeldBack"))).Refusing(Refusal.NodeStopping).At(RateClass.Health);
}
