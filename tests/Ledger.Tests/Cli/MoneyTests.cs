using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Cli;
using Ledger.Client.Disclosures;
using Ledger.Client.Payments;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using static Ledger.Tests.World;

namespace Ledger.Tests.Cli;

/// <summary>The commands about financings and about what is due, against a node.</summary>
public sealed class MoneyTests : IDisposable
{
    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00").Lends();
    readonly CommandLine cli = new();

    public MoneyTests() => cli.Variables["LEDGER_NODE"] = world.Address.ToString();

    public void Dispose()
    {
        cli.Dispose();
        world.Dispose();
    }

    [Fact]
    public async Task Financings_lines_and_payments_are_shown()
    {
        var (note, line) = (world.Certificate(D, 1_000_000), world.Line(C, 1_000_000));
        var sold = world.Financed(D, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 1_000_000), line);
        world.Until("2026-09-22 10:00:00");
        var receipt = world.Receipt(note, PaymentOutcome.Paid, 1_000_000);
        world.Accepts(X, receipt);

        Assert.Equal(ExitCode.Ok, await cli.Run("financing", "show", sold.ToString()));
        Assert.Contains("10,000.00", cli.Output);
        Assert.Equal(ExitCode.Ok, await cli.Run("financing", "list", "--party", D.Text, "-o", "json"));
        Assert.Equal(sold.ToString(), (string?)JsonNode.Parse(cli.Output)!["financings"]![0]!["id"]);
        foreach (var (kind, id) in new[] { ("financing", sold.ToString()), ("line", line.ToString()), ("payment", receipt.Payment.ToString()) })
        {
            Assert.Equal(ExitCode.Ok, await cli.Run("show", kind, id));
            Assert.Contains(id, cli.Output);
            Assert.Equal(ExitCode.NotFound, await cli.Run("show", kind, "AAAAAAAAAAAAAAAAAAAAAQ"));
        }

        Assert.Equal(ExitCode.NotFound, await cli.Run("financing", "list", "--party", Stranger.Text));
    }

    [Fact]
    public async Task Instructions_become_a_payment_order_once_every_account_is_known()
    {
        var note = Due();
        var id = note.ToString();
        Assert.Equal(ExitCode.Ok, await cli.Run("payment", "instructions", id, "-o", "json"));
        var rows = JsonNode.Parse(cli.Output)!.AsArray();
        Assert.Equal([(B.Text, "300000"), (A.Text, "700000")], rows.Select(row => ((string?)row!["payee"], (string?)row["total"])));

        Accounts($"party,account,name,bic\n{A},1001,甲,\n{C},1003,,ICBKCNBJSZU\n");
        Assert.Equal(ExitCode.NotFound, await Order(id));
        Assert.Contains(B.Text, cli.Error);
        Assert.False(File.Exists(cli["order.xml"]));
        Assert.Equal(ExitCode.Usage, await cli.Run("payment", "instructions", id, "--out", cli["order.xml"]));

        Accounts($$"""[{"party":"{{A}}","account":"1001","name":"甲"},{"party":"{{B}}","account":"DE89 3704 0044 0532 0130 00"},{"party":"{{C}}","account":"1003"}]""");
        Assert.Equal(ExitCode.Ok, await Order(id));
        Assert.True(PaymentListing.TryRead(File.ReadAllBytes(cli["order.xml"]), out var order, out _));
        Assert.True(order.TryCheck(out _));
        Assert.Equal(
            [("示例供应商乙", "DE89370400440532013000", 300_000UL), ("甲", "1001", 700_000UL)],
            order.Payments.Select(payment => (payment.Creditor ?? "", payment.CreditorAccount?.Number ?? "", payment.Amount.Minor)));
        Assert.Equal(rows.Select(row => (string?)row!["endToEndId"]), order.Payments.Select(payment => payment.EndToEndId));
        Assert.All(order.Payments, payment => Assert.Equal(("示例核心企业", "1003", Date("2026-09-22")), (payment.Debtor, payment.DebtorAccount.Number, payment.ExecutionDate)));

        // The same instructions, the same message: whoever pays it twice can be told so.
        var first = File.ReadAllBytes(cli["order.xml"]);
        Assert.Equal(ExitCode.Ok, await Order(id));
        Assert.Equal(first, File.ReadAllBytes(cli["order.xml"]));
    }

    [Fact]
    public async Task An_account_that_is_not_the_one_on_the_ledger_is_not_paid_to()
    {
        var id = Due().ToString();
        var right = Disclosure.Create(Term.Account, "1002");
        Accounts($"party,account,disclosure\n{A},1001,\n{B},1002,{right.Text}\n{C},1003,\n");
        Assert.Equal(ExitCode.VerificationFalse, await Order(id));
        Assert.Contains(B.Text, cli.Error);

        world.Accepts(B, new Core.Rules.FileAccount(right.Digest(world.Suite)), Key(X));
        Assert.Equal(ExitCode.Ok, await Order(id));
        Accounts($"party,account,disclosure\n{A},1001,\n{B},1009,{right.Text}\n{C},1003,\n");
        Assert.Equal(ExitCode.VerificationFalse, await Order(id));
    }

    [Theory]
    [InlineData("party,account\n", 3)]
    [InlineData("party\n", 5)]
    [InlineData("party,account\nx,1\n", 5)]
    [InlineData("party,account\n91440300MA1000017E,1 2 ü\n", 5)]
    [InlineData("party,account\n91440300MA1000017E,1\n91440300MA1000017E,2\n", 5)]
    [InlineData("[{\"party\":\"91440300MA1000017E\"}]", 5)]
    [InlineData("[{\"party\":\"91440300MA1000017E\",\"account\":\"1\",\"iban\":\"1\"}]", 5)]
    [InlineData("[1]", 5)]
    public async Task A_list_of_accounts_that_is_none_is_refused(string file, int exit)
    {
        Accounts(file);

        Assert.Equal(exit, await Order(Due().ToString()));
    }

    [Fact]
    public async Task What_a_bank_received_becomes_receipts_that_the_ledger_takes()
    {
        var note = Due();
        Assert.Equal(ExitCode.Ok, await cli.Run("payment", "instructions", note.ToString(), "-o", "json"));
        var endToEnd = (string)JsonNode.Parse(cli.Output)![0]!["endToEndId"]!;
        File.WriteAllText(cli["notice.xml"], Notice(("3000.00", "BK-1", endToEnd), ("7000.00", "BK-2", "PAY-1"), ("0.01", "BK-3", "PAY-2")));

        string[] receipts = ["payment", "receipts", cli["notice.xml"], "--instrument", note.ToString(), "--party", X.Text, "-o", "json"];
        Assert.Equal(ExitCode.Usage, await cli.Run(receipts));
        Assert.Equal(ExitCode.Ok, await cli.Run([.. receipts, "--dry-run"]));
        var rows = JsonNode.Parse(cli.Output)!.AsArray();
        Assert.Equal((endToEnd, "paid", "1-300000", B.Text), ((string?)rows[0]!["reference"], (string?)rows[0]!["outcome"], (string?)rows[0]!["units"], (string?)rows[0]!["payee"]));
        Assert.Contains("--lump", (string?)rows[1]!["reason"]);
        Assert.False(Directory.Exists(cli["receipts"]));

        Assert.Equal(ExitCode.Ok, await cli.Run([.. receipts, "--lump", "--out", cli["receipts"]]));
        rows = JsonNode.Parse(cli.Output)!.AsArray();
        Assert.Equal(("BK-2", "paid", null), ((string?)rows[1]!["reference"], (string?)rows[1]!["outcome"], (string?)rows[1]!["payee"]));
        Assert.Contains("due", (string?)rows[2]!["reason"]);
        Assert.Equal(["0001.payload.json", "0002.payload.json"], Directory.EnumerateFiles(cli["receipts"]).Select(Path.GetFileName).Order());
        foreach (var file in Directory.EnumerateFiles(cli["receipts"]).Order())
        {
            var draft = JsonSerializer.Deserialize(File.ReadAllBytes(file), WireJson.TypeInfo<Transaction>());
            Accepted(world.Submit(Assert.IsType<Transaction>(draft)));
        }

        Assert.Equal(InstrumentStatus.Settled, world.Instrument(note).Status);
        Assert.Equal(ExitCode.Fault, await cli.Run([.. receipts, "--lump", "--out", cli["receipts"]]));
        Assert.Equal(ExitCode.NotFound, await cli.Run([.. receipts, "--lump", "--dry-run"]));
    }

    [Fact]
    public async Task A_receipt_says_whether_it_was_all()
    {
        var note = Due();
        File.WriteAllText(cli["notice.xml"], Notice(("1.00", "BK-1", "A"), ("1.00", "BK-1", "B"), ("9999.00", "BK-2", "C")));

        Assert.Equal(ExitCode.Ok, await cli.Run("payment", "receipts", cli["notice.xml"], "--instrument", note.ToString(), "--party", X.Text, "--lump", "--dry-run", "-o", "json"));

        var rows = JsonNode.Parse(cli.Output)!.AsArray();
        Assert.Equal(["partlyPaid", null, "paid"], rows.Select(row => (string?)row!["outcome"]));
        Assert.Contains("before in the message", (string?)rows[1]!["reason"]);
        File.WriteAllText(cli["notice.xml"], "<Order/>");
        Assert.Equal(ExitCode.Refused, await cli.Run("payment", "receipts", cli["notice.xml"], "--instrument", note.ToString(), "--party", X.Text, "--dry-run"));
    }

    /// <summary>10,000.00 of C that are due today: B's first 3,000.00, and A's.</summary>
    Id<Instrument> Due()
    {
        var note = world.Certificate(A, 1_000_000);
        world.Hands(note, A, B, 1, 300_000);
        world.Until("2026-09-22 10:00:00");
        return note;
    }

    Task<int> Order(string instrument) => cli.Run("payment", "instructions", instrument, "--accounts", cli["accounts"], "--out", cli["order.xml"]);

    void Accounts(string text) => File.WriteAllText(cli["accounts"], text);

    static string Notice(params (string Amount, string Reference, string EndToEndId)[] credits) => """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
        <GrpHdr><MsgId>N-1</MsgId><CreDtTm>2026-09-22T15:04:05+08:00</CreDtTm></GrpHdr>
        <Ntfctn><Id>N-1-1</Id><Acct><Id><Othr><Id>1002</Id></Othr></Id></Acct>
        """ + string.Concat(credits.Select(credit => string.Create(CultureInfo.InvariantCulture, $"""
        <Ntry><Amt Ccy="CNY">{credit.Amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><ValDt><Dt>2026-09-22</Dt></ValDt>
          <AcctSvcrRef>{credit.Reference}</AcctSvcrRef><BkTxCd/><NtryDtls><TxDtls><Refs><EndToEndId>{credit.EndToEndId}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
        """))) + "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>";
}
