using Ledger.Node.Access;
using Ledger.Node.Nouns;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/governance</c>: what the banks have agreed on and what holds now (现行约定). What it was before is told by the proposals that changed it.</summary>
static class GovernanceRoutes
{
    public static void Map(RouteTable v1, LedgerReader ledger) =>
        v1.Get("/governance", "getGovernance", Resource.Party, "现行约定：验证节点与节点公钥、表决多数、协议版本、规则集、指纹密钥期、产业链方案", "What is in force: validators and their node keys, majorities, protocol, rules, fingerprint keys, programmes", context =>
            {
                var view = ledger.View;
                var at = new At(view.State, FrontDoor.SightOf(context));
                return JsonAnswer.Object(json =>
                {
                    Shown.Governance.Write(json, view.State, at);
                    json.AsOf(view);
                });
            })
            .Answering(Shown.Governance.SchemaAsOf);
}
