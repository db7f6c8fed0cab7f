using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Client.ChainFolder;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Cli.Commands;

/// <summary>How a command that verifies is told whom to trust: the chain's genesis, or a policy file.</summary>
sealed class TrustOptions
{
    readonly Option<string?> genesis = Options.TextOption("--genesis", "该链的创世文件：信任其法定数量的验证银行", "the chain's genesis: its validators' quorum is trusted", value: "FILE");
    readonly Option<string?> policy = Options.TextOption("--policy", "信任策略文件（C2SP tlog-policy）", "a trust policy file (C2SP tlog-policy)", value: "FILE");
    readonly Option<Hash256?> chainId = VerifyCommands.ChainIdOption();

    public IEnumerable<Symbol> All => [genesis, policy, chainId];

    /// <summary>The policy file that was named; null where none was.</summary>
    public string? PolicyFile(Run run) => run.Value(policy);

    public Trust Of(Run run) => Trust.Of(run, run.Value(genesis), run.Value(policy), run.Value(chainId));

    /// <summary>The same where it may be left out; null where it is.</summary>
    public Trust? IfGiven(Run run) => run.Value(genesis) is null && run.Value(policy) is null && run.Value(chainId) is null ? null : Of(run);
}

/// <summary>Whom the person trusts, from genesis or from a policy file.</summary>
sealed record Trust(CryptoSuite Suite, TrustPolicy Policy, Genesis? Genesis, bool IsPinned, (string Chinese, string English) Asks)
{
    // A policy does not say where the chain is: then in UTC's offset of China, as everywhere where nothing is known.
    const int UsualOffset = 480;

    // The year 9999, behind which no time can be told.
    const ulong EndOfTime = 253_370_764_800;

    public Hash256? ChainId => Genesis?.Chain.ChainId;

    /// <summary>In which offset times are told.</summary>
    public int OffsetMinutes => Genesis?.Chain.OffsetMinutes ?? UsualOffset;

    /// <summary>The policy that a person pinned; null for none.</summary>
    public static TrustPolicy? Pinned(Run run, string? path) => path is null ? null : Of(run, genesisPath: null, path, chainId: null).Policy;

    public static Trust Of(Run run, string? genesisPath, string? policyPath, Hash256? chainId)
    {
        if (genesisPath is not null && policyPath is not null) throw StopException.Usage("请在 --genesis 与 --policy 中二选一。", "Give either --genesis or --policy.");
        if (genesisPath is not null) return OfGenesis(run.Genesis(genesisPath), chainId);
        if (policyPath is not null) return OfPolicy(run, Encoding.UTF8.GetString(run.Read(policyPath)), policyPath);
        throw new StopException(
            ExitCode.CouldNotCheck,
            "无法核验：没有信任依据。请用 --genesis 或 --policy 给出您信任的银行密钥。",
            "Could not be checked: there is nothing to trust. Give the banks' keys that you trust with --genesis or --policy.");
    }

    public string NameOf(VKey key)
    {
        var bank = Genesis?.Text.Validators.FirstOrDefault(validator => validator.NodeKey == key.PublicKey)?.Bank;
        var name = Genesis?.Text.Parties.FirstOrDefault(party => party.Id == bank)?.Name;
        return bank is { } id ? $"{name} {id}" : $"{key.Name}+{key.KeyId:x8}";
    }

    /// <summary>Whose signatures on a note are good.</summary>
    public JsonArray Signers(Note note) => [.. Policy.Check(Suite, note).Signers.Select(key => (JsonNode)(NameOf(key) + SeenAt(note, key)))];

    // A witness signs when it saw the checkpoint, which is nobody else's word.
    string SeenAt(Note note, VKey key)
    {
        if (key.Kind != VKeyKind.Ed25519Cosignature) return "";
        var line = note.Signatures.First(one => one.KeyId == key.KeyId && one.KeyName == key.Name);
        if (!Cosignature.TryRead(line.Signature.Span, out var read) || read.UnixSeconds >= EndOfTime) return "";
        return $" {DateTimeOffset.FromUnixTimeSeconds((long)read.UnixSeconds).ToOffset(TimeSpan.FromMinutes(OffsetMinutes)).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)}";
    }

    public JsonArray Names(ValueList<VKey> keys) => [.. keys.Select(key => (JsonNode)NameOf(key))];

    static Trust OfGenesis(Genesis genesis, Hash256? chainId)
    {
        if (chainId is { } known && known != genesis.Chain.ChainId)
            throw new StopException(ExitCode.VerificationFalse, "核验不通过：创世文件不是该链标识的文件。", "False: the genesis file is not that of this chain id.");
        var (count, needed) = (genesis.Text.Validators.Count, Quorum.SizeOf(genesis.Text.Validators.Count));
        return new(
            genesis.Chain.Suite, genesis.Policy, genesis, chainId is not null,
            ($"创世 {count} 家验证银行中须有 {needed} 家签名", $"genesis asks for {needed} of {count} validating banks"));
    }

    static Trust OfPolicy(Run run, string text, string path)
    {
        if (PolicyText.GoodUntil(text) is { } until && run.Now.DateAt(offsetMinutes: 0) > until)
        {
            throw new StopException(
                ExitCode.CouldNotCheck, $"无法核验：信任策略 {path} 只用到 {until:yyyy-MM-dd}；验证节点可能已变更，请取得新的策略（ledger export policy）。",
                $"Could not be checked: the policy {path} was good until {until:yyyy-MM-dd}; the validators may have changed since. Get a new one (ledger export policy).");
        }

        if (!TrustPolicy.TryParsePolicyFile(text, out var policy, out var badLine))
            throw new StopException(ExitCode.CouldNotCheck, $"无法核验：信任策略 {path} 第 {badLine} 行有误。", $"Could not be checked: the policy {path} is wrong in line {badLine}.");

        // The log's key names the suite; a key that no suite has is of a C2SP log, whose hash is SHA-256.
        var suite = policy.Logs.Select(log => log.SuiteName).OfType<string>().Select(KnownSuites.Find).FirstOrDefault(found => found is not null);
        return new(suite ?? KnownSuites.P256, policy with { Cosignatures = CosignatureKeys.Verify }, null, IsPinned: true, ("信任策略所要求的均已具备", "the policy's quorum is there"));
    }
}
