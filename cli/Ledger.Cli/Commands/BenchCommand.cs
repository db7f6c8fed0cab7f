using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using Ledger.Cli.Bench;
using Ledger.Cli.Commands.Devnet;
using Ledger.Client.Api;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Cli.Commands;

/// <summary>
/// <c>ledger bench</c>: how many transactions a node commits a second, beside how many signatures the same machine verifies a second in the same run.
/// It founds a test chain and starts a node of its own, or, with <c>--url</c>, takes a running demo or test node and its banks' keys.
/// </summary>
static class BenchCommand
{
    const int LongestSeconds = 300;
    const int MostLines = 10_000;

    // Beyond it the prepared transactions would not fit into a small machine; the window then ends with the last of them.
    const int MostTransactions = 400_000;
    const int SignaturesMeasured = 4_000;

    // More than was ever committed, of what could be verified.
    const double LikelyShare = 0.6;

    public static Command Make(Shell shell)
    {
        var seconds = Options.OptionalWhole("--seconds", "测量秒数（默认 10）", "how long it is measured (default: 10)");
        var bulk = Options.OptionalWhole("--bulk", "每请求交易数，1 为逐笔（默认 1000）", "transactions a request; 1 is one transaction a request (default: 1000)");
        var connections = Options.OptionalWhole(
            "--connections", "同时进行的请求数（默认 4，逐笔时 64）", "requests under way at once (default: 4, or 64 for one transaction a request)");
        var url = Options.TextOption("--url", "运行中的演示或测试节点（默认：自建节点）", "a running demo or test node (default: a node of its own on a fresh folder)", value: "URL");
        var keys = Options.TextOption(
            "--keys", "与 --url 同用：genesis new 所建目录，取银行经办密钥", "with --url: the folder that genesis new made, for its banks' makers' keys", value: "DIR");
        var password = Options.PasswordFile();
        var suite = Options.OneOf("--suite", "不用 --url 时：算法（默认 ES256）", "without --url: the suite (default: ES256)", P256Suite.SuiteName, P256Suite.SuiteName, Sm2Suite.SuiteName);
        var program = Options.TextOption(
            "--node-program", "不用 --url 时：节点程序（默认：与本程序一同构建的）", "without --url: the node's program (default: the one built beside this)", value: "FILE");

        var networks = Options.TextOption(
            "--networks", "逐一测量本机上这些银行数的网络（三个 etcd 成员），并与自行排序的节点对照，例如 1,4,7", "measure networks of so many banks on this machine, with three members of etcd, beside a node that orders for itself; such as 1,4,7", value: "N,…");

        return shell.Command(
            "bench", "测量每秒确认的交易笔数，并与本机验签上限对照。", "Measure committed transactions a second beside the machine's own limit.", [seconds, bulk, connections, url, keys, password, suite, networks, program],
            async (run, cancel) =>
            {
                var wanted = new Wanted(
                    run.Value(seconds) ?? 10, run.Value(bulk) ?? 1_000, run.Value(connections) ?? (run.Value(bulk) == 1 ? 64U : 4U));
                if (wanted is not { Seconds: > 0 and <= LongestSeconds, Bulk: > 0 and <= MostLines, Connections: > 0 and <= 512 })
                    throw StopException.Usage("--seconds 为 1 至 300，--bulk 为 1 至 10000，--connections 为 1 至 512。", "--seconds is 1 to 300, --bulk 1 to 10000, --connections 1 to 512.");
                if (IsForDebugging) run.Output.Message("这是调试版本，数字不可比；请用 -c Release 构建。", "This is a build for debugging and its figures mean little: build with -c Release.");
                if (run.Value(url) is { } address)
                {
                    var banks = await BanksAsync(run, address, run.Value(keys), run.Value(password), cancel);
                    return await MeasureAsync(run, address, banks, wanted, cancel);
                }

                var found = run.Value(program) ?? NodeProgram.Find() ?? throw new StopException(
                    ExitCode.NotFound,
                    $"找不到节点程序 {NodeProgram.Name}：请构建节点并用 --node-program 指明，或用 --url 测量运行中的演示节点。",
                    $"The node's program {NodeProgram.Name} is not beside this one: build the node and name it with --node-program, or measure a running demo node with --url.");
                if (run.Value(networks) is { } sizes)
                {
                    var (of, etcd) = (NetworkBench.Sizes(sizes), DevnetCommands.EtcdOf(run));
                    return await new NetworkBench(run, found, etcd, run.Required(suite), TimeSpan.FromSeconds(wanted.Seconds), wanted.WarmUp).RunAsync(of, cancel);
                }

                Tell(run, "创建测试链并启动节点 …", "founding a test chain and starting a node …");
                using var own = await OwnNode.StartAsync(found, run.Required(suite), run.Now, cancel);
                return await MeasureAsync(run, own.Url, own.Banks, wanted, cancel);
            }, "bench", "bench --bulk 1 --seconds 30", "bench --networks 1,4,7", "bench --url http://127.0.0.1:7301 --keys my-ledger --password-file pw.txt");
    }

    static async Task<int> MeasureAsync(Run run, string url, IReadOnlyList<(KeyId Kid, SigningKey Key)> banks, Wanted wanted, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url.TrimEnd('/') + "/"), Timeout = TimeSpan.FromMinutes(2) };
        var api = new LedgerApi(http);
        var health = await api.HealthAsync(cancel);
        if (health.Purpose is not ("demo" or "test"))
            throw new StopException(ExitCode.NotAllowed, "只在演示链或测试链上测量。", "Only a demo or a test chain is measured: it is filled with invented companies.");
        if (KnownSuites.Find(health.Suite) is not { } suite || KnownSuites.PlatformOf(health.Suite) is not { } platform) throw new StopException(ExitCode.Fault, $"未知算法 {health.Suite}。", $"Unknown suite {health.Suite}.");

        var transactions = Transactions(suite, wanted);
        Tell(run, $"准备 {transactions} 笔交易 …", $"preparing {transactions} transactions …");
        using var work = await Workload.PrepareAsync(api, suite, health.ChainId, banks, transactions, done => Tell(run, $"已上账 {done}", $"{done} on the ledger"), cancel);
        Tell(run, "签名 …", "signing …");
        var groups = await work.SignAsync((int)wanted.Bulk, cancel);
        var signatures = work.Signatures(groups.SelectMany(group => group.Requests).SelectMany(request => request).Take(SignaturesMeasured));

        var idle = TimeSpan.FromSeconds(Math.Min(wanted.Seconds, 2));
        Tell(run, "测量验签上限 …", "measuring the verify limit …");
        var before = VerifyLimit.Measure(suite, signatures, idle);
        var platformBefore = VerifyLimit.Measure(platform, signatures, idle);
        var load = new Load([http], groups, (int)wanted.Connections, wanted.WarmUp, TimeSpan.FromSeconds(wanted.Seconds));
        var result = await WatchAsync(run, load, wanted, cancel);
        var platformAfter = VerifyLimit.Measure(platform, signatures, idle);
        var after = VerifyLimit.Measure(suite, signatures, idle);

        Show(run, wanted, result, (before + after) / 2, (platformBefore + platformAfter) / 2);
        if (result.Refused == 0) return ExitCode.Ok;
        run.Output.Message(
            $"{result.Refused} 笔被拒绝，首个编号 {(ushort)result.FirstRefusal}。", $"{result.Refused} were refused, the first with {(ushort)result.FirstRefusal} {result.FirstRefusal}.");
        return ExitCode.Fault;
    }

    static async Task<LoadResult> WatchAsync(Run run, Load load, Wanted wanted, CancellationToken cancel)
    {
        var running = load.RunAsync(cancel);
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1), cancel));
            if (running.IsCompleted) break;
            if (load.Elapsed < wanted.WarmUp) Tell(run, "预热 …", "warming up …");
            else Tell(run, $"{(load.Elapsed - wanted.WarmUp).TotalSeconds:F0}/{wanted.Seconds} 秒：{load.Counted} 笔", $"{(load.Elapsed - wanted.WarmUp).TotalSeconds:F0} of {wanted.Seconds} s: {load.Counted} transactions");
        }

        return await running;
    }

    static void Show(Run run, Wanted wanted, LoadResult result, double limit, double platform) => run.Output.Record(
        new("committedPerSecond", "每秒确认", "committed a second", Math.Round(result.PerSecond, 1)),
        new("verifyLimitPerSecond", "验签上限（每秒，全部核）", "verify limit a second, all cores", Math.Round(limit, 1)),
        new("platformLimitPerSecond", "其中只用平台时", "the same by the platform alone", Math.Round(platform, 1)),
        new("share", "占比", "share", Math.Round(result.PerSecond / limit, 3)),
        new("p50Ms", "时延中位数（毫秒）", "latency p50, ms", Math.Round(result.P50, 2)),
        new("p99Ms", "时延 p99（毫秒）", "latency p99, ms", Math.Round(result.P99, 2)),
        new("bulk", "每请求交易数", "transactions a request", wanted.Bulk),
        new("seconds", "测量时长（秒）", "measured seconds", Math.Round(result.Window.TotalSeconds, 2)),
        new("transactions", "测得交易", "transactions measured", result.Committed),
        new("refused", "拒绝", "refused", result.Refused));

    // What the machine could at most need for the whole run, in whole pairs.
    static int Transactions(CryptoSuite suite, Wanted wanted)
    {
        using var key = SigningKey.Create(suite);
        var message = new ByteString(new byte[600]);
        var signature = new ByteString(key.Sign(message.Span));

        // The first seconds of code of our own (SM2) are many times slower than it will be; too few transactions would run out while all warms up.
        VerifyLimit.Measure(suite, [new(key.PublicKey, message, signature)], TimeSpan.FromSeconds(2));
        var limit = VerifyLimit.Measure(suite, [new(key.PublicKey, message, signature)], TimeSpan.FromMilliseconds(300));
        return (int)Math.Min(MostTransactions, limit * LikelyShare * (wanted.Seconds + wanted.WarmUp.TotalSeconds));
    }

    // The makers' keys of all banks whose files are there: one bank acts, a second one countersigns for core enterprises.
    static async Task<IReadOnlyList<(KeyId Kid, SigningKey Key)>> BanksAsync(Run run, string address, string? folder, string? passwordFile, CancellationToken cancel)
    {
        if (folder is null) throw StopException.Usage("--url 需要 --keys：创始银行的密钥目录。", "--url needs --keys: the folder with the founding banks' keys.");
        var files = new[] { folder, Path.Combine(folder, "keys") }.Where(Directory.Exists)
            .SelectMany(place => Directory.EnumerateFiles(place, $"*#{FoundingKeys.Maker}.key.json")).Order(StringComparer.Ordinal).ToArray();
        var opened = Submission.OpenKeys(run, files, run.Setting(Setting.PasswordFile, passwordFile).Value is { } password ? [password] : []);
        var banks = new List<(KeyId Kid, SigningKey Key)>();
        foreach (var (kid, key) in opened)
        {
            if (await IsBankAsync(await NamedReader.OpenAsync(run, address, kid, key, onBehalfOf: null, cancel), kid.Party, cancel)) banks.Add((kid, key));
            else key.Dispose();
        }

        return banks.Count > 0 ? banks : throw new StopException(ExitCode.NotFound, $"{folder} 中没有该链银行的密钥。", $"{folder} holds no key of a bank of this chain.");
    }

    // Each reads its own entry, as a node that asks for passes wants it; one whose key the chain does not know is none of its banks.
    static async Task<bool> IsBankAsync(LedgerApi api, PartyId named, CancellationToken cancel)
    {
        try
        {
            using var party = await api.ReadAsync(NodePaths.Party(named), cancel);
            return party is not null && party.RootElement.GetProperty("roles").EnumerateArray().Any(role => role.GetString() == "bank");
        }
        catch (NodeAnsweredException unknown) when (unknown.Answer.HttpStatus is 401 or 403)
        {
            return false;
        }
    }

    static bool IsForDebugging => typeof(BenchCommand).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };

    // Long work shows how it goes, to people only.
    static void Tell(Run run, string chinese, string english)
    {
        if (run.Terminal.IsErrorTerminal && !run.Output.IsJson) run.Output.Message(chinese, english);
    }

    sealed record Wanted(uint Seconds, uint Bulk, uint Connections)
    {
        // A fresh process compiles its code again as it learns what is used often, for several seconds under load.
        public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Clamp(Seconds, 2, 10));
    }
}
