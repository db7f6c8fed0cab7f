using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Api;
using Ledger.Client.Devnet;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Cli.Bench;

/// <summary>
/// Networks of several banks on this machine, one after another: how many offers and acceptances they make final a second as fast as they can, in bulk and in small files, how long each takes at
/// half of the latter, and how fast a new node catches up; beside the verify limit of the same machine and a node that orders for itself, in the same run.
/// </summary>
sealed class NetworkBench(Run run, string program, string etcd, string suiteName, TimeSpan seconds, TimeSpan warmUp)
{
    // A request brings so many offers and acceptances: a clerk's file, and a day's.
    const int FileLines = 10;
    const int FullBulk = 500;

    // Well below the budget that a caller has for bulks at one node.
    const int MostRequests = 40;
    const int Connections = 8;
    const int HalfConnections = 256;
    const int FirstPort = 12_000;

    // More than any network of this machine made final, of what it could verify.
    const double LikelyShare = 0.35;

    readonly List<Row> rows = [];

    /// <summary>Numbers of banks as they are typed, with commas between.</summary>
    public static IReadOnlyList<int> Sizes(string text)
    {
        var sizes = new List<int>();
        foreach (var one in text.Split(','))
        {
            if (!int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size is < 1 or > LocalGenesis.MostNodes)
                throw StopException.Usage($"--networks 为 1 至 {LocalGenesis.MostNodes} 的数，以逗号分隔。", $"--networks is numbers of 1 to {LocalGenesis.MostNodes}, with commas between.");
            sizes.Add(size);
        }

        return sizes;
    }

    public async Task<int> RunAsync(IReadOnlyList<int> sizes, CancellationToken cancel)
    {
        var suite = KnownSuites.Find(suiteName) ?? throw new InvalidOperationException(suiteName);
        var before = Limit(suite);
        Tell("自行排序的节点 …", "a node that orders for itself …");
        using (var own = await OwnNode.StartAsync(program, suiteName, run.Now, cancel)) rows.Add(await MeasureAsync("embedded", [own.Url], suite, own.Banks, before, cancel));
        foreach (var size in sizes) rows.Add(await NetworkAsync(size, suite, before, cancel));
        Show((before + Limit(suite)) / 2);
        return rows.Any(row => row.Refused > 0) ? ExitCode.Fault : ExitCode.Ok;
    }

    async Task<Row> NetworkAsync(int size, CryptoSuite suite, double limit, CancellationToken cancel)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"ledger-bench-{Guid.NewGuid():N}");
        var network = LocalNetwork.Make(folder, new(size, suiteName, FirstPort, program, etcd), run.Terminal.Time.GetUtcNow(), Tell);
        try
        {
            await network.UpAsync(cancel);
            var genesis = Genesis.Read(await File.ReadAllBytesAsync(network.GenesisPath, cancel), KnownSuites.Find, out _) ?? throw new InvalidOperationException(network.GenesisPath);
            var banks = genesis.Text.Parties.Select(bank => (new KeyId(bank.Id, FoundingKeys.Maker), network.OpenMaker(bank.Id))).ToArray();
            try
            {
                var row = await MeasureAsync(string.Create(CultureInfo.InvariantCulture, $"n = {size}"), [.. network.File.Voters.Select(bank => bank.Url)], suite, banks, limit, cancel);
                await AgreedAsync(network, cancel);
                return row with { CatchUp = await CatchUpAsync(network, cancel) };
            }
            finally
            {
                foreach (var (_, key) in banks) key.Dispose();
            }
        }
        finally
        {
            await network.DownAsync(purge: true, CancellationToken.None);
        }
    }

    async Task<Row> MeasureAsync(string what, IReadOnlyList<string> urls, CryptoSuite suite, IReadOnlyList<(KeyId Kid, SigningKey Key)> banks, double limit, CancellationToken cancel)
    {
        HttpClient[] nodes = [.. urls.Select(url => new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new(url.TrimEnd('/') + "/"), Timeout = TimeSpan.FromMinutes(2) })];
        try
        {
            var api = new LedgerApi(nodes[0]);
            var chain = (await api.HealthAsync(cancel)).ChainId;
            var transactions = (int)(limit * LikelyShare * (seconds + warmUp).TotalSeconds);
            using var work = await Workload.PrepareAsync(api, suite, chain, banks, transactions, done => Tell($"{what}：已上账 {done}", $"{what}: {done} on the ledger"), cancel);
            await ReachAsync(nodes, cancel);
            Tell($"{what}：全速 …", $"{what}: as fast as it can …");
            var full = await new Load(nodes, await work.SignAsync(FullBulk, cancel), Connections, warmUp, seconds).RunAsync(cancel);

            // A file of a clerk is no day's bulk: half load is half of what goes in such files.
            var bulk = Math.Max(FileLines, 2 * (int)Math.Ceiling(full.PerSecond / (MostRequests * nodes.Length)));
            using var files = await Workload.PrepareAsync(api, suite, chain, banks, (int)(full.PerSecond * (seconds + warmUp).TotalSeconds), _ => { }, cancel);
            await ReachAsync(nodes, cancel);
            Tell($"{what}：每请求 {bulk} 条，全速 …", $"{what}: {bulk} a request, as fast as it can …");
            var most = await new Load(nodes, await files.SignAsync(bulk, cancel), MostRequests * nodes.Length, warmUp, seconds).RunAsync(cancel);

            var half = most.PerSecond / 2;
            using var again = await Workload.PrepareAsync(api, suite, chain, banks, (int)(half * (seconds + warmUp).TotalSeconds) + bulk, _ => { }, cancel);
            await ReachAsync(nodes, cancel);
            Tell($"{what}：半速 …", $"{what}: at half of that …");
            var paced = await new Load(nodes, await again.SignAsync(bulk, cancel), HalfConnections, warmUp, seconds, TimeSpan.FromSeconds(bulk / half)).RunAsync(cancel);
            return new(what, full.PerSecond, most.PerSecond, paced.PerSecond, paced.P50, paced.P99, full.Refused + most.Refused + paced.Refused, null);
        }
        finally
        {
            foreach (var node in nodes) node.Dispose();
        }
    }

    // What was prepared at one node is final at all before it is used there.
    static async Task ReachAsync(HttpClient[] nodes, CancellationToken cancel)
    {
        var height = (await new LedgerApi(nodes[0]).HealthAsync(cancel)).Height;
        foreach (var node in nodes)
        {
            while ((await new LedgerApi(node).HealthAsync(cancel)).Height < height) await Task.Delay(50, cancel);
        }
    }

    static async Task AgreedAsync(LocalNetwork network, CancellationToken cancel)
    {
        while (!(await network.StatusAsync(cancel)).IsAgreed) await Task.Delay(200, cancel);
    }

    // From the first time that the new node says how far it is until it is where the others are.
    static async Task<double?> CatchUpAsync(LocalNetwork network, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
        var target = await LeavesAsync(http, network.File.Banks[0], cancel) ?? 0;
        var adding = network.AddObserverAsync(fromSnapshot: false, cancel);
        (double At, ulong Leaves)? first = null;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            if (adding.IsFaulted) await adding;
            var leaves = network.File.Banks.FirstOrDefault(bank => bank.Observes) is { } observer ? await LeavesAsync(http, observer, cancel) : null;
            var now = clock.Elapsed.TotalSeconds;
            if (leaves is { } seen)
            {
                first ??= (now, seen);
                if (seen >= target)
                {
                    await adding;
                    return now - first.Value.At > 0.1 ? (seen - first.Value.Leaves) / (now - first.Value.At) : null;
                }
            }

            await Task.Delay(50, cancel);
        }
    }

    static async Task<ulong?> LeavesAsync(HttpClient http, LocalBank bank, CancellationToken cancel)
    {
        try
        {
            using var status = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{bank.OperationsUrl}/status"), cancel));
            return status.RootElement.GetProperty("leaves").GetUInt64();
        }
        catch (Exception silent) when (silent is HttpRequestException or SocketException)
        {
            return null;
        }
    }

    static double Limit(CryptoSuite suite)
    {
        using var key = SigningKey.Create(suite);
        var message = new ByteString(new byte[600]);
        var signed = new SignedMessage(key.PublicKey, message, new(key.Sign(message.Span)));
        VerifyLimit.Measure(suite, [signed], TimeSpan.FromSeconds(2));
        return VerifyLimit.Measure(suite, [signed], TimeSpan.FromSeconds(2));
    }

    void Show(double limit)
    {
        var embedded = rows[0].PerSecond;
        run.Output.Table(
            [
                new("network", "网络", "network", null), new("committedPerSecond", "每秒终局", "final a second", null, IsFigure: true), new("ofVerifyLimit", "占验签上限", "of verify limit", null, IsFigure: true),
                new("ofEmbedded", "占自行排序", "of embedded", null, IsFigure: true), new("inFilesPerSecond", "小批每秒", "in small files", null, IsFigure: true), new("halfLoadPerSecond", "半速", "half load a second", null, IsFigure: true), new("p50Ms", "p50（毫秒）", "p50, ms", null, IsFigure: true),
                new("p99Ms", "p99（毫秒）", "p99, ms", null, IsFigure: true), new("catchUpLeavesPerSecond", "新节点每秒追赶（叶）", "catch-up, leaves a second", null, IsFigure: true), new("refused", "拒绝", "refused", null, IsFigure: true),
            ],
            [
                .. rows.Select(row => (IReadOnlyList<JsonNode?>)
                [
                    row.What, Math.Round(row.PerSecond), Math.Round(row.PerSecond / limit, 3), Math.Round(row.PerSecond / embedded, 3), Math.Round(row.InFiles), Math.Round(row.Half), Math.Round(row.P50, 1), Math.Round(row.P99, 1),
                    row.CatchUp is { } rate ? Math.Round(rate) : null, row.Refused,
                ]),
                ["verify limit", Math.Round(limit), 1, Math.Round(limit / embedded, 3), null, null, null, null, null, null],
            ]);
    }

    void Tell(string chinese, string english)
    {
        if (!run.Output.IsJson) run.Output.Message(chinese, english);
    }

    sealed record Row(string What, double PerSecond, double InFiles, double Half, double P50, double P99, long Refused, double? CatchUp);
}
