using System.Net;
using System.Text.RegularExpressions;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Documents;
using Ledger.Node.Monitoring;
using Ledger.Node.Nouns;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Node.Voting;

namespace Ledger.Tests.Voting;

/// <summary>What a bank's node says of itself while the others are no quorum, and once they are.</summary>
[Collection(Networks.Name)]
public sealed class StandingTests
{
    [Fact]
    public async Task A_node_whose_quorum_is_stalled_says_so_and_names_whose_votes_it_waits_for()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, third, fourth) = (network.Banks[0], network.Banks[2], network.Banks[3]);
        var before = await first.SubmitAsync(network.Act(first.Bank, 1));
        await network.AgreeAsync(before.Height!.Value);
        Assert.Null(ReadinessChecks.Finality(first.Loop).Why());
        Assert.Equal((3, 4), (first.Loop.Voting?.Quorum, first.Loop.Voting?.Voters.Count));

        // What they have voted on is final; from now on they vote on nothing.
        await network.UntilAsync(() => network.Banks.All(static bank => bank.Ledger.Pending == 0));
        third.Withholds = fourth.Withholds = static _ => true;
        await third.KillAsync();
        await fourth.KillAsync();
        var waits = first.SubmitAsync(network.Act(first.Bank, 2));
        await network.UntilAsync(() => ReadinessChecks.Finality(first.Loop).Why() is not null);

        Assert.Equal(Refusal.FinalityStalled, StandingReader.TroubleOf(first.Loop)?.Code);
        var voting = Assert.IsType<VotingStanding>(first.Loop.Voting);
        Assert.Equal([third.Bank, fourth.Bank], voting.Missing);
        Assert.True(voting is { Pending: > 0, IsStalled: true, Waits: not null });

        // What is final is read as ever.
        Assert.True(StandingReader.Reads(first.Loop));
        var suite = network.Founding.Genesis.Chain.Suite;
        var node = new StandingReader(first.Loop, new(suite, new(suite, first.Bank, new Dictionary<uint, byte[]>())), RunningNode.Open).Now();
        Assert.True(node.Height >= before.Height.Value && node.Folded > node.Height);
        Assert.Contains(Ledger.Node.Health.NextStep.Of(node), step => step.Code == Refusal.FinalityStalled && step.English.Contains(third.Bank.Text, StringComparison.Ordinal) && step.Chinese.Contains(fourth.Bank.Text, StringComparison.Ordinal));

        third.Withholds = static _ => false;
        third.Start();
        await network.UntilAsync(() => StandingReader.TroubleOf(first.Loop) is null && first.Height > node.Height);
        await waits;
    }

    [Fact]
    public async Task While_a_quorum_is_stalled_who_finds_no_room_is_told_so_by_number_and_comes_again()
    {
        await using var network = new VotingNetwork(new Hurried());
        var (first, third, fourth) = (network.Banks[0], network.Banks[2], network.Banks[3]);
        var isFull = false;
        first.Orders = order => new FullAhead(order, () => isFull);
        foreach (var bank in network.Banks) bank.Start();
        var before = await first.SubmitAsync(network.Act(first.Bank, 1));
        await network.AgreeAsync(before.Height!.Value);
        await network.UntilAsync(() => network.Banks.All(static bank => bank.Ledger.Pending == 0));
        third.Withholds = fourth.Withholds = static _ => true;
        await third.KillAsync();
        await fourth.KillAsync();
        var pending = first.SubmitAsync(network.Act(first.Bank, 2));
        await network.UntilAsync(() => ReadinessChecks.Finality(first.Loop).Why() is not null);

        // One batch waits for the order, one fills, and the intake behind them.
        isFull = true;
        var taken = new List<Task<Answer>>();
        var number = 0UL;
        var refusedAct = Array.Empty<byte>();
        Answer? refused = null;
        while (refused is null)
        {
            refusedAct = network.Act(network.Banks[(int)(++number % 4)].Bank, 1 + (number % 9));
            var answer = (await first.Loop.BeginAsync(refusedAct, TestContext.Current.CancellationToken)).Answer;
            if (answer.IsCompleted) refused = await answer;
            else taken.Add(answer);
        }

        Assert.Equal((Refusal.FinalityStalled, null), (refused.Code, refused.Leaf));
        Assert.InRange(taken.Count, 1000, 3000);

        // When it goes on nobody is left without an answer, and who was refused is taken.
        isFull = false;
        third.Withholds = static _ => false;
        third.Start();
        await network.UntilAsync(() => StandingReader.TroubleOf(first.Loop) is null);
        foreach (var answer in taken.Append(pending)) Assert.Contains((await answer).Code, new[] { Refusal.None, Refusal.EpochEnded });
        Assert.Equal(Refusal.None, (await first.SubmitAgainAsync(refusedAct)).Code);
    }

    [Fact]
    public async Task The_page_of_nodes_shows_votes_and_epochs_who_is_behind_proofs_against_a_bank_and_when_own_certificates_end()
    {
        await using var network = VotingNetwork.Started();
        var (first, liar, genesis) = (network.Banks[0], network.Banks[3], network.Founding.Genesis);
        await network.AgreeAsync((await first.SubmitAgainAsync(network.Act(first.Bank, 1))).Height!.Value);
        await liar.KillAsync();

        // Only the newest vote stands on the board, so it may take several until a node has seen both.
        var (key, voted) = (network.Founding.NodeKeys[liar.Bank], first.Loop.Reader.ClockTime);
        for (var n = 1UL; first.Ledger.Breaches.Kept.Count == 0; n++)
        {
            var point = new BlockPoint(1, 1_000_000, new(1 + (n % 2), 1));
            var line = new VoteLine(VoteKind.Prepare, point.Size, point.Root, new(key.Sign(Vote.PrepareBytes(genesis.Chain.ChainId, point))));
            var unsigned = new Vote(genesis.Chain.ChainId, 1, liar.Bank, 1_000 + n, voted, 4_321, [line], default);
            network.Etcd.Put(new OrderKeys(genesis.Chain.ChainId, 1).Of(Posting.Vote, liar.Bank), (unsigned with { Signature = new(key.Sign(unsigned.SignedBytes())) }).Write());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await network.UntilAsync(() => first.Loop.Voting is { Breaches.Count: 1 } voting && voting.Votes.Any(vote => vote.Bank == liar.Bank && vote.DurableHeight == 4_321));
        var now = TimeProvider.System.GetUtcNow();
        var (soon, later) = (new Timestamp(now.AddDays(3).ToUnixTimeMilliseconds()), new Timestamp(now.AddDays(90).ToUnixTimeMilliseconds()));
        var peer = new Peers.FakePeer(liar.Bank, [], 0) { CertificateExpires = now.AddDays(90) };
        var book = new PeerBook([peer], now.AddDays(3));
        book.Seen(peer, new(genesis.Chain.ChainId.ToString(), genesis.Origin, liar.Bank.Text, "1", Height: 0, Size: 1, new('0', 64), DurableHeight: 0, Epoch: 7, Position: null), now);
        var documents = new DocumentService(genesis.Chain.Suite, new(genesis.Chain.Suite, first.Bank, new Dictionary<uint, byte[]>()));
        await using var server = NodeServer.Build(first.Loop, documents, disclosures: null, RunningNode.Open with { Peers = book, Etcd = new(["127.0.0.1:2379"], now.AddDays(90)) }, logs: null, out _)
            ?? throw new InvalidOperationException();
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = NodeServer.AddressOf(server) };
        http.DefaultRequestHeaders.Add("Accept-Language", "en");
        var html = await http.GetStringAsync(new Uri("/nodes", UriKind.Relative), TestContext.Current.CancellationToken);
        await server.StopAsync(TestContext.Current.CancellationToken);

        var banks = Rows("The banks' nodes");
        Assert.Equal(4, banks.Count);
        var own = Assert.Single(banks, row => row[0] == NameOf(first));
        Assert.Equal(["validates", own[2], "0", "1"], own[1..5]);
        Assert.Equal("this node", own[7]);

        // As far behind as this node is high, for it has only the first block, and in another epoch by its own word.
        var other = Assert.Single(banks, row => row[0] == NameOf(liar));
        Assert.Equal(["validates", "0", own[2], "7", "4,321", Shown(voted), Shown(new(now.ToUnixTimeMilliseconds())), Shown(later)], other[1..9]);
        Assert.NotEqual("0", own[2]);

        Assert.Equal([NameOf(liar), "1", $"evidence/{liar.Bank}-1.evidence"], Assert.Single(Rows("Proofs of breaches (check them with ledger verify evidence)")));
        Assert.Equal([["other banks' nodes", Shown(soon)], ["members of etcd", Shown(later)]], Rows("This node's certificates"));
        Assert.Contains($"<span class=\"badge bad\">{Shown(soon)}</span>", html, StringComparison.Ordinal);

        // The cells of a table, row by row, as somebody reads them.
        IReadOnlyList<string[]> Rows(string caption)
        {
            var table = Assert.Single(html.Split("<table>"), part => WebUtility.HtmlDecode(part).TrimStart().StartsWith($"<caption>{caption}<", StringComparison.Ordinal));
            return
            [
                .. Regex.Matches(table[table.IndexOf("<tbody>", StringComparison.Ordinal)..table.IndexOf("</tbody>", StringComparison.Ordinal)], "<tr>(.*?)</tr>", RegexOptions.Singleline)
                    .Select(static row => Regex.Matches(row.Value, "<td[^>]*>(.*?)</td>", RegexOptions.Singleline).Select(static cell => WebUtility.HtmlDecode(Regex.Replace(cell.Groups[1].Value, "<[^>]*>", "")).Trim()).ToArray()),
            ];
        }

        string NameOf(VotingBank bank) => genesis.Text.Parties.Single(party => party.Id == bank.Bank).Name;

        string Shown(Timestamp time) => Figures.Time(time, genesis.Chain.OffsetMinutes);
    }

    [Fact]
    public async Task A_node_that_lost_its_ballot_says_that_it_does_not_vote_and_is_ready_all_the_same()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, fourth) = (network.Banks[0], network.Banks[3]);
        var before = await first.SubmitAsync(network.Act(first.Bank, 1));
        await network.AgreeAsync(before.Height!.Value);

        await fourth.KillAsync();
        fourth.Disk.Remove(FolderLayout.Ballot);
        fourth.Start();

        await network.UntilAsync(() => fourth.Loop.Voting is { HasLostBallot: true });
        Assert.NotNull(fourth.Loop.Voting?.Silence);
        Assert.Null(ReadinessChecks.Order(fourth.Loop).Why());
    }
}
