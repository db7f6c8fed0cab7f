using Ledger.Client.Text;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Peers;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/peers</c>: what this node knows of the other banks' nodes, for its own people.</summary>
static class PeerRoutes
{
    static readonly Schema TroubleSchema = Schema.Object("PeerTrouble", Member.Names<PeerFaultKind>("kind"), Member.Bool("false"), Member.Text("detail"), Member.Text("detailZh"));

    static readonly Schema PeerSchema = Schema.Object(
        "Peer", Member.Party("bank"), Member.Text("address"), Member.Number("height").Optional, Member.Number("lag").Optional, Member.Number("epoch").Optional, Member.Text("version").Optional,
        Member.Time("lastSeen").Optional, Member.Time("certificateExpires").Optional, new("trouble", TroubleSchema, IsOptional: true));

    public static void Map(RouteTable v1, NodeLoop node, PeerBook? book, Problems problems) =>
        v1.Get("/peers", "listPeers", Resource.Peers, "其他银行的节点：高度、滞后、证书到期与异常", "Other banks' nodes: heights, lag, certificates' ends and what is wrong", context => List(context, node, book, problems))
            .Answering(Schema.Object(
                "Peers", Member.Number("height"), Member.Bool("observes"), Member.Number("splitViews"), Member.Time("certificateExpires").Optional, new("peers", Schema.List(PeerSchema))))
            .Refusing(Refusal.NotForThisRole);

    static IResult List(HttpContext context, NodeLoop node, PeerBook? book, Problems problems)
    {
        var ledger = node.Reader;
        if (!FrontDoor.SightOf(context).IsOwnOrAll(Resource.Peers, ledger.Bank)) return problems.Of(Refusal.NotForThisRole);
        var height = ledger.View.Header.Height;
        return JsonAnswer.Object(json =>
        {
            json.WriteNumber("height", height);
            json.WriteBoolean("observes", !node.Orders);
            json.WriteNumber("splitViews", book?.SplitViews ?? 0);
            if (book?.OwnExpires is { } own) json.WriteNumber("certificateExpires", own.ToUnixTimeMilliseconds());
            json.Objects("peers", book?.All ?? [], (peer, record) =>
            {
                peer.Party("bank", record.Bank);
                peer.WriteString("address", record.Address);
                if (record.Status is { } status)
                {
                    peer.WriteNumber("height", status.Height);
                    peer.WriteNumber("lag", height > status.Height ? height - status.Height : 0);
                    peer.WriteNumber("epoch", status.Epoch);
                    peer.WriteString("version", status.Version);
                }

                if (record.LastSeen is { } seen) peer.WriteNumber("lastSeen", seen.ToUnixTimeMilliseconds());
                if (record.CertificateExpires is { } until) peer.WriteNumber("certificateExpires", until.ToUnixTimeMilliseconds());
                if (record.Trouble is not { } trouble) return;
                peer.WriteStartObject("trouble");
                peer.Name("kind", trouble.Kind);
                peer.WriteBoolean("false", trouble.IsLie);
                peer.WriteString("detail", trouble.Kind.Says(Language.English));
                peer.WriteString("detailZh", trouble.Kind.Says(Language.Chinese));
                peer.WriteEndObject();
            });
        });
    }
}
