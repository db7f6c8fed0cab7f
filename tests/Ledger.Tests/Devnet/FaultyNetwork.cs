using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.ChainFolder;
using Ledger.Client.Devnet;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Suites;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Strangers;

namespace Ledger.Tests.Devnet;

/// <summary>
/// Four banks and three members of etcd on real processes, with clients that go on sending while things break, and that pledge the same units at two banks at once. What was acknowledged is remembered, and which root each
/// height was seen to have at any bank: a second one would be a fork.
/// </summary>
public sealed class FaultyNetwork : IAsyncDisposable
{
    // From so many addresses a bank is asked for everything that was acknowledged.
    const int Asking = 16;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    readonly TemporaryFolder folder = new();
    readonly ConcurrentBag<Told> acknowledged = [];
    readonly ConcurrentBag<PledgedTwice> pledged = [];
    readonly ConcurrentDictionary<ulong, string> roots = new();
    readonly CancellationTokenSource stop = new();
    BankClients[] clients = [];
    Task[] working = [];

    public LocalNetwork Network { get; private set; } = null!;

    public Genesis Genesis { get; private set; } = null!;

    /// <summary>What a bank may answer, where what is wrong with it is its own matter.</summary>
    public Refusal? Excused { get; set; }

    /// <summary>How long a test waits for what must come, on whatever machine.</summary>
    public static CancellationTokenSource Within(TimeSpan patience)
    {
        var within = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        within.CancelAfter(patience);
        return within;
    }

    /// <summary>A network that carries load.</summary>
    public static async Task<FaultyNetwork> StartedAsync(int firstPort, CancellationToken cancel)
    {
        if (LocalProcess.Find("etcd", Environment.GetEnvironmentVariable("PATH")) is not { } etcd)
        {
            Python.Absent("etcd is not on this machine (Debian's etcd-server).");
            throw new InvalidOperationException("etcd");
        }

        var faulty = new FaultyNetwork();
        try
        {
            faulty.Network = LocalNetwork.Make(
                faulty.folder["net"], new(4, "ES256", firstPort, Path.Combine(AppContext.BaseDirectory, "Ledger.Node.dll"), etcd), DateTimeOffset.UtcNow, (_, _) => { });
            await faulty.Network.UpAsync(cancel);
            faulty.Genesis = Genesis.Read(await File.ReadAllBytesAsync(faulty.Network.GenesisPath, cancel), KnownSuites.Find, out var problem) ?? throw new InvalidOperationException(problem);
            faulty.Begin();
            return faulty;
        }
        catch
        {
            await faulty.DisposeAsync();
            throw;
        }
    }

    public IReadOnlyList<LocalBank> Banks => [.. Network.File.Voters];

    /// <summary>What a client was told: if it is on the ledger, it is so at every bank for ever.</summary>
    internal void Remember(Told told)
    {
        if (told.Leaf is not null) acknowledged.Add(told);
    }

    internal void Remember(PledgedTwice twice) => pledged.Add(twice);

    public LocalBank Bank(string name) => Network.File.Banks.First(bank => bank.Name == name);

    /// <summary>Until so much more was acknowledged than may have been under way: the network makes things final.</summary>
    public async Task GoesOnAsync(int more, CancellationToken cancel)
    {
        var wanted = acknowledged.Count + (clients.Length * BankClients.ActsAtOnce) + more;
        await UntilAsync(() => Task.FromResult(acknowledged.Count >= wanted), cancel);
    }

    /// <summary>Kills a process as a power cut does; what belongs to it may be changed before it starts again.</summary>
    public async Task KillAsync(string name, CancellationToken cancel, Action? meanwhile = null)
    {
        await Network.SignalAsync(name, ProcessSignal.Kill, cancel);
        meanwhile?.Invoke();
        await Network.StartAsync(name, cancel);
    }

    /// <summary>What a bank's node says while it runs otherwise.</summary>
    public static string LogOtherwise(LocalBank bank) => Path.Combine(bank.Folder, "log.otherwise");

    /// <summary>
    /// Ends a bank's node and has it run in another way, under a shell's word, while <paramref name="meanwhile"/> happens; then it runs as its network knows it.
    /// </summary>
    public async Task RunOtherwiseAsync(LocalBank bank, string shell, Func<LocalProcess, Task> meanwhile, CancellationToken cancel)
    {
        await Network.SignalAsync(bank.Name, ProcessSignal.Kill, cancel);
        var other = LocalProcess.Start(bank.Folder, LogOtherwise(bank), "/bin/sh", ["-c", $"{shell} exec dotnet {Network.File.NodeProgram} run --config node.json"]);
        try
        {
            await meanwhile(other);
        }
        finally
        {
            other.Send(ProcessSignal.Kill);
            while (other.IsThere) await Task.Delay(Pause, CancellationToken.None);
        }

        await Network.StartAsync(bank.Name, cancel);
    }

    /// <summary>A process gets no time for a while.</summary>
    public async Task PauseAsync(string name, TimeSpan time, CancellationToken cancel)
    {
        await Network.SignalAsync(name, ProcessSignal.Stop, cancel);
        await Task.Delay(time, cancel);
        await Network.SignalAsync(name, ProcessSignal.Cont, cancel);
    }

    public Task UntilAsync(Func<NetworkStatus, bool> isSo, CancellationToken cancel) => UntilAsync(async () => isSo(await Network.StatusAsync(cancel)), cancel);

    public async Task UntilAsync(Func<Task<bool>> isSo, CancellationToken cancel)
    {
        while (!await isSo())
        {
            Check();
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>Until a node that the network knows nothing of is ready.</summary>
    public async Task UntilReadyAsync(int operationsPort, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{operationsPort}") };
        await UntilAsync(async () =>
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancel);
                return answer.IsSuccessStatusCode;
            }
            catch (Exception silent) when (silent is HttpRequestException or SocketException)
            {
                return false;
            }
        }, cancel);
    }

    /// <summary>
    /// Ends the load. Then the banks have one root, every bank tells of everything that was acknowledged at the leaf that was said, each chain verifies octet for octet, and what was pledged at two banks at once is
    /// pledged at one, with the other attempt on record at every bank.
    /// </summary>
    public async Task HoldsAsync(CancellationToken cancel, params LocalBank[] banks)
    {
        await UntilAsync(() => Task.FromResult(pledged.Any(static twice => twice.Told is not null)), cancel);
        await EndLoadAsync();
        LocalBank[] asked = banks.Length == 0 ? [.. Banks] : banks;
        string[] names = [.. asked.Select(static bank => bank.Name)];
        await UntilAsync(status => status.Nodes.Where(node => names.Contains(node.Bank.Name)).ToArray() is var nodes && nodes.All(node => node is { IsReady: true, Height: > 0 })
            && nodes.Select(node => (node.Height, node.Root)).Distinct().Count() == 1, cancel);
        Assert.NotEmpty(acknowledged);
        await Task.WhenAll(asked.Select(bank => TellsAllAsync(bank, cancel)));

        // What was under way when the load ended may become final while one bank after the other is asked.
        string[] attempts = [];
        await UntilAsync(async () => (attempts = await Task.WhenAll(asked.Select(bank => AttemptsAsync(bank, cancel)))).Distinct().Count() == 1, cancel);
        Assert.NotEqual("[]", attempts[0]);
        foreach (var bank in asked) Assert.IsType<ChainVerdict.Verified>(Client.ChainFolder.ChainFolder.Open(bank.Data).Verify(Genesis.Chain.ChainId, progress: null));
    }

    async Task TellsAllAsync(LocalBank bank, CancellationToken cancel)
    {
        var all = acknowledged.ToArray();
        await Task.WhenAll(all.Chunk(Math.Max(1, (all.Length + Asking - 1) / Asking)).Select((some, i) => TellsAsync(bank, From(i, bank), some, cancel)));
        using var http = new HttpClient { BaseAddress = new(bank.Url) };
        var api = new LedgerApi(http);
        foreach (var twice in pledged) await IsPledgedOnceAsync(api, twice, cancel);
    }

    static async Task<string> AttemptsAsync(LocalBank bank, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = new(bank.Url) };
        using var recorded = await ReadAsync(new LedgerApi(http), "v1/attempts", cancel);
        return recorded?.RootElement.GetProperty("attempts").GetRawText() ?? "";
    }

    static async Task TellsAsync(LocalBank bank, HttpClient from, IReadOnlyCollection<Told> acknowledged, CancellationToken cancel)
    {
        using var http = from;
        var api = new LedgerApi(http);
        foreach (var told in acknowledged)
        {
            using var answer = await ReadAsync(api, $"v1/transactions/{told.Party}/{told.Act}", cancel);
            var (leaf, code) = (answer?.RootElement.GetProperty("leaf").GetUInt64(), (Refusal?)answer?.RootElement.GetProperty("code").GetUInt16());
            Assert.True((leaf, code) == (told.Leaf, told.Code), $"{bank.Name}: {told.Act} was acknowledged at leaf {told.Leaf} with {told.Code}, and is at {leaf} with {code}");
        }
    }

    // A node answers one address so often and no more, and all of 127.0.0.0/8 is this machine.
    static HttpClient From(int address, LocalBank bank)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(address + 1)]), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new(handler) { BaseAddress = new(bank.Url) };
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndLoadAsync();
        }
        finally
        {
            foreach (var one in clients) one.Dispose();
            if (Network is not null) await Network.DownAsync(purge: false, CancellationToken.None);
            stop.Dispose();
            folder.Dispose();
        }
    }

    // Who asked too often waits.
    static async Task<JsonDocument?> ReadAsync(LedgerApi api, string path, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await api.ReadAsync(path, cancel);
            }
            catch (NodeAnsweredException tooMany) when (tooMany.Answer.HttpStatus == 429)
            {
                await Task.Delay(Pause, cancel);
            }
        }
    }

    // Where both were answered one is pledged, and the other is the attempt; where the load ended first, no two are.
    static async Task IsPledgedOnceAsync(LedgerApi api, PledgedTwice twice, CancellationToken cancel)
    {
        using var one = await ReadAsync(api, $"v1/financings/{twice.One}", cancel);
        using var other = await ReadAsync(api, $"v1/financings/{twice.Other}", cancel);
        Assert.True(one is null || other is null, $"{twice.One} and {twice.Other} are pledges of the same units");
        if (twice.Told is not { } told) return;
        Assert.Equal((one is not null, other is not null), (told.One.Code == Refusal.None, told.Other.Code == Refusal.None));
        var refused = Assert.Single([told.One, told.Other], static answer => answer.Code != Refusal.None);
        Assert.True(refused.Leaf is not null, $"{refused.Act} was an attempt, and is on no record");
    }

    // Each bank's clients of one kind, who bring companies in, and of another, who pledge at it and at the next.
    void Begin()
    {
        clients = [.. Banks.Select(bank => new BankClients(this, bank))];
        working =
        [
            .. clients.Select(one => Task.Run(() => one.RegisterAsync(stop.Token), CancellationToken.None)),
            .. clients.Select((one, i) => Task.Run(() => one.PledgeTwiceAsync(clients[(i + 1) % clients.Length], stop.Token), CancellationToken.None)),
            Task.Run(LookAsync, CancellationToken.None),
        ];
    }

    async Task EndLoadAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Check();
    }

    // A checker that failed says so while the network still runs.
    void Check()
    {
        foreach (var task in working)
        {
            if (task.IsFaulted) task.GetAwaiter().GetResult();
        }
    }

    async Task LookAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        while (!stop.IsCancellationRequested)
        {
            foreach (var bank in Banks)
            {
                try
                {
                    using var status = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{bank.OperationsUrl}/status"), stop.Token));
                    var (leaves, root) = (status.RootElement.GetProperty("leaves").GetUInt64(), status.RootElement.GetProperty("root").GetString() ?? "");
                    var known = roots.GetOrAdd(leaves, root);
                    if (known != root) throw new InvalidOperationException($"fork: {leaves} leaves are {known} and, at {bank.Name}, {root}");
                }
                catch (Exception away) when (away is HttpRequestException or SocketException or OperationCanceledException)
                {
                    // It is away, or stopped.
                }
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
