using System.Text.Json;
using Ledger.Cli;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Tests.Cli;

public sealed class CasebookTests : OfflineTests
{
    [Fact]
    public async Task A_casebook_of_a_chain_holds_every_entry_and_noun_and_marks_what_was_refused()
    {
        chain.Append(chain.Sign(chain.OtherBank, new PledgeDocuments(new(9), chain.Bank, Currency.Cny, new Amount(30_000_000), [], new(1_773_187_200_000))));
        var last = chain.Fold.Last;
        chain.WriteTo(cli["chain"]);

        Assert.Equal(ExitCode.Ok, await cli.Run("casebook", "build", cli["chain"], "--out", cli["case"], "-o", "json"));

        var entries = await RowsAsync("entries", "--limit", "0");
        Assert.Equal(entries.Length, entries.Select(entry => entry.GetProperty("_id").GetInt64()).Distinct().Count());
        var refused = Assert.Single(await RowsAsync("entries", "--where", $"height = {last.Header.Height}"));
        Assert.Equal(chain.OtherBank.Text, refused.GetProperty("party").GetString());
        Assert.Equal((long)last.Header.Height, refused.GetProperty("height").GetInt64());
        Assert.Equal(30_000_000, refused.GetProperty("operations")[0].GetProperty("amount").GetInt64());
        Assert.Equal(2, (await RowsAsync("parties", "--where", $"_id = '{chain.Bank}' or _id = '{chain.OtherBank}'")).Length);
    }

    [Fact]
    public async Task A_casebook_is_made_anew_and_says_the_same_each_time()
    {
        chain.WriteTo(cli["chain"]);
        await cli.Run("casebook", "build", cli["chain"], "--out", cli["case"]);
        await cli.Run("casebook", "query", cli["case"], "entries", "-o", "json");
        var first = cli.Output;

        Assert.Equal(ExitCode.Ok, await cli.Run("casebook", "build", cli["chain"], "--out", cli["case"]));
        await cli.Run("casebook", "query", cli["case"], "entries", "-o", "json");

        Assert.Equal(first, cli.Output);
        Assert.Contains("offer.withdraw", first);
    }

    [Fact]
    public async Task Of_a_chain_that_is_false_there_is_no_casebook_and_the_old_one_stays()
    {
        chain.WriteTo(cli["chain"]);
        await cli.Run("casebook", "build", cli["chain"], "--out", cli["case"]);
        var before = await File.ReadAllBytesAsync(cli["case"], TestContext.Current.CancellationToken);
        var file = cli["chain", SegmentCodec.FileName(0)];
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("casebook", "build", cli["chain"], "--out", cli["case"]));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("casebook", "build", cli["chain"], "--out", cli["other"]));

        Assert.Equal(before, await File.ReadAllBytesAsync(cli["case"], TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(cli[""], "other*"));
        Assert.Empty(Directory.GetFiles(cli[""], "*.unfinished"));
    }

    [Fact]
    public async Task A_suppliers_receipts_make_a_casebook_and_a_changed_one_makes_none()
    {
        var folded = chain.Append(chain.Sign(chain.OtherBank, ChainFixture.Policy(3)));
        var leaf = Assert.NotNull(Assert.Single(folded.Answers).Leaf);
        var receipt = chain.Receipt(folded.Block.Leaves[1], leaf).Write();
        Directory.CreateDirectory(cli["receipts"]);
        await File.WriteAllBytesAsync(cli["receipts", "one.tlog-proof"], receipt, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Usage, await cli.Run("casebook", "build", cli["receipts"], "--out", cli["case"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("casebook", "build", cli["receipts"], "--genesis", cli["genesis.json"], "--out", cli["case"]));
        Assert.Equal((long)leaf, Assert.Single(await RowsAsync("entries")).GetProperty("_id").GetInt64());
        Assert.Equal(ExitCode.Ok, await cli.Run("casebook", "build", cli["receipts", "one.tlog-proof"], "--genesis", cli["genesis.json"], "--out", cli["case"]));
        Assert.Equal((long)leaf, Assert.Single(await RowsAsync("entries")).GetProperty("_id").GetInt64());

        receipt[^20] ^= 1;
        await File.WriteAllBytesAsync(cli["receipts", "two.tlog-proof"], receipt, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("casebook", "build", cli["receipts"], "--genesis", cli["genesis.json"], "--out", cli["case"]));
        Assert.Contains("two.tlog-proof", cli.Error);
    }

    [Fact]
    public async Task A_casebook_is_asked_for_chosen_members_in_order_and_as_a_table_for_spreadsheets()
    {
        chain.WriteTo(cli["chain"]);
        await cli.Run("casebook", "build", cli["chain"], "--out", cli["case"]);

        Assert.Equal(ExitCode.Ok, await cli.Run("casebook", "query", cli["case"], "parties", "--select", "_id,name", "--order", "_id", "--limit", "1", "-o", "csv"));
        Assert.Equal(2, cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("_id,name", cli.Output);

        Assert.Equal(ExitCode.Usage, await cli.Run("casebook", "query", cli["case"], "nothing"));
        Assert.Contains("entries", cli.Error);
        Assert.Equal(ExitCode.Usage, await cli.Run("casebook", "query", cli["case"], "entries", "--where", "code >>> 0"));
        await File.WriteAllBytesAsync(cli["picture"], new byte[20_000], TestContext.Current.CancellationToken);
        foreach (var other in (string[])[cli["pw"], cli["picture"], cli["chain", "genesis.json"]])
        {
            Assert.Equal(ExitCode.Usage, await cli.Run("casebook", "query", other, "entries"));
            Assert.Contains($"{other} is no casebook", cli.Error);
        }
    }

    async Task<JsonElement[]> RowsAsync(string collection, params string[] more)
    {
        Assert.Equal(ExitCode.Ok, await cli.Run(["casebook", "query", cli["case"], collection, .. more, "-o", "json"]));
        using var rows = JsonDocument.Parse(cli.Output);
        return [.. rows.RootElement.EnumerateArray().Select(row => row.Clone())];
    }
}
