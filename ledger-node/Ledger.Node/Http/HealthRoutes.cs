using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/health</c>: which chain this is, how far it is, and what time it is there: clients take a transaction's expiry from it.</summary>
static class HealthRoutes
{
    static readonly string Version = typeof(HealthRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public static void Map(RouteGroupBuilder v1, NodeLoop node) => v1.MapGet("/health", async context =>
    {
        var view = node.View;
        var chain = node.Genesis.Chain;
        await JsonAnswer.Object(json =>
        {
            json.WriteString("status", "ok");
            json.Hash("chainId", chain.ChainId);
            json.WriteString("name", chain.Name);
            json.WriteString("origin", node.Genesis.Origin);
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

            json.LedgerTime(node, node.LedgerTime);
            json.Time("time", node.ClockTime);
            json.Party("bank", node.Bank);
            json.WriteString("version", Version);
            json.WriteNumber("attemptsHeldBack", node.AttemptsHeldBack);
        }).ExecuteAsync(context);
    });
}
