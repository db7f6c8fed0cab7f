using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Cli;
using Ledger.Evm;
using Ledger.Tests.Cli;
using Ledger.Tests.Kills;

namespace Ledger.Tests.Anchoring;

/// <summary>The programs as their operators start them: the contract is made, the ledger opened there, a node anchors, and whoever looks from outside sees it.</summary>
public sealed class AnchorProgramTests : IAsyncLifetime
{
    readonly CommandLine cli = new();
    AnvilChain anvil = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        anvil = await AnvilChain.StartAsync();
        anvil.MineOn();
    }

    public async ValueTask DisposeAsync()
    {
        if (anvil is not null) await anvil.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task A_node_anchors_its_ledger_and_the_chain_proves_since_when_it_was_not_rewritten()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("genesis", "new", "--preset", "demo", "--out", cli["net"], "--password-file", cli["pw"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("anchor", "key", "--out", cli["net", "relayer.key.json"], "--password-file", cli["pw"], "-o", "json"));
        Assert.True(EvmAddress.TryParse(Member("account"), out var account));

        // Whoever has no money is told so, and nothing was sent.
        Assert.Equal(ExitCode.Refused, await cli.Run(Reaching("deploy")));
        await anvil.PayAsync(account);
        Assert.Equal(ExitCode.Usage, await cli.Run("anchor", "deploy", "--endpoint", "http://rpc.example", "--evm-chain", "31337", "--paying", cli["net", "relayer.key.json"], "--password-file", cli["pw"]));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run([.. Reaching("deploy").Select(static word => word == "31337" ? "1" : word)]));
        Assert.True(await cli.Run(Reaching("deploy")) == ExitCode.Ok, cli.Error);
        var contract = Member("contract");
        string[] open = [.. Reaching("open"), "--contract", contract, "--genesis", cli["net", "genesis.json"], "--out"];
        Assert.True(await cli.Run([.. open, cli["anchors.json"]]) == ExitCode.Ok, cli.Error);

        // Opened already, it is only looked at: every bank can have the file that way.
        Assert.True(await cli.Run([.. open, cli["again.json"]]) == ExitCode.Ok, cli.Error);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run([.. open.Select(word => word == contract ? account.ToString() : word), cli["other.json"]]));

        using (var node = await NodeProcess.StartAsync(cli["data"], cli["net", "genesis.json"], cli["pw"], Cancel, "--anchors", cli["anchors.json"]))
        {
            while (!(await AnchorsAsync(node)).TryGetProperty("anchorFinal", out _)) await Task.Delay(200, Cancel);
            var anchors = await AnchorsAsync(node);
            Assert.Equal((contract, 0), (anchors.GetProperty("anchorContract").GetString(), anchors.GetProperty("anchorLag").GetInt32()));
            Assert.Contains(contract, await node.Http.GetStringAsync(new Uri("nodes", UriKind.Relative), Cancel), StringComparison.Ordinal);
            Assert.Equal(ExitCode.Ok, await cli.Run("anchor", "status", cli["anchors.json"]));
            Assert.True(await cli.Run("verify", "chain", cli["data"], "--anchors", cli["anchors.json"], "--lang", "en") == ExitCode.Ok, cli.Error);
            Assert.Contains("cannot have been rewritten since", cli.Output, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Ok, await cli.Run("verify", "chain", cli["data"], "--anchors", cli["anchors.json"], "-o", "json"));
            using var told = JsonDocument.Parse(cli.Output);
            Assert.True(told.RootElement.GetProperty("anchors")[0].GetProperty("size").GetInt64() > 0);
        }

        Assert.True(await cli.Run("verify", "anchor", cli["data"], "--anchors", cli["anchors.json"]) == ExitCode.Ok, cli.Error);
        await File.WriteAllTextAsync(cli["one.json"], (await File.ReadAllTextAsync(cli["anchors.json"], Cancel)).Replace($",\n        \"{anvil.Endpoints[1]}\"", "", StringComparison.Ordinal).Replace($",\n      \"{anvil.Endpoints[1]}\"", "", StringComparison.Ordinal), Cancel);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "anchor", cli["data"], "--anchors", cli["one.json"]));
    }

    [Fact]
    public async Task A_ledger_under_SM2_is_anchored_under_an_announced_key_and_it_is_said_what_the_chain_does_not_prove()
    {
        var template = await File.ReadAllTextAsync(Path.Combine(Repository.Root(), "genesis", "demo.json"), Cancel);
        await File.WriteAllTextAsync(cli["sm2.json"], template.Replace("\"ES256\"", "\"SM2\"", StringComparison.Ordinal), Cancel);
        await DoAsync("genesis", "new", "--template", cli["sm2.json"], "--out", cli["net"], "--password-file", cli["pw"]);
        await DoAsync("anchor", "key", "--out", cli["net", "relayer.key.json"], "--password-file", cli["pw"], "-o", "json");
        Assert.True(EvmAddress.TryParse(Member("account"), out var account));
        await anvil.PayAsync(account);
        await DoAsync("anchor", "key", "--out", cli["net", "anchor.key.json"], "--password-file", cli["pw"]);
        var nodeKey = Directory.GetFiles(cli["net"], "node-*.key.json").Single();
        var bank = Path.GetFileName(nodeKey)["node-".Length..].Split('.')[0];
        string[] announce = ["anchor", "announce", "--genesis", cli["net", "genesis.json"], "--node-key", nodeKey, "--anchor-key", cli["net", "anchor.key.json"], "--password-file", cli["pw"]];
        await DoAsync([.. announce, "--bank", bank, "--out", cli["said.json"]]);

        await DoAsync([.. Reaching("deploy"), "--genesis", cli["net", "genesis.json"], "--lang", "en"]);
        Assert.Equal("UnprovenAnchor", Member("kind"));
        Assert.Contains("SM3", Member("notProven"), StringComparison.Ordinal);
        string[] open = [.. Reaching("open"), "--contract", Member("contract"), "--genesis", cli["net", "genesis.json"], "--out", cli["anchors.json"]];

        // Who announced nothing, or was announced by another key, is in no set.
        Assert.Equal(ExitCode.Refused, await cli.Run(open));
        Assert.Contains(bank, cli.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(cli["forged.json"], (await File.ReadAllTextAsync(cli["said.json"], Cancel)).Replace("\"number\": 1", "\"number\": 2", StringComparison.Ordinal), Cancel);
        Assert.Equal(ExitCode.Refused, await cli.Run([.. open, "--announcement", cli["forged.json"]]));
        await DoAsync([.. open, "--announcement", cli["said.json"]]);

        using (var node = await NodeProcess.StartAsync(cli["data"], cli["net", "genesis.json"], cli["pw"], Cancel, "--anchors", cli["anchors.json"]))
        {
            while (!(await AnchorsAsync(node)).TryGetProperty("anchorFinal", out _)) await Task.Delay(200, Cancel);
            Assert.Contains("SM3", await node.Http.GetStringAsync(new Uri("nodes", UriKind.Relative), Cancel), StringComparison.Ordinal);
            await DoAsync("anchor", "status", cli["anchors.json"], "--lang", "en");
            Assert.Contains("SM3", cli.Output, StringComparison.Ordinal);
        }

        await DoAsync("verify", "chain", cli["data"], "--anchors", cli["anchors.json"], "--lang", "en");
        Assert.Contains("cannot compute SM3", cli.Output, StringComparison.Ordinal);
        Assert.Contains("all the ledger's validators", cli.Output, StringComparison.Ordinal);
        Assert.Contains(bank, cli.Output, StringComparison.Ordinal);

        // Without the announcement nobody knows whose the key is, and then it is not verified.
        var json = JsonNode.Parse(await File.ReadAllTextAsync(cli["anchors.json"], Cancel))!.AsObject();
        json.Remove("keys");
        await File.WriteAllTextAsync(cli["nobodys.json"], json.ToJsonString(), Cancel);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "anchor", cli["data"], "--anchors", cli["nobodys.json"]));

        async Task DoAsync(params string[] words)
        {
            var code = await cli.Run(words);
            Assert.True(code == ExitCode.Ok, $"{string.Join(' ', words)}: {code} {cli.Error}");
        }
    }

    [Fact]
    public async Task A_file_of_anchors_that_cannot_be_used_keeps_no_node_from_running()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("genesis", "new", "--preset", "demo", "--out", cli["net"], "--password-file", cli["pw"]));
        foreach (var (name, text) in ((string, string)[])[("none.json", ""), ("keyless.json", System.Text.Encoding.UTF8.GetString(new AnchorFile([Keyless]).Write()))])
        {
            await WriteAsync(name, text);
            using var node = await NodeProcess.StartAsync(cli["data"], cli["net", "genesis.json"], cli["pw"], Cancel, "--anchors", cli[name]);
            using var answer = JsonDocument.Parse(await node.Http.GetStringAsync(new Uri("v1/node", UriKind.Relative), Cancel));
            Assert.Equal(0, answer.RootElement.GetProperty("anchors").GetArrayLength());
        }

        Task WriteAsync(string name, string text) => File.WriteAllTextAsync(cli[name], text, Cancel);
    }

    AnchorTarget Keyless => new("test", AnvilChain.Id, [anvil.Endpoints[0].ToString()], default(EvmAddress).ToString(), default(Core.Primitives.Hash256).ToString(), 1, 1, KeyFile: "relayer.key.json");

    string[] Reaching(string verb) =>
        ["anchor", verb, .. anvil.Endpoints.SelectMany(static address => new[] { "--endpoint", address.ToString() }), "--evm-chain", "31337", "--paying", cli["net", "relayer.key.json"], "--password-file", cli["pw"], "-o", "json"];

    string Member(string name)
    {
        using var printed = JsonDocument.Parse(cli.Output);
        return printed.RootElement.GetProperty(name).GetString() ?? "";
    }

    static async Task<JsonElement> AnchorsAsync(NodeProcess node)
    {
        using var answer = JsonDocument.Parse(await node.Http.GetStringAsync(new Uri("v1/node", UriKind.Relative), Cancel));
        return answer.RootElement.GetProperty("anchors").EnumerateArray().Select(static one => one.Clone()).FirstOrDefault(JsonDocument.Parse("{}").RootElement.Clone());
    }
}
