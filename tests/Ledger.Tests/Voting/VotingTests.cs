using System.Collections.Concurrent;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Tests.ChainFolder;

namespace Ledger.Tests.Voting;

/// <summary>Four banks' nodes and one order: what one of them answers, all have, and nobody takes it back.</summary>
[Collection(Networks.Name)]
public sealed class VotingTests
{
    [Fact]
    public async Task What_one_bank_answers_a_quorum_signed_and_every_bank_has()
    {
        await using var network = VotingNetwork.Started();
        var first = network.Banks[0];
        var answer = await first.SubmitAsync(network.Act(first.Bank, 1));

        Assert.True(answer.IsAccepted, $"{answer.Code}");
        var height = answer.Height!.Value;
        await network.AgreeAsync(height);
        foreach (var bank in network.Banks)
        {
            var note = bank.Loop.Reader.View.Checkpoint;
            Assert.Equal(TrustVerdict.Trusted, network.Founding.Genesis.Policy.Check(network.Founding.Genesis.Chain.Suite, note).Verdict);
            Assert.Equal(answer.Leaf, bank.Loop.Reader.FirstAnswer(first.Bank, answer.Transaction!.Body.Id)?.Leaf);
        }
    }

    [Fact]
    public async Task The_same_transaction_at_two_banks_at_once_has_one_answer()
    {
        await using var network = VotingNetwork.Started();
        var (one, other) = (network.Banks[1], network.Banks[2]);
        var act = network.Act(one.Bank, 3);
        var answers = await Task.WhenAll(one.SubmitAsync(act), other.SubmitAsync(act));

        Assert.All(answers, answer => Assert.Equal(Refusal.None, answer.Code));
        Assert.Single(answers.Select(answer => answer.Leaf).Distinct());
    }

    [Fact]
    public async Task All_banks_submit_at_once_and_every_answer_stands_in_one_history()
    {
        await using var network = VotingNetwork.Started();
        var answers = await Task.WhenAll(network.Banks.SelectMany(bank => Enumerable.Range(1, 25).Select(n => bank.SubmitAsync(network.Act(bank.Bank, (ulong)n)))));

        Assert.All(answers, answer => Assert.True(answer.IsAccepted, $"{answer.Code}"));
        Assert.Equal(answers.Length, answers.Select(answer => answer.Leaf).Distinct().Count());
        await network.AgreeAsync(answers.Max(answer => answer.Height!.Value));
    }

    [Fact]
    public async Task What_comes_while_a_batch_waits_for_a_quorum_is_sealed_together()
    {
        await using var network = VotingNetwork.Started();
        var bank = network.Banks[0];
        await network.AgreeAsync((await bank.SubmitAsync(network.Act(bank.Bank, 1))).Height!.Value);
        foreach (var other in network.Banks) other.Withholds = static _ => true;
        var before = NextCounter();
        var first = bank.SubmitAsync(network.Act(bank.Bank, 2));
        await network.UntilAsync(() => NextCounter() > before, bank);
        Task<Answer>[] later = [.. Enumerable.Range(3, 20).Select(n => bank.SubmitAsync(network.Act(bank.Bank, (ulong)n)))];
        await network.UntilAsync(() => bank.Loop.UnderWay == later.Length + 1, bank);
        foreach (var other in network.Banks) other.Withholds = static _ => false;

        var answers = await Task.WhenAll(later);
        Assert.True((await first).Height < answers[0].Height);
        Assert.Single(answers.Select(static answer => answer.Height).Distinct());

        ulong? NextCounter() => bank.Ledger.Tip.Clock(bank.Bank)?.NextCounter;
    }

    [Fact]
    public async Task One_bank_of_four_may_be_gone_and_comes_back_to_all_that_it_missed()
    {
        await using var network = VotingNetwork.Started();
        var (first, gone) = (network.Banks[0], network.Banks[3]);
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await gone.KillAsync();

        var last = 0UL;
        for (var n = 2UL; n < 8; n++) last = (await first.SubmitAsync(network.Act(first.Bank, n))).Height!.Value;
        gone.Start();
        await network.AgreeAsync(last);
        var answer = await gone.SubmitAsync(network.Act(gone.Bank, 9));
        Assert.True(answer.IsAccepted);
    }

    [Fact]
    public async Task Two_banks_of_four_make_nothing_final_and_go_on_when_a_third_is_back()
    {
        await using var network = VotingNetwork.Started();
        var first = network.Banks[0];
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await network.Banks[2].KillAsync();
        await network.Banks[3].KillAsync();

        var height = first.Height;
        var waits = first.SubmitAsync(network.Act(first.Bank, 2));
        await network.UntilAsync(() => first.Ledger.Pending > 0 && network.Banks[1].Ledger.Pending > 0);
        Assert.Equal((height, false), (first.Height, waits.IsCompleted));

        network.Banks[2].Start();
        Assert.True((await waits).IsAccepted);
        await network.AgreeAsync(first.Height);
    }

    [Fact]
    public async Task A_clock_that_is_ahead_makes_no_bank_say_its_own_again_and_again()
    {
        await using var network = new VotingNetwork(new Hurried());
        var wrong = network.Banks[0];
        wrong.Ahead = TimeSpan.FromMinutes(5);
        foreach (var bank in network.Banks) bank.Start();
        var acted = Assert.IsType<ulong>((await wrong.SubmitAsync(network.Act(wrong.Bank, 1))).Height);
        await network.AgreeAsync(acted + 1);

        // Each of the others says its clock behind the act, once; a second one, which takes them ten ticks, would be for nothing.
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.InRange(network.Banks.Max(bank => bank.Height), acted + 1, acted + (ulong)network.Banks.Count);
    }

    [Fact]
    public async Task Who_builds_on_what_is_under_way_is_let_in_and_nobody_reads_it_before_it_is_final()
    {
        await using var network = VotingNetwork.Started();
        var first = network.Banks[0];
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await network.Banks[2].KillAsync();
        await network.Banks[3].KillAsync();
        var expires = first.Loop.Reader.ClockTime.CeilingMinute().Add(Timestamp.Day);
        var proposal = new Propose(Client.Signing.NewId.Of<Proposal>(first.Loop.Reader.ClockTime), ProposalAction.ValidatorRemove, expires, network.Banks[3].Bank);
        var vote = network.Act(first.Bank, new VoteOn(proposal.Proposal, IsFor: true));
        Assert.Equal(Refusal.ProposalNotFound, first.Loop.DryRun(vote).Code);

        var proposed = first.SubmitAsync(network.Act(first.Bank, proposal));
        await network.UntilAsync(() => first.Ledger.Tip.Proposal(proposal.Proposal) is not null);
        Assert.Equal(Refusal.None, first.Loop.DryRun(vote).Code);
        var voted = await first.Loop.BeginAsync(vote, TestContext.Current.CancellationToken);
        Assert.False(voted.Answer.IsCompleted);
        Assert.Null(first.Loop.Reader.View.State.Proposal(proposal.Proposal));

        network.Banks[2].Start();
        Assert.Equal(Refusal.None, (await proposed).Code);
        Assert.Equal(Refusal.None, (await voted.Answer.WaitAsync(VotingNetwork.Patience, TestContext.Current.CancellationToken)).Code);
        Assert.NotNull(first.Loop.Reader.View.State.Proposal(proposal.Proposal));
    }

    [Fact]
    public async Task Whoever_is_killed_at_any_moment_has_all_that_it_answered_when_it_is_back()
    {
        await using var network = VotingNetwork.Started();
        var first = network.Banks[0];
        for (var n = 1UL; n <= 6; n++)
        {
            var act = network.Act(first.Bank, n);
            var answer = await first.SubmitAsync(act);
            await network.Banks[(int)(n % 4)].RestartAsync();
            await network.UntilAsync(() => first.Loop.Reader.Views.Height >= answer.Height);
            var again = await first.SubmitAsync(act);
            Assert.Equal((true, answer.Leaf), (answer.IsAccepted, again.Leaf));
        }

        await network.AgreeAsync(first.Height);
    }

    [Fact]
    public async Task A_pending_block_outlives_the_banks_that_have_it()
    {
        await using var network = VotingNetwork.Started();
        var (first, second) = (network.Banks[0], network.Banks[1]);
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await network.Banks[2].KillAsync();
        await network.Banks[3].KillAsync();
        var act = network.Act(first.Bank, 2);
        var lost = first.SubmitAsync(act).ContinueWith(_ => { }, TaskScheduler.Default);
        await network.UntilAsync(() => first.Ledger.Pending > 0 && second.Ledger.Pending > 0);
        await first.KillAsync();
        await second.KillAsync();
        await lost;

        // What is pending is shown to nobody as final.
        first.Start();
        Assert.True(first.Ledger.Pending > 0);
        Assert.Equal(first.Loop.Reader.View.Checkpoint.Checkpoint.Size, first.Loop.Reader.Block(first.Height)?.EndLeaf);
        foreach (var bank in network.Banks.Skip(1)) bank.Start();
        var answer = await second.SubmitAsync(act);
        var again = await second.SubmitAsync(act);
        Assert.Equal((Refusal.None, true, answer.Leaf), (answer.Code, again.Replayed, again.Leaf));
        await network.AgreeAsync(answer.Height!.Value);
    }

    [Fact]
    public async Task A_bank_that_signs_two_blocks_of_one_size_is_convicted_by_what_it_signed()
    {
        await using var network = VotingNetwork.Started();
        var (first, liar) = (network.Banks[0], network.Banks[3]);
        await liar.KillAsync();
        var genesis = network.Founding.Genesis;
        var key = network.Founding.NodeKeys[liar.Bank];
        var keys = new Ledger.Node.Ordering.Etcd.OrderKeys(genesis.Chain.ChainId, 1);

        // Only the newest vote stands on the board, so it may take several until a node has seen both.
        for (var n = 1UL; first.Ledger.Breaches.Kept.Count == 0; n++)
        {
            var point = new BlockPoint(1, 40, new(1 + (n % 2), 1));
            var line = new VoteLine(VoteKind.Prepare, point.Size, point.Root, new(key.Sign(Vote.PrepareBytes(genesis.Chain.ChainId, point))));
            var unsigned = new Vote(genesis.Chain.ChainId, 1, liar.Bank, 100 + n, ChainFixture.Start, 1, [line], default);
            network.Etcd.Put(keys.Of(Ledger.Node.Ordering.Posting.Vote, liar.Bank), (unsigned with { Signature = new(key.Sign(unsigned.SignedBytes())) }).Write());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var evidence = Assert.Single(first.Ledger.Evidence);
        Assert.Equal(liar.Bank, evidence.Bank);
        Assert.True(evidence.IsGood(new(genesis.Chain.Suite, genesis.Chain.ChainId, genesis.Origin, genesis.Text.Validators.Select(one => new Validator(one.Bank, one.NodeKey)))));
        Assert.Contains(first.Told, line => line.Contains(liar.Bank.Text, StringComparison.Ordinal));
        Assert.True((await first.SubmitAsync(network.Act(first.Bank, 1))).IsAccepted);
    }

    [Fact]
    public async Task A_bank_that_is_voted_in_fetches_what_it_missed_and_votes_where_the_others_need_it()
    {
        using var folder = new TemporaryFolder();
        await using var network = VotingNetwork.Started(founders: 3);
        var (first, comes) = (network.Banks[0], network.Banks[3]);
        using var key = SigningKey.Create(network.Founding.Genesis.Chain.Suite);
        var mark = new FoundingMark(folder["node.founded.json"]);
        comes.Keys = VotingNetwork.Ring(comes.Bank, key, mark);
        var expires = first.Loop.Reader.ClockTime.CeilingMinute().Add(Timestamp.Day);
        var proof = new ByteString(key.Sign(Rulebook.NodeKeyText(network.Founding.Genesis.Chain.ChainId, comes.Bank, key.PublicKey)));
        var proposal = new Propose(NewId.Of<Proposal>(first.Loop.Reader.ClockTime), ProposalAction.ValidatorAdd, expires, comes.Bank, NodeKey: key.PublicKey, Proof: proof);
        await DecideAsync(network, network.ActOfBoth(first.Bank, comes.Bank, proposal), proposal.Proposal, 3);

        // Where its node ends before it has its first ballot, its key has signed nothing, and it is not taken for one that lost a ballot.
        comes.Disk.Refuses = FolderLayout.Ballot;
        comes.Start();
        for (var began = System.Diagnostics.Stopwatch.GetTimestamp(); comes.Fault is null; await Task.Delay(10, TestContext.Current.CancellationToken)) network.GiveUpAfter(began, comes);
        await comes.KillAsync();
        Assert.Null(mark.Read());
        comes.Disk.Refuses = null;

        comes.Start();
        await network.UntilAsync(() => comes.Ledger is { Exclusion: null, Silence: null });
        Assert.Equal(network.Founding.Genesis.Chain.ChainId.ToString(), mark.Read()?.ChainId);
        await network.Banks[1].KillAsync();
        var height = 0UL;
        for (var n = 5UL; n < 8; n++) height = (await first.SubmitAsync(network.Act(first.Bank, n))).Height ?? 0;
        Assert.Equal(Refusal.None, (await comes.SubmitAgainAsync(network.Act(comes.Bank, 8))).Code);
        await network.AgreeAsync(height);

        // What it signed it knows the next time.
        await comes.RestartAsync();
        Assert.Null(comes.Ledger.Silence);
        Assert.Equal(Refusal.None, (await first.SubmitAsync(network.Act(first.Bank, 9))).Code);
    }

    [Fact]
    public async Task A_node_key_is_replaced_while_its_node_runs_and_nothing_that_was_asked_meanwhile_is_lost()
    {
        using var folder = new TemporaryFolder();
        await using var network = VotingNetwork.Started();
        var (first, rotates) = (network.Banks[0], network.Banks[1]);
        using var key = SigningKey.Create(network.Founding.Genesis.Chain.Suite);
        var mark = new FoundingMark(folder["node.founded.json"]);
        await rotates.KillAsync();
        rotates.Keys = rotates.Keys with { Other = VotingNetwork.Ring(rotates.Bank, key, mark) };
        rotates.Start();
        var expires = first.Loop.Reader.ClockTime.CeilingMinute().Add(Timestamp.Day);
        var proof = new ByteString(key.Sign(Rulebook.NodeKeyText(network.Founding.Genesis.Chain.ChainId, rotates.Bank, key.PublicKey)));
        var proposal = new Propose(NewId.Of<Proposal>(first.Loop.Reader.ClockTime), ProposalAction.NodeKeyRotate, expires, NodeKey: key.PublicKey, Proof: proof);
        var busy = AskAsync(100, 40);
        await DecideAsync(network, network.Act(rotates.Bank, proposal), proposal.Proposal, 3);
        await busy;

        // It goes on under the one key or the other, as the ledger says; what was sealed under the old one is sent again.
        await AskAsync(5, 7);
        Assert.Equal(key.PublicKey, rotates.Loop.Reader.View.State.Validator(rotates.Bank)?.NodeKey);
        Assert.Equal(key.PublicKey, rotates.Ledger.Signer.PublicKey);
        Assert.Equal(key.PublicKey.ToString(), mark.Read()?.NodeKey);

        // Without a fourth bank its votes are needed.
        await network.Banks[3].KillAsync();
        var answer = await first.SubmitAgainAsync(network.Act(first.Bank, 12));
        Assert.Equal(Refusal.None, answer.Code);
        await rotates.RestartAsync();
        Assert.Equal(Refusal.None, (await rotates.SubmitAgainAsync(network.Act(rotates.Bank, 13))).Code);
        await network.AgreeAsync(answer.Height!.Value);

        async Task AskAsync(ulong from, ulong count)
        {
            for (var n = from; n < from + count; n++) Assert.Equal(Refusal.None, (await rotates.SubmitAgainAsync(network.Act(rotates.Bank, n))).Code);
        }
    }

    [Fact]
    public async Task A_bank_that_lost_its_ballot_and_changed_its_key_does_not_begin_as_one_that_never_voted()
    {
        using var folder = new TemporaryFolder();
        await using var network = new VotingNetwork();
        var (first, lost) = (network.Banks[0], network.Banks[3]);
        foreach (var bank in network.Banks.Take(3)) bank.Start();
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        using var key = SigningKey.Create(network.Founding.Genesis.Chain.Suite);
        var expires = first.Loop.Reader.ClockTime.CeilingMinute().Add(Timestamp.Day);
        var proof = new ByteString(key.Sign(Rulebook.NodeKeyText(network.Founding.Genesis.Chain.ChainId, lost.Bank, key.PublicKey)));
        var proposal = new Propose(NewId.Of<Proposal>(first.Loop.Reader.ClockTime), ProposalAction.NodeKeyRotate, expires, NodeKey: key.PublicKey, Proof: proof);
        await DecideAsync(network, network.Act(lost.Bank, proposal), proposal.Proposal, 3);
        await network.UntilAsync(() => first.Loop.Reader.View.State.Validator(lost.Bank)?.NodeKey == key.PublicKey);

        // It may have voted and sealed nothing, so that the ledger knows nothing of it; the key that it has now never signed. Its chain is another bank's.
        Assert.Null(first.Loop.Reader.View.State.Clock(lost.Bank));
        lost.Disk = network.Banks[2].Disk.Copy();
        foreach (var own in new[] { FolderLayout.Ballot, FolderLayout.Pending, FolderLayout.Outbox, FolderLayout.OrderPosition }.Where(lost.Disk.Has)) lost.Disk.Remove(own);
        lost.Keys = VotingNetwork.Ring(lost.Bank, key, new(folder["node.founded.json"]));
        lost.Start();
        var height = (await first.SubmitAgainAsync(network.Act(first.Bank, 5))).Height!.Value;
        await network.AgreeAsync(height);
        Assert.Null(lost.Ledger.Mine);
        Assert.NotNull(lost.Ledger.Silence);
    }

    [Fact]
    public async Task What_the_order_showed_to_another_bank_alone_convicts_whoever_signed_it()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, second, liar) = (network.Banks[0], network.Banks[1], network.Banks[3]);
        await network.AgreeAsync((await first.SubmitAgainAsync(network.Act(first.Bank, 1))).Height!.Value);
        await liar.KillAsync();
        var chain = network.Founding.Genesis.Chain;
        network.Etcd.Put(new OrderKeys(chain.ChainId, 1).Of(Posting.Vote, liar.Bank), Signed(new(1, 1)).Write());
        await network.UntilAsync(() => first.Ledger.Votes.Any(vote => vote.Sequence == 1_000));
        Assert.Empty(first.Ledger.Breaches.Kept);

        // The same number, another history, and only one bank was shown it.
        second.Votes = new AlsoShown(second.Votes, Signed(new(2, 2)));
        await network.UntilAsync(() => first.Ledger.Breaches.Kept.Count == 1);
        Assert.Equal(liar.Bank, Assert.Single(first.Ledger.Evidence).Bank);

        Vote Signed(Hash256 root)
        {
            var key = network.Founding.NodeKeys[liar.Bank];
            var point = new BlockPoint(1, 1_000_000, root);
            var unsigned = new Vote(chain.ChainId, 1, liar.Bank, 1_000, first.Loop.Reader.ClockTime, 2, [new(VoteKind.Prepare, point.Size, root, new(key.Sign(Vote.PrepareBytes(chain.ChainId, point))))], default);
            return unsigned with { Signature = new(key.Sign(unsigned.SignedBytes())) };
        }
    }

    sealed record AlsoShown(IVotesKnown Known, Vote Vote) : IVotesKnown
    {
        public PeerStanding? Standing => Known.Standing;

        public IReadOnlyList<Vote> Votes => [.. Known.Votes, Vote];

        public ReadOnlyMemory<byte>? Closing => Known.Closing;

        public IReadOnlyList<Evidence> Evidence => Known.Evidence;

        public IReadOnlyList<Report> Reports(uint epoch) => Known.Reports(epoch);

        public IReadOnlyList<Block> PendingUpTo(ulong size, Hash256 root) => Known.PendingUpTo(size, root);
    }

    // Proposed, voted for by so many, and done by the block behind.
    static async Task DecideAsync(VotingNetwork network, byte[] proposed, Id<Proposal> proposal, int votes)
    {
        var first = network.Banks[0];
        Assert.Equal(Refusal.None, (await first.SubmitAsync(proposed)).Code);
        foreach (var bank in network.Banks.Take(votes)) Assert.Equal(Refusal.None, (await first.SubmitAsync(network.Act(bank.Bank, new VoteOn(proposal, IsFor: true)))).Code);
        await network.AgreeAsync((await first.SubmitAgainAsync(network.Act(first.Bank, 4))).Height!.Value);
    }

    [Fact]
    public async Task Banks_of_two_programs_run_one_ledger_until_votes_raise_its_protocol_and_only_the_older_program_stops()
    {
        await using var network = new VotingNetwork(new Hurried());
        var (first, away, old) = (network.Banks[0], network.Banks[2], network.Banks[3]);
        foreach (var bank in network.Banks.Take(3)) bank.Knows = 2;
        foreach (var bank in network.Banks) bank.Start();
        Assert.True((await old.SubmitAgainAsync(network.Act(old.Bank, 1))).IsAccepted);
        var expires = first.Loop.Reader.ClockTime.CeilingMinute().Add(Timestamp.Day);
        var proposal = new Propose(NewId.Of<Proposal>(first.Loop.Reader.ClockTime), ProposalAction.ProtocolRaise, expires, Version: 2);
        Assert.Equal(Refusal.None, (await first.SubmitAgainAsync(network.Act(first.Bank, proposal))).Code);
        foreach (var bank in network.Banks.Take(2)) Assert.Equal(Refusal.None, (await first.SubmitAgainAsync(network.Act(bank.Bank, new VoteOn(proposal.Proposal, IsFor: true)))).Code);

        // The vote that decides comes while one of the older program is away: it learns of it from the others.
        await old.KillAsync();
        Assert.Equal(Refusal.None, (await first.SubmitAgainAsync(network.Act(away.Bank, new VoteOn(proposal.Proposal, IsFor: true)))).Code);
        await network.UntilAsync(() => network.Banks.Take(3).All(bank => bank.Loop.Reader.View.State.Protocol.Number == 2));
        var after = await first.SubmitAgainAsync(network.Act(first.Bank, 2));
        Assert.True(after.IsAccepted);
        await network.AgreeAsync(after.Height!.Value);

        old.Start();
        var stopped = await Assert.ThrowsAsync<ProtocolUnknownException>(() => old.EndAsync());
        Assert.Contains("install a newer one", stopped.Message, StringComparison.Ordinal);
        Assert.True(old.Loop.Reader.View.Header.Height <= first.Loop.Reader.View.State.Protocol.Height);
        await old.KillAsync();
        Assert.True((await away.SubmitAgainAsync(network.Act(away.Bank, 3))).IsAccepted);
    }

    [Fact]
    public async Task A_bank_of_the_older_program_that_sees_the_vote_itself_stops_behind_it()
    {
        await using var network = new VotingNetwork(new Hurried());
        var (first, old) = (network.Banks[0], network.Banks[3]);
        foreach (var bank in network.Banks.Take(3)) bank.Knows = 2;
        foreach (var bank in network.Banks) bank.Start();
        var expires = first.Loop.Reader.ClockTime.CeilingMinute().Add(Timestamp.Day);
        var proposal = new Propose(NewId.Of<Proposal>(first.Loop.Reader.ClockTime), ProposalAction.ProtocolRaise, expires, Version: 2);
        Assert.Equal(Refusal.None, (await first.SubmitAgainAsync(network.Act(first.Bank, proposal))).Code);
        foreach (var bank in network.Banks.Take(3)) Assert.Equal(Refusal.None, (await first.SubmitAgainAsync(network.Act(bank.Bank, new VoteOn(proposal.Proposal, IsFor: true)))).Code);

        // It may stop before the block that raises the protocol is final anywhere.
        await Assert.ThrowsAsync<ProtocolUnknownException>(() => old.EndAsync());
        var height = old.Height;
        await old.KillAsync();
        await network.UntilAsync(() => first.Loop.Reader.View.State.Protocol.Number == 2);
        Assert.True(height <= first.Loop.Reader.View.State.Protocol.Height);
        Assert.True((await first.SubmitAgainAsync(network.Act(first.Bank, 2))).IsAccepted);
    }

    [Fact]
    public async Task What_the_order_has_already_is_voted_on_at_once()
    {
        await using var network = new VotingNetwork();
        var (only, others) = (network.Banks[3], network.Banks.Take(3).ToArray());
        var votes = new ConcurrentQueue<Vote>();
        only.Orders = static order => new Gathered(order, many: 3);
        only.Withholds = vote =>
        {
            votes.Enqueue(vote);
            return false;
        };
        only.Start();
        network.Order(others[0], epoch: 1, counter: 1);
        await network.UntilAsync(() => Prepared().Length == 1, only);

        network.Order(others[1], epoch: 1, counter: 1);
        network.Order(others[2], epoch: 1, counter: 1);
        network.Order(others[0], epoch: 1, counter: 2);
        await network.UntilAsync(() => Prepared().Length > 1, only);
        Assert.True(Prepared()[1] >= 4, string.Join(' ', Prepared()));

        // How many blocks stand in each, as it grew.
        int[] Prepared() => [.. votes.Select(static vote => vote.Lines.Count(static line => line.Kind == VoteKind.Prepare)).Where(static count => count > 0).Distinct()];
    }

    [Fact]
    public async Task A_bank_that_is_voted_out_only_follows_and_the_others_go_on_without_it()
    {
        await using var network = VotingNetwork.Started();
        var (first, gone) = (network.Banks[0], network.Banks[3]);
        var expires = first.Loop.Reader.ClockTime.CeilingMinute().Add(Timestamp.Day);
        var proposal = new Propose(NewId.Of<Proposal>(first.Loop.Reader.ClockTime), ProposalAction.ValidatorRemove, expires, gone.Bank);
        Assert.Equal(Refusal.None, (await first.SubmitAsync(network.Act(first.Bank, proposal))).Code);
        foreach (var bank in network.Banks.Take(3)) Assert.Equal(Refusal.None, (await bank.SubmitAsync(network.Act(bank.Bank, new VoteOn(proposal.Proposal, IsFor: true)))).Code);

        // The opening of the next block does it; that block still needs the four, the one behind it only the three.
        var answers = new[] { await first.SubmitAsync(network.Act(first.Bank, 5)), await network.Banks[1].SubmitAsync(network.Act(network.Banks[1].Bank, 5)) };
        Assert.All(answers, answer => Assert.True(answer.IsAccepted, $"{answer.Code}"));
        await network.AgreeAsync(answers[1].Height!.Value);
        await network.UntilAsync(() => gone.Ledger.Exclusion is not null);
        Assert.Equal(Refusal.NodeNotAValidator, (await gone.SubmitAsync(network.Act(gone.Bank, 6))).Code);
        Assert.True((await first.SubmitAsync(network.Act(gone.Bank, 6))).IsAccepted);
        await gone.KillAsync();

        // Three are left and all are needed; what they signed is believed by who follows the set from genesis.
        var last = await network.Banks[2].SubmitAsync(network.Act(network.Banks[2].Bank, 7));
        Assert.True(last.IsAccepted);
        await first.RestartAsync();
        await network.AgreeAsync(last.Height!.Value);
    }
}
