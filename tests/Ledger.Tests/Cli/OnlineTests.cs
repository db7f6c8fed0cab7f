using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Tests.Http;

namespace Ledger.Tests.Cli;

/// <summary>The commands that speak to a node, against a node.</summary>
public sealed class OnlineTests : IClassFixture<TestNode>, IDisposable
{
    readonly CommandLine cli = new();
    readonly TestNode node;

    public OnlineTests(TestNode node)
    {
        this.node = node;
        cli.Variables["LEDGER_NODE"] = node.Address.ToString();
        foreach (var party in (PartyId[])[node.X, node.Y, node.A, node.B, node.C, node.Stranger]) WriteKey(party);
        File.WriteAllBytes(cli["genesis.json"], node.Genesis.Bytes.ToArray());
        File.WriteAllText(cli["evidence"], "承诺函");
        File.WriteAllText(cli["epoch"], Base64Url.Encode(node.EpochKey) + "\n");
    }

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_receivable_is_issued_accepted_split_and_promised_only_once_by_command_alone()
    {
        var first = await AttestAsync(node.A, node.C, "1000.00");
        var issued = await AcceptedAsync(node.C,
            "receivable", "issue", "--creditor", node.A.Text, "--amount", "1000.00", "--due", "2026-09-01", "--document", $"{first}=1000.00",
            "--undertaking", cli["evidence"], "--clause", cli["evidence"], "--waive-defences", "yes");
        var (offer, instrument) = (Text(issued, "offer"), Text(issued, "instrument"));
        await AcceptedAsync(node.A, "token", "accept", offer);

        var second = await AttestAsync(node.B, node.A, "300.00");
        var moved = await AcceptedAsync(node.A, "token", "transfer", instrument, "--to", node.B.Text, "--amount", "300.00", "--recourse", "no", "--document", $"{second}=300.00");
        await AcceptedAsync(node.B, "token", "accept", Text(moved, "offer"));

        Assert.Equal(ExitCode.Ok, await cli.Run("token", "list", "--holder", node.B.Text));
        Assert.Contains(instrument, cli.Output);
        Assert.Contains("1-30000", cli.Output);
        Assert.Equal(ExitCode.Ok, await cli.Run("lineage", instrument, "--unit", "1", "-o", "json"));
        using var lineage = JsonDocument.Parse(cli.Output);
        Assert.Equal(2, lineage.RootElement.GetProperty("legs").GetArrayLength());

        // The invoice behind the first transfer is used up: a second one on it is an attempt, and on record.
        Assert.Equal(ExitCode.Refused, await Act(node.A, "token", "transfer", instrument, "--to", node.B.Text, "--amount", "300.00", "--recourse", "no", "--document", $"{second}=300.00", "-o", "json"));
        using var refused = JsonDocument.Parse(cli.Output);
        Assert.Equal((int)Refusal.DocumentUsedUp, refused.RootElement.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task The_receipt_of_a_transaction_is_fetched_and_verified_offline()
    {
        await AcceptedAsync(node.X, "party", "policy");
        using var sent = JsonDocument.Parse(cli.Output);
        var id = sent.RootElement.GetProperty("transactionId").GetString() ?? "";

        Assert.Equal(ExitCode.Ok, await cli.Run("tx", "show", node.X.Text, id));
        Assert.Equal(ExitCode.Ok, await cli.Run("tx", "receipt", node.X.Text, id, "--out", cli["receipt"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "receipt", cli["receipt"], "--genesis", cli["genesis.json"], "-o", "json"));
        using var verified = JsonDocument.Parse(cli.Output);
        Assert.Equal(id, verified.RootElement.GetProperty("entry").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_key_file_of_a_number_that_the_ledger_will_not_give_is_refused_before_anything_is_sent()
    {
        var party = Client.Invoices.FictionalUscc.Of("310115", 66);
        Assert.Equal(ExitCode.Ok, await cli.Run("key", "new", "--party", party.Text, "--number", "1", "--out", cli["one.key.json"], "--password-file", cli["pw"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("key", "new", "--party", party.Text, "--number", "9", "--out", cli["nine.key.json"], "--password-file", cli["pw"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("key", "new", "--party", party.Text, "--number", "2", "--out", cli["two.key.json"], "--password-file", cli["pw"]));
        await AcceptedAsync(
            node.X, "party", "register", party.Text, "--name", "示例", "--role", "supplier", "--new-key", $"{cli["one.key.json"]},signing,maker,zhang.san", "--co-sign", cli["one.key.json"]);
        await AcceptedAsync(node.X, "key", "report-lost", party.Text);
        var height = node.Loop.Reader.View.Header.Height;

        Task<int> Recover(string file) => Act(
            node.X, "key", "recover", "--party", party.Text, "--revoke", "1", "--new-key", $"{cli[file]},signing,maker,zhang.san", "--co-sign", cli[node.Y.Text], "-o", "json");
        Assert.Equal(ExitCode.Usage, await Recover("nine.key.json"));
        Assert.Contains($"{party}#2", cli.Error, StringComparison.Ordinal);
        Assert.Equal(height, node.Loop.Reader.View.Header.Height);
        Assert.Equal(ExitCode.Ok, await Recover("two.key.json"));
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task What_a_person_is_told_has_money_words_and_no_names_of_the_program(string language)
    {
        var invoice = await AttestAsync(node.A, node.C, "2000.00");
        var issued = await AcceptedAsync(
            node.C, "receivable", "issue", "--creditor", node.A.Text, "--amount", "2000.00", "--due", "2026-09-01", "--document", $"{invoice}=2000.00",
            "--undertaking", cli["evidence"], "--clause", cli["evidence"], "--waive-defences", "yes");
        var (offer, instrument) = (Text(issued, "offer"), Text(issued, "instrument"));
        using var sent = JsonDocument.Parse(cli.Output);
        var leaf = sent.RootElement.GetProperty("node").GetProperty("leaf").GetUInt64();
        Assert.Equal(ExitCode.Ok, await Act(node.A, "token", "accept", offer, "--lang", language));
        AssertForPeople(language, "¥2,000.00");

        var second = await AttestAsync(node.B, node.A, "300.00");
        Assert.Equal(ExitCode.Ok, await Act(node.A, "token", "transfer", instrument, "--to", node.B.Text, "--amount", "300.00", "--recourse", "no", "--document", $"{second}=300.00", "--lang", language));
        AssertForPeople(language, "¥300.00");
        Assert.Equal(ExitCode.Refused, await Act(node.A, "token", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", "--lang", language));
        AssertForPeople(language);
        foreach (var read in new[]
        {
            $"instrument show {instrument}", $"offer show {offer}", $"document show {invoice}", $"party show {node.A}", $"token list --holder {node.A}", $"instrument list --obligor {node.C}",
            $"offer list --to {node.B}", "block get 1", $"entry get {leaf}", $"lineage {instrument}", "clock show",
        })
        {
            var exit = await cli.Run([.. read.Split(' '), "--lang", language]);
            Assert.Equal((read, ExitCode.Ok, ""), (read, exit, cli.Error));
            AssertForPeople(language);
        }
    }

    // In Chinese no name of the wire is left, in neither language a name of the code or money that is no money.
    void AssertForPeople(string language, params string[] said)
    {
        Assert.All(said, one => Assert.Contains(one, cli.Output, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"\b(None|OfferNotFound)\b", cli.Output);
        Assert.DoesNotMatch("个最小单位|minor units", cli.Output);
        // An id is 22 characters that chance chose, and may look like such a name.
        if (language == "zh") Assert.DoesNotMatch(@"(?<![A-Za-z0-9_./#-])(?![A-Za-z]{22}(?![A-Za-z0-9_-]))[a-z]+[A-Z][A-Za-z]*(?![A-Za-z0-9_-])", cli.Output);
    }

    [Fact]
    public async Task A_refusal_is_5_with_its_number_and_sentence()
    {
        Assert.Equal(ExitCode.Refused, await Act(node.A, "token", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", "-o", "json", "--lang", "zh"));

        using var answer = JsonDocument.Parse(cli.Output);
        Assert.Equal((int)Refusal.OfferNotFound, answer.RootElement.GetProperty("code").GetInt32());
        Assert.Equal("没有该要约、其已结束并归档，或操作方无权查看：AAAAAAAAAAAAAAAAAAAAAQ", answer.RootElement.GetProperty("answer").GetString());
        Assert.Contains("没有该要约", cli.Error);
    }

    [Theory]
    [InlineData("confirmation.request", "receivable", "request", "--obligor", "{Y}", "--amount", "1,000,000.00", "--contract-signed", "2026-02-01", "--obligor-size", "large", "--creditor-size", "small", "--consent", "{hash}")]
    [InlineData("confirmation.confirm", "receivable", "confirm", "AAAAAAAAAAAAAAAAAAAAAQ", "--amount", "1", "--undertaking", "{hash}", "--clause", "{file}", "--waive-defences", "no")]
    [InlineData("confirmation.dispute", "receivable", "dispute", "AAAAAAAAAAAAAAAAAAAAAQ", "--reason", "{file}")]
    [InlineData("receivable.issue", "receivable", "issue", "--creditor", "{Y}", "--amount", "1", "--due", "2026-09-10", "--document", "AAAAAAAAAAAAAAAAAAAAAQ=1", "--undertaking", "{hash}", "--clause", "{hash}", "--waive-defences", "yes")]
    [InlineData("receivable.cancel", "receivable", "cancel", "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("token.transfer", "token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "{Y}", "--amount", "300000.00", "--recourse", "no")]
    [InlineData("token.transfer", "token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "{Y}", "--units", "1-30000000", "--recourse", "yes")]
    [InlineData("offer.decline", "token", "decline", "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("offer.withdraw", "token", "withdraw", "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("token.freeze", "token", "freeze", "AAAAAAAAAAAAAAAAAAAAAQ", "--units", "1-5", "--authority", "某法院", "--case", "{hash}", "--order", "{file}", "--until", "2026-12-31")]
    [InlineData("token.freeze", "token", "freeze", "AAAAAAAAAAAAAAAAAAAAAQ", "--holder", "91310115XX0000019T", "--amount", "5.00", "--authority", "某法院", "--case", "{hash}", "--order", "{file}", "--until", "2026-12-31")]
    [InlineData("token.extendFreeze", "token", "extend-freeze", "AAAAAAAAAAAAAAAAAAAAAQ", "--order", "{file}", "--until", "2027-06-30")]
    [InlineData("token.unfreeze", "token", "unfreeze", "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("document.redLetter", "document", "red-letter", "AAAAAAAAAAAAAAAAAAAAAQ", "--epoch-key", "1={epoch}", "--opening-out", "{new}", "--kind", "invoice", "--number", "26990000000000000009", "--seller", "{Y}", "--buyer", "{X}", "--amount", "1", "--date", "2026-03-10")]
    [InlineData("document.pledge", "document", "pledge", "--to", "{Y}", "--amount", "300000.00", "--document", "AAAAAAAAAAAAAAAAAAAAAQ=300000.00")]
    [InlineData("document.release", "document", "release", "AAAAAAAAAAAAAAAAAAAAAQ", "--debt-was-paid", "no")]
    [InlineData("document.attest", "document", "attest", "--epoch-key", "1={epoch}", "--opening-out", "{new}", "--kind", "contract", "--number", "HT-1", "--seller", "{Y}", "--buyer", "{X}", "--amount", "10", "--date", "2026-03-01")]
    [InlineData("party.register", "party", "register", "{Y}", "--name", "示例", "--role", "supplier", "--role", "bank", "--paper", "{file}", "--agent", "{Y}", "--verb", "token.transfer", "--cap", "5")]
    public async Task Every_verb_is_built_and_judged_and_a_dry_run_only_asks(string verb, params string[] args)
    {
        var height = node.Loop.Reader.View.Header.Height;
        args = [.. args.Select(arg => arg.Replace("{hash}", new string('a', 64)).Replace("{file}", cli["evidence"]).Replace("{epoch}", cli["epoch"])
            .Replace("{new}", cli["opening"]).Replace("{X}", node.X.Text).Replace("{Y}", node.Y.Text))];

        // The rules refuse most of them, for nothing that they name is there; what counts is that they were asked.
        Assert.Contains(await Act(node.X, [.. args, "--dry-run", "-o", "json"]), (int[])[ExitCode.Ok, ExitCode.Refused]);

        using var answer = JsonDocument.Parse(cli.Output);
        Assert.Equal(verb, Assert.Single(answer.RootElement.GetProperty("operations").EnumerateArray()).GetProperty("kind").GetString());
        Assert.NotEqual((int)Refusal.Malformed, answer.RootElement.GetProperty("code").GetInt32());
        Assert.Equal(height, node.Loop.Reader.View.Header.Height);
    }

    [Fact]
    public async Task A_transaction_is_built_signed_tried_and_sent_step_by_step()
    {
        await File.WriteAllTextAsync(cli["operations"], """[{"kind":"party.policy","limits":[]}]""", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Ok, await cli.Run("tx", "build", "--party", node.X.Text, "--operations", cli["operations"], "--node", node.Address.ToString(), "--out", cli["payload"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("tx", "sign", "--payload", cli["payload"], "--key", cli[node.X.Text], "--genesis", cli["genesis.json"], "--password-file", cli["pw"]));
        var text = cli.Output;

        Assert.Equal(ExitCode.Ok, await cli.RunWith(text, "tx", "dry-run", "-"));
        Assert.Equal(ExitCode.Ok, await cli.RunWith(text, "tx", "send", "-", "--no-wait"));
        Assert.Equal(ExitCode.Ok, await cli.RunWith(text, "tx", "send", "-"));
    }

    [Fact]
    public async Task A_payload_that_the_ledger_would_not_read_is_not_signed()
    {
        await File.WriteAllTextAsync(cli["payload"], "{}", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Refused, await cli.Run("tx", "sign", "--payload", cli["payload"], "--key", cli[node.X.Text], "--genesis", cli["genesis.json"], "--password-file", cli["pw"]));
        Assert.Empty(cli.Output);
    }

    [Fact]
    public async Task What_is_there_is_shown_and_what_is_not_is_3()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("party", "show", node.A.Text));
        Assert.Contains("示例供应商甲", cli.Output);
        Assert.Equal(ExitCode.Ok, await cli.Run("show", "block", "1"));
        Assert.Equal(ExitCode.NotFound, await cli.Run("show", "offer", "AAAAAAAAAAAAAAAAAAAAAQ"));
        Assert.Equal(ExitCode.NotFound, await cli.Run("lineage", "AAAAAAAAAAAAAAAAAAAAAQ", "--unit", "1"));
        Assert.Equal(ExitCode.NotFound, await cli.Run("tx", "receipt", node.A.Text, "AAAAAAAAAAAAAAAAAAAAAQ"));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_key_are_4_a_foreign_chain_6_and_no_node_8()
    {
        await File.WriteAllTextAsync(cli["wrong"], "incorrect", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.NotAllowed, await cli.Run("token", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", "--key", cli[node.A.Text], "--password-file", cli["wrong"]));
        Assert.Equal(ExitCode.NotAllowed, await Act(node.Stranger, "token", "accept", "AAAAAAAAAAAAAAAAAAAAAQ"));
        Assert.Equal(ExitCode.VerificationFalse, await Act(node.A, "token", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", "--chain-id", new string('a', 64)));
        Assert.Equal(ExitCode.Unreachable, await cli.Run("party", "show", node.A.Text, "--node", "http://127.0.0.1:1"));
        Assert.Equal(ExitCode.Usage, await cli.Run("party", "show", node.A.Text, "--node", "nowhere"));
    }

    [Fact]
    public async Task An_invoice_that_cannot_be_taken_in_is_refused_with_its_place()
    {
        var invoice = Path.Combine(Repository.Root(), "genesis", "samples", "broken-total.xml");

        Assert.Equal(ExitCode.Refused, await Act(node.X, "document", "attest", "--invoice", invoice, "--opening-out", cli["opening"], "--epoch-key", $"1={cli["epoch"]}"));
        Assert.Contains("TotalTax-includedAmount", cli.Error);
        Assert.False(File.Exists(cli["opening"]));
    }

    /// <summary>An invoice that the bank and its seller put on the ledger.</summary>
    async Task<string> AttestAsync(PartyId seller, PartyId buyer, string amount)
    {
        var opening = cli[$"{TestNode.New<SigningKey>()}.opening"];
        var attested = await AcceptedAsync(node.X,
            "document", "attest", "--epoch-key", $"1={cli["epoch"]}", "--opening-out", opening, "--kind", "invoice", "--number", Path.GetFileName(opening),
            "--seller", seller.Text, "--buyer", buyer.Text, "--amount", amount, "--date", "2026-03-31", "--key", cli[seller.Text]);
        return Text(attested, "document");
    }

    /// <summary>The operation that the ledger accepted.</summary>
    async Task<JsonElement> AcceptedAsync(PartyId by, params string[] args)
    {
        Assert.Equal((ExitCode.Ok, ""), (await Act(by, [.. args, "-o", "json"]), cli.Error));
        using var answer = JsonDocument.Parse(cli.Output);
        return Assert.Single(answer.RootElement.GetProperty("operations").EnumerateArray()).Clone();
    }

    static string Text(JsonElement operation, string name) => operation.GetProperty(name).GetString() ?? "";

    Task<int> Act(PartyId by, params string[] args) => cli.Run([.. args, "--as", by.Text, "--key", cli[by.Text], "--password-file", cli["pw"]]);

    void WriteKey(PartyId party) =>
        Assert.True(KeyFile.Lock(node.KeyOf(party), $"{party}#1", "correct horse", KeyFile.MinIterations).TryWriteNew(cli[party.Text]));
}
