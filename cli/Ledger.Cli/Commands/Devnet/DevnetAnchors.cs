using Ledger.Client.Devnet;
using Ledger.Client.Signing;
using Ledger.Evm;

namespace Ledger.Cli.Commands.Devnet;

/// <summary>What a new network on this machine needs to anchor: a test chain, the contract on it, the ledger opened there, and for each bank a key with money and its turn, and an anchor key where the contract takes words.</summary>
static class DevnetAnchors
{
    const string KeyFile = "relayer.key.json";
    const string AnchorKeyFile = "anchor.key.json";
    const ulong Chain = 31_337;
    const string Much = "0x56bc75e2d63100000";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Nothing, and one line that says why, where the test chain is not on this machine: the network runs without.</summary>
    public static async Task MakeAsync(Run run, LocalNetwork network, CancellationToken cancel)
    {
        if (Find(run) is not { } program)
        {
            run.Output.Message("本机没有 anvil，网络不锚定：在 contracts 目录执行 npm ci --ignore-scripts。", "anvil is not on this machine, and nothing is anchored: npm ci --ignore-scripts in the folder contracts.");
            return;
        }

        var urls = (await network.StartChainAsync(program, cancel)).Urls;
        using var chain = new EvmChain(Chain, [new(new(urls[0]), Patience)]);
        using var first = new EvmEndpoint(new(urls[0]), Patience);
        var genesis = run.Genesis(network.GenesisPath);
        var artifact = AnchorArtifact.For(genesis.Chain.Suite.Name, verifiesP256: true);
        var voters = network.File.Voters.ToArray();
        EvmKey[] words = artifact.TakesWords ? [.. voters.Select(static _ => EvmKey.Create())] : [];
        var announced = words.Select((key, rank) => Announce(network, voters[rank], genesis.Origin, key)).ToArray();
        var set = AnchorCommands.FirstSet(genesis, artifact, announced);
        EvmAddress contract = default;
        foreach (var (rank, bank) in voters.Index())
        {
            using var key = EvmKey.Create();
            var keys = new Dictionary<string, PrivateKey>(StringComparer.Ordinal) { [KeyFile] = key };
            if (artifact.TakesWords) keys[AnchorKeyFile] = words[rank];
            await AnchorCommands.Reached(() => first.AskAsync("anvil_setBalance", [LocalSigner.AddressOf(key).ToString(), Much], cancel));
            if (rank == 0) contract = await AnchorCommands.Reached(() => OpenAsync(run, chain, key, artifact, set, cancel));
            var target = new AnchorTarget(
                "devnet", Chain, urls, contract.ToString(), set.Hash().ToString(), GweiADay: 1_000_000_000, MaxFeeGwei: 1_000, KeyFile: KeyFile, EveryMinutes: 1, Rank: rank, TurnMinutes: 1, Confirmations: 1, FinalAfter: 4);
            network.Anchor(bank, keys, new AnchorFile([target], announced.Length > 0 ? announced : null).Write());
        }

        foreach (var key in words) key.Dispose();
    }

    static AnchorAnnouncement Announce(LocalNetwork network, LocalBank bank, string origin, EvmKey key)
    {
        using var node = network.NodeKeyOf(bank);
        return AnchorAnnouncement.Make(bank.Id, 1, origin, node, key);
    }

    static async Task<EvmAddress> OpenAsync(Run run, EvmChain chain, EvmKey key, AnchorArtifact artifact, SignerSet set, CancellationToken cancel)
    {
        var signer = new LocalSigner(key);
        var (made, _) = await EvmSending.SendAsync(chain, signer, null, artifact.Creation, 1_000 * AnchorTarget.Gwei, static _ => { }, run.Terminal.Time, cancel);
        var contract = await chain.CreatedAsync(made.Hash, cancel);
        await EvmSending.SendAsync(chain, signer, contract, AnchorContract.Open(set), 1_000 * AnchorTarget.Gwei, static _ => { }, run.Terminal.Time, cancel);
        return contract;
    }

    // On the path, or where the contracts' own tests have it, in this folder or one above.
    static string? Find(Run run)
    {
        if (LocalProcess.Find("anvil", run.Terminal.Variable("PATH")) is { } installed) return installed;
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            var packages = Path.Combine(folder.FullName, "contracts", "node_modules", "@foundry-rs");
            if (Directory.Exists(packages) && Directory.GetDirectories(packages, "anvil-*").Select(static package => Path.Combine(package, "bin", "anvil")).FirstOrDefault(File.Exists) is { } pinned) return pinned;
        }

        return null;
    }
}
