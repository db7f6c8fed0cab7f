using Ledger.Client.Devnet;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Evm;

namespace Ledger.Cli.Commands.Devnet;

/// <summary>What a new network on this machine needs to anchor: a test chain, the contract on it, the ledger opened there, and for each bank a key with money and its turn.</summary>
static class DevnetAnchors
{
    const string KeyFile = "relayer.key.json";
    const ulong Chain = 31_337;
    const string Much = "0x56bc75e2d63100000";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Nothing, and one line that says why, where the test chain is not on this machine: the network runs without.</summary>
    public static async Task MakeAsync(Run run, LocalNetwork network, CancellationToken cancel)
    {
        if (network.File.Suite != P256Suite.SuiteName) throw StopException.Usage("合约只核验 ES256 账本的签名：--anchor 不能用于 SM2。", "The contract verifies the signatures of ledgers under ES256: --anchor is not for SM2.");
        if (Find(run) is not { } program)
        {
            run.Output.Message("本机没有 anvil，网络不锚定：在 contracts 目录执行 npm ci --ignore-scripts。", "anvil is not on this machine, and nothing is anchored: npm ci --ignore-scripts in the folder contracts.");
            return;
        }

        var urls = (await network.StartChainAsync(program, cancel)).Urls;
        using var chain = new EvmChain(Chain, [new(new(urls[0]), Patience)]);
        using var first = new EvmEndpoint(new(urls[0]), Patience);
        var genesis = run.Genesis(network.GenesisPath);
        var set = SignerSet.Of(genesis.Text.Validators.Select(static validator => validator.NodeKey), genesis.Origin);
        EvmAddress contract = default;
        foreach (var (rank, bank) in network.File.Voters.ToArray().Index())
        {
            using var key = EvmKey.Create();
            await AnchorCommands.Reached(() => first.AskAsync("anvil_setBalance", [LocalSigner.AddressOf(key).ToString(), Much], cancel));
            if (rank == 0) contract = await AnchorCommands.Reached(() => OpenAsync(run, chain, key, set, cancel));
            var target = new AnchorTarget(
                "devnet", Chain, urls, contract.ToString(), set.Hash().ToString(), GweiADay: 1_000_000_000, MaxFeeGwei: 1_000, KeyFile: KeyFile, EveryMinutes: 1, Rank: rank, TurnMinutes: 1, Confirmations: 1, FinalAfter: 4);
            network.Anchor(bank, key, KeyFile, new AnchorFile([target]).Write());
        }
    }

    static async Task<EvmAddress> OpenAsync(Run run, EvmChain chain, EvmKey key, SignerSet set, CancellationToken cancel)
    {
        var signer = new LocalSigner(key);
        var (made, _) = await EvmSending.SendAsync(chain, signer, null, AnchorArtifact.Anchor.Creation, 1_000 * AnchorTarget.Gwei, static _ => { }, run.Terminal.Time, cancel);
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
