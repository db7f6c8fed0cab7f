using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Devnet;
using Ledger.Core.State;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Tests.Http;

namespace Ledger.Tests.Cli;

/// <summary>What <c>ledger node</c> and the console's page tell of a node that takes acts, and of one that does not.</summary>
public sealed class NodeStatusTests : IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_node_that_takes_acts_says_so_and_that_nothing_is_to_be_done()
    {
        await using var node = new TestNode();
        await node.InitializeAsync();

        Assert.Equal(ExitCode.Ok, await cli.Run("node", "status", "--node", node.Address.ToString()));
        Assert.Contains("acts are taken", cli.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing is to be done.", cli.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await cli.Run("node", "status", "--node", node.Address.ToString(), "--lang", "zh"));
        Assert.Contains("无须处理。", cli.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await cli.Run("node", "status", "--node", node.Address.ToString(), "-o", "json"));
        using var told = JsonDocument.Parse(cli.Output);
        Assert.Equal(("embedded", 1, 0), (told.RootElement.GetProperty("order").GetString(), told.RootElement.GetProperty("quorum").GetInt32(), told.RootElement.GetProperty("next").GetArrayLength()));
    }

    [Fact]
    public async Task A_node_without_room_exits_with_1_under_its_number_and_tells_of_members_peers_and_certificates()
    {
        var soon = TimeProvider.System.GetUtcNow().AddDays(3);
        var members = new EtcdBook(["127.0.0.1:2379", "127.0.0.1:2381"], soon);
        members.Note(new("127.0.0.1:2379", IsLeader: true, 9, 5 << 20, 1 << 20, "3.4.23", TimeProvider.System.GetUtcNow(), ["NOSPACE"], null));
        var peer = new Peers.FakePeer(World.W, [], 0) { CertificateExpires = soon };
        var book = new PeerBook([peer], soon);
        book.Failed(new(World.W, PeerFaultKind.NotReached));
        await using var node = new TestNode { Options = RunningNode.Open with { Etcd = members, Peers = book } };
        await node.InitializeAsync();
        node.Loop.HoldsWrites = true;

        Assert.Equal(ExitCode.Fault, await cli.Run("node", "status", "--node", node.Address.ToString()));
        foreach (var said in (string[])["reads only", $"({(int)Refusal.StorageFull})", "NOSPACE", "the node was not reached", "ends in 2 days", "Make room"]) Assert.Contains(said, cli.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fault, await cli.Run("node", "status", "--node", node.Address.ToString(), "--lang", "zh"));
        foreach (var said in (string[])["只能读取", $"({(int)Refusal.StorageFull})", "NOSPACE", "未能联系该节点", "腾出"]) Assert.Contains(said, cli.Output, StringComparison.Ordinal);

        foreach (var (language, words) in new[] { ("en", (string[])["Reads only", "What to do next", "Members of etcd", "NOSPACE", "the node was not reached"]), ("zh-CN", ["只能读取", "下一步", "etcd 成员", "NOSPACE", "未能联系该节点"]) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/nodes");
            request.Headers.Add("Accept-Language", language);
            using var page = await node.Http.SendAsync(request, TestNode.Cancel);
            var html = System.Net.WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(TestNode.Cancel));
            foreach (var word in words) Assert.Contains(word, html, StringComparison.Ordinal);
            Assert.Contains($"{(int)Refusal.StorageFull}", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Resuming_is_the_nodes_own_programs_with_its_settings_and_its_answer()
    {
        Assert.Equal(ExitCode.NotFound, await cli.Run("node", "resume", "--config", cli["none.json"]));

        Assert.SkipUnless(LocalProcess.IsPossible, "there is no /proc");
        File.WriteAllText(cli["node.json"], "{}");
        File.WriteAllText(cli["program"], $"#!/bin/sh\necho \"$@\" in $(pwd) > {cli["said"]}\nexit 9\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(cli["program"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal(9, await cli.Run("node", "resume", "--config", cli["node.json"], "--node-program", cli["program"], "--yes"));
        Assert.Equal($"resume --config {cli["node.json"]} --yes in {cli[""].TrimEnd('/')}", (await File.ReadAllTextAsync(cli["said"], TestContext.Current.CancellationToken)).Trim());
    }
}
