using System.CommandLine;
using Ledger.Client.Files;
using Ledger.Node;
using Ledger.Node.Demo;
using Ledger.Suites;

// The chain, the keys, what the bank was told: whatever a node writes is its user's only, also what its databases write.
OwnerOnly.Restrict();

var data = new Option<DirectoryInfo?>("--data") { Description = "data folder (a new temporary one when left out)" };
var port = new Option<int?>("--port") { Description = $"port (default {NodeOptions.DefaultPort}, or the next free one)" };
var host = new Option<string>("--host") { Description = "loopback address to listen on", DefaultValueFactory = _ => NodeOptions.DefaultHost };
var invoices = new Option<DirectoryInfo?>("--invoices") { Description = "folder of 数电票 XML files (default: the project's own samples)" };
var suite = new Option<string>("--suite") { Description = "ES256 or SM2", DefaultValueFactory = _ => "ES256" };
var lang = new Option<string>("--lang") { Description = "language of the story: zh or en", DefaultValueFactory = _ => IsChinese() ? "zh" : "en" };
var exit = new Option<bool>("--exit") { Description = "end after the story instead of serving on; non-zero if a step failed" };
var bill = new Option<bool>("--bill") { Description = "the story of a bill instead of a receivable" };
var nodes = new Option<int>("--nodes") { Description = "the story of several banks, 4 to 7, each with a node of its own 多家银行的演示", DefaultValueFactory = _ => 1 };
var keep = new Option<bool>("--keep") { Description = "with --nodes: leave the network running (ledger devnet looks after it) 保留网络" };
var trust = new Option<string?>("--trust") { Description = "policy file (ledger export policy) of those whose snapshots are believed: join from a snapshot instead of genesis 信任策略文件：由其签署方认证的快照加入，而非自创世块" };
var yes = new Option<bool>("--yes") { Description = "do not ask: for scripts" };
suite.AcceptOnlyFromAmong("ES256", "SM2");
lang.AcceptOnlyFromAmong("zh", "en");

var file = new Option<FileInfo?>("--config") { Description = "settings file (JSON); options and variables LEDGER_NODE_… come before it 设置文件" };
var settings = NodeSettings.All.ToDictionary(setting => setting.Name, setting => new Option<string?>($"--{setting.Name}")
{
    Description = $"{setting.English} {setting.Chinese}{(setting.Default is { } usual ? $" [{usual}]" : "")}",
});

var run = new Command("run", "run a node on a data folder 运行节点") { file };
var config = new Command("config", "print the settings in force and where each comes from, and whether they are in order 显示并检查生效的设置") { file };
foreach (var option in settings.Values)
{
    run.Options.Add(option);
    config.Options.Add(option);
}

var found = new Command("found", "begin the chain of a genesis in a data folder that has none; once in a ledger's life 创建链，账本一生只做一次")
{
    file, settings[NodeSettings.Data.Name], settings[NodeSettings.Genesis.Name], settings[NodeSettings.PasswordFile.Name],
};
var join = new Command("join", "begin a data folder with what other banks have: a bank that came by votes, or that lost its disk 由其他银行的节点取得账本，供新加入或磁盘丢失的银行使用")
{
    file, trust, settings[NodeSettings.Data.Name], settings[NodeSettings.Genesis.Name], settings[NodeSettings.PasswordFile.Name],
    settings[NodeSettings.PeersAsked.Name], settings[NodeSettings.PeerCa.Name], settings[NodeSettings.PeerCertificate.Name], settings[NodeSettings.PeerKey.Name],
    settings[NodeSettings.Observe.Name], settings[NodeSettings.Verification.Name], settings[NodeSettings.LogFormat.Name],
};
join.SetAction((parsed, cancel) => Resolve(parsed, out var problem) is { } effective ? RunNode.JoinAsync(effective, parsed.GetValue(trust), cancel) : Usage(problem));
found.SetAction((parsed, cancel) => Resolve(parsed, out var problem) is { } effective ? RunNode.FoundAsync(effective, cancel) : Usage(problem));
run.SetAction((parsed, cancel) => Resolve(parsed, out var problem) is { } effective ? RunNode.RunAsync(effective, () => Again(parsed), cancel) : Usage(problem));
config.SetAction((parsed, _) =>
{
    if (Resolve(parsed, out var problem) is not { } effective) return Usage(problem);
    foreach (var one in effective.Effective) Console.WriteLine($"{one.Setting.Name,-16} {one.Value ?? "--",-40} {NodeSettings.NameOf(one)} ({one.Source})");
    return Task.FromResult(ExitCode.Ok);
});

var health = new Command("health", "ask a running node on this machine whether it is ready: 0 yes, 1 no 询问本机节点是否就绪") { file, settings[NodeSettings.OperationsPort.Name] };
health.SetAction((parsed, cancel) => Resolve(parsed, out var problem) is { } effective ? AskHealth.RunAsync(effective, cancel) : Usage(problem));

var resume = new Command("resume", "go on in a new epoch after a restore, or after the vote was lost 以新纪元恢复运行")
{
    file, yes, settings[NodeSettings.Data.Name], settings[NodeSettings.Genesis.Name], settings[NodeSettings.PasswordFile.Name],
    settings[NodeSettings.Etcd.Name], settings[NodeSettings.EtcdCa.Name], settings[NodeSettings.EtcdCertificate.Name], settings[NodeSettings.EtcdKey.Name],
};
resume.SetAction((parsed, cancel) => Resolve(parsed, out var problem) is { } effective ? RunNode.ResumeAsync(effective, parsed.GetValue(yes), cancel) : Usage(problem));

var witnessName = new Option<string?>("--name") { Description = "name under which the witness signs, such as witness.example/regulator 见证方名称" };
var listen = new Option<string>("--listen") { Description = "address and port 监听地址与端口", DefaultValueFactory = _ => "127.0.0.1:7304" };
var witness = new Command("witness", "cosign checkpoints that a policy believes and that go on from the ones before: for a regulator 见证：联署符合策略且前后一致的检查点") { settings[NodeSettings.Data.Name], trust, witnessName, listen };
witness.SetAction((parsed, cancel) => RunWitness.RunAsync(parsed.GetValue(settings[NodeSettings.Data.Name]), parsed.GetValue(witnessName), parsed.GetValue(trust), parsed.GetValue(listen) ?? "", cancel));

var demo = new Command("demo", "tell the story from an e-invoice to the last fen on a fresh node 演示") { data, invoices, suite, lang, bill, nodes, exit, keep, host, port };
demo.SetAction((parsed, cancel) => DemoRun.RunAsync(
    new DemoOptions(
        parsed.GetValue(data)?.FullName, parsed.GetValue(invoices)?.FullName, parsed.GetValue(suite) ?? "ES256",
        parsed.GetValue(lang) == "zh" ? StoryLanguage.Zh : StoryLanguage.En, parsed.GetValue(bill), parsed.GetValue(exit),
        parsed.GetValue(host) ?? NodeOptions.DefaultHost, parsed.GetValue(port) ?? NodeOptions.DefaultPort)
    {
        Nodes = parsed.GetValue(nodes),
        Keep = parsed.GetValue(keep),
    },
    cancel));

var root = new RootCommand("ledger-node: a permissioned ledger for receivable certificates and bills 应收账款电子凭证与供应链票据账本节点") { found, join, run, config, health, resume, witness, demo };
var command = root.Parse(args);
if (command.Errors.Count > 0)
{
    foreach (var error in command.Errors) Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine("Try --help. 请用 --help 查看用法。");
    return ExitCode.Usage;
}

using var signals = new StopSignals(() => Environment.Exit(ExitCode.Interrupted));
try
{
    // A stop takes its own time; the framework would cut it after two seconds.
    return await command.InvokeAsync(new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, signals.Token);
}
catch (Exception fault) when (EnvironmentFault.Is(fault))
{
    Console.Error.WriteLine(EnvironmentFault.Describe(fault));
    return ExitCode.Fault;
}
catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
{
    return ExitCode.Interrupted;
}

NodeSettings? Resolve(ParseResult parsed, out string problem)
{
    problem = $"{parsed.GetValue(file)}: no such file 没有该文件";
    if (parsed.GetValue(file) is { Exists: false }) return null;
    var bytes = parsed.GetValue(file) is { } named ? File.ReadAllBytes(named.FullName) : null;
    var resolved = NodeSettings.Resolve(setting => parsed.GetValue(settings[setting.Name]), Environment.GetEnvironmentVariable, bytes, out problem);

    // Before the first signature is looked at, whatever the command.
    if (resolved?[NodeSettings.Verification] == "platform") KnownSuites.Verification.UsePlatform();
    return resolved;
}

// The file may be in somebody's hands just now.
(NodeSettings? Settings, string Problem) Again(ParseResult parsed)
{
    try
    {
        return (Resolve(parsed, out var problem), problem);
    }
    catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
    {
        return (null, unread.Message);
    }
}

static Task<int> Usage(string reason)
{
    Console.Error.WriteLine(reason);
    return Task.FromResult(ExitCode.Usage);
}

static bool IsChinese()
{
    string[] variables = ["LC_ALL", "LC_MESSAGES", "LANG"];
    return variables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(set => !string.IsNullOrEmpty(set))?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true;
}
