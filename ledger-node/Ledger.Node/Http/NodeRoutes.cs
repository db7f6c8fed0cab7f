using System.Globalization;
using System.Text.Json;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Health;
using Ledger.Node.Nouns;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/node</c>: how this node stands and what its operator should do next, for its own people.</summary>
static class NodeRoutes
{
    static readonly Member[] Sentences = [Member.Text("detail"), Member.Text("detailZh")];

    public static readonly Schema TroubleSchema = Schema.Object("NodeTrouble", [Member.Number("code"), .. Sentences]);

    static readonly Schema WhySchema = Schema.Object("NodeWhy", Sentences);

    static readonly Schema VoteSchema = Schema.Object("NodeVote", Member.Number("sequence"), Member.Time("time"), Member.Number("height"), Member.Number("prepared"), Member.Number("committed"));

    static readonly Schema PeerSchema = Schema.Object(
        "NodePeer", Member.Text("address"), Member.Number("height").Optional, Member.Number("lag").Optional, Member.Number("epoch").Optional, Member.Text("version").Optional, Member.Time("lastSeen").Optional,
        Member.Time("certificateExpires").Optional, Member.Bool("false"), new("trouble", WhySchema, IsOptional: true));

    static readonly Schema BankSchema = Schema.Object(
        "NodeBank", Member.Party("bank"), Member.Bool("own"), Member.Bool("validates"), new("vote", VoteSchema, IsOptional: true), Member.Bool("awaited"), Member.Bool("reported"),
        new("peer", PeerSchema, IsOptional: true));

    static readonly Schema MemberSchema = Schema.Object(
        "EtcdMember", Member.Text("address"), Member.Bool("answers"), Member.Bool("leads"), Member.Number("revision").Optional, Member.Number("storedBytes").Optional, Member.Number("usedBytes").Optional,
        Member.Text("version").Optional, Member.Time("lastSeen").Optional, new("alarms", Schema.List(Schema.Text)), new("trouble", WhySchema, IsOptional: true));

    static readonly Schema BreachSchema = Schema.Object("Breach", Member.Party("bank"), Member.Number("epoch"), Member.Text("file"));

    static readonly Schema CertificateSchema = Schema.Object("NodeCertificate", Member.Names<CertificateUse>("use"), Member.Time("expires"));

    static readonly Schema KeyEpochSchema = Schema.Object("NodeKeyEpoch", Member.Number("number"), Member.Hash("keyCommitment"), Member.Text("sealed").Optional, Member.Bool("hasKey"));

    static readonly Schema ChainSchema = Schema.Object(
        "NodeAnchors", Member.Text("name"), Member.Number("chain"), Member.Text("anchorContract"), Member.Text("payingAccount"), Member.Number("anchored").Optional, Member.Number("anchorLag").Optional,
        Member.Time("anchoredSince").Optional, Member.Number("anchorFinal").Optional, Member.Text("anchorStep").Optional, Member.Number("anchorAttempts"), Member.Text("balanceWei").Optional, Member.Text("spentWei"), Member.Bool("forked"),
        new("trouble", TroubleSchema, IsOptional: true));

    static readonly Schema StepSchema = Schema.Object("NextStep", [Member.Number("code").Optional, .. Sentences]);

    static readonly Schema NodeSchema = Schema.Object(
        "Node", Member.Party("bank"), Member.Text("version"), Member.Names<OrderKind>("order"), Member.Time("time"), Member.Number("height"), Member.Number("leaves"), Member.Hash("root"), Member.Number("epoch"),
        Member.Bool("reads"), Member.Bool("acts"), new("trouble", TroubleSchema, IsOptional: true), Member.Number("folded"), Member.Number("pending"), Member.Number("pendingSeconds").Optional,
        Member.Number("quorum"), Member.Number("validators"), new("silence", WhySchema, IsOptional: true), Member.Number("evidence"), new("breaches", Schema.List(BreachSchema)), Member.Number("splitViews"),
        Member.Number("joinedFrom").Optional, Member.Number("verifiedTo").Optional, new("keyEpochs", Schema.List(KeyEpochSchema)),
        new("banks", Schema.List(BankSchema)), new("members", Schema.List(MemberSchema)), new("certificates", Schema.List(CertificateSchema)), new("anchors", Schema.List(ChainSchema)), new("next", Schema.List(StepSchema)));

    public static void Map(RouteTable v1, LedgerReader ledger, Func<NodeStanding> standing, Problems problems) =>
        v1.Get("/node", "getNode", Resource.Peers, "本节点的状态与下一步：高度、纪元、待终局、各行的票、etcd、证书", "How this node stands and what to do next: height, epoch, pending, each bank's votes, etcd, certificates", context =>
                FrontDoor.SightOf(context).IsOwnOrAll(Resource.Peers, ledger.Bank) ? JsonAnswer.Object(json => Write(json, standing())) : problems.Of(Refusal.NotForThisRole))
            .Answering(NodeSchema).Refusing(Refusal.NotForThisRole);

    /// <summary>The members of a trouble.</summary>
    public static void Write(Utf8JsonWriter json, NodeTrouble trouble)
    {
        json.WriteNumber("code", (ushort)trouble.Code);
        json.WriteString("detail", trouble.English);
        json.WriteString("detailZh", trouble.Chinese);
    }

    static void Write(Utf8JsonWriter json, NodeStanding node)
    {
        json.Party("bank", node.Bank);
        json.WriteString("version", node.Version);
        json.Name("order", node.Order);
        json.Time("time", node.Time);
        json.WriteNumber("height", node.Height);
        json.WriteNumber("leaves", node.Leaves);
        json.Hash("root", node.Root);
        json.WriteNumber("epoch", node.Epoch);
        json.WriteBoolean("reads", node.Reads);
        json.WriteBoolean("acts", node.Trouble is null && node.Order != OrderKind.Peers);
        if (node.Trouble is { } trouble)
        {
            json.WriteStartObject("trouble");
            Write(json, trouble);
            json.WriteEndObject();
        }

        json.WriteNumber("folded", node.Folded);
        json.WriteNumber("pending", node.Pending);
        if (node.Waits is { } waits) json.WriteNumber("pendingSeconds", (long)waits.TotalSeconds);
        json.WriteNumber("quorum", node.Quorum);
        json.WriteNumber("validators", node.Validators);
        Write(json, "silence", node.Silence);
        json.WriteNumber("evidence", node.Breaches.Count);
        json.Objects("breaches", node.Breaches, static (json, breach) =>
        {
            json.Party("bank", breach.Bank);
            json.WriteNumber("epoch", breach.Epoch);
            json.WriteString("file", breach.File);
        });
        json.WriteNumber("splitViews", node.SplitViews);
        if (node.Joined is var (from, verifiedTo))
        {
            json.WriteNumber("joinedFrom", from);
            json.WriteNumber("verifiedTo", verifiedTo);
        }

        json.Objects("keyEpochs", node.KeyEpochs, static (json, epoch) =>
        {
            json.WriteNumber("number", epoch.Number);
            json.Hash("keyCommitment", epoch.KeyCommitment);
            json.Text("sealed", epoch.Sealed);
            json.WriteBoolean("hasKey", epoch.HasKey);
        });
        json.Objects("banks", node.Banks, Write);
        json.Objects("members", node.Members, Write);
        json.Objects("certificates", node.Certificates, static (json, certificate) =>
        {
            json.Name("use", certificate.Use);
            json.Time("expires", certificate.Expires);
        });
        json.Objects("anchors", node.Anchors, Write);
        json.Objects("next", NextStep.Of(node), static (json, step) =>
        {
            if (step.Code != Refusal.None) json.WriteNumber("code", (ushort)step.Code);
            json.WriteString("detail", step.English);
            json.WriteString("detailZh", step.Chinese);
        });
    }

    static void Write(Utf8JsonWriter json, ChainStanding chain)
    {
        json.WriteString("name", chain.Name);
        json.WriteNumber("chain", chain.Chain);
        json.WriteString("anchorContract", chain.Contract);
        json.WriteString("payingAccount", chain.Account);
        if (chain.Anchored is { } anchored) json.WriteNumber("anchored", anchored);
        if (chain.Lag is { } lag) json.WriteNumber("anchorLag", lag);
        if (chain.Since is { } since) json.Time("anchoredSince", since);
        if (chain.Final is { } final) json.WriteNumber("anchorFinal", final);
        json.Text("anchorStep", chain.Step);
        json.WriteNumber("anchorAttempts", chain.Attempts);
        json.Text("balanceWei", chain.Balance?.ToString(CultureInfo.InvariantCulture));
        json.WriteString("spentWei", chain.Spent.ToString(CultureInfo.InvariantCulture));
        json.WriteBoolean("forked", chain.IsForked);
        if (chain.Trouble is not { } trouble) return;
        json.WriteStartObject("trouble");
        Write(json, trouble);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, BankStanding bank)
    {
        json.Party("bank", bank.Bank);
        json.WriteBoolean("own", bank.IsOwn);
        json.WriteBoolean("validates", bank.Validates);
        if (bank.Vote is { } vote)
        {
            json.WriteStartObject("vote");
            json.WriteNumber("sequence", vote.Sequence);
            json.Time("time", vote.Time);
            json.WriteNumber("height", vote.Height);
            json.WriteNumber("prepared", vote.Prepared);
            json.WriteNumber("committed", vote.Committed);
            json.WriteEndObject();
        }

        json.WriteBoolean("awaited", bank.IsAwaited);
        json.WriteBoolean("reported", bank.HasReported);
        if (bank.Peer is not { } peer) return;
        json.WriteStartObject("peer");
        json.WriteString("address", peer.Address);
        if (peer.Height is { } height) json.WriteNumber("height", height);
        if (peer.Lag is { } lag) json.WriteNumber("lag", lag);
        if (peer.Epoch is { } epoch) json.WriteNumber("epoch", epoch);
        if (peer.Version is { } version) json.WriteString("version", version);
        json.Time("lastSeen", peer.LastSeen ?? default);
        json.Time("certificateExpires", peer.CertificateExpires ?? default);
        json.WriteBoolean("false", peer.IsFalse);
        Write(json, "trouble", peer.Trouble);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, MemberStanding member)
    {
        json.WriteString("address", member.Address);
        json.WriteBoolean("answers", member.Answers);
        json.WriteBoolean("leads", member.IsLeader);
        if (member.Revision is { } revision) json.WriteNumber("revision", revision);
        if (member.StoredBytes is { } stored) json.WriteNumber("storedBytes", stored);
        if (member.UsedBytes is { } used) json.WriteNumber("usedBytes", used);
        if (member.Version is { } version) json.WriteString("version", version);
        json.Time("lastSeen", member.LastSeen ?? default);
        json.WriteStartArray("alarms");
        foreach (var alarm in member.Alarms) json.WriteStringValue(alarm);
        json.WriteEndArray();
        Write(json, "trouble", member.Trouble);
    }

    static void Write(Utf8JsonWriter json, string name, (string Chinese, string English)? why)
    {
        if (why is not var (chinese, english)) return;
        json.WriteStartObject(name);
        json.WriteString("detail", english);
        json.WriteString("detailZh", chinese);
        json.WriteEndObject();
    }
}
