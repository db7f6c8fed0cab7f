using Ledger.Cli;
using Ledger.Client.Pledges;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Pledges;
using Ledger.Suites;
using Ledger.Suites.Oprf;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Cli;
using Ledger.Tests.Http;
using Ledger.Tests.Notices;

namespace Ledger.Tests.Pledges;

/// <summary>A node that answers asks with its bank's share: for whom its file names, as many a day as it says, and each once.</summary>
public sealed class PledgeDeskTests : IDisposable
{
    readonly TemporaryFolder data = new();
    readonly ManualTime time = new();
    readonly SigningKey north = SigningKey.Create(KnownSuites.P256), south = SigningKey.Create(KnownSuites.P256);
    readonly SealingKey bank = SealingKey.Create();
    readonly List<string> said = [];
    readonly PledgeGroup group;
    readonly PledgeShareKey share;

    public PledgeDeskTests()
    {
        var dealing = PledgeDealing.Deal("one", 1, [("bank", bank.PublicKey), ("other", bank.PublicKey)]);
        group = PledgeGroup.Of("receivables", [dealing], [new("north", "ES256", north.PublicKey.ToString(), 5), new("south", "ES256", south.PublicKey.ToString(), 5)])!;
        share = PledgeShareKey.Of(dealing.Open(2, bank)!);
        File.WriteAllBytes(data["key.json"], group.Write());
    }

    public void Dispose()
    {
        foreach (var one in (PrivateKey[])[north, south, bank, share]) one.Dispose();
        data.Dispose();
    }

    [Fact]
    public void A_bank_is_answered_as_many_tags_a_day_as_its_line_says_also_after_a_start()
    {
        Assert.NotNull(Open()!.Answer(Ask(3)).Answer);
        Assert.Equal(Refusal.PledgeQuotaUsed, Open()!.Answer(Ask(3)).Refusal);
        Assert.NotNull(Open()!.Answer(Ask(2)).Answer);
        Assert.Equal(Refusal.PledgeQuotaUsed, Open()!.Answer(Ask(1)).Refusal);
        Assert.NotNull(Open()!.Answer(Ask(5, "south", south)).Answer);

        time.Pass(TimeSpan.FromDays(1));
        Assert.NotNull(Open()!.Answer(Ask(5)).Answer);
    }

    [Fact]
    public void An_ask_that_got_lost_is_answered_again_and_counted_once_and_another_under_its_id_is_refused()
    {
        var desk = Open()!;
        var asking = Asking(4);
        var ask = PledgeAsk.Of(asking, "north", north).Write();
        for (var i = 0; i < 3; i++) Assert.True(IsTrue(desk.Answer(ask).Answer, asking));

        Assert.Equal(Refusal.PledgeAskRepeated, desk.Answer(PledgeAsk.Of(Asking(1) with { Id = asking.Id }, "north", north).Write()).Refusal);
        Assert.NotNull(desk.Answer(Ask(1)).Answer);
        Assert.Equal(Refusal.PledgeQuotaUsed, desk.Answer(Ask(1)).Refusal);
    }

    [Fact]
    public void Who_may_not_ask_is_refused_and_costs_nobody_a_tag()
    {
        var desk = Open()!;
        Assert.Equal((Refusal.PledgeAskRefused, "SignatureFalse"), Told(Ask(5, "north", south)));
        Assert.Equal((Refusal.PledgeAskRefused, "AskerUnknown"), Told(Ask(5, "west", north)));
        Assert.Equal((Refusal.BodyInvalid, null), Told("{}"u8.ToArray()));
        Assert.NotNull(desk.Answer(Ask(5)).Answer);

        (Refusal, string?) Told(byte[] ask) => desk.Answer(ask) is var (answer, refusal, reason) && answer is null ? (refusal, reason) : default;
    }

    [Fact]
    public void Without_a_share_of_the_key_or_with_a_damaged_log_nothing_is_answered_and_the_node_says_so()
    {
        using var other = PledgeShareKey.Of(GroupScalar.Random());
        Assert.Null(PledgeDesk.Open(data["key.json"], [other], data.Path, time, said.Add));
        Assert.Null(PledgeDesk.Open(data["none.json"], [share], data.Path, time, said.Add));
        File.WriteAllText(data["junk.json"], "{}");
        Assert.Null(PledgeDesk.Open(data["junk.json"], [share], data.Path, time, said.Add));
        Assert.NotNull(PledgeDesk.Open(data["key.json"], [other, share], data.Path, time, said.Add));
        File.WriteAllBytes(data[FolderLayout.Pledges], [.. Enumerable.Repeat((byte)7, 4_096)]);
        Assert.Null(Open());
        Assert.Equal(4, said.Count);
    }

    [Fact]
    public async Task An_operator_sends_an_ask_to_a_node_and_makes_the_tag_of_its_answer()
    {
        using var cli = new CommandLine();
        await using var node = new TestNode { Options = RunningNode.Open with { Pledges = Open() } };
        await node.InitializeAsync();
        var asking = Asking(2);
        File.WriteAllBytes(cli["ask.json"], PledgeAsk.Of(asking, "north", north).Write());

        Assert.True(await cli.Run("pledge", "send", cli["ask.json"], "--node", $"{node.Http.BaseAddress}", "--out", cli["answer.json"]) == ExitCode.Ok, cli.Error);
        Assert.True(PledgeAnswer.TryRead(File.ReadAllBytes(cli["answer.json"]), out var answer) && IsTrue(answer, asking));
        File.WriteAllBytes(cli["ask.json"], Ask(4));
        Assert.Equal(ExitCode.Refused, await cli.Run("pledge", "send", cli["ask.json"], "--node", $"{node.Http.BaseAddress}", "--lang", "en"));
        Assert.Contains("may not ask for so many more tags today", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_a_share_answers_no_ask()
    {
        using var cli = new CommandLine();
        await using var node = new TestNode();
        await node.InitializeAsync();
        File.WriteAllBytes(cli["ask.json"], Ask(1));

        Assert.NotEqual(ExitCode.Ok, await cli.Run("pledge", "send", cli["ask.json"], "--node", $"{node.Http.BaseAddress}", "--lang", "en"));
        Assert.Contains("no share of a pledge key", cli.Error, StringComparison.Ordinal);
    }

    PledgeDesk? Open() => PledgeDesk.Open(data["key.json"], [share], data.Path, time, said.Add);

    PledgeAsking Asking(int tags) => PledgeAsking.Of(group, Enumerable.Range(0, tags).Select(static one => new ByteString((byte[])[(byte)one])));

    byte[] Ask(int tags, string name = "north", SigningKey? key = null) => PledgeAsk.Of(Asking(tags), name, key ?? north).Write();

    bool IsTrue(PledgeAnswer? answer, PledgeAsking asking) => answer is not null && ThresholdTags.Of(group, asking, [answer], out _) is { All.Count: > 0 };
}
