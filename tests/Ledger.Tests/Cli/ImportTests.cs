using System.Text;
using System.Text.Json.Nodes;
using Ledger.Cli;
using Ledger.Client.Documents;
using Ledger.Client.Invoices;
using Ledger.Client.Payments;
using Ledger.Core.Primitives;
using Ledger.Tests.Invoices;
using Ledger.Tests.Payments;

namespace Ledger.Tests.Cli;

public sealed class ImportTests : IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Invoices_of_every_syntax_are_told_and_those_that_are_none_are_refused_with_their_number()
    {
        var (chinese, ubl, broken) = (cli["a.xml"], cli["b.xml"], cli["c.xml"]);
        File.WriteAllBytes(chinese, SampleInvoice.Write(SampleFiles.Main));
        File.WriteAllText(ubl, TradePapers.Ubl);
        File.WriteAllText(broken, "<Order/>");

        Assert.Equal(ExitCode.Refused, await cli.Run("import", "invoice", chinese, ubl, broken, "-o", "json"));

        var rows = JsonNode.Parse(cli.Output)!.AsArray();
        Assert.Equal(["einvoice", "ubl", null], rows.Select(row => (string?)row!["syntax"]));
        Assert.Equal(["100000000", "43105", null], rows.Select(row => (string?)row!["payable"]));
        Assert.Equal(20_004, (int)rows[2]!["refusal"]!);

        Assert.Equal(ExitCode.Ok, await cli.Run("import", "invoice", ubl));
        Assert.Contains("431.05", cli.Output);
    }

    [Fact]
    public async Task An_invoice_of_strangers_to_the_ledger_is_shown_and_not_drafted()
    {
        var path = cli["a.xml"];
        File.WriteAllText(path, TradePapers.Ubl.Replace(" schemeID=\"USCC\"", " schemeID=\"GLN\"", StringComparison.Ordinal));

        Assert.Equal(ExitCode.Ok, await cli.Run("import", "invoice", path, "-o", "json"));
        Assert.Equal(20_020, (int)JsonNode.Parse(cli.Output)![0]!["refusal"]!);
        Assert.Equal(ExitCode.Refused, await cli.Run("import", "invoice", path, "--out", cli["drafts"]));
        Assert.False(Directory.Exists(cli["drafts"]));
    }

    [Fact]
    public async Task A_table_becomes_openings_that_the_document_commands_take()
    {
        var path = Table("HT-1,2026-03-10,100,13,113", "HT-2,2026-03-11,200,26,226");

        Assert.Equal(ExitCode.Ok, await cli.Run("import", "csv", path, "--dry-run"));
        Assert.False(Directory.Exists(cli["drafts"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("import", "csv", path, "--out", cli["drafts"], "-o", "json"));

        var openings = JsonNode.Parse(cli.Output)!.AsArray().Select(row => (string)row!["opening"]!).ToArray();
        Assert.Equal(["0001-HT_1.opening.json", "0002-HT_2.opening.json"], openings.Select(Path.GetFileName));
        Assert.True(DocumentOpening.TryReadJson(File.ReadAllBytes(openings[1]), out var opening));
        Assert.Equal(("HT-2", new Amount(22_600), SampleFiles.Supplier.Id), (opening.Number, opening.Total, opening.Seller));
        Assert.Equal(2, (int)JsonNode.Parse(File.ReadAllText(cli["drafts", "batch.json"]))!["openings"]!);

        Assert.Equal(ExitCode.Fault, await cli.Run("import", "csv", path, "--out", cli["drafts"]));
    }

    [Fact]
    public async Task One_wrong_row_and_nothing_is_written()
    {
        var path = Table("HT-1,2026-03-10,100,13,113", "HT-2,2026-03-11,200,26,227");

        Assert.Equal(ExitCode.Refused, await cli.Run("import", "csv", path, "--out", cli["drafts"], "-o", "json"));

        var rows = JsonNode.Parse(cli.Output)!.AsArray();
        Assert.Equal([$"{path}:2", $"{path}:3"], rows.Select(row => (string)row!["file"]!));
        Assert.Equal(20_010, (int)rows[1]!["refusal"]!);
        Assert.False(Directory.Exists(cli["drafts"]));
    }

    [Fact]
    public async Task A_table_that_is_none_is_refused_with_its_number_and_without_a_goal_it_is_a_usage_error()
    {
        File.WriteAllText(cli["a.csv"], "a,b\n1,2\n");

        Assert.Equal(ExitCode.Refused, await cli.Run("import", "csv", cli["a.csv"], "--dry-run"));
        Assert.StartsWith("20031 ", cli.Error);
        Assert.Equal(ExitCode.Usage, await cli.Run("import", "csv", cli["a.csv"]));
    }

    [Fact]
    public async Task The_template_is_written_in_the_persons_language()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("import", "template", "--lang", "zh", "--out", cli["t.csv"]));
        Assert.Equal(InvoiceBatch.Template(Client.Text.Language.Chinese), File.ReadAllBytes(cli["t.csv"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("import", "template"));
        Assert.Contains("seller_name,seller_id", cli.Output);
    }

    [Fact]
    public async Task Payment_messages_are_listed()
    {
        File.WriteAllBytes(cli["order.xml"], Pain001.Write(Orders.E1));
        File.WriteAllText(cli["notice.xml"], PaymentNotificationTests.Notice);

        Assert.Equal(ExitCode.Ok, await cli.Run("payment", "read", cli["order.xml"], "-o", "json"));
        Assert.Equal(["12000000", "18000000", "70000000"], JsonNode.Parse(cli.Output)!.AsArray().Select(row => (string)row!["amount"]!));
        Assert.Equal(ExitCode.Ok, await cli.Run("payment", "read", cli["notice.xml"]));
        Assert.Contains("180,000.00", cli.Output);
        Assert.Equal(ExitCode.Ok, await cli.Run("payment", "read", cli["notice.xml"], "-o", "json"));
        Assert.Equal([true, true, false], JsonNode.Parse(cli.Output)!.AsArray().Select(row => (bool)row!["received"]!));
    }

    [Fact]
    public async Task An_order_that_contradicts_itself_is_listed_and_refused()
    {
        File.WriteAllText(cli["order.xml"], Encoding.UTF8.GetString(Pain001.Write(Orders.E1)).Replace("<CtrlSum>1000000.00<", "<CtrlSum>999999.00<", StringComparison.Ordinal));

        Assert.Equal(ExitCode.Refused, await cli.Run("payment", "read", cli["order.xml"]));
        Assert.Contains("PAY20260922X1", cli.Output);
        Assert.Contains("20052 ", cli.Error);

        File.WriteAllText(cli["order.xml"], "<Document/>");
        Assert.Equal(ExitCode.Refused, await cli.Run("payment", "read", cli["order.xml"]));
        Assert.StartsWith("20050 ", cli.Error);
    }

    string Table(params string[] rows)
    {
        var path = cli["invoices.csv"];
        var parties = $"甲,{SampleFiles.Supplier.Id},乙,{SampleFiles.Core.Id}";
        File.WriteAllLines(path, ["seller_name,seller_id,buyer_name,buyer_id,number,issue_date,net,tax,total", .. rows.Select(row => $"{parties},{row}")]);
        return path;
    }
}
