using System.Collections.Concurrent;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.ChainFolder;
using Ledger.Client.Devnet;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Suites;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Strangers;

namespace Ledger.Tests.Devnet;

/// <summary>
/// Four banks and three members of etcd on real processes, with clients that go on sending while things break. What was acknowledged is remembered, and which root each height was seen to
/// have at any bank: a second one would be a fork.
/// </summary>
public sealed class FaultyNetwork : IAsyncDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    readonly TemporaryFolder folder = new();
    readonly ConcurrentBag<(string Party, string Id, ulong Leaf)> acknowledged = [];
    readonly ConcurrentDictionary<ulong, string> roots = new();
    readonly CancellationTokenSource stop = new();
    Task[] working = [];
    int seed = 20_000;

    public LocalNetwork Network { get; private set; } = null!;

    public Genesis Genesis { get; private set; } = null!;

    public int Acknowledged => acknowledged.Count;

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
            faulty.working = [.. faulty.Banks.Select(bank => Task.Run(() => faulty.SendAsync(bank), CancellationToken.None)), Task.Run(faulty.LookAsync, CancellationToken.None)];
            return faulty;
        }
        catch
        {
            await faulty.DisposeAsync();
            throw;
        }
    }

    public IReadOnlyList<LocalBank> Banks => [.. Network.File.Voters];

    public LocalBank Bank(string name) => Network.File.Banks.First(bank => bank.Name == name);

    /// <summary>Until so much more was acknowledged: the network makes things final.</summary>
    public async Task GoesOnAsync(int more, CancellationToken cancel)
    {
        var wanted = acknowledged.Count + more;
        while (acknowledged.Count < wanted)
        {
            Check();
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>Kills a process as a power cut does; what belongs to it may be changed before it starts again.</summary>
    public async Task KillAsync(string name, CancellationToken cancel, Action? meanwhile = null)
    {
        await Network.SignalAsync(name, ProcessSignal.Kill, cancel);
        meanwhile?.Invoke();
        await Network.StartAsync(name, cancel);
    }

    /// <summary>
    /// Ends a bank's node and has it run in another way, under a shell's word, while <paramref name="meanwhile"/> happens; then it runs as its network knows it.
    /// </summary>
    public async Task RunOtherwiseAsync(LocalBank bank, string shell, Func<Task> meanwhile, CancellationToken cancel)
    {
        await Network.SignalAsync(bank.Name, ProcessSignal.Kill, cancel);
        var other = LocalProcess.Start(bank.Folder, Path.Combine(bank.Folder, "log.otherwise"), "/bin/sh", ["-c", $"{shell} exec dotnet {Network.File.NodeProgram} run --config node.json"]);
        try
        {
            await meanwhile();
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

    public async Task UntilAsync(Func<NetworkStatus, bool> isSo, CancellationToken cancel)
    {
        while (!isSo(await Network.StatusAsync(cancel)))
        {
            Check();
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>
    /// Ends the load. Then the banks have one root, every bank tells of everything that was acknowledged at the leaf that was said, and each chain verifies octet for octet.
    /// </summary>
    public async Task HoldsAsync(CancellationToken cancel, params LocalBank[] banks)
    {
        await EndLoadAsync();
        string[] names = [.. (banks.Length == 0 ? Banks : banks).Select(bank => bank.Name)];
        await UntilAsync(status => status.Nodes.Where(node => names.Contains(node.Bank.Name)).ToArray() is var nodes && nodes.All(node => node is { IsReady: true, Height: > 0 })
            && nodes.Select(node => (node.Height, node.Root)).Distinct().Count() == 1, cancel);
        Assert.NotEmpty(acknowledged);
        foreach (var bank in Banks.Where(bank => names.Contains(bank.Name)))
        {
            using var http = new HttpClient { BaseAddress = new(bank.Url) };
            foreach (var (party, id, leaf) in acknowledged)
            {
                using var answer = await ReadAsync(new(http), $"v1/transactions/{party}/{id}", cancel);
                Assert.True(answer?.RootElement.GetProperty("leaf").GetUInt64() == leaf, $"{bank.Name}: {id} was acknowledged at leaf {leaf}");
            }

            Assert.IsType<ChainVerdict.Verified>(Client.ChainFolder.ChainFolder.Open(bank.Data).Verify(Genesis.Chain.ChainId, progress: null));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndLoadAsync();
        if (Network is not null) await Network.DownAsync(purge: false, CancellationToken.None);
        stop.Dispose();
        folder.Dispose();
    }

    // A node answers one address so often and no more; who asks for everything waits.
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

    // Registers one company after another at one bank, each until its answer is final: what is not known is sent again, the same octets. Of ids that live longer a party may have few.
    async Task SendAsync(LocalBank bank)
    {
        using var http = new HttpClient { BaseAddress = new(bank.Url), Timeout = TimeSpan.FromSeconds(20) };
        var api = new LedgerApi(http);
        var second = Banks.First(other => other.Id != bank.Id).Id;
        using SigningKey maker = Network.OpenMaker(bank.Id), other = Network.OpenMaker(second);
        while (!stop.IsCancellationRequested)
        {
            var party = FictionalUscc.Of("440300", Interlocked.Increment(ref seed));
            using var key = SigningKey.Create(Genesis.Chain.Suite);
            var now = new Timestamp(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            var transaction = new Transaction(bank.Id, null, NewId.Of<Transaction>(now), now.Add(8 * Timestamp.Minute), [new RegisterParty(
                party, "示例有限公司", Roles.Supplier, "440300", SizeClass.Small, "", [new NewKey(key.PublicKey, KeyUse.Signing, KeyRole.LegalRepresentative, "legal-1")])]);
            (KeyId Kid, SigningKey Key)[] signers = [(new(bank.Id, FoundingKeys.Maker), maker), (new(second, FoundingKeys.Maker), other), (new(party, 1), key)];
            var text = Jws.Sign(TransactionText.WritePayload(transaction), Genesis.Chain.ChainId, [.. signers.OrderBy(signer => signer.Kid)]);
            if (await FinalAsync(api, text) is { } leaf) acknowledged.Add((bank.Id.Text, transaction.Id.ToString(), leaf));
        }
    }

    async Task<ulong?> FinalAsync(LedgerApi api, byte[] text)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var answer = await api.SubmitAsync(text, wait: true, stop.Token);
                if (answer.IsAccepted) return answer.Body.GetProperty("leaf").GetUInt64();
                Assert.True(answer.HttpStatus is 202 or 403 or 429 or 503 or 507 || answer.Code == Excused, $"{answer.HttpStatus} {answer.Code} {answer.SentenceEn}");
            }
            catch (Exception away) when (away is NodeUnreachableException or OperationCanceledException)
            {
                // Its node is away, or this load ends.
            }

            await Task.Delay(Pause, CancellationToken.None);
        }

        return null;
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
                catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
                {
                    // It is away, or stopped.
                }
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
