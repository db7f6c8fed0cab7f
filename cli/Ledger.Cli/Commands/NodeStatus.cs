using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger node status</c>: how a node stands and what its operator should do next.</summary>
static class NodeStatus
{
    const string Path = "v1/node";
    const int OffsetMinutes = 480;

    static readonly Field[] BankColumns =
    [
        new("bank", "银行", "bank", null), new("validates", "验证", "validates", null), new("height", "高度", "height", null, IsFigure: true), new("lag", "滞后", "lag", null, IsFigure: true),
        new("voteHeight", "投票所至", "voted from", null, IsFigure: true), new("votedAt", "最近投票", "voted at", null), new("lastSeen", "最近应答", "last seen", null),
        new("certificateExpires", "证书到期", "certificate ends", null), new("status", "状态", "status", null),
    ];

    static readonly Field[] MemberColumns =
    [
        new("address", "etcd 成员", "member of etcd", null), new("leads", "主导", "leads", null), new("revision", "修订号", "revision", null, IsFigure: true), new("stored", "已用", "stored", null, IsFigure: true),
        new("version", "版本", "version", null), new("status", "状态", "status", null),
    ];

    public static Command Make(Shell shell)
    {
        var reading = new Reading(hasHeights: false);
        return shell.Command(
            "status", "显示节点状态与下一步：高度、纪元、待终局、各行的票、etcd 与证书；受理交易时退出码为 0。",
            "Show how the node stands and what to do next: height, epoch, pending, each bank's votes, etcd, certificates; 0 where it takes acts.", [.. reading.All], async (run, cancel) =>
            {
                using var answer = await (await reading.OpenAsync(run, cancel)).ReadAsync(Path, cancel) ?? throw StopException.NotFound(Path);
                var node = answer.RootElement;
                if (run.Output.IsJson) run.Output.Answer(node);
                else Show(run, node);
                return node.TryGetProperty("trouble", out _) || !node.GetProperty("reads").GetBoolean() ? ExitCode.Fault : ExitCode.Ok;
            }, "node status", "node status -o json");
    }

    static void Show(Run run, JsonElement node)
    {
        var fields = new List<Field>
        {
            new("bank", "银行", "bank", node.GetProperty("bank").GetString()),
            new("standing", "状态", "standing", Standing(run, node)),
        };
        if (node.TryGetProperty("trouble", out var trouble)) fields.Add(new("trouble", "原因", "why", string.Create(CultureInfo.InvariantCulture, $"{Says(run, trouble)} ({trouble.GetProperty("code").GetInt32()})")));
        fields.Add(new("height", "终局高度", "final height", node.GetProperty("height").GetUInt64()));
        fields.Add(new("epoch", "纪元", "epoch", node.GetProperty("epoch").GetUInt32()));
        fields.Add(new("pending", "待终局", "pending", Pending(run, node)));
        fields.Add(new("quorum", "法定多数", "quorum", string.Create(CultureInfo.InvariantCulture, $"{node.GetProperty("quorum").GetInt32()} / {node.GetProperty("validators").GetInt32()}")));
        if (node.TryGetProperty("silence", out var silence)) fields.Add(new("silence", "不投票", "not voting", Says(run, silence)));
        fields.Add(new("evidence", "违规证据", "evidence", node.GetProperty("evidence").GetInt32()));
        fields.Add(new("splitViews", "历史分叉", "split views", node.GetProperty("splitViews").GetInt32()));
        if (node.TryGetProperty("joinedFrom", out var from)) fields.Add(new("joinedFrom", "加入所用快照的高度", "height of the snapshot joined from", from.GetUInt64()));
        if (node.TryGetProperty("verifiedTo", out var verified)) fields.Add(new("verifiedTo", "已核验至高度", "verified up to height", verified.GetUInt64()));
        foreach (var certificate in node.GetProperty("certificates").EnumerateArray())
        {
            var (chinese, english) = certificate.GetProperty("use").GetString() switch
            {
                "peers" => ("证书到期（节点间）", "certificate ends (peers)"),
                "etcd" => ("证书到期（etcd）", "certificate ends (etcd)"),
                _ => ("证书到期（接口）", "certificate ends (API)"),
            };
            fields.Add(new("certificate", chinese, english, Time(certificate, "expires")));
        }

        run.Output.Record([.. fields]);
        run.Output.Line();
        run.Output.Table(BankColumns, node.GetProperty("banks").EnumerateArray().Select(bank => (IReadOnlyList<JsonNode?>)Bank(run, node, bank)));
        var members = node.GetProperty("members");
        if (members.GetArrayLength() > 0)
        {
            run.Output.Line();
            run.Output.Table(MemberColumns, members.EnumerateArray().Select(member => (IReadOnlyList<JsonNode?>)Member(run, member)));
        }

        run.Output.Line();
        var next = node.GetProperty("next").EnumerateArray().ToArray();
        if (next.Length == 0) run.Output.Line(run.Output.Say("无须处理。", "Nothing is to be done."));
        foreach (var step in next)
            run.Output.Line($"{run.Output.Say("下一步：", "next: ")}{Says(run, step)}{(step.TryGetProperty("code", out var code) ? string.Create(CultureInfo.InvariantCulture, $" ({code.GetInt32()})") : "")}");
    }

    static string Standing(Run run, JsonElement node)
    {
        var reads = node.GetProperty("reads").GetBoolean();
        return node.GetProperty("acts").GetBoolean() && reads ? run.Output.Say("可读取，可受理交易", "reads are answered, acts are taken")
            : reads ? run.Output.Say("只能读取", "reads only")
            : run.Output.Say("查询视图尚未就绪", "the read model is not ready");
    }

    static string Pending(Run run, JsonElement node)
    {
        var count = node.GetProperty("pending").GetInt32();
        if (!node.TryGetProperty("pendingSeconds", out var waits)) return count.ToString(CultureInfo.InvariantCulture);
        var seconds = waits.GetInt64();
        return run.Output.Say(string.Create(CultureInfo.InvariantCulture, $"{count}，最早的已等 {seconds} 秒"), string.Create(CultureInfo.InvariantCulture, $"{count}, the oldest for {seconds} s"));
    }

    static JsonNode?[] Bank(Run run, JsonElement node, JsonElement bank)
    {
        var isOwn = bank.GetProperty("own").GetBoolean();
        var peer = bank.TryGetProperty("peer", out var asked) ? asked : default;
        var vote = bank.TryGetProperty("vote", out var told) ? told : default;
        var status = peer.ValueKind == JsonValueKind.Object && peer.GetProperty("false").GetBoolean() ? Says(run, peer.GetProperty("trouble"))
            : bank.GetProperty("awaited").GetBoolean() ? run.Output.Say("等待其投票", "its votes are awaited")
            : bank.GetProperty("reported").GetBoolean() ? run.Output.Say("已上报结束本纪元", "gave the epoch up")
            : peer.ValueKind == JsonValueKind.Object && peer.TryGetProperty("trouble", out var trouble) ? Says(run, trouble)
            : isOwn ? run.Output.Say("本节点", "this node") : "";
        return
        [
            bank.GetProperty("bank").GetString(), bank.GetProperty("validates").GetBoolean(), isOwn ? Number(node, "height") : Number(peer, "height"), isOwn ? null : Number(peer, "lag"), Number(vote, "height"),
            Time(vote, "time"), Time(peer, "lastSeen"), Time(peer, "certificateExpires"), status,
        ];
    }

    static JsonNode?[] Member(Run run, JsonElement member)
    {
        string[] alarms = [.. member.GetProperty("alarms").EnumerateArray().Select(static alarm => alarm.GetString() ?? "")];
        var status = alarms.Length > 0 ? string.Join(' ', alarms)
            : member.TryGetProperty("trouble", out var trouble) ? Says(run, trouble)
            : member.GetProperty("answers").GetBoolean() ? run.Output.Say("正常", "well")
            : run.Output.Say("尚未应答", "not heard yet");
        return
        [
            member.GetProperty("address").GetString(), member.GetProperty("leads").GetBoolean(), Number(member, "revision"),
            member.TryGetProperty("storedBytes", out var stored) ? string.Create(CultureInfo.InvariantCulture, $"{stored.GetInt64() >> 20} MiB") : null,
            member.TryGetProperty("version", out var version) ? version.GetString() : null, status,
        ];
    }

    static string Says(Run run, JsonElement what) => what.GetProperty(run.Output.Say("detailZh", "detail")).GetString() ?? "";

    static JsonNode? Number(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value.GetUInt64() : null;

    static string? Time(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? TimeText.Of(new Timestamp(value.GetInt64()), OffsetMinutes) : null;
}
