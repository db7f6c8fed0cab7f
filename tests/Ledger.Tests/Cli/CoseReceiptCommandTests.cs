using System.Text.Json;
using Ledger.Cli;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Suites.Cose;
using Ledger.Tests.Peers;
using Ledger.Tests.Receipts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Tests.Cli;

/// <summary>The words of several banks are gathered by one command and verified offline by another.</summary>
public sealed class CoseReceiptCommandTests : IAsyncLifetime
{
    static readonly CoseCases Cases = new();

    readonly CommandLine cli = new();
    readonly List<WebApplication> nodes = [];

    static string Id => "AAAAAAAAAAAAAAAAAAAAAQ";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    string File => cli["receipt.cose"];

    public ValueTask InitializeAsync()
    {
        System.IO.File.WriteAllBytes(cli["genesis.json"], FourBanks.Genesis.Bytes.ToArray());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        cli.Dispose();
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_quorums_words_are_gathered_and_no_more_and_verify_with_genesis_alone()
    {
        string[] others = [await NodeOf(Word(1)), await NodeOf(Word(2)), await NodeOf(Word(3))];

        Assert.Equal(ExitCode.Ok, await GatherAsync(await NodeOf(Word(0)), others, "--genesis", cli["genesis.json"]));
        Assert.Equal(3, CoseReceiptFile.Read(await System.IO.File.ReadAllBytesAsync(File, Cancel), out _)?.Receipts.Count);

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "receipt", File, "--genesis", cli["genesis.json"], "--chain-id", FourBanks.Genesis.Chain.ChainId.ToString(), "-o", "json"));
        using var told = JsonDocument.Parse(cli.Output);
        Assert.Equal(("entry", 3, Cases.Checkpoint.Root.ToString()), (told.RootElement.GetProperty("kind").GetString(), told.RootElement.GetProperty("signedBy").GetArrayLength(), told.RootElement.GetProperty("root").GetString()));
        Assert.Equal(FourBanks.Banks[2].Text, told.RootElement.GetProperty("entry").GetProperty("party").GetString());
    }

    [Fact]
    public async Task A_node_that_lies_or_refuses_or_is_not_there_is_named_and_its_word_left_out()
    {
        var foreign = Cases.Word(FourBanks.Banks[1]) with { Origin = "other.example/0000000000000000" };
        var place = Cases.Word(FourBanks.Banks[1], leaf: 1);
        string[] others = [await NodeOf(foreign.Write()), await NodeOf(place.Write()), await NodeOf("no receipt"u8.ToArray()), await NodeOf(null), "http://127.0.0.1:1/", await NodeOf(Word(1))];

        Assert.Equal(ExitCode.Ok, await GatherAsync(await NodeOf(Word(0)), others));
        Assert.Equal(2, CoseReceiptFile.Read(await System.IO.File.ReadAllBytesAsync(File, Cancel), out _)?.Receipts.Count);
        Assert.All(others[..5], other => Assert.Contains(other, cli.Error, StringComparison.Ordinal));
        Assert.DoesNotContain(others[5], cli.Error, StringComparison.Ordinal);

        // Nobody asked for a quorum, so the file has what there is; a verifier is told that it is too little.
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "receipt", File, "--genesis", cli["genesis.json"]));
        Assert.Contains("found 2", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_words_for_whom_one_trusts_are_not_written_and_false_ones_are_called_false()
    {
        var liar = Cases.Word(FourBanks.Banks[1]) with { Signature = Cases.Word(FourBanks.Banks[2]).Signature };

        Assert.Equal(ExitCode.CouldNotCheck, await GatherAsync(await NodeOf(Word(0)), [await NodeOf(Word(1))], "--genesis", cli["genesis.json"]));
        Assert.Equal(ExitCode.VerificationFalse, await GatherAsync(await NodeOf(Word(0)), [await NodeOf(liar.Write())], "--genesis", cli["genesis.json"]));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task A_refusal_of_the_only_node_is_told_with_its_sentence()
    {
        Assert.NotEqual(ExitCode.Ok, await GatherAsync(await NodeOf(null), []));
        Assert.Contains("signs no receipts", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_with_cose_goes_with_nothing_else_and_needs_a_file()
    {
        var node = await NodeOf(Word(0));
        Assert.Equal(ExitCode.Usage, await cli.Run("tx", "receipt", FourBanks.Bank.Text, Id, "--also", node, "--node", node));
        Assert.Equal(ExitCode.Usage, await cli.Run("tx", "receipt", FourBanks.Bank.Text, Id, "--genesis", cli["genesis.json"], "--node", node));
        Assert.Equal(ExitCode.Usage, await cli.Run("tx", "receipt", FourBanks.Bank.Text, Id, "--cose", "--node", node));
        Assert.Equal(ExitCode.Usage, await cli.Run("tx", "receipt", FourBanks.Bank.Text, Id, "--cose", "--out", "-", "--node", node));
    }

    [Theory]
    [InlineData(0, "envelope", "信封")]
    [InlineData(2, "header", "区块头")]
    public async Task Words_on_what_is_no_entry_are_no_receipt_and_say_what_they_prove(int place, string kind, string inChinese)
    {
        var block = Cases.Chain.Blocks[2].Block;
        var leaf = block.FirstLeaf + (ulong)place;
        Write(CoseReceiptFile.Of(new(block.Leaves[place]), FourBanks.Quorum.Select(bank => Cases.Word(bank, leaf))));

        Assert.Equal(ExitCode.VerificationFalse, await VerifyAsync("-o", "json"));
        using var told = JsonDocument.Parse(cli.Output);
        Assert.Equal(kind, told.RootElement.GetProperty("kind").GetString());
        Assert.Equal(ExitCode.VerificationFalse, await VerifyAsync("--lang", "zh"));
        Assert.Contains(inChinese, cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_receipt_names_the_banks_whose_words_are_false_and_the_root_that_was_found()
    {
        var good = Cases.By(FourBanks.Quorum);
        Write(good with { Leaf = new((byte[])[.. good.Leaf.Span[..^1], 0]) });

        Assert.Equal(ExitCode.VerificationFalse, await VerifyAsync("-o", "json"));
        using var told = JsonDocument.Parse(cli.Output);
        Assert.Equal(3, told.RootElement.GetProperty("notSignedBy").GetArrayLength());
        Assert.NotEqual(Cases.Checkpoint.Root.ToString(), told.RootElement.GetProperty("foundRoot").GetString());
        Assert.False(told.RootElement.TryGetProperty("entry", out var entry) && entry.ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public async Task What_is_no_receipt_is_6_with_its_fault_and_what_cannot_be_checked_is_7()
    {
        foreach (var (what, octets, kind, receipt) in Cases.Malformed().Where(static one => CoseReceiptFile.IsLike(one.Octets)))
        {
            await System.IO.File.WriteAllBytesAsync(File, octets, Cancel);
            Assert.Equal((what, ExitCode.VerificationFalse), (what, await VerifyAsync()));
            Assert.Contains(receipt > 0 ? $"(fault {(int)kind}, receipt {receipt})" : $"(fault {(int)kind})", cli.Error, StringComparison.Ordinal);
        }

        using var other = new ChainFixture("SM2");
        Write(Cases.By(FourBanks.Quorum));
        await System.IO.File.WriteAllBytesAsync(cli["sm2.json"], other.Founding.Genesis.Bytes.ToArray(), Cancel);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "receipt", File, "--genesis", cli["sm2.json"]));
        Assert.Contains("30047", cli.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "receipt", File));
    }

    static byte[] Word(int bank) => Cases.Word(FourBanks.Banks[bank]).Write();

    void Write(CoseReceiptFile file) => System.IO.File.WriteAllBytes(File, file.Write());

    Task<int> VerifyAsync(params string[] more) => cli.Run(["verify", "receipt", File, "--genesis", cli["genesis.json"], .. more]);

    Task<int> GatherAsync(string node, string[] others, params string[] more) =>
        cli.Run(["tx", "receipt", FourBanks.Bank.Text, Id, "--cose", "--out", File, "--node", node, .. others.SelectMany(static other => new[] { "--also", other }), .. more]);

    // A bank's node so far as it is asked here: the receipt of the entry, and its own word; or the refusal of one that signs none.
    async Task<string> NodeOf(byte[]? word)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var (good, note) = (Cases.Word(FourBanks.Bank), FourBanks.Sign(Cases.Checkpoint, FourBanks.Quorum));
        app.MapGet("/v1/transactions/{party}/{id}/receipt", () => Results.Bytes(new TlogProof(Cases.Leaf, good.Index, good.Path, note).Write(), "text/plain"));
        app.MapGet("/v1/proofs/{leaf}/cose", (ulong leaf, ulong size) =>
        {
            Assert.Equal((good.Index, good.Size), (leaf, size));
            return word is not null
                ? Results.Bytes(word, "application/cose")
                : Results.Json(new { code = (int)Refusal.SignsNoReceipts, detail = "This node signs no receipts.", detailZh = "本节点不签署回执。" }, statusCode: 501, contentType: "application/problem+json");
        });
        await app.StartAsync(Cancel);
        nodes.Add(app);
        return app.Urls.Single();
    }
}
