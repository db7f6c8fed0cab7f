using System.Security.Cryptography;
using Ledger.Client.Api;
using Ledger.Client.ChainFolder;
using Ledger.Client.Disclosures;
using Ledger.Client.Files;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Node.Demo;

public sealed record DemoOptions(string? Data, string? Invoices, string Suite, StoryLanguage Language, bool Bill, bool Exit, string Host, int Port)
{
    /// <summary>How many banks there are; one without a network.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Whether the network of several banks goes on when the story is told.</summary>
    public bool Keep { get; init; }
}

/// <summary>The main job: a fresh folder, a node on it, the story told over its API, the chain verified from outside, and a receipt to keep.</summary>
static class DemoRun
{
    // The demo's key files are for trying the command line; their password lies beside them and the derivation may be quick.
    const string PasswordFile = "password.txt";

    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancel)
    {
        var narrator = new Narrator(Console.Out, options.Language);
        if (options.Nodes > 1) return await ConsortiumRun.RunAsync(options, narrator, cancel);
        if (options.Data is not null && Directory.Exists(options.Data) && Directory.EnumerateFileSystemEntries(options.Data).Any())
            return Usage(narrator, $"{options.Data} 不是空目录：演示需要一个新目录。", $"{options.Data} is not empty: the demo wants a fresh folder.");
        if (options.Invoices is not null && !Directory.Exists(options.Invoices))
            return Usage(narrator, $"{options.Invoices} 不存在。", $"{options.Invoices} does not exist.");

        var now = new Timestamp(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo") with { Suite = options.Suite }, now);
        var invoices = DemoInvoices.Read(options.Invoices, founding.Genesis.Chain.DateOf(now), out var unusable);
        narrator.Heading("账本节点演示", "ledger-node demo");
        foreach (var (file, problem) in unusable)
            narrator.Line($"不可用：{file} —— {RefusalText.Of(problem, Language.Chinese)}", $"not usable: {file}: {RefusalText.Of(problem, Language.English)}");
        if (invoices is null) return Usage(narrator, "没有可用的发票。", "There is no usable invoice.");
        narrator.Line($"发票 V：{invoices.FileOfV}；各级其余发票为演示生成", $"invoice V: {invoices.FileOfV}; the other tiers' invoices are generated for the demonstration");

        var data = options.Data ?? Directory.CreateTempSubdirectory("ledger-demo-").FullName;
        narrator.Line($"数据目录：{data}", $"data folder: {data}");
        using var privateKey = SealingKey.Create();
        var keys = NodeKeys.Of(founding.Genesis.Chain.Suite, founding.Genesis.Text.Validators[0].Bank, founding.NodeKeys.Values.First(), new Dictionary<uint, byte[]> { [1] = founding.EpochKey })
            with { PrivateKey = NodeKeys.PrivateKeyOf(privateKey) };
        var node = new NodeOptions(data, options.Host, options.Port, NextFreePort: true, NodeOptions.DefaultSegmentBytes) { Founds = true }.OpenToTheMachine();
        using var host = NodeHost.Open(node, founding.Genesis, keys.Node, TimeProvider.System, _ => { }, out var cannot);
        if (host is null) return Usage(narrator, cannot?.Reason ?? "", cannot?.Reason ?? "");

        return await RunNode.ServeAsync(host, node, keys, operations: null, peers: null, (url, stop) => TellAsync(options, founding, privateKey, invoices, narrator, data, url, stop), cancel);
    }

    static async Task<int?> TellAsync(
        DemoOptions options, FoundingKeys founding, SealingKey privateKey, DemoInvoices invoices, Narrator narrator, string data, string url, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        var api = new LedgerApi(http);
        var cast = new Cast(new DemoClient(_ => api, DemoBanks.Of(founding)), narrator, invoices.V, (await api.HealthAsync(cancel)).LedgerTime);
        IStory story = options.Bill ? new BillStory(cast, narrator) : new ReceivableStory(cast, narrator);
        await story.TellAsync(cancel);
        var disclosures = await WriteDisclosuresAsync(cast, Path.Combine(data, "disclosures"), cancel);

        narrator.Heading("最后、离线验证，不信任任何人的服务器", "At last: verified offline, trusting nobody's server");
        await narrator.StepAsync(
            "逐字节重放并验证整条链", "every byte of the chain is replayed and checked",
            () => Task.FromResult(Verify(founding.Genesis, data, cast.Disclosed)));
        var receipt = Path.Combine(data, "receipt.tlog-proof");
        await narrator.StepAsync(
            $"取得签收回执 {receipt}", $"a receipt of the acceptance: {receipt}",
            () => ReceiptAsync(api, founding.Genesis, cast, receipt, cancel));
        await WriteKeysAsync(founding, privateKey, cast, Path.Combine(data, "demo-keys"), cancel);

        narrator.Heading(narrator.Failures == 0 ? "演示完成，全部步骤符合预期" : $"有 {narrator.Failures} 步不符合预期", narrator.Failures == 0 ? "The story came out as told" : $"{narrator.Failures} steps did not come out as told");
        narrator.Line("自己动手 / try it yourself:", "try it yourself:");
        var withDisclosures = disclosures is null ? "" : $" --disclosures {disclosures}";
        narrator.Line($"  ledger verify chain {data}{withDisclosures}", $"  ledger verify chain {data}{withDisclosures}");
        narrator.Line($"  ledger verify receipt {receipt} --genesis {Path.Combine(data, FolderLayout.Chain, FolderLayout.Genesis)}", $"  ledger verify receipt {receipt} --genesis {Path.Combine(data, FolderLayout.Chain, FolderLayout.Genesis)}");
        narrator.Line($"  curl {url}/v1/health", $"  curl {url}/v1/health");
        narrator.Line($"在浏览器中打开控制台（密钥与口令在 {Path.Combine(data, "demo-keys")}）：", $"the console, in a browser (keys and their password are in {Path.Combine(data, "demo-keys")}):");
        narrator.Line($"  {url}/", $"  {url}/");
        if (!options.Exit && narrator.Failures == 0) return null;
        return narrator.Failures == 0 ? ExitCode.Ok : ExitCode.Fault;
    }

    static StepResult Verify(Genesis genesis, string data, IReadOnlyList<DisclosureFile> disclosed)
    {
        var audit = new DisclosureAudit(disclosed);
        switch (ChainFolder.Open(data).Verify(genesis.Chain.ChainId, progress: null, audit.Read))
        {
            case ChainVerdict.Verified { Report: var report } when audit.Finish() is { IsGood: true } figures:
                return new(
                    true,
                    $"为真：{report.Blocks} 个区块，{report.Entries} 条记录，{report.Signatures} 个签名；披露的 {figures.Figures.Count} 项数额重算一致；链号 {genesis.Chain.ChainId}",
                    $"true: {report.Blocks} blocks, {report.Entries} entries, {report.Signatures} signatures; {figures.Figures.Count} disclosed figures computed again; "
                    + $"chain id {genesis.Chain.ChainId}");
            case ChainVerdict.Verified:
                return new(false, "披露与链上签名的内容不符", "the disclosures are not what was signed");
            case ChainVerdict.Falsified { Fault: var fault }:
                return new(false, fault.Chinese, fault.English);
            case ChainVerdict.CannotBeChecked unknown:
                return new(false, unknown.Chinese, unknown.English);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    // What the two sides of a financing keep in their files, for whoever wants to verify with them.
    static async Task<string?> WriteDisclosuresAsync(Cast cast, string folder, CancellationToken cancel)
    {
        if (cast.Disclosed.Count == 0) return null;
        OwnerOnly.CreateFolder(folder);
        foreach (var (i, file) in cast.Disclosed.Index()) await File.WriteAllBytesAsync(Path.Combine(folder, $"{i + 1:D2}.json"), file.ToJson(), cancel);
        return folder;
    }

    static async Task<StepResult> ReceiptAsync(LedgerApi api, Genesis genesis, Cast cast, string path, CancellationToken cancel)
    {
        if (cast.Accepted is not { } accepted || await api.ReceiptAsync(accepted.Party.Text, accepted.Id.ToString(), cancel) is not { } receipt)
            return new(false, "没有回执", "there is no receipt");
        await File.WriteAllBytesAsync(path, receipt, cancel);
        return TlogProof.TryParse(receipt, out var proof) && proof.Verify(genesis.Chain.Suite, genesis.Policy) == ProofVerdict.Verified
            ? new(true, "无需节点即可验证", "it verifies without any node")
            : new(false, "回执验证不通过", "the receipt does not verify");
    }

    static async Task WriteKeysAsync(FoundingKeys founding, SealingKey privateKey, Cast cast, string folder, CancellationToken cancel)
    {
        OwnerOnly.CreateFolder(folder);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await File.WriteAllTextAsync(Path.Combine(folder, PasswordFile), password + "\n", cancel);
        var signing = founding.Keys.Where(pair => pair.Value is SigningKey).Select(pair => (pair.Key, (SigningKey)pair.Value));
        foreach (var (kid, key) in signing.Concat(cast.Keys))
            KeyFile.Lock(key, kid.ToString(), password, KeyFile.MinIterations).TryWriteNew(Path.Combine(folder, $"{kid}.key.json"));
        foreach (var (bank, key) in founding.NodeKeys)
            KeyFile.Lock(key, $"node-{bank}", password, KeyFile.MinIterations).TryWriteNew(Path.Combine(folder, $"node-{bank}.key.json"));

        // They have begun this chain, and must not begin another beside it.
        foreach (var (bank, key) in founding.NodeKeys)
            new FoundingMark(NodeKeys.MarkFile(folder, bank)).Write(founding.Genesis.Chain.ChainId, key.PublicKey, Path.GetDirectoryName(folder) ?? folder, TimeProvider.System.GetUtcNow());
        var privateFile = NodeKeys.PrivateFile(founding.Genesis.Text.Validators[0].Bank);
        KeyFile.Lock(privateKey, privateFile, password, KeyFile.MinIterations).TryWriteNew(Path.Combine(folder, privateFile));
        await File.WriteAllBytesAsync(Path.Combine(folder, FolderLayout.Genesis), founding.Genesis.Bytes.ToArray(), cancel);
    }

    static int Usage(Narrator narrator, string chinese, string english)
    {
        Console.Error.WriteLine(narrator.Say(chinese, english));
        return ExitCode.Usage;
    }
}
