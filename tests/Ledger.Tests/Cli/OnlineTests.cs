using System.Net;
using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Cli;

public sealed class OnlineTests : IDisposable
{
    readonly CommandLine cli = new();
    readonly ChainFixture chain = new();
    readonly StubNode node;

    public OnlineTests()
    {
        chain.Append();
        cli.Node = node = new(chain);
        WriteKey("maker", chain.Founding.Signer(chain.Bank), new(chain.Bank, FoundingKeys.Maker));
        WriteKey("checker", chain.Founding.Signer(chain.Bank, FoundingKeys.Checker), new(chain.Bank, FoundingKeys.Checker));
        File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());
    }

    public void Dispose()
    {
        cli.Dispose();
        chain.Dispose();
        node.Dispose();
    }

    [Fact]
    public async Task A_policy_is_built_signed_by_two_and_accepted()
    {
        Assert.Equal(ExitCode.Ok, await Act("party", "policy", "--limit", "CNY,100000.00,500000.00", "--key", cli["checker"]));

        var (path, transaction) = Assert.Single(node.Received);
        Assert.Equal("/v1/transactions?wait=true", path);
        Assert.Equal([new(chain.Bank, FoundingKeys.Maker), new(chain.Bank, FoundingKeys.Checker)], transaction.Signers);
        Assert.Equal(new SetPolicy([new(Currency.Cny, new Amount(10_000_000), new Amount(50_000_000))]), Assert.Single(transaction.Body.Operations));
        Assert.Equal(chain.Fold.State.Now.Add(10 * Timestamp.Minute), transaction.Body.Expires);
    }

    [Fact]
    public async Task A_refusal_is_5_with_its_number_and_sentence()
    {
        Assert.Equal(ExitCode.Refused, await Act("token", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", "-o", "json", "--lang", "zh"));

        using var answer = JsonDocument.Parse(cli.Output);
        Assert.Equal((int)Refusal.OfferNotFound, answer.RootElement.GetProperty("code").GetInt32());
        Assert.Equal("要约不存在：AAAAAAAAAAAAAAAAAAAAAQ", answer.RootElement.GetProperty("answer").GetString());
        Assert.Contains("要约不存在", cli.Error);
    }

    [Theory]
    [InlineData("receivable", "request", "--obligor", "91440300MA10000259", "--amount", "1,000,000.00", "--contract-signed", "2026-02-01", "--obligor-size", "large", "--creditor-size", "small", "--consent", "{hash}")]
    [InlineData("receivable", "confirm", "AAAAAAAAAAAAAAAAAAAAAQ", "--amount", "1", "--undertaking", "{hash}", "--clause", "{file}")]
    [InlineData("receivable", "dispute", "AAAAAAAAAAAAAAAAAAAAAQ", "--reason", "{file}")]
    [InlineData("receivable", "issue", "--creditor", "91440300MA10000259", "--amount", "1", "--due", "2026-09-10", "--document", "AAAAAAAAAAAAAAAAAAAAAQ=1", "--undertaking", "{hash}", "--clause", "{hash}")]
    [InlineData("receivable", "cancel", "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "91440300MA10000259", "--amount", "300000.00")]
    [InlineData("token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "91440300MA10000259", "--units", "1-30000000", "--recourse")]
    [InlineData("token", "decline", "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("token", "withdraw", "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("token", "freeze", "AAAAAAAAAAAAAAAAAAAAAQ", "--units", "1-5", "--authority", "某法院", "--case", "{hash}", "--order", "{file}", "--days", "180")]
    [InlineData("token", "unfreeze", "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("document", "red-letter", "AAAAAAAAAAAAAAAAAAAAAQ", "--amount", "1", "--date", "2026-03-10", "--commitment", "{hash}")]
    [InlineData("document", "pledge", "--to", "91440300MA10000259", "--amount", "300000.00", "--document", "AAAAAAAAAAAAAAAAAAAAAQ=300000.00")]
    [InlineData("document", "release", "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("document", "attest", "--epoch-key", "1={epoch}", "--opening-out", "{new}", "--kind", "contract", "--number", "HT-1", "--seller", "91440300MA10000259", "--buyer", "91440300MA1000017E", "--amount", "10", "--date", "2026-03-01")]
    [InlineData("party", "register", "91440300MA10000259", "--name", "示例", "--role", "supplier", "--role", "bank", "--paper", "{file}", "--agent", "91440300MA10000259", "--verb", "token.transfer", "--cap", "5")]
    public async Task Every_verb_is_built_and_judged_and_a_dry_run_only_asks(params string[] args)
    {
        await File.WriteAllTextAsync(cli["evidence"], "承诺函", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(cli["epoch"], Base64Url.Encode(chain.Founding.EpochKey) + "\n", TestContext.Current.CancellationToken);
        args = [.. args.Select(arg => arg.Replace("{hash}", new string('a', 64)).Replace("{file}", cli["evidence"]).Replace("{epoch}", cli["epoch"]).Replace("{new}", cli["opening"]))];

        // Nothing stands on this ledger yet, so each is refused by the rules of its own verb and not for its form.
        Assert.Equal((ExitCode.Refused, ""), (await Act([.. args, "--dry-run"]), cli.Error.Contains("required form", StringComparison.Ordinal) ? cli.Error : ""));

        Assert.Equal("/v1/dry-run", Assert.Single(node.Received).Path);
    }

    [Fact]
    public async Task A_transaction_is_built_signed_and_sent_step_by_step()
    {
        await File.WriteAllTextAsync(cli["operations"], """[{"kind":"party.policy","limits":[]}]""", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Ok, await cli.Run("tx", "build", "--party", chain.Bank.Text, "--operations", cli["operations"], "--node", "http://node", "--out", cli["payload"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("tx", "sign", "--payload", cli["payload"], "--key", cli["maker"], "--genesis", cli["genesis.json"], "--password-file", cli["pw"]));
        var text = cli.Output;

        Assert.Equal(ExitCode.Ok, await cli.RunWith(text, "tx", "dry-run", "-"));
        Assert.Equal(ExitCode.Ok, await cli.RunWith(text, "tx", "send", "-", "--no-wait"));
        Assert.Equal(["/v1/dry-run", "/v1/transactions?wait=false"], node.Received.Select(one => one.Path));
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(node.Received[1].Transaction.Bytes.Span));
    }

    [Fact]
    public async Task A_payload_that_the_ledger_would_not_read_is_not_signed()
    {
        await File.WriteAllTextAsync(cli["payload"], "{}", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Refused, await cli.Run("tx", "sign", "--payload", cli["payload"], "--key", cli["maker"], "--genesis", cli["genesis.json"], "--password-file", cli["pw"]));
        Assert.Empty(cli.Output);
    }

    [Fact]
    public async Task What_is_there_is_shown_and_what_is_not_is_3()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("party", "show", chain.Bank.Text));
        Assert.Contains("示例银行甲", cli.Output);
        Assert.Equal(ExitCode.NotFound, await cli.Run("show", "offer", "AAAAAAAAAAAAAAAAAAAAAQ"));
        Assert.Equal(ExitCode.NotFound, await cli.Run("lineage", "AAAAAAAAAAAAAAAAAAAAAQ", "--unit", "1"));
    }

    [Fact]
    public async Task A_wrong_password_is_4_a_foreign_chain_6_and_no_node_8()
    {
        await File.WriteAllTextAsync(cli["wrong"], "incorrect", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.NotAllowed, await cli.Run("token", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", "--key", cli["maker"], "--password-file", cli["wrong"]));
        Assert.Equal(ExitCode.VerificationFalse, await Act("token", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", "--chain-id", new string('a', 64)));

        node.Failure = HttpStatusCode.Forbidden;
        Assert.Equal(ExitCode.NotAllowed, await cli.Run("party", "show", chain.Bank.Text));
        cli.Node = null;
        Assert.Equal(ExitCode.Unreachable, await cli.Run("party", "show", chain.Bank.Text));
        Assert.Equal(ExitCode.Usage, await cli.Run("party", "show", chain.Bank.Text, "--node", "nowhere"));
    }

    [Fact]
    public async Task An_invoice_that_cannot_be_taken_in_is_refused_with_its_place()
    {
        var invoice = Path.Combine(Repository.Root(), "genesis", "samples", "broken-total.xml");
        await File.WriteAllTextAsync(cli["epoch"], Base64Url.Encode(chain.Founding.EpochKey), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Refused, await Act("document", "attest", "--invoice", invoice, "--opening-out", cli["opening"], "--epoch-key", $"1={cli["epoch"]}"));
        Assert.Contains("TotalTax-includedAmount", cli.Error);
        Assert.False(File.Exists(cli["opening"]));
    }

    Task<int> Act(params string[] args) => cli.Run([.. args, "--key", cli["maker"], "--password-file", cli["pw"]]);

    void WriteKey(string name, SigningKey key, KeyId id) =>
        Assert.True(KeyFile.Lock(key, id.ToString(), "correct horse", KeyFile.MinIterations).TryWriteNew(cli[name]));
}
