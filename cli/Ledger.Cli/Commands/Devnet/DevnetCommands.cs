using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Cli.Bench;
using Ledger.Client.Devnet;
using Ledger.Core.Crypto;
using Ledger.Suites;

namespace Ledger.Cli.Commands.Devnet;

/// <summary><c>ledger devnet</c>: a network of several banks on this machine, with one command, to try and to break.</summary>
static class DevnetCommands
{
    const string UsualFolder = "devnet";
    const string Etcd = "etcd";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    static readonly string[] Signals = ["kill", "term", "int", "stop", "cont"];

    public static Command Make(Shell shell) => Shell.Noun(
        "devnet", "在本机运行多家银行的网络，用于试用与演练。", "Run a network of several banks on this machine, to try and to break.",
        Up(shell), Status(shell), Kill(shell), Start(shell), Partition(shell), Heal(shell), AddNode(shell), Down(shell));

    static Command Up(Shell shell)
    {
        var nodes = Options.OptionalWhole("--nodes", "银行数，1 至 7（默认 4）", "how many banks, 1 to 7 (default: 4)");
        var suite = Options.OneOf("--suite", "算法（默认 ES256）", "the suite (default: ES256)", P256Suite.SuiteName, P256Suite.SuiteName, Sm2Suite.SuiteName);
        var folder = Folder();
        var first = Options.OptionalWhole("--first-port", $"自此端口起取空闲端口（默认 {LocalPorts.UsualFirst}）", $"free ports are taken from this one on (default: {LocalPorts.UsualFirst})");
        var anchor = Options.Flag("--anchor", "另在本机运行一条 EVM 测试链（anvil），各节点向其锚定", "run a test chain of EVM's (anvil) too, on which the nodes anchor");
        var program = Options.TextOption("--node-program", "节点程序（默认：与本程序一同构建的）", "the node's program (default: the one built beside this)", value: "FILE");

        return shell.Command("up", "创建网络并启动，各节点一致后返回；已有的网络则启动未运行的部分。", "Make a network and start it, or start again what has ended; returns when all agree.", [nodes, suite, folder, first, program, anchor], (run, cancel) => Doing(async () =>
        {
            NeedsLinux();
            var where = run.Value(folder) ?? UsualFolder;
            var network = LocalNetwork.Open(where, Saying(run));
            if (network is not null && run.Value(nodes) is { } wanted && wanted != network.File.Voters.Count())
            {
                throw StopException.Usage(
                    $"{where} 中已有 {network.File.Voters.Count()} 家银行的网络；请换用 --dir，或先执行 devnet down --purge。",
                    $"{where} holds a network of {network.File.Voters.Count()} banks already: name another --dir, or take it away with devnet down --purge.");
            }

            if (network is not null && run.Value(anchor) && network.File.Chain is null)
                throw StopException.Usage($"{where} 中已有的网络没有测试链；--anchor 只用于新建网络。", $"The network of {where} was made without a chain: --anchor is for a new one.");
            var isNew = network is null;
            network ??= LocalNetwork.Make(where, Wishes(run, run.Value(nodes) ?? 4, run.Required(suite), run.Value(first), run.Value(program)), run.Terminal.Time.GetUtcNow(), Saying(run));
            if (isNew && run.Value(anchor)) await DevnetAnchors.MakeAsync(run, network, cancel);
            await network.UpAsync(cancel);
            Show(run, network.File.Banks);
            if (run.Output.IsJson) return ExitCode.Ok;
            run.Output.Message(
                $"网络在 {network.Folder} 中运行；密钥口令见 {network.PasswordPath}。查看：ledger devnet status；停止：ledger devnet down",
                $"The network runs in {network.Folder}; {network.PasswordPath} opens its key files. Look with ledger devnet status; end with ledger devnet down.");
            return ExitCode.Ok;
        }), "devnet up", "devnet up --nodes 3 --anchor", "devnet up --nodes 7 --suite SM2 --dir play");
    }

    static Command Status(Shell shell)
    {
        var wait = Options.Flag("--wait", "等到全部就绪且一致，至多一分钟", "wait until all are ready and agree, for a minute at most");
        var folder = Folder();
        return shell.Command("status", "显示各节点与 etcd 成员的状态；全部就绪且一致时退出码为 0。", "Show how nodes and members of etcd are; 0 where all are ready and agree.", [wait, folder], (run, cancel) => Doing(async () =>
        {
            var network = Open(run, folder);
            var status = await network.StatusAsync(cancel);
            var since = run.Terminal.Time.GetTimestamp();
            while (run.Value(wait) && !status.IsWell && run.Terminal.Time.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(Pause, run.Terminal.Time, cancel);
                status = await network.StatusAsync(cancel);
            }

            if (run.Output.IsJson) run.Output.Json(new JsonObject { ["agreed"] = status.IsAgreed, ["partition"] = Sides(network), ["nodes"] = Nodes(status), ["etcd"] = Members(status) });
            else Tables(run, status);
            if (!run.Output.IsJson && network.Partition is { } partition)
            {
                var sides = string.Join(" | ", partition.Sides.Select(static side => string.Join(',', side)));
                run.Output.Message($"网络已分区：{sides}。恢复：ledger devnet heal", $"The network is cut: {sides}. Mend it with ledger devnet heal");
            }

            return status.IsWell ? ExitCode.Ok : ExitCode.Fault;
        }), "devnet status --wait", "devnet status --dir play -o json");
    }

    static Command Kill(Shell shell)
    {
        var name = Options.Text("NAME", "节点或 etcd 成员，例如 bank3、etcd1", "a node or a member of etcd, such as bank3 or etcd1");
        var signal = Options.OneOf("--signal", "信号（默认 kill）", "the signal (default: kill)", Signals[0], Signals);
        var folder = Folder();
        return shell.Command("kill", "向一个进程发送信号：停电、暂停或有序停止。", "Send one process a signal: a power cut, a pause, an orderly end.", [name, signal, folder], (run, cancel) => Doing(async () =>
        {
            await Open(run, folder).SignalAsync(run.Value(name), Enum.Parse<ProcessSignal>(run.Required(signal), ignoreCase: true), cancel);
            return ExitCode.Ok;
        }), "devnet kill bank3", "devnet kill etcd1 --signal stop");
    }

    static Command Start(Shell shell)
    {
        var name = Options.Text("NAME", "节点或 etcd 成员，例如 bank3、etcd1", "a node or a member of etcd, such as bank3 or etcd1");
        var folder = Folder();
        return shell.Command("start", "重新启动一个已退出的进程，就绪后返回。", "Start one process that has ended again; returns when it is ready.", [name, folder], (run, cancel) => Doing(async () =>
        {
            await Open(run, folder).StartAsync(run.Value(name), cancel);
            return ExitCode.Ok;
        }), "devnet start bank3");
    }

    static Command Partition(Shell shell)
    {
        var sides = Options.TextsArgument("SIDE", "一边的节点与 etcd 成员，以逗号分隔；至少两边，未列出的与各方都相通", "nodes and members of etcd of one side, with commas; two sides or more, and who is on none reaches all");
        var folder = Folder();
        return shell.Command("partition", "切断各边之间的网络，须 root；正在建立与已建立的连接一并中断。", "Cut the network between sides, of connections that stand and of new ones; takes root.", [sides, folder], (run, cancel) => Doing(async () =>
        {
            await Open(run, folder).PartitionAsync([.. run.Value(sides).Select(static side => side.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))], FilterOf(run), cancel);
            return ExitCode.Ok;
        }), "devnet partition bank1,bank2,etcd1,etcd2 bank3,bank4,etcd3", "devnet partition bank1,bank2,bank3,etcd1,etcd2 bank4,etcd3 --dir play");
    }

    static Command Heal(Shell shell)
    {
        var folder = Folder();
        return shell.Command("heal", "恢复网络，各方重新相通。", "End a partition: all reach each other again.", [folder], (run, cancel) => Doing(async () =>
        {
            await Open(run, folder).HealAsync(cancel);
            return ExitCode.Ok;
        }), "devnet heal");
    }

    static Command AddNode(Shell shell)
    {
        var votes = Options.Flag("--votes", "添加一家银行：由其他银行提案、表决，其节点加入并投票后返回", "add a bank that the others propose and vote in; returns when its node has joined and voted");
        var fromSnapshot = Options.Flag("--from-snapshot", "自一个节点的快照开始（须由现任验证节点认证），其之前的内容在运行中核验", "begin with a node's snapshot that the validators of now certified, and verify what came before it while the node runs");
        var folder = Folder();
        return shell.Command("add-node", "添加一个节点：自其他节点取得并核验整条链。默认只观察，不投票。", "Add a node, which takes the whole chain from the others and verifies it. It observes and votes on nothing, unless it is asked to.", [votes, fromSnapshot, folder], (run, cancel) => Doing(async () =>
        {
            var network = Open(run, folder);
            var name = run.Value(votes) ? await network.AddBankAsync(run.Value(fromSnapshot), cancel) : await network.AddObserverAsync(run.Value(fromSnapshot), cancel);
            Show(run, network.File.Banks.Where(bank => bank.Name == name));
            return ExitCode.Ok;
        }), "devnet add-node", "devnet add-node --votes --from-snapshot");
    }

    static Command Down(Shell shell)
    {
        var purge = Options.Flag("--purge", "并删除整个目录", "delete the whole folder, too");
        var folder = Folder();
        return shell.Command("down", "停止网络的全部进程。", "End all processes of the network.", [purge, folder], (run, cancel) => Doing(async () =>
        {
            await Open(run, folder).DownAsync(run.Value(purge), cancel);
            return ExitCode.Ok;
        }), "devnet down", "devnet down --purge");
    }

    // Other commands that make a folder call it --out, and so does whoever is used to them.
    static Option<string?> Folder()
    {
        var folder = Options.TextOption("--dir", $"网络的目录（默认 {UsualFolder}）", $"the network's folder (default: {UsualFolder})", value: "DIR");
        folder.Aliases.Add("--out");
        return folder;
    }

    static LocalNetwork Open(Run run, Option<string?> folder)
    {
        var where = run.Value(folder) ?? UsualFolder;
        return LocalNetwork.Open(where, Saying(run)) ?? throw new StopException(
            ExitCode.NotFound, $"{where} 中没有网络：请先执行 devnet up，或用 --dir 指明其目录。", $"{where} holds no network: make one with devnet up, or name its folder with --dir.");
    }

    static DevnetWishes Wishes(Run run, uint nodes, string suite, uint? first, string? program)
    {
        if (nodes is < 1 or > LocalGenesis.MostNodes) throw StopException.Usage($"--nodes 为 1 至 {LocalGenesis.MostNodes}。", $"--nodes is 1 to {LocalGenesis.MostNodes}.");
        if (first is 0 or >= LocalPorts.End) throw StopException.Usage($"--first-port 为 1 至 {LocalPorts.End - 1}。", $"--first-port is 1 to {LocalPorts.End - 1}.");
        var node = program ?? NodeProgram.Find() ?? throw new StopException(
            ExitCode.NotFound,
            $"找不到节点程序 {NodeProgram.Name}：请构建节点并用 --node-program 指明。",
            $"The node's program {NodeProgram.Name} is not beside this one: build the node and name it with --node-program.");
        if (!File.Exists(node)) throw StopException.NotFound(node);
        return new((int)nodes, suite, (int)(first ?? LocalPorts.UsualFirst), Path.GetFullPath(node), EtcdOf(run));
    }

    /// <summary>The program that orders.</summary>
    public static string EtcdOf(Run run) => LocalProcess.Find(Etcd, run.Terminal.Variable("PATH")) ?? throw new StopException(
        ExitCode.Fault, "本机没有 etcd：apt-get install etcd-server", "etcd is not on this machine: apt-get install etcd-server");

    // Debian has it where only root looks.
    static string FilterOf(Run run) => LocalProcess.Find("nft", $"{run.Terminal.Variable("PATH")}:/usr/sbin:/sbin") ?? throw new StopException(
        ExitCode.Fault, "本机没有 nft：apt-get install nftables", "nft is not on this machine: apt-get install nftables");

    static void NeedsLinux()
    {
        if (!LocalProcess.IsPossible) throw new StopException(ExitCode.Fault, "devnet 仅支持 Linux。", "devnet runs on Linux only: it tells processes apart by /proc.");
    }

    static Action<string, string> Saying(Run run) => (chinese, english) => run.Output.Message(chinese, english);

    static async Task<int> Doing(Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (DevnetException fault)
        {
            var code = fault.Kind switch { DevnetFaultKind.Usage => ExitCode.Usage, DevnetFaultKind.NotFound => ExitCode.NotFound, DevnetFaultKind.Fault => ExitCode.Fault };
            throw new StopException(code, fault.Chinese, fault.Message);
        }
    }

    static void Show(Run run, IEnumerable<LocalBank> banks) => run.Output.Table(
        [
            new("bank", "银行", "bank", null), new("party", "代码", "party", null), new("name", "名称", "name", null), new("url", "接口与控制台", "API and console", null),
            new("operations", "运维", "operations", null), new("peers", "对等", "peers", null), new("pid", "进程", "pid", null, IsFigure: true),
        ],
        banks.Select(bank => (IReadOnlyList<JsonNode?>)[bank.Name, bank.Bank, bank.Title, bank.Url, bank.OperationsUrl, bank.Observes ? null : bank.PeerUrl, bank.Process?.Pid]));

    static void Tables(Run run, NetworkStatus status)
    {
        run.Output.Table(
            [
                new("bank", "银行", "bank", null), new("process", "进程", "process", null), new("ready", "就绪", "ready", null), new("height", "高度", "height", null, IsFigure: true),
                new("lag", "落后", "lag", null, IsFigure: true), new("epoch", "纪元", "epoch", null, IsFigure: true), new("root", "根", "root", null), new("why", "原因", "why", null),
            ],
            status.Nodes.Select(node => (IReadOnlyList<JsonNode?>)
                [node.Bank.Name, Word(run, node.Process), node.IsReady, node.Height, node.Lag, node.Epoch, node.Root?[..12], run.Output.Say(node.NotReadyChinese ?? "", node.NotReady ?? "")]));
        run.Output.Line();
        run.Output.Table(
            [
                new("member", "成员", "member", null), new("process", "进程", "process", null), new("healthy", "健康", "healthy", null), new("leads", "主导", "leads", null),
                new("stored", "已用", "stored", null, IsFigure: true), new("quota", "上限", "quota", null, IsFigure: true),
            ],
            status.Members.Select(member => (IReadOnlyList<JsonNode?>)
                [member.Member.Name, Word(run, member.Process), member.IsHealthy, member.IsLeader, Mebibytes(member.StoredBytes), Mebibytes(member.QuotaBytes)]));
    }

    static JsonArray? Sides(LocalNetwork network) =>
        network.Partition is { } partition ? [.. partition.Sides.Select(static side => new JsonArray([.. side.Select(static name => (JsonNode)name)]))] : null;

    static JsonArray Nodes(NetworkStatus status) => [.. status.Nodes.Select(node => new JsonObject
    {
        ["bank"] = node.Bank.Name,
        ["party"] = node.Bank.Bank,
        ["url"] = node.Bank.Url,
        ["operations"] = node.Bank.OperationsUrl,
        ["pid"] = node.Bank.Process?.Pid,
        ["process"] = NameOf(node.Process),
        ["ready"] = node.IsReady,
        ["notReady"] = node.NotReady,
        ["height"] = node.Height,
        ["root"] = node.Root,
        ["epoch"] = node.Epoch,
        ["lag"] = node.Lag,
    })];

    static JsonArray Members(NetworkStatus status) => [.. status.Members.Select(member => new JsonObject
    {
        ["member"] = member.Member.Name,
        ["pid"] = member.Member.Process?.Pid,
        ["process"] = NameOf(member.Process),
        ["healthy"] = member.IsHealthy,
        ["leads"] = member.IsLeader,
        ["storedBytes"] = member.StoredBytes,
        ["quotaBytes"] = member.QuotaBytes,
    })];

    static string NameOf(ProcessState state) => state switch { ProcessState.Running => "running", ProcessState.Stopped => "stopped", ProcessState.Ended => "ended" };

    static string Word(Run run, ProcessState state) => state switch
    {
        ProcessState.Running => run.Output.Say("运行", "running"),
        ProcessState.Stopped => run.Output.Say("暂停", "stopped"),
        ProcessState.Ended => run.Output.Say("已退出", "ended"),
    };

    static string? Mebibytes(long? bytes) => bytes is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known >> 20} MiB") : null;
}
