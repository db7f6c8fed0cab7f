using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Disclosures;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Http;

namespace Ledger.Tests.Cli;

/// <summary>Hidden terms by command: handed to a node, taken from it, and held against the chain offline.</summary>
public sealed class DisclosureTests(TestNode node) : IClassFixture<TestNode>, IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Disclosures_go_to_a_node_and_come_back_as_files()
    {
        var file = await TransferredAsync();
        await File.WriteAllBytesAsync(cli["mine.json"], file.ToJson(), TestNode.Cancel);

        Assert.Equal(ExitCode.Ok, await cli.Run("disclose", cli["mine.json"], "--node", node.Address.ToString()));
        Assert.Equal(ExitCode.Ok, await cli.Run("disclose", cli["mine.json"], "--node", node.Address.ToString()));
        Assert.Equal(
            ExitCode.Ok, await cli.Run("disclosures", file.Party.Text, file.Id.ToString(), "--node", node.Address.ToString(), "--out", cli["out"], "-o", "json"));

        using var terms = JsonDocument.Parse(cli.Output);
        Assert.Equal(["price", "contact"], terms.RootElement.EnumerateArray().Select(term => term.GetProperty("term").GetString()));
        Assert.Equal(file.ToJson(), await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(cli["out"])), TestNode.Cancel));
    }

    [Fact]
    public async Task What_the_operation_does_not_carry_is_5_what_cannot_be_read_is_5_and_what_is_not_held_is_3()
    {
        var file = await TransferredAsync();
        await File.WriteAllBytesAsync(cli["false.json"], (file with { Set = file.Set.With(Term.Fees, new Amount(1)) }).ToJson(), TestNode.Cancel);
        await File.WriteAllTextAsync(cli["broken.json"], "{}", TestNode.Cancel);

        Assert.Equal(ExitCode.Refused, await cli.Run("disclose", cli["false.json"], "--node", node.Address.ToString()));
        Assert.Contains("fees", cli.Error);
        Assert.Equal(ExitCode.Refused, await cli.Run("disclose", cli["broken.json"], "--node", node.Address.ToString()));
        Assert.Equal(ExitCode.NotFound, await cli.Run("disclosures", file.Party.Text, file.Id.ToString(), "--node", node.Address.ToString()));
    }

    [Fact]
    public async Task Figures_that_follow_are_0_figures_that_do_not_are_6_and_a_file_that_cannot_be_read_is_7()
    {
        using var world = new World("2026-03-22 10:00:00").Lends();
        var note = world.Certificate(World.A, 12_000_000);
        world.Until("2026-05-06 10:00:00");
        var agreed = DisclosureSet.Empty.With(Term.Rate, new Rate(38_500)).With(Term.Fees, Amount.Zero);
        var paidOut = DisclosureSet.Empty.With(Term.NetProceeds, new Amount(11_821_617));
        var apply = world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 12_000_000) with { Terms = agreed.Digests(world.Suite) };
        Write(world, World.A, apply, agreed);
        world.IsClear(apply.Financing);
        world.Accepts(World.X, world.Approving(apply.Financing) with { Terms = apply.Terms }, World.Key(Lending.P));
        world.IsRegistered(apply.Financing);
        Write(world, World.X, new Disburse(apply.Financing, "R1", paidOut.Digests(world.Suite)), paidOut);
        var chain = world.WriteTo(cli["chain"]);

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "chain", chain, "--disclosures", cli["told"], "-o", "json"));
        using var good = JsonDocument.Parse(cli.Output);
        Assert.Equal((3, 3), (Number(good, "hiddenTerms"), Number(good, "termsOpened")));
        var figure = Assert.Single(good.RootElement.GetProperty("figures").EnumerateArray());
        Assert.Equal(("netProceeds", "11821617", true), (Text(figure, "term"), Text(figure, "computed"), figure.GetProperty("agrees").GetBoolean()));

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "chain", chain, "--disclosures", cli["told"]));
        Assert.Matches("net proceeds +¥118,216.17 +¥118,216.17  ✓", cli.Output);
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "chain", chain, "--disclosures", cli["told"], "--lang", "zh"));
        Assert.Matches("放款净额 +¥118,216.17 +¥118,216.17  ✓", cli.Output);
        Assert.DoesNotMatch("[a-z][A-Z]", cli.Output.Split("融资 ")[^1].Split('\n')[0]);

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "chain", chain, "--disclosures", Directory.CreateDirectory(cli["nothing"]).FullName, "--lang", "zh"));
        Assert.Contains("3 个隐藏条款没有披露", cli.Output);

        var false_ = Directory.GetFiles(cli["told"]).Order(StringComparer.Ordinal).Last();
        Assert.True(DisclosureFile.TryRead(await File.ReadAllBytesAsync(false_, TestNode.Cancel), out var file, out _));
        await File.WriteAllBytesAsync(false_, (file with { Set = DisclosureSet.Empty.With(Term.Refund, new Amount(5)) }).ToJson(), TestNode.Cancel);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "chain", chain, "--disclosures", cli["told"], "-o", "json"));
        using var bad = JsonDocument.Parse(cli.Output);
        Assert.Equal("refund", Text(Assert.Single(bad.RootElement.GetProperty("falseDisclosures").EnumerateArray()), "term"));

        await File.WriteAllTextAsync(false_, "{}", TestNode.Cancel);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "chain", chain, "--disclosures", cli["told"]));
        Assert.Contains(false_, cli.Error);
        Assert.Equal(ExitCode.NotFound, await cli.Run("verify", "chain", chain, "--disclosures", cli["absent"]));
    }

    void Write(World world, PartyId by, Operation operation, DisclosureSet set)
    {
        Directory.CreateDirectory(cli["told"]);
        var transaction = world.Draft(by, operation);
        World.Accepted(world.Submit(transaction));
        File.WriteAllBytes(cli["told", $"{transaction.Id}.json"], new DisclosureFile(world.Genesis.Chain.ChainId, by, transaction.Id, 0, set).ToJson());
    }

    async Task<DisclosureFile> TransferredAsync()
    {
        var set = DisclosureSet.Empty.With(Term.Price, new Amount(29_000)).With(Term.Contact, "王五");
        var (instrument, invoice) = (await node.ReceivableAsync(100), await node.InvoiceAsync(node.B, node.A, 100));
        var transaction = TestNode.Draft(
            node.A, TestNode.Transfer(TestNode.New<Offer>(), instrument, node.B, 100, invoice) with { Terms = set.Digests(node.Genesis.Chain.Suite) });
        await node.AcceptedAsync(node.Sign(transaction));
        return new(node.Genesis.Chain.ChainId, node.A, transaction.Id, 0, set);
    }

    static int Number(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetInt32();

    static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
