using System.Text.Json;
using Ledger.Cli;
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
        for (var i = 0; i < 5; i++) await node.AcceptedAsync(node.Sign(TestNode.Draft(node.A, new PledgeDocuments(TestNode.New<Core.Instruments.Offer>(), node.Y, Currency.Cny, new(100), [], TestNode.Start.Add(Timestamp.Day)))));

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
        await node.AcceptedAsync(node.Sign(TestNode.Draft(node.B, new PledgeDocuments(TestNode.New<Core.Instruments.Offer>(), node.Y, Currency.Cny, new(123_456_700), [], TestNode.Start.Add(Timestamp.Day)))));
        await node.AcceptedAsync(node.Sign(TestNode.Draft(node.B, new PledgeDocuments(TestNode.New<Core.Instruments.Offer>(), node.Y, Currency.Cny, new(5), [], TestNode.Start.Add(Timestamp.Day)))));

        Assert.Equal(ExitCode.Ok, await cli.Run("offer", "list", "--from", node.B.Text, "--lang", "zh"));

        var lines = cli.Output.Split('\n');
        Assert.Contains("金额 (CNY)", lines[0]);
        Assert.Contains("1,234,567.00", cli.Output);
        Assert.Contains("        0.05", cli.Output);
        Assert.Contains($"示例银行乙 {node.Y}", cli.Output);
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
        // A node that does not know the question says which parameter it does not know; one that does, answers.
        var exit = await cli.Run("party", "show", node.A.Text, "--height", "0");

        Assert.True(exit is ExitCode.NotFound or ExitCode.Fault && (exit == ExitCode.NotFound || cli.Error.Contains("height", StringComparison.Ordinal)));
    }

    string Named(string arg) => arg.Replace("{A}", node.A.Text, StringComparison.Ordinal).Replace("{C}", node.C.Text, StringComparison.Ordinal).Replace("{X}", node.X.Text, StringComparison.Ordinal);
}
