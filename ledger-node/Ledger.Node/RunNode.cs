using Ledger.Client.ChainFolder;
using Ledger.Client.Files;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Anchoring;
using Ledger.Node.Documents;
using Ledger.Node.Drafts;
using Ledger.Node.Health;
using Ledger.Node.Monitoring;
using Ledger.Node.Notices;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Node.Pledges;
using Ledger.Node.Private;
using Ledger.Node.Storage;
using Ledger.Node.Witnessing;
using Ledger.Suites;

namespace Ledger.Node;

/// <summary>Runs a node until it is interrupted, or until it can no longer keep its promise.</summary>
static class RunNode
{
    // For what is given up in time to say so; a disk that does not answer is not waited for.
    static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

    /// <param name="settings">As they were when it began.</param>
    /// <param name="now">As they are now; null, and why, where they cannot be read or are not in order.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<int> RunAsync(NodeSettings settings, Func<(NodeSettings? Settings, string Problem)> now, CancellationToken cancel)
    {
        if (settings[NodeSettings.Data] is not { } data) return No(ExitCode.Usage, "--data is required 需要 --data");
        var observes = settings[NodeSettings.Observe] == "on";
        await using var peers = NodePeers.Open(PeersOf(settings), out var unknown);
        if (unknown is { } unusable) return No(ExitCode.Usage, $"{unusable.English}. {unusable.Chinese}。");
        if (observes && peers is not { All.Count: > 0 })
            return No(ExitCode.Usage, "A node that observes follows others: name them with --peers, and the certificates. 观察节点须以 --peers 指明所跟随的节点，并给出证书。");
        var (opened, unopened) = observes && peers is not null ? await OpenObserverAsync(settings, data, peers, cancel) : await OpenKeysAsync(settings, cancel);
        if (opened is not var (genesis, keys)) return unopened;
        if (peers is not null && peers.Bank != keys.Node.Bank)
            return No(ExitCode.Usage, $"peer-cert stands for {peers.Bank}, and this node is {keys.Node.Bank}'s. peer-cert 的 CN 不是本节点的银行。");

        using var operations = NodeOperations.Of(settings);
        var options = new NodeOptions(
            data, settings[NodeSettings.Host] ?? NodeOptions.DefaultHost, settings.Whole(NodeSettings.Port), NextFreePort: false,
            settings.Whole(NodeSettings.Segment) * NodeSettings.Mebibyte)
        {
            Etcd = EtcdOf(settings),
            SnapshotEvery = (ulong)settings.Whole(NodeSettings.SnapshotEvery),
            StartsFromSnapshot = settings[NodeSettings.StartFrom] == "snapshot",
            Reads = settings[NodeSettings.Reads] == "open" ? Reads.Open : Reads.Signed,
            CertificatePath = settings[NodeSettings.TlsCertificate],
            CertificateKeyPath = settings[NodeSettings.TlsKey],
            CertificatePasswordFile = settings[NodeSettings.TlsPasswordFile],
            Proxies = settings[NodeSettings.ProxiesInFront] is { } proxies ? Proxies.Parse(proxies) ?? Proxies.None : Proxies.None,
            Origin = settings[NodeSettings.Origin],
            HostNames = settings[NodeSettings.HostNames]?.Split(',') ?? [],
            WebhookHosts = settings[NodeSettings.WebhookHosts]?.Split(',') ?? [],
            Witnesses = settings[NodeSettings.Witnesses] is { } witnesses ? WitnessAddress.Parse(witnesses) ?? [] : [],
            StopWithin = TimeSpan.FromSeconds(settings.Whole(NodeSettings.StopSeconds)),
            Anchors = settings[NodeSettings.Anchors],
            PledgeKey = settings[NodeSettings.PledgeKey],
            PartyChainBytes = settings.Whole(NodeSettings.PartyChain) * NodeSettings.Mebibyte,
            AccessLog = AccessLogLimits.Default with
            {
                Days = settings.Whole(NodeSettings.AccessLogDays),
                Bytes = settings.Whole(NodeSettings.AccessLogSize) * NodeSettings.Mebibyte,
                PartyBytes = settings.Whole(NodeSettings.AccessLogParty) * NodeSettings.Mebibyte,
            },
        };
        if (options.Etcd?.Problem() is { } unspeakable) return No(ExitCode.Usage, $"{unspeakable.English}. {unspeakable.Chinese}。");
        foreach (var (path, mode) in OwnerOnly.Wider(Secrets(settings, data)))
            operations.Say($"others than this user can get into {path} (mode {mode}): chmod go= it. 他人可访问该路径（权限 {mode}），请收紧。");
        if (observes && peers is not null && await FolderFromPeers.FoundAsync(options, genesis, peers.All, TimeProvider.System, operations.Say, cancel) is { } unfounded)
            return No(unfounded.ExitCode, unfounded.Reason);
        CannotOpen? cannot;
        using var host = observes && peers is not null
            ? NodeHost.Observe(options, genesis, keys.Node, new(peers.All, peers.Book.Failed), TimeProvider.System, operations.Say, out cannot)
            : NodeHost.Open(options, genesis, keys.Node, peers is null ? AskedPeers.Nobody : new(peers.All, peers.Book.Failed), TimeProvider.System, operations.Say, out cannot);
        if (host is null) return No(cannot?.ExitCode ?? ExitCode.Fault, cannot?.Reason ?? "");

        if (observes) operations.Say("this node only observes: it votes on nothing and takes no transactions. 本节点只观察：不投票，不受理交易。");
        operations.Say($"chain {genesis.Chain.ChainId} ({genesis.Origin}), purpose {genesis.Chain.Purpose}, bank {keys.Node.Bank}");
        if (!operations.TryAttend(host.Loop, keys.Node, data, out var problem)) return No(ExitCode.Fault, problem);
        peers?.Follow(() => now() is var (read, why) && read is not null ? (AskedBy(read), "") : ([], why), operations.Say, cancel);
        var code = await ServeAsync(host, options, keys, operations, peers, ready: null, cancel);
        await operations.StopAsync($"exit code {code}");
        return code;
    }

    /// <summary>Founds the chain of a genesis, once: its first block, signed by the node key, in a folder that has none. The node is then run on it.</summary>
    public static async Task<int> FoundAsync(NodeSettings settings, CancellationToken cancel)
    {
        if (settings[NodeSettings.Data] is not { } data) return No(ExitCode.Usage, "--data is required 需要 --data");
        var (opened, unopened) = await OpenKeysAsync(settings, cancel);
        if (opened is not var (genesis, keys)) return unopened;
        if (GenesisFile.Read(new DiskStorage(data)) is not null)
            return No(ExitCode.Usage, $"{data} holds a chain already; nothing was changed. Run it with ledger-node run. 数据目录中已有链，未作任何改动。请用 ledger-node run 运行。");

        using var operations = NodeOperations.Of(settings);
        var options = new NodeOptions(data, NodeOptions.DefaultHost, NodeOptions.DefaultPort, NextFreePort: false, NodeOptions.DefaultSegmentBytes) { Founds = true };
        if (!NodeHost.Found(options, genesis, keys.Node, TimeProvider.System, operations.Say, out var cannot)) return No(cannot?.ExitCode ?? ExitCode.Fault, cannot?.Reason ?? "");
        if (!operations.TryNote(genesis, keys.Node, data, "found", genesis.Chain.ChainId.ToString(), "ok", out var problem)) return No(ExitCode.Fault, problem);
        operations.Say($"founded chain {genesis.Chain.ChainId} ({genesis.Origin}) in {data}; {keys.Node.Mark?.Path} says so beside the key. 已创建链，密钥旁已留标记。");
        return ExitCode.Ok;
    }

    /// <summary>
    /// Makes the data folder of a bank that came by votes, of one that lost its disk, or of a node that only observes, from what other banks have: their word for the beginning, or, where <paramref name="trust"/> names a policy,
    /// a snapshot that its signers certified. It signs nothing by that; the node is then run on it, and fetches the rest.
    /// </summary>
    public static async Task<int> JoinAsync(NodeSettings settings, string? trust, CancellationToken cancel)
    {
        if (settings[NodeSettings.Data] is not { } data) return No(ExitCode.Usage, "--data is required 需要 --data");
        await using var peers = NodePeers.Open(PeersOf(settings), out var unknown);
        if (unknown is { } unusable) return No(ExitCode.Usage, $"{unusable.English}. {unusable.Chinese}。");
        if (peers is not { All.Count: > 0 }) return No(ExitCode.Usage, "Whoever joins begins with what others have: name them with --peers, and the certificates. 加入须以 --peers 指明其他节点，并给出证书。");
        if (!TryReadPolicy(trust, out var trusted, out var unread)) return No(ExitCode.Usage, unread);
        var (opened, unopened) = settings[NodeSettings.Observe] == "on" ? await OpenObserverAsync(settings, data, peers, cancel) : await OpenKeysAsync(settings, cancel);
        if (opened is not var (genesis, keys)) return unopened;
        if (peers.Bank != keys.Node.Bank) return No(ExitCode.Usage, $"peer-cert stands for {peers.Bank}, and the node keys here are {keys.Node.Bank}'s. peer-cert 的 CN 与节点密钥的银行不符。");
        if (GenesisFile.Read(new DiskStorage(data)) is not null)
            return No(ExitCode.Usage, $"{data} holds a chain already; nothing was changed. Run it with ledger-node run. 数据目录中已有链，未作任何改动。请用 ledger-node run 运行。");

        using var operations = NodeOperations.Of(settings);
        var options = new NodeOptions(data, NodeOptions.DefaultHost, NodeOptions.DefaultPort, NextFreePort: false, NodeOptions.DefaultSegmentBytes);
        var unfounded = trusted is null
            ? await FolderFromPeers.FoundAsync(options, genesis, peers.All, TimeProvider.System, operations.Say, cancel)
            : await FolderFromSnapshot.FoundAsync(options, genesis, trusted, peers.All, TimeProvider.System, operations.Say, cancel);
        if (unfounded is not null) return No(unfounded.ExitCode, unfounded.Reason);
        var from = JoinedMark.Read(new DiskStorage(data)) is { } mark ? $"snapshot {mark.Height}" : "genesis";
        if (!operations.TryNote(genesis, keys.Node, data, "join", $"{genesis.Chain.ChainId} from {from}", "ok", out var problem)) return No(ExitCode.Fault, problem);
        operations.Say($"joined chain {genesis.Chain.ChainId} ({genesis.Origin}) from {from} in {data}: run the node, which fetches the rest and votes once it may. 已加入该链：请运行节点，其余内容由节点取得，届时参与投票。");
        return ExitCode.Ok;
    }

    /// <summary>
    /// Lets a node go on that found its vote missing or later than its chain. Who asks for it has the node's password, and types the height at which
    /// the chain ends, unless a script has said yes.
    /// </summary>
    public static async Task<int> ResumeAsync(NodeSettings settings, bool isConfirmed, CancellationToken cancel)
    {
        if (settings[NodeSettings.Data] is not { } data) return No(ExitCode.Usage, "--data is required 需要 --data");
        var (opened, unopened) = await OpenKeysAsync(settings, cancel);
        if (opened is not var (genesis, keys)) return unopened;

        var options = new NodeOptions(data, NodeOptions.DefaultHost, NodeOptions.DefaultPort, NextFreePort: false, NodeOptions.DefaultSegmentBytes) { Etcd = EtcdOf(settings) };
        using var operations = NodeOperations.Of(settings);
        var end = "";
        var isResumed = NodeHost.Resume(
            options, genesis, keys.Node, TimeProvider.System,
            vote =>
            {
                end = $"height {vote.Height}, {vote.Size} leaves";
                return isConfirmed || IsMeant(vote);
            },
            operations.Say, out var cannot);
        if (end.Length > 0 && !operations.TryNote(genesis, keys.Node, data, "resume", end, isResumed ? "ok" : "refused", out var problem)) return No(ExitCode.Fault, problem);
        return isResumed ? ExitCode.Ok : No(cannot?.ExitCode ?? ExitCode.Fault, cannot?.Reason ?? "");
    }

    static EtcdAddress? EtcdOf(NodeSettings settings) => settings[NodeSettings.Etcd] is { } named && EtcdAddress.ParseMembers(named) is { } members
        ? new(members, settings[NodeSettings.EtcdCa], settings[NodeSettings.EtcdCertificate], settings[NodeSettings.EtcdKey])
        : null;

    static bool IsMeant(Storage.LastSigned end)
    {
        Console.Error.WriteLine(
            $"The chain ends at height {end.Height} with {end.Size} leaves. Where this bank is alone, blocks that were acknowledged after it are given up: whoever holds a receipt of one can "
            + $"prove that it was there. Where others vote too, make sure that no second node has this bank's key. 链止于高度 {end.Height}。若本行独自验证，其后曾确认的区块将被放弃，持有回执者可证明其存在；若有他行投票，请确认没有第二个节点使用本行的密钥。");
        Console.Error.Write($"Type the height {end.Height} to resume in a new epoch 输入该高度以确认: ");
        return Console.In.ReadLine()?.Trim() == end.Height.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    static async Task<((Genesis Genesis, NodeKeys Keys)? Opened, int Code)> OpenKeysAsync(NodeSettings settings, CancellationToken cancel)
    {
        if (await ReadGenesisAsync(settings, cancel) is not var (genesis, genesisPath)) return (null, ExitCode.Usage);
        var passwordFile = settings[NodeSettings.PasswordFile];
        var password = passwordFile is null ? Prompt() : (await File.ReadAllLinesAsync(passwordFile, cancel)).FirstOrDefault();
        if (string.IsNullOrEmpty(password)) return (null, No(ExitCode.Usage, "a password is needed: --password-file, or a terminal to ask on"));
        return NodeKeys.Open(genesis, Path.GetDirectoryName(genesisPath) ?? ".", password, out var problem) is { } keys
            ? ((genesis, keys), ExitCode.Ok)
            : (null, No(ExitCode.Usage, problem));
    }

    // Nobody is asked for a password: an observer opens none of the bank's keys.
    static async Task<((Genesis Genesis, NodeKeys Keys)? Opened, int Code)> OpenObserverAsync(NodeSettings settings, string data, NodePeers peers, CancellationToken cancel)
    {
        if (await ReadGenesisAsync(settings, cancel) is not var (genesis, _)) return (null, ExitCode.Usage);
        return ObserverKey.OpenOrMake(data, genesis.Chain.Suite, peers.Bank) is { } key
            ? ((genesis, new(key, new(genesis.Chain.Suite, peers.Bank, new Dictionary<uint, byte[]>()))), ExitCode.Ok)
            : (null, No(ExitCode.Usage, $"{Path.Combine(data, FolderLayout.ObserverKey)} holds no key; move it away, and admin.log with it. 该文件不含密钥，请将其与 admin.log 一并移走。"));
    }

    static async Task<(Genesis Genesis, string Path)?> ReadGenesisAsync(NodeSettings settings, CancellationToken cancel)
    {
        var problem = "--genesis is required 需要 --genesis";
        if (settings[NodeSettings.Genesis] is { } path)
        {
            problem = "no such file";
            if (File.Exists(path) && Genesis.Read(await File.ReadAllBytesAsync(path, cancel), KnownSuites.Find, out problem) is { } genesis) return (genesis, path);
            problem = $"{path}: {problem}";
        }

        No(ExitCode.Usage, problem);
        return null;
    }

    // Without a policy there is none to read, and the chain is joined from genesis.
    internal static bool TryReadPolicy(string? path, out TrustPolicy? policy, out string problem)
    {
        (policy, problem) = (null, "");
        if (path is null) return true;
        problem = $"{path}: no such file 没有该文件";
        if (!File.Exists(path)) return false;
        var text = File.ReadAllText(path);
        if (PolicyText.GoodUntil(text) is { } until && DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime) > until)
        {
            problem = $"The policy {path} was good until {until:yyyy-MM-dd}; the validators may have changed since. Get a new one (ledger export policy). 信任策略 {path} 只用到 {until:yyyy-MM-dd}，请取得新的策略（ledger export policy）。";
            return false;
        }

        problem = TrustPolicy.TryParsePolicyFile(text, out policy, out var badLine) ? "" : $"The policy {path} is wrong in line {badLine}. 信任策略 {path} 第 {badLine} 行有误。";
        policy = policy is null ? null : policy with { Cosignatures = CosignatureKeys.Verify };
        return policy is not null;
    }

    static PeerOptions PeersOf(NodeSettings settings) => new(
        settings[NodeSettings.PeerListen] is { } listen ? PeerAddress.ParseListen(listen) : null, AskedBy(settings),
        settings[NodeSettings.PeerCa], settings[NodeSettings.PeerCertificate], settings[NodeSettings.PeerKey]);

    static IReadOnlyList<PeerAddress> AskedBy(NodeSettings settings) => settings[NodeSettings.PeersAsked] is { } asked ? PeerAddress.Parse(asked) ?? [] : [];

    /// <summary>Serves the API beside the loop; <paramref name="ready"/> runs once it listens and may end the node by returning an exit code.</summary>
    public static async Task<int> ServeAsync(
        NodeHost host, NodeOptions options, NodeKeys keys, NodeOperations? operations, NodePeers? peers, Func<string, CancellationToken, Task<int?>>? ready, CancellationToken cancel)
    {
        Action<string> say = operations is null ? Console.Error.WriteLine : operations.Say;
        var documents = new DocumentService(host.Loop.Reader.Genesis.Chain.Suite, keys.EpochKeys);
        if (host.Loop.Orders)
        {
            NodeGauges.AddEpochKeys(host.Loop, () => documents.EpochsWithoutKey(host.Loop.Reader.View.State).Count);
            foreach (var step in documents.EpochsWithoutKey(host.Loop.Reader.View.State).Select(NextStep.WithoutKey)) say($"{step.English} {step.Chinese} ({(ushort)step.Code})");
        }

        if (!ServerCertificate.TryRead(options, out var certificate, out var problem)) return No(ExitCode.Usage, problem);
        using var _ = certificate;
        await using var reads = options.Reads == Reads.Signed ? AccessLog.Open(Path.Combine(options.Data, FolderLayout.Access), options.AccessLog, TimeProvider.System, say) : null;
        if (reads is not null) NodeGauges.Add(host.Loop, () => reads.Dropped, () => reads.RemovedEarly);
        var webhooks = OpenWebhooks(host.Loop, options, say);
        await using var etcd = host.Loop.Orders && options.Etcd is { } address ? new NodeEtcd(address) : null;
        var drafts = OpenDrafts(host.Loop, options, say);
        var joined = SecondFold.Of(host.Loop.Reader, new DiskStorage(options.Data));
        using var anchors = options.Anchors is { } named && host.Loop.Orders ? NodeAnchors.Open(named, host.Loop.Reader, options.Data, keys, peers?.All ?? [], TimeProvider.System, say) : null;
        if (anchors is not null) NodeGauges.Add(host.Loop, () => anchors.Standings.Select(one => Measured(one, host.Loop)));
        using var toWitnesses = options.Witnesses.Count == 0 ? null : WitnessRounds.NewClient();
        var witnessing = toWitnesses is null ? null : new WitnessRounds(host.Loop.Reader, options.Witnesses, toWitnesses, say, TimeProvider.System);
        if (witnessing is not null) NodeGauges.Add(host.Loop, () => witnessing.Standings.Select(static one => new WitnessGauge(one.Name, one.Missed, one.Disagrees)));
        var pledges = options.PledgeKey is { } pledgeKey ? PledgeDesk.Open(pledgeKey, keys.PledgeShares, options.Data, TimeProvider.System, say) : null;
        var api = new ServerOptions(options.Host, options.Port, options.NextFreePort)
        {
            Reads = options.Reads,
            Rates = options.Rates,
            HostNames = options.HostNames,
            Certificate = certificate,
            Proxies = options.Proxies,
            Origin = options.Origin,
            AccessLog = reads,
            Webhooks = webhooks,
            Drafts = drafts,
            Peers = peers?.Book,
            Etcd = etcd?.Book,
            Joined = joined,
            Anchors = anchors is null ? static () => [] : () => anchors.Standings,
            Witnessed = witnessing is null ? null : () => witnessing.Newest,
            Pledges = pledges,
        };
        if (peers is not null) NodeGauges.Add(host.Loop, peers.Book, TimeProvider.System);
        if (etcd is not null) NodeGauges.Add(host.Loop, etcd.Book, TimeProvider.System);
        host.Loop.Disclosures = host.Loop.Orders ? OpenPrivate(host, options, keys) : null;
        if (NodeServer.Build(host.Loop, documents, host.Loop.Disclosures, api, operations?.Logs, out var refused) is not { } server)
            return No(ExitCode.Usage, $"{options.Host}: {WhyNot(refused)}");

        await using var serving = server;
        try
        {
            await server.StartAsync(cancel);
        }
        catch (IOException taken)
        {
            return No(ExitCode.Usage, $"{taken.Message} Choose another --port. 端口被占用，请换一个。");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        etcd?.Start(stop.Token);
        var loop = Task.Run(() => host.Loop.RunAsync(stop.Token), CancellationToken.None);
        var telling = webhooks is null ? Task.CompletedTask : Task.Run(() => TellAsync(host.Loop, webhooks, say, stop.Token), CancellationToken.None);
        var verifying = joined is null ? Task.CompletedTask : joined.RunAsync(say, stop.Token);
        var anchoring = anchors is null ? Task.CompletedTask : Task.Run(() => anchors.RunAsync(TimeProvider.System, say, stop.Token), CancellationToken.None);
        var drafting = drafts is null ? Task.CompletedTask : Task.Run(() => DraftAsync(drafts, peers, say, stop.Token), CancellationToken.None);
        var asking = witnessing is null ? Task.CompletedTask : Task.Run(() => AskAsync(witnessing, say, stop.Token), CancellationToken.None);
        var url = NodeServer.AddressOf(server).ToString().TrimEnd('/');
        host.Announce([url]);
        if (operations is not null && !await operations.StartAsync(loop, stop.Token))
        {
            await StopAsync();
            return No(ExitCode.Usage, "the operations port is taken: choose another --operations-port, or off. 运维端口被占用。");
        }

        if (peers is not null && !await peers.StartAsync(host.Loop.Reader, host.Votes, drafts is null ? null : drafts.Desk.PageFor, anchors is null ? null : anchors.WordsOn, host.Breaches, options.Data, operations?.Logs, say, stop.Token))
        {
            await StopAsync();
            return No(ExitCode.Usage, "the address of peer-listen is taken: choose another. peer-listen 的端口被占用，请换一个。");
        }

        say($"listening on {url} ({Say(options.Reads)}). Ctrl-C ends. Ctrl-C 结束。");
        say($"console in a browser 浏览器控制台: {url}/");

        var story = ready?.Invoke(url, stop.Token) ?? Task.FromResult<int?>(null);
        if (await Task.WhenAny(loop, story) == story && await story is { } told)
        {
            await StopAsync();
            return told;
        }

        try
        {
            if (await Task.WhenAny(loop, verifying) == verifying) await verifying;
            await loop;
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            await StopAsync();
            return ExitCode.Interrupted;
        }
        catch (StorageFault fault)
        {
            await StopAsync();
            return No(ExitCode.Fault, $"{fault.Message} The node stops; nothing that was acknowledged is lost. 存储故障，节点停止；已确认的内容不受影响。");
        }
        catch (ProtocolUnknownException unknown)
        {
            await StopAsync();
            return No(ExitCode.Fault, unknown.Message);
        }
        catch (Exception contradicted) when (contradicted is QuorumContradictedException or JoinedFalseException)
        {
            await StopAsync();
            return No(ExitCode.VerificationFalse, contradicted.Message);
        }

        // Whoever waits is told first, for it may be a person; then those who read are let go and nobody new comes in; what spares the next start some work
        // is written last, because it takes longest and can be done without.
        Task StopAsync() => new OrderlyStop(options.StopWithin, Afterwards, say).RunAsync(
            (Stopping(options.StopWithin, host.Loop.UnderWay), AnswerAsync), ("stopping: closing connections 正在关闭连接", CloseAsync), ("stopping: writing a snapshot 正在写快照", FinishAsync));

        async Task AnswerAsync(CancellationToken _)
        {
            ServiceManager.Stopping();
            await stop.CancelAsync();
            await Task.WhenAll(loop, verifying, telling, drafting, anchoring, asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task CloseAsync(CancellationToken within)
        {
            if (peers is not null) await peers.StopAsync(within);
            await server.StopAsync(within);
        }

        async Task FinishAsync(CancellationToken within)
        {
            if (loop.IsCanceled && await host.Loop.FinishAsync(within) is { } height) say($"stopped; the newest snapshot is of height {height} 已停止，最新快照高度 {height}");
        }
    }

    static string Stopping(TimeSpan within, int callers) =>
        $"stopping, within {within.TotalSeconds:0} s: answering {callers} callers. A second signal ends it at once. 正在停止：先答复调用方；再次发出信号将立即结束。";

    // What of a node nobody else should read: a folder stands for what is in it, unless it was made wider than that.
    static IEnumerable<string> Secrets(NodeSettings settings, string data)
    {
        var keys = Path.GetDirectoryName(Path.GetFullPath(settings[NodeSettings.Genesis] ?? "")) ?? ".";
        string?[] named =
        [
            data, Path.Combine(data, FolderLayout.Private), Path.Combine(data, FolderLayout.Access), Path.Combine(data, FolderLayout.OperatorToken), Path.Combine(data, WebhookBook.FileName),
            settings[NodeSettings.PasswordFile], settings[NodeSettings.TlsKey], settings[NodeSettings.TlsPasswordFile], settings[NodeSettings.EtcdKey], settings[NodeSettings.PeerKey], Path.Combine(keys, "keys"),
        ];
        return named.OfType<string>().Concat(Directory.Exists(keys) ? Directory.EnumerateFiles(keys, "*.key*").Order(StringComparer.Ordinal) : []);
    }

    /// <summary>Why a node does not run, with the number: of sentences that have no blanks for amounts or times.</summary>
    public static string WhyNot(Refusal refused) =>
        $"{Sentences.English(refused, Facts.None, static (_, _) => "", static _ => "")} {Sentences.Chinese(refused, Facts.None, static (_, _) => "", static _ => "")} ({(int)refused})";

    static string Say(Reads reads) => reads == Reads.Signed ? "reads need a pass 读取须凭通行令牌" : "whoever reaches it reads everything 读取不设限";

    // Nothing about disclosures keeps a node from running.
    static DisclosureDesk? OpenPrivate(NodeHost host, NodeOptions options, NodeKeys keys)
    {
        if (keys.PrivateKey is not { } key)
        {
            Console.Error.WriteLine(
                $"{NodeKeys.PrivateFile(keys.Node.Bank)} cannot be opened or made: this node keeps no disclosures. 无法打开或生成该密钥文件：本节点不保存披露。");
            return null;
        }

        try
        {
            var chain = host.Loop.Reader.Genesis.Chain;
            var store = DisclosureStore.Open(new PrivateFolder(new DiskStorage(options.Data)), key, chain.Suite, chain.ChainId, Console.Error.WriteLine);
            return new(store, chain.Suite, chain.ChainId, keys.Node.Bank);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"private: {fault.Message}. This node keeps no disclosures. 本节点不保存披露。");
            return null;
        }
    }

    // Nothing about notices keeps a node from running, and a book that somebody damaged stays as it is.
    static WebhookDesk? OpenWebhooks(NodeLoop node, NodeOptions options, Action<string> say)
    {
        if (options.WebhookHosts.Count == 0) return null;
        if (WebhookBook.Open(options.Data) is { } book)
        {
            NodeGauges.Add(node, () => book.All.Count(webhook => webhook.IsStopped));
            return new(book, new(options.WebhookHosts));
        }

        say($"{WebhookBook.FileName} is damaged or cannot be read: this node calls nobody until it is repaired or moved away. 订阅文件已损坏或无法读取，修复或移走之前不发送通知。");
        return null;
    }

    // Nothing about drafts keeps a node from running either. One that takes no transactions keeps none.
    static NodeDrafts? OpenDrafts(NodeLoop node, NodeOptions options, Action<string> say)
    {
        if (!node.Orders) return null;
        var chain = node.Reader.Genesis.Chain;
        if (DraftBook.Open(options.Data, chain.Suite, chain.ChainId) is { } book)
        {
            var drafts = new NodeDrafts(node, new(book, node.Reader), new(node.Reader, options.Reads));
            NodeGauges.Add(node, () => (book.All.Count(static draft => draft.Status == DraftStatus.Waiting), book.All.Sum(static draft => (long)draft.Size), drafts.IsBroken), () => drafts.Sources);
            return drafts;
        }

        say($"{FolderLayout.Drafts} is damaged or cannot be read: this node keeps no drafts until it is moved away. 待会签文件已损坏或无法读取，移走之前本节点不保管待会签的交易。");
        return null;
    }

    static AnchorGauge Measured(AnchorStanding one, NodeLoop node)
    {
        var behind = node.Reader.View.Checkpoint.Checkpoint.Size - Math.Min(node.Reader.View.Checkpoint.Checkpoint.Size, one.Anchored ?? 0);
        var since = behind > 0 && one.AnchoredSince is { } then ? Math.Max(0, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - then.UnixMilliseconds) / 1000 : 0;
        return new(one.Name, behind, since, one.Trouble is { } trouble ? (ushort)trouble.Code : 0, one.IsForked, one.SpentToday, one.Balance);
    }

    static async Task DraftAsync(NodeDrafts drafts, NodePeers? peers, Action<string> say, CancellationToken cancel)
    {
        try
        {
            await drafts.RunAsync(peers?.All ?? [], peers is null ? static _ => { } : peers.Book.Failed, TimeProvider.System, cancel);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // A mistake in drafts is no reason to stop a ledger.
            say($"drafts: {bug.Message} None is sent or fetched until the node is started again. 待会签故障，重启节点前不再自动提交或交换。");
        }
    }

    static async Task AskAsync(WitnessRounds witnessing, Action<string> say, CancellationToken cancel)
    {
        try
        {
            await witnessing.RunAsync(cancel);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // A mistake in asking witnesses is no reason to stop a ledger.
            say($"witnesses: {bug.Message} None is asked until the node is started again. 见证方询问故障，重启节点前不再询问。");
        }
    }

    static async Task TellAsync(NodeLoop node, WebhookDesk webhooks, Action<string> say, CancellationToken cancel)
    {
        using var handler = WebhookTargets.Handler();
        using var sender = new WebhookSender(
            webhooks.Book, new LedgerNotices(node.Reader), webhooks.Targets, handler, TimeProvider.System, Random.Shared.NextDouble, delivery => node.Metrics.Delivered(delivery.ToString()),
            (webhook, fault) => say($"webhook {webhook.Id} of {webhook.Party} was not reached 未能送达: {fault}"));
        try
        {
            await sender.RunAsync(cancel);
        }
        catch (Exception bug)
        {
            // A mistake in telling is no reason to stop a ledger.
            say($"webhooks: {bug.Message} Nobody is called until the node is started again. 通知故障，重启节点前不再发送。");
        }
    }

    static string? Prompt()
    {
        if (Console.IsInputRedirected) return null;
        Console.Error.Write("Password of the node's key files 密钥文件口令: ");
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(typed.Length - 1, 0);
            else typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }

    static int No(int code, string reason)
    {
        Console.Error.WriteLine(reason);
        return code;
    }
}
