using System.Globalization;
using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;

namespace Ledger.Node;

/// <summary>
/// One thing that a node may tune for itself: an option of the command line, a variable <c>LEDGER_NODE_…</c>, a member of the settings file. A null
/// default: it must be named where it is needed.
/// </summary>
public sealed record Setting(string Name, string? Default, string Chinese, string English, Func<string, bool> IsValid)
{
    public string Variable => "LEDGER_NODE_" + Name.Replace('-', '_').ToUpperInvariant();
}

/// <summary>Where a value comes from; what stands first wins.</summary>
public enum SettingSource
{
    CommandLine,
    Environment,
    File,
    Default,
}

/// <summary>A setting with the value in force; null where nobody named one and there is no default.</summary>
public sealed record EffectiveSetting(Setting Setting, string? Value, SettingSource Source);

/// <summary>
/// Every setting of a node, in one table, and the values in force: command line before environment before file before default. What all nodes must
/// agree on is in genesis and never here; secrets are in files that are only named here.
/// </summary>
public sealed class NodeSettings
{
    public const string Off = "off";

    public static readonly Setting Data = new("data", null, "数据目录", "data folder", IsSomething);
    public static readonly Setting Genesis = new("genesis", null, "创世文件；密钥文件在同一目录", "genesis file; key files are looked for beside it", IsSomething);
    public static readonly Setting PasswordFile = new("password-file", null, "首行为密钥文件口令的文件（缺省则提示输入）", "file whose first line opens the key files (else a prompt)", IsSomething);
    public static readonly Setting Host = new("host", NodeOptions.DefaultHost, "接口监听地址", "address that the API listens on", IsSomething);
    public static readonly Setting Port = new("port", Number(NodeOptions.DefaultPort), "接口端口", "the API's port", IsPort);
    public static readonly Setting Reads = new(
        "reads", "signed", "signed：读取须出示通行证；open：能访问者皆可读，仅限本机", "signed: reads need a pass; open: whoever reaches the node reads everything, on loopback only",
        value => value is "signed" or "open");
    public static readonly Setting HostNames = new("host-names", null, "请求可使用的本节点名称，以逗号分隔", "names that requests may call this node by, with commas between", IsSomething);
    public static readonly Setting TlsCertificate = new("tls-cert", null, "证书（PEM 或 PKCS #12），接口将只用 HTTPS", "certificate, PEM or PKCS #12: the API then speaks HTTPS only", IsSomething);
    public static readonly Setting TlsKey = new("tls-key", null, "证书私钥（PEM）", "the certificate's private key, PEM", IsSomething);
    public static readonly Setting TlsPasswordFile = new("tls-password-file", null, "首行为证书私钥口令的文件", "file whose first line opens the certificate's key", IsSomething);
    public static readonly Setting ProxiesInFront = new(
        "proxies", null, "前置代理的地址或网段，以逗号分隔：由其负责 TLS，只采信其所报的来源地址，端口只有它们能访问",
        "addresses or networks of proxies in front, with commas between: they speak TLS, only they are believed where a request comes from, and nothing else reaches the port",
        value => Access.Proxies.Parse(value) is not null);
    public static readonly Setting Origin = new(
        "origin", null, "浏览器访问本节点所用的源，如 https://ledger.example", "origin under which browsers reach this node, such as https://ledger.example; needed behind a proxy", Access.Entrance.IsOrigin);
    public static readonly Setting OperationsPort = new(
        "operations-port", Number(NodeOptions.DefaultOperationsPort), "运维端口（仅本机），或 off", "port of metrics and health, on loopback only, or off", value => value == Off || IsPort(value));
    public static readonly Setting LogFormat = new("log-format", "text", "日志格式：text 或 json", "how lines are logged: text or json", value => value is "text" or "json");
    public static readonly Setting LogLevel = new(
        "log-level", Monitoring.LogLevels.Default, "日志级别，如 information:Ledger.Node.Http=debug", "which lines, for example information:Ledger.Node.Http=debug", value => Monitoring.LogLevels.Parse(value) is not null);
    public static readonly Setting DiskWarn = new("disk-warn-mib", "2048", "剩余空间低于此值（MiB）时告警且未就绪", "free space in MiB below which the node is not ready", IsCount);
    public static readonly Setting DiskHold = new("disk-hold-mib", "256", "剩余空间低于此值（MiB）时不再接收交易", "free space in MiB below which it takes no transactions", IsCount);
    public static readonly Setting Segment = new("segment-mib", Number(NodeOptions.DefaultSegmentBytes / Mebibyte), "链分段文件大小（MiB，至多 1024）", "size of a chain segment in MiB, at most 1024", value => IsCount(value) && int.Parse(value, CultureInfo.InvariantCulture) is > 0 and <= (int)(SegmentCodec.MaxFull / Mebibyte));
    public static readonly Setting SnapshotEvery = new(
        "snapshot-every", Number((long)NodeOptions.DefaultSnapshotEvery), "每多少个区块做一次快照，0 为不做", "blocks between two snapshots, 0 for none", IsCount);
    public static readonly Setting StartFrom = new(
        "start-from", "snapshot", "启动方式：snapshot 自最新可用快照，chain 重放整条链", "how a start goes: snapshot, from the newest good one; chain, repeating all of it", value => value is "snapshot" or "chain");
    public static readonly Setting PartyChain = new(
        "party-chain-mib", "256", "每个参与方每日可经本节点上链的数据量（MiB），本行除外，0 为不限", "what each party but the node's bank may put on the chain in a day through this node, in MiB, 0 for no bound", IsCount);
    public static readonly Setting AccessLogDays = new(
        "access-log-days", Number(Access.AccessLogLimits.Default.Days), "查阅记录保存天数", "days for which the log of reads is kept", value => IsCount(value) && value != "0");
    public static readonly Setting AccessLogSize = new(
        "access-log-mib", Number(Access.AccessLogLimits.Default.Bytes / Mebibyte), "查阅记录总量上限（MiB），超出则先删最早的", "size of the log of reads in MiB, beyond which its oldest files go", value => IsCount(value) && value != "0");
    public static readonly Setting AccessLogParty = new(
        "access-log-party-mib", Number(Access.AccessLogLimits.Default.PartyBytes / Mebibyte), "每个参与方每日可登记的查阅记录（MiB），0 为不限", "what one party's reads may fill of that log in a day, in MiB, 0 for no bound", IsCount);
    public static readonly Setting WebhookHosts = new("webhook-hosts", null, "节点可向其发送通知的主机（或“主机:端口”），以逗号分隔；缺省则不发送", "hosts (or host:port) that notices may be sent to, with commas between; none: the node calls nobody", IsSomething);

    public static readonly Setting Etcd = new(
        "etcd", null, "用于排序的 etcd 成员地址（https；本机回环地址可用 http），以逗号分隔，本行成员居首；缺省则由本节点自行排序",
        "etcd members that order batches, https (http on loopback only) with commas between, this bank's own first; none: this node orders for itself", value => EtcdAddress.ParseMembers(value) is not null);
    public static readonly Setting EtcdCa = new("etcd-ca", null, "签发 etcd 成员证书的机构证书（PEM）", "certificate of the authority that etcd's members are known by, PEM", IsSomething);
    public static readonly Setting EtcdCertificate = new("etcd-cert", null, "本节点访问 etcd 的证书（PEM）", "this node's certificate for etcd, PEM", IsSomething);
    public static readonly Setting EtcdKey = new("etcd-key", null, "本节点访问 etcd 的证书私钥（PEM）", "that certificate's private key, PEM", IsSomething);

    public static readonly Setting PeerListen = new(
        "peer-listen", null, "为其他银行的节点提供服务的地址与端口，如 0.0.0.0:7303；缺省则不提供", "address and port that other banks' nodes are served on, for example 0.0.0.0:7303; none: this node serves no peers",
        value => PeerAddress.ParseListen(value) is not null);
    public static readonly Setting PeersAsked = new(
        "peers", null, "其他银行的节点，以逗号分隔：参与方号码=https://主机:端口", "other banks' nodes, with commas between: the party's number=https://host:port", value => PeerAddress.Parse(value) is not null);
    public static readonly Setting PeerCa = new("peer-ca", null, "签发各节点证书的联盟机构证书（PEM）", "certificate of the consortium's authority that nodes are known by, PEM", IsSomething);
    public static readonly Setting PeerCertificate = new("peer-cert", null, "本节点的节点间证书（PEM，P-256，CN 为参与方号码）", "this node's certificate among peers, PEM, P-256, its CN the party's number", IsSomething);
    public static readonly Setting PeerKey = new("peer-key", null, "该证书的私钥（PEM）", "that certificate's private key, PEM", IsSomething);
    public static readonly Setting Observe = new(
        "observe", Off, "on：只观察，跟随 peers 所列节点并核验每个字节，不投票、不排序、不受理交易", "on: only observe, following the nodes of peers and verifying every byte; no votes, no order, no transactions",
        value => value is "on" or Off);

    public static readonly Setting Anchors = new(
        "anchors", null, "列出锚定所用 EVM 链的文件；缺省则不锚定", "file that names the EVM chains on which this node anchors; none: it anchors nowhere", IsSomething);

    public static readonly Setting Witnesses = new(
        "witnesses", null, "联署检查点的见证方，以逗号分隔：公钥=https://主机/；缺省则不请任何一方", "witnesses that cosign checkpoints, with commas between: vkey=https://host/; none: nobody is asked", value => Witnessing.WitnessAddress.Parse(value) is not null);

    public static readonly Setting PledgeKey = new(
        "pledge-key", null, "标签密钥文件：以本行份额答复其他银行的请求；缺省则不答复", "file of the pledge key of which this bank has a share, and with which it answers asks for tags; none: it answers none", IsSomething);

    public static readonly Setting Verification = new(
        "verification", "own", "验签方式：own 对常用密钥用自有算法（以平台结果为准），platform 只用平台", "who verifies signatures: own, the ledger's own arithmetic under known keys, held against the platform; platform, the platform alone",
        value => value is "own" or "platform");

    public static readonly Setting StopSeconds = new(
        "stop-seconds", Number(NodeOptions.DefaultStopSeconds), "停止时最多用时（秒），用于答复调用方与写快照", "seconds that a stop may take to let callers go and to write a snapshot", IsCount);

    public const long Mebibyte = 1024 * 1024;

    readonly Dictionary<string, EffectiveSetting> effective;

    NodeSettings(Dictionary<string, EffectiveSetting> effective) => this.effective = effective;

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [Data, Genesis, PasswordFile, Host, Port, Reads, HostNames, TlsCertificate, TlsKey, TlsPasswordFile, ProxiesInFront, Origin, OperationsPort, LogFormat, LogLevel, DiskWarn, DiskHold, Segment, SnapshotEvery, StartFrom, PartyChain, AccessLogDays, AccessLogSize, AccessLogParty, StopSeconds, Verification, WebhookHosts, Etcd, EtcdCa, EtcdCertificate, EtcdKey, PeerListen, PeersAsked, PeerCa, PeerCertificate, PeerKey, Observe, Anchors, Witnesses, PledgeKey];

    public IEnumerable<EffectiveSetting> Effective => All.Select(setting => effective[setting.Name]);

    public string? this[Setting setting] => effective[setting.Name].Value;

    public int Whole(Setting setting) => int.Parse(this[setting] ?? "", NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>
    /// Puts the sources together; null and the reason when the file is not in order or a value is none of its setting's. A variable that is set and
    /// empty counts as not set.
    /// </summary>
    public static NodeSettings? Resolve(Func<Setting, string?> commandLine, Func<string, string?> environment, byte[]? file, out string problem)
    {
        problem = "";
        Dictionary<string, string> named = [];
        if (file is not null && !TryReadFile(file, named, out problem)) return null;

        var effective = new Dictionary<string, EffectiveSetting>();
        foreach (var setting in All)
        {
            var one = commandLine(setting) is { } given ? new EffectiveSetting(setting, given, SettingSource.CommandLine)
                : environment(setting.Variable) is { Length: > 0 } variable ? new(setting, variable, SettingSource.Environment)
                : named.TryGetValue(setting.Name, out var member) ? new(setting, member, SettingSource.File)
                : new(setting, setting.Default, SettingSource.Default);
            if (one.Value is { } value && !setting.IsValid(value))
            {
                problem = $"{NameOf(one)}: '{value}' is not {setting.English}. “{value}”不是有效的{setting.Chinese}。";
                return null;
            }

            effective[setting.Name] = one;
        }

        return new(effective);
    }

    /// <summary>How the source names the setting.</summary>
    public static string NameOf(EffectiveSetting one) => one.Source switch
    {
        SettingSource.CommandLine => $"--{one.Setting.Name}",
        SettingSource.Environment => one.Setting.Variable,
        SettingSource.File => $"\"{one.Setting.Name}\"",
        SettingSource.Default => one.Setting.Name,
    };

    // A file is an object of strings and whole numbers; a misspelt member must not pass for a default.
    static bool TryReadFile(byte[] file, Dictionary<string, string> named, out string problem)
    {
        try
        {
            using var json = JsonDocument.Parse(file, new() { AllowDuplicateProperties = false });
            foreach (var member in json.RootElement.EnumerateObject())
            {
                if (All.All(setting => setting.Name != member.Name))
                {
                    problem = $"\"{member.Name}\" is no setting. “{member.Name}”不是设置项。";
                    return false;
                }

                named[member.Name] = member.Value.ValueKind is JsonValueKind.String ? member.Value.GetString() ?? "" : member.Value.GetRawText();
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            problem = $"The settings file is no JSON object. 设置文件不是 JSON 对象。 {malformed.Message}";
            return false;
        }

        problem = "";
        return true;
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    static bool IsSomething(string value) => value.Length > 0;

    static bool IsPort(string value) => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    static bool IsCount(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
