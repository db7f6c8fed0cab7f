using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Core.Wire;
using Ledger.Tests.Http;

namespace Ledger.Tests.Cli;

/// <summary>Two people finish one act by command alone, each with a key file of its own, and hand each other nothing.</summary>
public sealed class DraftTests : IClassFixture<TestNode>, IDisposable
{
    readonly CommandLine cli = new();
    readonly TestNode node;

    public DraftTests(TestNode node)
    {
        this.node = node;
        cli.Variables["LEDGER_NODE"] = node.Address.ToString();
        foreach (var party in (PartyId[])[node.X, node.A, node.B])
            Assert.True(KeyFile.Lock(node.KeyOf(party), $"{party}#1", "correct horse", KeyFile.MinIterations).TryWriteNew(cli[party.Text]));
        File.WriteAllText(cli["epoch"], Base64Url.Encode(node.EpochKey) + "\n");
    }

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_bank_attests_and_the_seller_signs_what_it_was_shown()
    {
        Assert.Equal((ExitCode.Ok, ""), (await Run(node.X,
            "document", "attest", "--epoch-key", $"1={cli["epoch"]}", "--opening-out", cli["one.opening"], "--kind", "invoice", "--number", "1",
            "--seller", node.A.Text, "--buyer", node.C.Text, "--amount", "1000.00", "--date", "2026-03-31", "--awaiting", $"{node.A}#1", "-o", "json"), cli.Error));
        var id = IdOf(cli.Output);

        Assert.Equal(ExitCode.Ok, await Run(node.A, "draft", "list", "--awaiting", node.A.Text, "--lang", "zh"));
        Assert.Contains(id, cli.Output);
        Assert.Contains("待会签", cli.Output);
        Assert.Equal(ExitCode.Ok, await Run(node.A, "draft", "show", node.X.Text, id));
        Assert.Contains("1,000.00", cli.Output);
        Assert.Contains("壹仟元整", cli.Output);
        Assert.Contains($"{node.A}#1", cli.Output);

        // Nobody signs unseen.
        Assert.Equal(ExitCode.Usage, await Run(node.A, "draft", "sign", node.X.Text, id));
        cli.IsAttended = true;
        Assert.Equal(ExitCode.Interrupted, await cli.RunWith("no\n", "draft", "sign", node.X.Text, id, "--key", cli[node.A.Text], "--password-file", cli["pw"]));
        Assert.Equal(ExitCode.Ok, await cli.RunWith("yes\n", "draft", "sign", node.X.Text, id, "--key", cli[node.A.Text], "--password-file", cli["pw"], "--lang", "zh"));
        Assert.Contains("壹仟元整", cli.Output);
        Assert.Contains("已接受", cli.Output);
        Assert.Equal(ExitCode.Ok, await cli.Run("tx", "get", node.X.Text, id));
    }

    [Fact]
    public async Task A_payload_that_was_built_is_put_and_rejected_or_recalled()
    {
        var (first, second) = (await PutAsync(), await PutAsync());
        Assert.Equal(ExitCode.NotFound, await Run(node.B, "draft", "sign", node.X.Text, first, "--yes"));
        Assert.Equal(ExitCode.Ok, await Run(node.A, "draft", "reject", node.X.Text, first, "--reason", "金额与合同不符"));
        Assert.Equal(ExitCode.Ok, await Run(node.X, "draft", "show", node.X.Text, first, "--lang", "zh"));
        Assert.Contains("金额与合同不符", cli.Output);
        Assert.Contains("已退回", cli.Output);
        Assert.Equal(ExitCode.Refused, await Run(node.A, "draft", "sign", node.X.Text, first, "--yes"));

        Assert.Equal(ExitCode.NotAllowed, await Run(node.A, "draft", "recall", node.X.Text, second));
        Assert.Equal(ExitCode.Ok, await Run(node.X, "draft", "recall", node.X.Text, second, "-o", "json"));
        Assert.Contains("recalled", cli.Output);
    }

    async Task<string> PutAsync()
    {
        var act = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));
        await File.WriteAllBytesAsync(cli["payload"], TransactionText.WritePayload(act), TestContext.Current.CancellationToken);
        Assert.Equal((ExitCode.Ok, ""), (await Run(node.X, "draft", "put", "--payload", cli["payload"], "--awaiting", $"{node.A}#1", "-o", "json"), cli.Error));
        return IdOf(cli.Output);
    }

    Task<int> Run(PartyId by, params string[] args) => cli.Run([.. args, "--key", cli[by.Text], "--password-file", cli["pw"]]);

    static string IdOf(string draft)
    {
        using var json = JsonDocument.Parse(draft);
        return json.RootElement.GetProperty("id").GetString() ?? "";
    }
}
