using System.Text;
using System.Text.Json;
using Ledger.Cli;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Tests.Cli;

public sealed class VerifyTests : OfflineTests
{
    [Fact]
    public async Task A_good_chain_is_0_and_counted()
    {
        chain.WriteTo(cli["chain"]);

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "chain", cli["chain"], "--chain-id", chain.Founding.Genesis.Chain.ChainId.ToString(), "-o", "json"));

        using var report = JsonDocument.Parse(cli.Output);
        Assert.Equal(3, report.RootElement.GetProperty("height").GetInt32());
        Assert.True(report.RootElement.GetProperty("chainIdTrusted").GetBoolean());
        Assert.Equal(1, report.RootElement.GetProperty("notChecked").GetArrayLength());
    }

    [Fact]
    public async Task A_damaged_chain_is_6_with_file_offset_and_height()
    {
        chain.WriteTo(cli["chain"]);
        var file = cli["chain", SegmentCodec.FileName(0)];
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "chain", cli["chain"], "-o", "json"));

        using var report = JsonDocument.Parse(cli.Output);
        Assert.Equal(SegmentCodec.FileName(0), report.RootElement.GetProperty("file").GetString());
        Assert.Equal(3, report.RootElement.GetProperty("height").GetInt32());
        Assert.True(report.RootElement.GetProperty("offset").GetInt64() > 0);
    }

    [Fact]
    public async Task A_chain_without_genesis_or_blocks_is_7()
    {
        chain.WriteTo(cli["chain"]);
        File.Delete(cli["chain", FolderLayout.Genesis]);
        Directory.CreateDirectory(cli["empty"]);

        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "chain", cli["chain"]));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "chain", cli["empty"]));
    }

    [Fact]
    public async Task A_receipt_tells_who_did_what_and_which_banks_signed()
    {
        var (genesis, receipt, _) = WriteReceipt(chain.Sign(chain.OtherBank, new PledgeDocuments(new(9), chain.Bank, Currency.Cny, new Amount(30_000_000), [], new(1_773_187_200_000))));

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "receipt", receipt, "--genesis", genesis, "--lang", "zh"));

        Assert.Contains("核验通过", cli.Output);
        Assert.Contains("¥300,000.00 人民币叁拾万元整", cli.Output);
        Assert.Contains("质押背景材料", cli.Output);
        Assert.Contains($"示例银行甲 {chain.Bank}", cli.Output);
    }

    [Fact]
    public async Task A_receipt_is_verified_under_a_policy_file_too_and_under_nothing_not_at_all()
    {
        var (_, receipt, policy) = WriteReceipt(chain.Sign(chain.OtherBank, ChainFixture.Policy(3)));

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "receipt", receipt, "--policy", policy, "-o", "json"));
        using var report = JsonDocument.Parse(cli.Output);
        Assert.Equal(chain.OtherBank.Text, report.RootElement.GetProperty("entry").GetProperty("party").GetString());

        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "receipt", receipt));
    }

    [Fact]
    public async Task A_changed_receipt_is_6_at_every_byte_of_its_leaf_and_proof()
    {
        var (genesis, receipt, _) = WriteReceipt(chain.Sign(chain.OtherBank, ChainFixture.Policy(3)));
        var bytes = await File.ReadAllBytesAsync(receipt, TestContext.Current.CancellationToken);
        for (var place = 0; place < bytes.Length; place += 7)
        {
            bytes[place] ^= 0x01;
            await File.WriteAllBytesAsync(receipt, bytes, TestContext.Current.CancellationToken);
            bytes[place] ^= 0x01;

            Assert.Equal((ExitCode.VerificationFalse, place), (await cli.Run("verify", "receipt", receipt, "--genesis", genesis), place));
        }
    }

    [Fact]
    public async Task A_changed_receipt_shows_the_root_that_was_signed_beside_the_root_of_what_is_there()
    {
        var (genesis, receipt, _) = WriteReceipt(chain.Sign(chain.OtherBank, ChainFixture.Policy(3)));
        var lines = await File.ReadAllLinesAsync(receipt, TestContext.Current.CancellationToken);
        var proof = Array.FindIndex(lines, line => line.StartsWith("index ", StringComparison.Ordinal)) + 1;
        lines[proof] = Convert.ToBase64String(new byte[32]);
        await File.WriteAllTextAsync(receipt, string.Join('\n', lines) + "\n", new UTF8Encoding(false), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "receipt", receipt, "--genesis", genesis, "-o", "json"));
        using var report = JsonDocument.Parse(cli.Output);
        var (expected, found) = (report.RootElement.GetProperty("expectedRoot").GetString(), report.RootElement.GetProperty("foundRoot").GetString());
        Assert.NotEqual(expected, found);

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "receipt", receipt, "--genesis", genesis));
        Assert.Contains($"{found}  the root of what follows", cli.Output);
    }

    [Fact]
    public async Task A_receipt_without_its_entry_cannot_be_checked()
    {
        var (genesis, receipt, _) = WriteReceipt(chain.Sign(chain.OtherBank, ChainFixture.Policy(3)));
        var lines = (await File.ReadAllLinesAsync(receipt, TestContext.Current.CancellationToken)).Where(line => !line.StartsWith("extra ", StringComparison.Ordinal));
        await File.WriteAllTextAsync(receipt, string.Join('\n', lines) + "\n", new UTF8Encoding(false), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "receipt", receipt, "--genesis", genesis));
    }

    [Theory]
    [InlineData(0, "envelope", "批次信封")]
    [InlineData(2, "header", "区块头")]
    public async Task A_proof_of_what_is_no_entry_is_no_receipt_and_says_what_it_proves(int leaf, string kind, string inChinese)
    {
        var (genesis, receipt, policy) = WriteReceipt(chain.Sign(chain.OtherBank, ChainFixture.Policy(3)));
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "receipt", receipt, "--genesis", genesis, "-o", "json"));
        Assert.Equal("entry", Json("kind"));

        var block = chain.Fold.Last;
        await File.WriteAllBytesAsync(receipt, chain.Receipt(block.Leaves[leaf], block.FirstLeaf + (ulong)leaf).Write(), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "receipt", receipt, "--genesis", genesis, "-o", "json"));
        Assert.Equal(kind, Json("kind"));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "receipt", receipt, "--policy", policy, "--lang", "zh"));
        Assert.Contains($"该证明所证的是{inChinese}，不是记录", cli.Output);
    }

    string? Json(string name)
    {
        using var report = JsonDocument.Parse(cli.Output);
        return report.RootElement.GetProperty(name).GetString();
    }

    (string Genesis, string Receipt, string Policy) WriteReceipt(byte[] transaction)
    {
        var folded = chain.Append(transaction);
        var leaf = Assert.NotNull(Assert.Single(folded.Answers).Leaf);
        var proof = chain.Receipt(folded.Block.Leaves[1], leaf);
        File.WriteAllBytes(cli["receipt.tlog-proof"], proof.Write());
        File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());

        var bank = chain.Founding.Genesis.Policy.Logs[0];
        File.WriteAllText(cli["policy"], $"log {bank}\nquorum none\n");
        return (cli["genesis.json"], cli["receipt.tlog-proof"], cli["policy"]);
    }
}
