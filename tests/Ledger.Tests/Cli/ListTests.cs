using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Files;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Tests.Http;

namespace Ledger.Tests.Cli;

/// <summary>What a node lists, as people, programs and spreadsheets get it.</summary>
public sealed class ListTests : IClassFixture<TestNode>, IDisposable
{
    readonly CommandLine cli = new();
    readonly TestNode node;

    public ListTests(TestNode node)
    {
        this.node = node;
        cli.Variables["LEDGER_NODE"] = node.Address.ToString();
    }

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Pages_are_followed_to_the_end_or_to_the_limit()
    {
        for (var i = 0; i < 5; i++) await OfferAsync(node.A, 100);

        Assert.Equal(ExitCode.Ok, await cli.Run("offer", "list", "--from", node.A.Text, "--all", "-o", "json"));
        using var all = JsonDocument.Parse(cli.Output);
        var ids = all.RootElement.GetProperty("offers").EnumerateArray().Select(one => one.GetProperty("id").GetString() ?? "").ToArray();
        Assert.InRange(ids.Length, 5, 100);
        Assert.False(all.RootElement.TryGetProperty("next", out _));

        Assert.Equal(ExitCode.Ok, await cli.Run("offer", "list", "--from", node.A.Text, "--limit", "2", "-o", "json"));
        using var some = JsonDocument.Parse(cli.Output);
        Assert.Equal(2, some.RootElement.GetProperty("offers").GetArrayLength());
        var cursor = some.RootElement.GetProperty("next").GetString() ?? "";

        Assert.Equal(ExitCode.Ok, await cli.Run("offer", "list", "--from", node.A.Text, "--cursor", cursor, "-o", "json"));
        using var rest = JsonDocument.Parse(cli.Output);
        Assert.Equal(ids[2..], rest.RootElement.GetProperty("offers").EnumerateArray().Select(one => one.GetProperty("id").GetString() ?? ""));
    }

    [Fact]
    public async Task People_read_names_and_money_with_its_unit_in_the_heading()
    {
        await OfferAsync(node.B, 123_456_700);
        await OfferAsync(node.B, 5);

        Assert.Equal(ExitCode.Ok, await cli.Run("offer", "list", "--from", node.B.Text, "--lang", "zh"));

        var lines = cli.Output.Split('\n');
        Assert.Contains("金额 (CNY)", lines[0]);
        Assert.Contains("1,234,567.00", cli.Output);
        Assert.Contains("        0.05", cli.Output);
        Assert.Contains($"{(await node.GetAsync($"v1/parties/{node.Y}")).GetProperty("name").GetString()} {node.Y}", cli.Output);
    }

    [Fact]
    public async Task A_spreadsheet_gets_the_mark_of_utf_8_and_no_formula()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("audit", "attempts", "-o", "csv"));
        Assert.StartsWith("\uFEFF", cli.Output);
        Assert.EndsWith("\r\n", cli.Output);

        Assert.Equal("\uFEFF'=1+1,'@x,\"'-2,\"\"3\"\"\",'+4,ok,\r\n", CsvText.Of([["=1+1", "@x", "-2,\"3\"", "+4", "ok", ""]]));
    }

    [Fact]
    public async Task A_list_needs_exactly_one_side()
    {
        Assert.Equal(ExitCode.Usage, await cli.Run("offer", "list"));
        Assert.Equal(ExitCode.Usage, await cli.Run("offer", "list", "--from", node.A.Text, "--to", node.B.Text));
        Assert.Equal(ExitCode.Usage, await cli.Run("instrument", "list"));
        Assert.Equal(ExitCode.Usage, await cli.Run("document", "list", "--seller", node.A.Text, "--buyer", node.B.Text));
        Assert.Equal(ExitCode.Usage, await cli.Run("payment", "list"));
        Assert.Equal(ExitCode.Usage, await cli.Run("token", "list", "--holder", node.A.Text, "--limit", "0"));
    }

    [Theory]
    [InlineData("instrument", "list", "--obligor", "{C}")]
    [InlineData("receivable", "list", "--creditor", "{A}")]
    [InlineData("document", "list", "--seller", "{A}")]
    [InlineData("document", "pledges", "--party", "{A}")]
    [InlineData("token", "list", "--holder", "{A}", "--all")]
    [InlineData("financing", "list", "--party", "{A}")]
    [InlineData("line", "list", "--party", "{X}")]
    [InlineData("payment", "list", "--party", "{A}")]
    [InlineData("block", "list", "--limit", "2")]
    [InlineData("block", "get", "1")]
    [InlineData("export", "zhongdeng", "--party", "{X}")]
    public async Task Every_list_is_answered(params string[] args)
    {
        Assert.Equal((ExitCode.Ok, true), (await cli.Run([.. args.Select(Named)]), cli.Output.Length > 0));
    }

    [Fact]
    public async Task Blocks_are_listed_from_the_latest_back_to_genesis()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("block", "list", "--all", "-o", "json"));

        using var blocks = JsonDocument.Parse(cli.Output);
        var heights = blocks.RootElement.EnumerateArray().Select(block => block.GetProperty("height").GetInt32()).ToArray();
        Assert.Equal(Enumerable.Range(0, heights.Length).Reverse(), heights);
        Assert.True(heights.Length > 1);
    }

    [Fact]
    public async Task A_transaction_is_waited_for_and_what_never_comes_ends_the_waiting()
    {
        var transaction = TestNode.Draft(node.A, new SetPolicy([]));
        await node.AcceptedAsync(node.Sign(transaction));

        Assert.Equal(ExitCode.Ok, await cli.Run("tx", "wait", node.A.Text, transaction.Id.ToString()));
        Assert.Contains(transaction.Id.ToString(), cli.Output);
        Assert.Equal(ExitCode.Unreachable, await cli.Run("tx", "wait", node.A.Text, "AAAAAAAAAAAAAAAAAAAAAQ", "--timeout", "0"));
    }

    [Fact]
    public async Task A_height_is_handed_on_to_the_node()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = AnswerNotFoundAsync(listener);

        Assert.Equal(ExitCode.NotFound, await cli.Run("party", "show", node.A.Text, "--height", "7", "--node", $"http://{listener.LocalEndpoint}"));
        Assert.Equal($"GET /v1/parties/{node.A}?height=7 HTTP/1.1", await asked);
    }

    static async Task<string?> AnswerNotFoundAsync(TcpListener listener)
    {
        using var caller = await listener.AcceptTcpClientAsync(TestNode.Cancel);
        using var reader = new StreamReader(caller.GetStream(), leaveOpen: true);
        var line = await reader.ReadLineAsync(TestNode.Cancel);
        while (await reader.ReadLineAsync(TestNode.Cancel) is { Length: > 0 })
        {
        }

        await caller.GetStream().WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), TestNode.Cancel);
        return line;
    }

    async Task OfferAsync(PartyId by, ulong amount)
    {
        var invoice = await node.InvoiceAsync(by, node.C, amount);
        await node.AcceptedAsync(by, new PledgeDocuments(TestNode.New<Offer>(), node.Y, Currency.Cny, new(amount), [new(invoice, new(amount))], TestNode.Tomorrow));
    }

    string Named(string arg) => arg.Replace("{A}", node.A.Text, StringComparison.Ordinal).Replace("{C}", node.C.Text, StringComparison.Ordinal).Replace("{X}", node.X.Text, StringComparison.Ordinal);
}
