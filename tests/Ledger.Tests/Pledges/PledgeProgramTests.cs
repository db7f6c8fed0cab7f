using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Documents;
using Ledger.Client.Invoices;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Tests.Anchoring;
using Ledger.Tests.Cli;
using Ledger.Tests.Kills;

namespace Ledger.Tests.Pledges;

/// <summary>Two consortia that know nothing of each other's ledgers, as their operators work: one invoice, one tag, and one of them lends.</summary>
public sealed class PledgeProgramTests : IAsyncLifetime
{
    const string Document = "AAAAAAAAAAAAAAAAAAAAAQ", Another = "AAAAAAAAAAAAAAAAAAAAAg";

    readonly CommandLine cli = new();
    AnvilChain? anvil;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (anvil is not null) await anvil.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task Three_banks_of_a_key_that_two_dealt_make_one_tag_for_whoever_asks_and_a_false_answer_is_named()
    {
        await DealAsync();
        await WriteAsync("north.json", Salt(1));
        await WriteAsync("south.json", Salt(2));
        var north = await TagAsync("north");
        Assert.Equal(north, await TagAsync("south"));

        // Two of three are enough, a changed one is left out, and two are not enough where one is changed.
        await File.WriteAllTextAsync(cli["false.json"], (await File.ReadAllTextAsync(cli["north-1.json"], Cancel)).Replace("\"number\": 1", "\"number\": 3", StringComparison.Ordinal), Cancel);
        await OkAsync("pledge", "tag", "--group", cli["key.json"], "--secret", cli["north.secret"], "--answer", cli["false.json"], "--answer", cli["north-1.json"], "--answer", cli["north-2.json"], "--lang", "en");
        Assert.Contains("false.json is left out: its proof does not hold", cli.Error, StringComparison.Ordinal);
        Assert.Contains(north, cli.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("pledge", "tag", "--group", cli["key.json"], "--secret", cli["north.secret"], "--answer", cli["false.json"], "--answer", cli["north-1.json"]));

        // Nobody answers for who may not ask, or for what it did not sign.
        await File.WriteAllTextAsync(cli["changed.json"], (await File.ReadAllTextAsync(cli["north.ask"], Cancel)).Replace("\"asker\": \"north\"", "\"asker\": \"south\"", StringComparison.Ordinal), Cancel);
        Assert.Equal(ExitCode.Refused, await cli.Run("pledge", "evaluate", cli["changed.json"], "--group", cli["key.json"], "--share", cli["share-1.key.json"], "--password-file", cli["pw"]));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("pledge", "key", "open", "--dealing", cli["dealing-1.json"], "--number", "2", "--sealing-key", cli["sealing-1.key.json"], "--sealing-password-file", cli["pw"], "--out", cli["no.key.json"], "--password-file", cli["pw"]));
    }

    [Fact]
    public async Task A_node_answers_for_its_bank_with_the_share_beside_its_genesis_file()
    {
        await DealAsync();
        await WriteAsync("north.json", Salt(1));
        var tag = await TagAsync("north");
        await OkAsync("genesis", "new", "--preset", "demo", "--out", cli["net"], "--password-file", cli["pw"]);
        File.Copy(cli["share-3.key.json"], cli["net", "pledge-share.key.json"]);
        using var node = await NodeProcess.StartAsync(cli["data"], cli["net", "genesis.json"], cli["pw"], Cancel, "--pledge-key", cli["key.json"]);

        await OkAsync("pledge", "send", cli["north.ask"], "--node", $"{node.Http.BaseAddress}", "--out", cli["north-3.json"]);
        await OkAsync("pledge", "tag", "--group", cli["key.json"], "--secret", cli["north.secret"], "--answer", cli["north-3.json"], "--answer", cli["north-1.json"], "-o", "json");
        Assert.Equal(tag, One("tag"));
        Assert.True(File.Exists(cli["data", "pledges.db"]));
    }

    [Fact]
    public async Task Registries_that_trust_each_other_share_a_secret_and_are_told_what_that_means()
    {
        await WriteAsync("north.json", Salt(1));
        await WriteAsync("south.json", Salt(2));
        await OkAsync("pledge", "tag", "--shared-key", cli["shared.key"], "--opening", cli["north.json"], "--lang", "en", "-o", "json");
        var north = One("tag");
        Assert.Equal("shared secret: every registry can try", One("kind"));
        await OkAsync("pledge", "tag", "--shared-key", cli["shared.key"], "--opening", cli["south.json"], "-o", "json");
        Assert.Equal(north, One("tag"));
        await OkAsync("pledge", "tag", "--shared-key", cli["other.key"], "--opening", cli["south.json"], "-o", "json");
        Assert.NotEqual(north, One("tag"));
    }

    [Fact]
    public async Task What_one_consortium_has_reserved_or_lent_on_is_refused_to_the_other_until_it_is_given_back()
    {
        anvil = await AnvilChain.StartAsync();
        await anvil.DoAsync("evm_setNextBlockTimestamp", 4_102_444_800);
        await anvil.DoAsync("anvil_setBlockTimestampInterval", 30);
        anvil.MineOn();
        var accounts = new List<string>();
        foreach (var name in (string[])["north", "south"])
        {
            await OkAsync("genesis", "new", "--preset", "demo", "--out", cli[name], "--password-file", cli["pw"]);
            await OkAsync("anchor", "key", "--out", cli[$"{name}.key.json"], "--password-file", cli["pw"], "-o", "json");
            accounts.Add(Printed("account"));
            Assert.True(Ledger.Evm.EvmAddress.TryParse(accounts[^1], out var account));
            await anvil.PayAsync(account);
        }

        await OkAsync(["pledge", "deploy", "--registry", $"100={accounts[0]}", "--registry", $"100={accounts[1]}", .. Reaching("north")]);
        var contract = Printed("contract");
        await WriteAsync("invoice.json", Salt(1));
        await OkAsync("pledge", "tag", "--shared-key", cli["shared.key"], "--opening", cli["invoice.json"], "-o", "json");
        var tag = One("tag");

        await OkAsync(Reserve("north", Document));
        Assert.Equal(ExitCode.Refused, await cli.Run(Reserve("south", Another)));
        Assert.Equal(ExitCode.Refused, await cli.Run(["pledge", "finance", "--tag", tag, "--until", "2100-06-30", "--contract", contract, .. Reaching("south")]));
        Assert.Contains("ClaimIsNotLive", cli.Error, StringComparison.Ordinal);
        await OkAsync(["pledge", "finance", "--tag", tag, "--until", "2100-06-30", "--contract", contract, .. Reaching("north")]);
        Assert.Equal(ExitCode.Refused, await cli.Run(Reserve("south", Another)));
        await OkAsync(Status());
        Assert.Equal("1", One("registry"));
        await OkAsync(["pledge", "release", "--tag", tag, "--contract", contract, .. Reaching("north")]);
        await OkAsync(Status());
        Assert.Equal("", One("registry"));
        await OkAsync(Reserve("south", Another));
        await OkAsync(Status());
        Assert.Equal("2", One("registry"));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run([.. Status().Select(word => word == contract ? accounts[0] : word)]));

        string[] Reserve(string name, string document) =>
            ["pledge", "reserve", "--tag", tag, "--document", document, "--genesis", cli[name, "genesis.json"], "--contract", contract, .. Reaching(name)];

        string[] Status() => ["pledge", "status", "--tag", tag, "--contract", contract, .. Endpoints, "-o", "json"];
    }

    IEnumerable<string> Endpoints => [.. anvil!.Endpoints.SelectMany(static address => new[] { "--endpoint", address.ToString() }), "--evm-chain", "31337"];

    string[] Reaching(string name) => [.. Endpoints, "--paying", cli[$"{name}.key.json"], "--password-file", cli["pw"], "-o", "json", "--lang", "en"];

    /// <summary>Two dealers, three banks of which two are enough, and two that may ask.</summary>
    async Task DealAsync()
    {
        var evaluators = new List<string>();
        for (var bank = 1; bank <= 3; bank++)
        {
            await OkAsync("key", "new", "--party", "91440300MA1000017E", "--number", $"{bank}", "--use", "sealing", "--out", cli[$"sealing-{bank}.key.json"], "--password-file", cli["pw"], "-o", "json");
            evaluators.AddRange(["--evaluator", $"bank-{bank}={Printed("publicKey")}"]);
        }

        for (var dealer = 1; dealer <= 2; dealer++) await OkAsync(["pledge", "key", "deal", "--name", $"dealer {dealer}", "--threshold", "2", .. evaluators, "--out", cli[$"dealing-{dealer}.json"]]);
        string[] dealings = ["--dealing", cli["dealing-1.json"], "--dealing", cli["dealing-2.json"]];
        var askers = new List<string>();
        foreach (var name in (string[])["north", "south"])
        {
            await OkAsync("key", "new", "--party", "91440300MA1000017E", "--number", "1", "--suite", name == "north" ? "ES256" : "SM2", "--out", cli[$"{name}-asks.key.json"], "--password-file", cli["pw"], "-o", "json");
            askers.AddRange(["--asker", $"{name}={Printed("suite")}={Printed("publicKey")}=100"]);
        }

        await OkAsync(["pledge", "key", "sum", "--name", "receivables", .. dealings, .. askers, "--out", cli["key.json"]]);
        for (var bank = 1; bank <= 3; bank++)
        {
            await OkAsync([
                "pledge", "key", "open", .. dealings, "--number", $"{bank}", "--sealing-key", cli[$"sealing-{bank}.key.json"], "--sealing-password-file", cli["pw"], "--out", cli[$"share-{bank}.key.json"], "--password-file", cli["pw"]]);
        }

        await OkAsync("pledge", "key", "show", cli["key.json"], "-o", "json");
        Assert.Equal("2", Printed("threshold"));
    }

    async Task<string> TagAsync(string name)
    {
        await OkAsync(
            "pledge", "ask", "--group", cli["key.json"], "--opening", cli[$"{name}.json"], "--asker", name, "--signing-key", cli[$"{name}-asks.key.json"], "--password-file", cli["pw"], "--out", cli[$"{name}.ask"], "--secret", cli[$"{name}.secret"]);
        var answers = new List<string>();
        for (var bank = 1; bank <= 2; bank++)
        {
            await OkAsync("pledge", "evaluate", cli[$"{name}.ask"], "--group", cli["key.json"], "--share", cli[$"share-{bank}.key.json"], "--password-file", cli["pw"], "--out", cli[$"{name}-{bank}.json"], "--lang", "en");
            Assert.Contains($"{name} asks for tags: 1", cli.Error, StringComparison.Ordinal);
            answers.AddRange(["--answer", cli[$"{name}-{bank}.json"]]);
        }

        await OkAsync(["pledge", "tag", "--group", cli["key.json"], "--secret", cli[$"{name}.secret"], .. answers, "-o", "json"]);
        return One("tag");
    }

    Task WriteAsync(string name, ByteString salt)
    {
        Assert.True(DocumentOpening.TryCreate(
            salt, DocumentKind.Invoice, "", "26990000000000000001", FictionalUscc.Of("310115", 1), FictionalUscc.Of("320500", 2), Currency.Cny, new(100), new(2026, 1, 1), out var opening, out _));
        return File.WriteAllBytesAsync(cli[name], opening.ToJson(), Cancel);
    }

    async Task OkAsync(params string[] words) => Assert.True(await cli.Run(words) == ExitCode.Ok, $"{string.Join(' ', words)}: {cli.Error}");

    string Printed(string name)
    {
        using var printed = JsonDocument.Parse(cli.Output);
        return printed.RootElement.GetProperty(name).ToString();
    }

    string One(string name)
    {
        using var printed = JsonDocument.Parse(cli.Output);
        return printed.RootElement[0].GetProperty(name).ToString();
    }

    static ByteString Salt(byte last) => new((byte[])[.. new byte[DocumentOpening.SaltSize - 1], last]);
}
