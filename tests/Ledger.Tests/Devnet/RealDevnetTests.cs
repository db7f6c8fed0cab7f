using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Api;
using Ledger.Client.Devnet;
using Ledger.Core.Chain;
using Ledger.Suites;
using Ledger.Tests.Cli;
using Ledger.Tests.Kills;
using Ledger.Tests.Strangers;

namespace Ledger.Tests.Devnet;

/// <summary>A network on real processes, as somebody begins, breaks and ends it.</summary>
public sealed class RealDevnetTests : IDisposable
{
    readonly CommandLine cli = new();

    public RealDevnetTests()
    {
        if (LocalProcess.Find("etcd", Environment.GetEnvironmentVariable("PATH")) is null) Python.Absent("etcd is not on this machine (Debian's etcd-server).");
        cli.Variables["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "";
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task It_anchors_on_a_chain_of_its_own_gives_it_the_set_with_a_bank_more_and_ends_that_too()
    {
        if (!Directory.Exists(Path.Combine(Repository.Root(), "contracts", "node_modules", "@foundry-rs"))) Python.Absent("npm ci has not been run in contracts.");
        var net = cli["net"];
        LocalChain? chain = null;
        try
        {
            await DoAsync("devnet", "up", "--nodes", "2", "--anchor", "--out", net, "--first-port", "25900");
            var network = DevnetFile.Read(net);
            chain = network?.Chain;
            var anchors = Path.Combine(network?.Banks[0].Folder ?? "", "anchors.json");
            await UntilAsync("verify", "anchor", network?.Banks[0].Data ?? "", "--anchors", anchors);

            // Both banks of the former set find the same rotation due, and one sends it under the words of both.
            await DoAsync("devnet", "add-node", "--votes", "--dir", net);
            while (await SetAsync(anchors) == 1) await Task.Delay(200, Cancel);
            Assert.Equal(2, await SetAsync(anchors));
        }
        finally
        {
            await DoAsync("devnet", "down", "--dir", net);
        }

        Assert.NotNull(chain?.Process);
        Assert.False(chain.Process.IsThere);
    }

    [Fact]
    public async Task Banks_under_SM2_anchor_by_the_words_that_they_ask_each_other_for()
    {
        if (!Directory.Exists(Path.Combine(Repository.Root(), "contracts", "node_modules", "@foundry-rs"))) Python.Absent("npm ci has not been run in contracts.");
        var net = cli["net"];
        try
        {
            // Of two banks both must speak, so that whoever sends has the other's word.
            await DoAsync("devnet", "up", "--nodes", "2", "--suite", "SM2", "--anchor", "--out", net, "--first-port", "26900");
            var bank = DevnetFile.Read(net)?.Banks[1] ?? throw new InvalidOperationException(net);
            await UntilAsync("verify", "anchor", bank.Data, "--anchors", Path.Combine(bank.Folder, "anchors.json"), "--lang", "en");
            Assert.Contains("all the ledger's validators", cli.Output, StringComparison.Ordinal);
        }
        finally
        {
            await DoAsync("devnet", "down", "--dir", net);
        }
    }

    async Task<int> SetAsync(string anchors)
    {
        await DoAsync("anchor", "status", anchors, "-o", "json");
        using var told = JsonDocument.Parse(cli.Output);
        return told.RootElement[0].GetProperty("set").GetInt32();
    }

    [Fact]
    public async Task It_comes_up_loses_a_bank_gets_it_back_and_leaves_nothing_behind()
    {
        var net = cli["net"];
        try
        {
            await DoAsync("devnet", "up", "--nodes", "4", "--out", net, "--first-port", "25000", "-o", "json");
            var banks = DevnetFile.Read(net)?.Banks ?? [];
            using (var told = JsonDocument.Parse(cli.Output)) Assert.Equal(banks.Select(bank => bank.Url), told.RootElement.EnumerateArray().Select(bank => bank.GetProperty("url").GetString()));
            Assert.Equal(4, banks.Count);

            var asked = await AskAsync(net, banks[0]);
            await UntilAsync("tx", "get", asked.Party, asked.Id, "--node", banks[3].Url);

            // What is asked for while a bank is away, it knows when it is back.
            await DoAsync("devnet", "kill", "bank3", "--dir", net);
            Assert.Equal(ExitCode.Fault, await cli.Run("devnet", "status", "--dir", net));
            var meanwhile = await AskAsync(net, banks[1]);
            await DoAsync("devnet", "start", "bank3", "--dir", net);
            await UntilAsync("tx", "get", meanwhile.Party, meanwhile.Id, "--node", banks[2].Url);
            await DoAsync("devnet", "status", "--wait", "--dir", net);

            // Who only observes has the whole chain, and nothing else from a bank.
            await DoAsync("devnet", "add-node", "--dir", net, "-o", "json");
            string observer;
            using (var told = JsonDocument.Parse(cli.Output)) observer = told.RootElement[0].GetProperty("url").GetString() ?? "";
            await UntilAsync("tx", "get", meanwhile.Party, meanwhile.Id, "--node", observer);
            await DoAsync("devnet", "status", "--wait", "--dir", net);
        }
        finally
        {
            await DoAsync("devnet", "down", "--dir", net);
        }

        var after = DevnetFile.Read(net);
        Assert.NotNull(after);
        Assert.All(after.Banks, bank => Assert.False(bank.Process is { IsThere: true }));
        Assert.All(after.Etcd, member => Assert.False(member.Process is { IsThere: true }));
    }

    [Fact]
    public async Task A_bank_that_the_others_vote_in_is_needed_when_one_of_them_is_lost()
    {
        var net = cli["net"];
        try
        {
            await DoAsync("devnet", "up", "--nodes", "4", "--out", net, "--first-port", "25100");
            await DoAsync("devnet", "add-node", "--votes", "--dir", net, "-o", "json");
            string comes;
            using (var told = JsonDocument.Parse(cli.Output)) comes = told.RootElement[0].GetProperty("bank").GetString() ?? "";
            var banks = DevnetFile.Read(net)?.Banks ?? [];
            Assert.Equal(5, banks.Count);
            Assert.Equal(banks[4].Name, comes);

            // The others ask its node too, and none of them was started again for that.
            foreach (var bank in banks.Take(4)) await AsksAsync(bank, banks[4]);
            Assert.All(banks.Take(4), bank => Assert.Single(File.ReadLines(Path.Combine(bank.Folder, "log")), static line => line.Contains("listening on", StringComparison.Ordinal)));

            // Four of five are a quorum.
            await DoAsync("devnet", "kill", "bank1", "--dir", net);
            var asked = await AskAsync(net, banks[4]);
            await UntilAsync("tx", "get", asked.Party, asked.Id, "--node", banks[1].Url);

            // Its place is kept over a new start of all.
            await DoAsync("devnet", "down", "--dir", net);
            await DoAsync("devnet", "up", "--dir", net);
            await DoAsync("devnet", "status", "--wait", "--dir", net);
        }
        finally
        {
            await DoAsync("devnet", "down", "--dir", net);
        }
    }

    [Fact]
    public async Task From_a_snapshot_an_observer_a_bank_that_comes_and_one_that_lost_its_disk_begin_and_are_worth_what_others_are()
    {
        var net = cli["net"];
        try
        {
            await DoAsync("devnet", "up", "--nodes", "4", "--out", net, "--first-port", "25200");
            var before = await AskAsync(net, DevnetFile.Read(net)!.Banks[1]);
            await DoAsync("devnet", "add-node", "--from-snapshot", "--dir", net);

            // Broken off when the vote was taken, it goes on from there.
            var network = DevnetFile.Read(net)!;
            var genesis = Genesis.Read(await File.ReadAllBytesAsync(Path.Combine(net, "genesis.json"), Cancel), KnownSuites.Find, out _)!;
            var with = LocalFiles.AddBank(net, network, genesis);
            await new JoiningBank(net, with, genesis, with.Banks[^1]).BeVotedInAsync(Cancel);
            await DoAsync("devnet", "add-node", "--votes", "--from-snapshot", "--dir", net);
            var banks = DevnetFile.Read(net)!.Banks;
            var (observer, comes, lost) = (banks[4], banks[5], banks[2]);
            Assert.Equal((true, false), (observer.Observes, comes.Observes));
            await BeganFromSnapshotAsync(observer);
            await BeganFromSnapshotAsync(comes);

            // Its disk is gone, and the vote with it.
            await DoAsync("devnet", "kill", lost.Name, "--dir", net);
            Directory.Delete(lost.Data, recursive: true);
            var (code, said) = await NodeProcess.RunToEndAsync(["join", "--config", Path.Combine(lost.Folder, "node.json"), "--trust", Path.Combine(net, "policy.txt")], Cancel);
            Assert.True(code == ExitCode.Ok, said);
            await DoAsync("devnet", "start", lost.Name, "--dir", net);
            await DoAsync("devnet", "status", "--wait", "--dir", net);
            using (var told = await ToldAsync(lost)) Assert.True(told.RootElement.TryGetProperty("silence", out _));
            using (var told = await ToldAsync(comes)) Assert.False(told.RootElement.TryGetProperty("silence", out _));

            // So of five banks four vote in this epoch, and each of them is needed.
            var asked = await AskAsync(net, comes);
            foreach (var bank in banks)
            {
                await UntilAsync("tx", "get", before.Party, before.Id, "--node", bank.Url);
                await UntilAsync("tx", "get", asked.Party, asked.Id, "--node", bank.Url);
            }

            await DoAsync("devnet", "status", "--wait", "--dir", net);
        }
        finally
        {
            await DoAsync("devnet", "down", "--dir", net);
        }
    }

    [Fact]
    public async Task Under_the_suite_SM2_it_comes_up_and_all_agree_on_what_one_bank_took()
    {
        var net = cli["net"];
        try
        {
            await DoAsync("devnet", "up", "--nodes", "4", "--suite", "SM2", "--out", net, "--first-port", "24300");
            var banks = DevnetFile.Read(net)?.Banks ?? [];
            var asked = await AskAsync(net, banks[1]);
            foreach (var bank in banks) await UntilAsync("tx", "get", asked.Party, asked.Id, "--node", bank.Url);
            await DoAsync("devnet", "status", "--wait", "--dir", net);
        }
        finally
        {
            await DoAsync("devnet", "down", "--dir", net);
        }
    }

    // Its chain was linked and not repeated, by its own log; then all of it is verified beside the running node.
    static async Task BeganFromSnapshotAsync(LocalBank bank)
    {
        Assert.Matches("joined chain [0-9a-f]+ .*from snapshot [0-9]+", await File.ReadAllTextAsync(Path.Combine(bank.Folder, "log"), Cancel));
        while (Path.Exists(Path.Combine(bank.Data, FolderLayout.Joined))) await Task.Delay(100, Cancel);
        using var told = await ToldAsync(bank);
        Assert.False(told.RootElement.TryGetProperty("joinedFrom", out _));
    }

    static async Task AsksAsync(LocalBank bank, LocalBank other)
    {
        while (true)
        {
            using var told = await ToldAsync(bank, "v1/peers");
            if (told.RootElement.GetRawText().Contains(other.Bank, StringComparison.Ordinal)) return;
            await Task.Delay(100, Cancel);
        }
    }

    static async Task<JsonDocument> ToldAsync(LocalBank bank, string path = "v1/node")
    {
        using var http = new HttpClient { BaseAddress = new(bank.Url) };
        return await new LedgerApi(http).ReadAsync(path, Cancel) ?? throw new InvalidOperationException(bank.Name);
    }

    // A supplier asks the enterprise to confirm what it owes, at a bank's node.
    async Task<(string Party, string Id)> AskAsync(string net, LocalBank bank)
    {
        var keys = Directory.GetFiles(Path.Combine(net, "keys"), "91440300*#1.key.json").Order(StringComparer.Ordinal).ToArray();
        string[] parties = [.. keys.Select(path => Path.GetFileName(path).Split('#')[0])];
        await DoAsync(
            "receivable", "request", "--obligor", parties[0], "--amount", "5000.00", "--contract-signed", "2026-02-01", "--obligor-size", "large", "--creditor-size", "small",
            "--consent", Path.Combine(net, "genesis.json"), "--key", keys[1], "--password-file", Path.Combine(net, "password.txt"), "--node", bank.Url, "-o", "json");
        using var told = JsonDocument.Parse(cli.Output);
        return (parties[1], told.RootElement.GetProperty("transactionId").GetString() ?? "");
    }

    // What is final at one bank reaches another a moment later.
    async Task UntilAsync(params string[] words)
    {
        for (var tries = 0; tries < 100 && await cli.Run(words) != ExitCode.Ok; tries++) await Task.Delay(100, TestContext.Current.CancellationToken);
        await DoAsync(words);
    }

    async Task DoAsync(params string[] words)
    {
        var code = await cli.Run(words);
        Assert.True(code == ExitCode.Ok, $"{string.Join(' ', words)}: {code} {cli.Error}");
    }
}
