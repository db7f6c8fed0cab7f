using Ledger.Client.Api;
using Ledger.Client.Devnet;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Node.Demo;

/// <summary>The demo of several banks: a network on this machine, the story told over it, and an end of all that was started, unless it is to be kept.</summary>
static class ConsortiumRun
{
    const int FewestNodes = 4;
    const string Etcd = "etcd";

    public static async Task<int> RunAsync(DemoOptions options, Narrator narrator, CancellationToken cancel)
    {
        // Of fewer, none can be lost.
        if (options.Nodes is < FewestNodes or > LocalGenesis.MostNodes || options.Bill)
            return Usage(narrator, $"--nodes 为 {FewestNodes} 至 {LocalGenesis.MostNodes}，且不与 --bill 同用。", $"--nodes is {FewestNodes} to {LocalGenesis.MostNodes}, and goes without --bill.");
        if (!LocalProcess.IsPossible) return Usage(narrator, "多家银行的演示仅支持 Linux。", "The demo of several banks runs on Linux only.");
        if (LocalProcess.Find(Etcd, Environment.GetEnvironmentVariable("PATH")) is not { } etcd)
        {
            Console.Error.WriteLine(narrator.Say("本机没有 etcd：apt-get install etcd-server", "etcd is not on this machine: apt-get install etcd-server"));
            return ExitCode.Fault;
        }

        var now = TimeProvider.System.GetUtcNow();
        var day = DateOnly.FromDateTime(now.ToOffset(TimeSpan.FromHours(8)).Date);
        if (DemoInvoices.Read(options.Invoices, day, out _) is not { } invoices) return Usage(narrator, "没有可用的发票。", "There is no usable invoice.");

        narrator.Heading("账本节点演示：多家银行，一本账", "ledger-node demo: several banks, one ledger");
        var folder = options.Data ?? Path.Combine(Directory.CreateTempSubdirectory("ledger-demo-").FullName, "network");
        var wishes = new DevnetWishes(options.Nodes, options.Suite, options.Port == 0 ? Random.Shared.Next(10_000, 30_000) : options.Port, Program(), etcd);
        try
        {
            var network = LocalNetwork.Make(folder, wishes, now, narrator.Line);
            try
            {
                await network.UpAsync(cancel);
                foreach (var bank in network.File.Banks) narrator.Line($"{bank.Name}  {bank.Title}  {bank.Url}", $"{bank.Name}  {bank.Title}  {bank.Url}");
                return await TellAsync(network, invoices, options, narrator, cancel);
            }
            finally
            {
                if (!options.Keep) await network.DownAsync(purge: false, CancellationToken.None);
            }
        }
        catch (DevnetException fault)
        {
            Console.Error.WriteLine(narrator.Say(fault.Chinese, fault.Message));
            return fault.Kind == DevnetFaultKind.Usage ? ExitCode.Usage : ExitCode.Fault;
        }
    }

    static async Task<int> TellAsync(LocalNetwork network, DemoInvoices invoices, DemoOptions options, Narrator narrator, CancellationToken cancel)
    {
        var bytes = await File.ReadAllBytesAsync(network.GenesisPath, cancel);
        var genesis = Genesis.Read(bytes, KnownSuites.Find, out var problem) ?? throw new InvalidDataException(problem);
        var makers = genesis.Text.Parties.ToDictionary(bank => bank.Id, bank => network.OpenMaker(bank.Id));
        var nodes = network.File.Banks.ToDictionary(bank => bank.Id, bank => new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(bank.Url) });
        try
        {
            // Every founding bank opens the same fingerprint key with its own.
            var first = network.File.Banks[0];
            var keys = NodeKeys.Open(genesis, first.Folder, File.ReadLines(network.PasswordPath).First(), out problem) ?? throw new InvalidDataException(problem);
            var homes = new Dictionary<PartyId, PartyId>();
            LedgerApi NodeOf(PartyId party) => new(nodes[homes.GetValueOrDefault(party, nodes.ContainsKey(party) ? party : first.Id)]);
            var client = new DemoClient(NodeOf, new(genesis, makers, keys.EpochKeys.Of(genesis.State())[1]));
            var cast = new Cast(client, narrator, invoices.V, await client.NowAsync(cancel));
            (homes[cast.B.Id], homes[cast.P.Id]) = (cast.Y.Id, cast.Z.Id);

            await new ConsortiumStory(cast, client, narrator, network, bank => NodeOf(bank.Id)).TellAsync(cancel);
        }
        finally
        {
            foreach (var key in makers.Values) key.Dispose();
            foreach (var http in nodes.Values) http.Dispose();
        }

        narrator.Heading(narrator.Failures == 0 ? "演示完成，全部步骤符合预期" : $"有 {narrator.Failures} 步不符合预期", narrator.Failures == 0 ? "The story came out as told" : $"{narrator.Failures} steps did not come out as told");
        narrator.Line($"网络的目录：{network.Folder}", $"the network's folder: {network.Folder}");
        narrator.Line($"  ledger devnet status --dir {network.Folder}", $"  ledger devnet status --dir {network.Folder}");
        narrator.Line($"  ledger verify chain {network.File.Banks[0].Data}", $"  ledger verify chain {network.File.Banks[0].Data}");
        foreach (var evidence in Directory.EnumerateFiles(Path.Combine(network.File.Banks[0].Data, FolderLayout.Evidence), "*.evidence"))
            narrator.Line($"  ledger verify evidence {evidence} --genesis {network.GenesisPath}", $"  ledger verify evidence {evidence} --genesis {network.GenesisPath}");
        if (!options.Exit && !options.Keep && narrator.Failures == 0)
        {
            narrator.Line("在浏览器中打开任一银行的地址即为控制台；Ctrl-C 结束全部进程。", "any bank's address is its console in a browser; Ctrl-C ends all of it.");
            await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return narrator.Failures == 0 ? ExitCode.Ok : ExitCode.Fault;
    }

    // This program, as it was started.
    static string Program() => typeof(ConsortiumRun).Assembly.Location is { Length: > 0 } file ? file : Environment.ProcessPath ?? "";

    static int Usage(Narrator narrator, string chinese, string english)
    {
        Console.Error.WriteLine(narrator.Say(chinese, english));
        return ExitCode.Usage;
    }
}
