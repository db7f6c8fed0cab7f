using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Ledger.Node.Voting;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Ordering;

namespace Ledger.Tests.Voting;

/// <summary>An order that stands still or breaks ends its epoch, and nothing that was final goes with it.</summary>
[Collection(Networks.Name)]
public sealed class EpochTests
{
    [Fact]
    public async Task Where_nothing_becomes_final_a_quorum_ends_the_epoch_and_goes_on_from_what_it_had()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, second, third) = (network.Banks[0], network.Banks[1], network.Banks[2]);
        var before = await first.SubmitAsync(network.Act(first.Bank, 1));
        await network.AgreeAsync(before.Height!.Value);
        await third.KillAsync();
        await network.Banks[3].KillAsync();

        var waits = first.SubmitAsync(network.Act(first.Bank, 2));
        await network.UntilAsync(() => first.Ledger.Silence is not null && second.Ledger.Silence is not null);
        third.Start();
        await network.UntilAsync(() => first.Loop.Epoch == 2 && second.Loop.Epoch == 2 && third.Loop.Epoch == 2);
        Assert.Equal(Refusal.EpochEnded, (await waits).Code);

        var after = await second.SubmitAgainAsync(network.Act(second.Bank, 3));
        Assert.True(after.IsAccepted, $"{after.Code}");
        await network.AgreeAsync(after.Height!.Value);
        Assert.Equal(2U, first.Loop.Reader.View.State.Ordering.Number);
        Assert.Equal(before.Leaf, third.Loop.Reader.FirstAnswer(first.Bank, before.Transaction!.Body.Id)?.Leaf);

        // Who slept through it all enters the new epoch by what was put up for all, which stays until everybody is there.
        Assert.False(first.Ledger.Forgettable.EarlierEpochs);
        network.Banks[3].Start();
        await network.AgreeAsync(after.Height.Value);
        await network.UntilAsync(() => network.Banks[3].Loop.Epoch == 2);
        Assert.True((await network.Banks[3].SubmitAgainAsync(network.Act(network.Banks[3].Bank, 4))).IsAccepted);
        Assert.True((await first.SubmitAgainAsync(network.Act(first.Bank, 5))).IsAccepted);
        await network.UntilAsync(() => first.Ledger.Forgettable.EarlierEpochs);
    }

    [Fact]
    public async Task An_order_that_lost_what_it_had_told_is_left_with_its_epoch()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var first = network.Banks[0];
        var acts = Enumerable.Range(1, 4).Select(n => network.Act(first.Bank, (ulong)n)).ToArray();
        var revision = 0L;
        var answers = new List<ulong?>();
        foreach (var act in acts)
        {
            revision = revision == 0 && answers.Count == 2 ? network.Etcd.Revision : revision;
            answers.Add((await first.SubmitAsync(act)).Leaf);
        }

        await network.AgreeAsync(first.Height);
        network.Etcd.GoBackTo(revision);
        network.Etcd.Put(new OrderKeys(network.Founding.Genesis.Chain.ChainId, 1).Of(first.Bank, 99), "junk"u8);

        await network.UntilAsync(() => network.Banks.All(bank => bank.Loop.Epoch == 2));
        var last = await network.Banks[3].SubmitAgainAsync(network.Act(network.Banks[3].Bank, 9));
        Assert.True(last.IsAccepted, $"{last.Code}");
        await network.AgreeAsync(last.Height!.Value);
        foreach (var (act, leaf) in acts.Zip(answers)) Assert.Equal(leaf, (await first.SubmitAgainAsync(act)).Leaf);
    }

    [Fact]
    public async Task A_bank_that_lost_its_ballot_follows_and_signs_nothing_in_the_epoch_in_which_it_came_back()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, lost) = (network.Banks[0], network.Banks[3]);
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await lost.KillAsync();
        lost.Disk[FolderLayout.Ballot] = [];
        lost.Start();
        Assert.NotNull(lost.Ledger.Silence);
        Assert.Null(lost.Ledger.Mine);

        var height = (await first.SubmitAsync(network.Act(first.Bank, 2))).Height!.Value;
        await network.AgreeAsync(height);
        await network.UntilAsync(() => lost.Told.Any(line => line.Contains("has its ballot again", StringComparison.Ordinal)));
        Assert.Contains("epoch 2", lost.Ledger.Silence?.English, StringComparison.Ordinal);
        Assert.Null(lost.Ledger.Mine);

        // When the epoch ends it votes again: three are left, and it is one of them.
        await network.Banks[1].KillAsync();
        var waits = first.SubmitAsync(network.Act(first.Bank, 3));
        await network.UntilAsync(() => first.Loop.Epoch == 2 && lost.Loop.Epoch == 2);
        await waits;
        var answer = await lost.SubmitAgainAsync(network.Act(lost.Bank, 4));
        Assert.True(answer.IsAccepted, $"{answer.Code}");
        Assert.Null(lost.Ledger.Silence);
    }

    [Fact]
    public async Task A_bank_taken_back_to_an_older_disk_signs_nothing_against_what_it_signed()
    {
        await using var network = VotingNetwork.Started();
        var (first, other) = (network.Banks[0], network.Banks[3]);
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await other.KillAsync();
        var older = other.Disk.Copy();
        other.Start();
        var height = (await other.SubmitAsync(network.Act(other.Bank, 2))).Height!.Value;
        await network.AgreeAsync(height);
        await other.KillAsync();

        // As a backup is: everything but what says how far it signed and read.
        foreach (var name in new[] { FolderLayout.Ballot, FolderLayout.OrderPosition, FolderLayout.Outbox, FolderLayout.Pending }) older[name] = [];
        other.Disk = older;
        other.Start();
        await network.AgreeAsync(height);
        Assert.All(network.Banks, bank => Assert.Empty(bank.Ledger.Breaches.Kept));
        Assert.True((await first.SubmitAsync(network.Act(first.Bank, 3))).IsAccepted);
    }

    [Fact]
    public async Task A_bank_taken_back_with_its_ballot_finds_what_it_signed_since_and_believes_the_ballot_no_more()
    {
        await using var network = VotingNetwork.Started();
        var (first, other) = (network.Banks[0], network.Banks[3]);
        await network.AgreeAsync((await first.SubmitAgainAsync(network.Act(first.Bank, 1))).Height!.Value);

        // It prepared something that waits, and then committed to it.
        foreach (var bank in network.Banks.Take(3)) bank.Withholds = static _ => true;
        var waits = first.SubmitAsync(network.Act(first.Bank, 2));
        await network.UntilAsync(() => other.Ledger.WaitingBlocks.FirstOrDefault(static one => one.Items.Count > 0) is { } one && LastOf(other, VoteKind.Prepare)?.Size >= one.Point.Size);
        await other.KillAsync();
        var older = other.Disk.Copy();
        using (PendingFile.Open(older.Copy(), out var waiting)) Assert.NotEmpty(waiting);
        other.Start();
        foreach (var bank in network.Banks.Take(3)) bank.Withholds = static _ => false;
        foreach (var bank in network.Banks.Take(3)) await bank.RestartAsync();
        await network.AgreeAsync((await other.SubmitAgainAsync(network.Act(other.Bank, 3))).Height!.Value);
        await waits.ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        await other.KillAsync();

        var says = false;
        other.Withholds = vote => says = true;
        other.Disk = older;
        other.Start();
        await network.UntilAsync(() => other.Ledger.Silence is not null);
        Assert.False(says);
        await other.KillAsync();
        using (var file = BallotFile.Open(other.Disk)) Assert.True(file.Last is null or { Standing: BallotStanding.IsSilent });
        Assert.All(network.Banks.Take(3), bank => Assert.Empty(bank.Ledger.Breaches.Kept));
    }

    [Fact]
    public async Task Who_reads_no_order_signs_nothing_before_so_many_validators_told_it_what_it_said_that_they_are_a_quorum_with_it()
    {
        using var folder = new TemporaryFolder();
        await using var network = VotingNetwork.Started(new Hurried(), founders: 3);
        var (first, second, returns, follows) = (network.Banks[0], network.Banks[1], network.Banks[2], network.Banks[3]);
        using var key = SigningKey.Create(network.Founding.Genesis.Chain.Suite);
        follows.Keys = VotingNetwork.Ring(follows.Bank, key, new(folder["node.founded.json"]));
        follows.Start();
        await network.AgreeAsync((await first.SubmitAgainAsync(network.Act(first.Bank, 1))).Height!.Value);

        // Of the others one votes; the other, which is asked too, only follows, and nobody need have shown it anything.
        await returns.KillAsync();
        await second.KillAsync();
        returns.Members = () => [new FakeMember(network.Etcd, "down") { IsDown = true }];
        var (asked, askedToo) = (new Counted(first.Votes), new Counted(follows.Votes));
        (first.Votes, follows.Votes) = (asked, askedToo);
        returns.Start();
        await network.UntilAsync(() => asked.Times >= 3 && askedToo.Times >= 3);
        Assert.False(returns.Ledger.HasHeard);

        second.Start();
        await network.UntilAsync(() => returns.Ledger.HasHeard);
    }

    sealed class Counted(IVotesKnown known) : IVotesKnown
    {
        public int Times { get; private set; }

        public PeerStanding? Standing => known.Standing;

        public IReadOnlyList<Vote> Votes
        {
            get
            {
                Times++;
                return known.Votes;
            }
        }

        public ReadOnlyMemory<byte>? Closing => known.Closing;

        public IReadOnlyList<Evidence> Evidence => known.Evidence;

        public IReadOnlyList<Report> Reports(uint epoch) => known.Reports(epoch);

        public IReadOnlyList<Block> PendingUpTo(ulong size, Hash256 root) => known.PendingUpTo(size, root);
    }

    [Fact]
    public async Task Two_banks_are_no_quorum_without_the_one_that_lost_its_ballot_until_its_operator_says_so()
    {
        await using var network = VotingNetwork.Started(new Hurried(), founders: 2);
        var (first, lost) = (network.Banks[0], network.Banks[1]);
        await network.AgreeAsync((await first.SubmitAgainAsync(network.Act(first.Bank, 1))).Height!.Value, first, lost);
        await lost.KillAsync();
        lost.Disk[FolderLayout.Ballot] = [];
        Return(lost, network, may: true);
        Return(lost, network, may: false);

        lost.Start();
        var answer = await lost.SubmitAgainAsync(network.Act(lost.Bank, 2));
        Assert.Equal(Refusal.None, answer.Code);
        Assert.True(lost.Ledger is { Epoch: > 1, Silence: null });
        await network.AgreeAsync(answer.Height!.Value, first, lost);
        Assert.All([first, lost], bank => Assert.Empty(bank.Ledger.Breaches.Kept));
    }

    static void Return(VotingBank bank, VotingNetwork network, bool may)
    {
        var opened = Assert.IsType<Recovery.Complete>(BlockLog.Open(bank.Disk, network.Founding.Genesis, BlockLog.DefaultSegmentSize, verifySignatures: false, static _ => { }, static _ => { }));
        opened.Log.Dispose();
        Assert.Equal(may, QuorumLedger.MayReturn(bank.Disk, opened.Fold));
        if (may) QuorumLedger.Return(bank.Disk, opened.Fold);
    }

    [Fact]
    public async Task A_bank_that_never_saw_the_certified_blocks_from_which_an_epoch_goes_on_is_given_them_by_others()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, second, third, liar) = (network.Banks[0], network.Banks[1], network.Banks[2], network.Banks[3]);
        var before = (await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value;
        await network.AgreeAsync(before);

        // One bank prepares and lets out no commit; another is not told of what the first puts: two commit, and nothing is final.
        liar.Withholds = static vote => vote.Lines.Any(static line => line.Kind == VoteKind.Commit);
        FakeMember[] apart = [new(network.Etcd, "apart")];
        third.Members = () => apart;
        await third.RestartAsync();
        await network.AgreeAsync(first.Height);
        apart[0].Hidden = new OrderKeys(network.Founding.Genesis.Chain.ChainId, 1).Of(first.Bank, first.Loop.Reader.View.State.Clock(first.Bank)!.NextCounter);
        var act = network.Act(first.Bank, 2);
        var waits = first.SubmitAsync(act);
        VoteLine? CommittedBy(VotingBank bank) => LastOf(bank, VoteKind.Commit) is { } line && line.Size > bank.Loop.Reader.View.Checkpoint.Checkpoint.Size ? line : null;
        VoteLine? kept = null;
        await network.UntilAsync(() => (kept = CommittedBy(first)) is not null && CommittedBy(second) is not null);
        await network.UntilAsync(() => third.Told.Any(static line => line.Contains("epoch 1 is given up", StringComparison.Ordinal)));
        await liar.KillAsync();
        apart[0].Hidden = null;

        // Three are left, and the third is needed; the block that two committed to is kept.
        await network.UntilAsync(() => network.Banks.Take(3).All(bank => bank.Loop.Epoch >= 2));
        await waits;
        var answer = await first.SubmitAgainAsync(act);
        var again = await first.SubmitAgainAsync(act);
        Assert.Equal((Refusal.None, true, answer.Leaf), (answer.Code, again.Replayed, again.Leaf));
        var after = await third.SubmitAgainAsync(network.Act(third.Bank, 3));
        Assert.True(after.IsAccepted, $"{after.Code}");
        await network.AgreeAsync(after.Height!.Value);
        Assert.All(network.Banks.Take(3), bank => Assert.Equal(kept?.Root, bank.Loop.Reader.RootAt(kept!.Value.Size)));
    }

    [Fact]
    public async Task As_many_blocks_as_may_wait_keep_no_block_of_the_next_epoch_from_making_them_final()
    {
        var time = new Hurried(atOnce: false);
        await using var network = VotingNetwork.Started(time);
        var (first, second, third, fourth) = (network.Banks[0], network.Banks[1], network.Banks[2], network.Banks[3]);
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await third.KillAsync();
        await fourth.KillAsync();
        var lastEpoch = first.Loop.Epoch;
        var next = first.Ledger.Tip.Clock(fourth.Bank)?.NextCounter ?? 1;
        for (var n = 0; n < QuorumLedger.MaxPending; n++) network.Order(fourth, lastEpoch, next + (ulong)n);
        await network.UntilAsync(() => new[] { first, second }.All(bank => WaitingLines(bank, VoteKind.Prepare) == QuorumLedger.MaxPending));

        // A third bank prepares them all and commits to none: two commit, and nothing is final.
        network.Etcd.Put(new OrderKeys(network.Founding.Genesis.Chain.ChainId, lastEpoch).Of(Posting.Vote, fourth.Bank), PreparedBy(fourth, first.Ledger.Mine!).Write());
        await network.UntilAsync(() => new[] { first, second }.All(bank => WaitingLines(bank, VoteKind.Commit) == QuorumLedger.MaxPending));

        // The other one sees nothing of them in the order.
        FakeMember[] apart = [new(network.Etcd, "apart") { Hidden = new OrderKeys(network.Founding.Genesis.Chain.ChainId, lastEpoch).Of(fourth.Bank, next) }];
        third.Members = () => apart;
        time.Hurry();
        third.Start();
        await network.UntilAsync(() => third.Told.Any(static line => line.Contains("epoch 1 is given up", StringComparison.Ordinal)));
        apart[0].Hidden = null;
        await network.UntilAsync(() => new[] { first, second, third }.All(bank => bank.Loop.Epoch > lastEpoch));
        var after = await second.SubmitAgainAsync(network.Act(second.Bank, 3));
        Assert.True(after.IsAccepted, $"{after.Code}");
        Assert.True(after.Height > QuorumLedger.MaxPending);

        Vote PreparedBy(VotingBank bank, Vote vote)
        {
            var (chain, key) = (network.Founding.Genesis.Chain, network.Founding.NodeKeys[bank.Bank]);
            var lines = vote.Lines.Where(static line => line.Kind == VoteKind.Prepare).Select(line => line with { Signature = new(key.Sign(Vote.PrepareBytes(chain.ChainId, new(lastEpoch, line.Size, line.Root)))) });
            var unsigned = vote with { Bank = bank.Bank, Sequence = 1_000, Lines = [.. lines] };
            return unsigned with { Signature = new(key.Sign(unsigned.SignedBytes())) };
        }

        static int WaitingLines(VotingBank bank, VoteKind kind) => bank.Ledger.Mine?.Lines.Count(line => line.Kind == kind && line.Size > bank.Loop.Reader.View.Checkpoint.Checkpoint.Size) ?? 0;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_epoch_left_out_is_there_still_where_a_liar_brings_its_certificate_at_the_end_of_a_later_one(bool areStartedAgain)
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (honest, liar) = (network.Banks.Take(3).ToArray(), network.Banks[3]);
        var (first, third) = (honest[0], honest[2]);
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await liar.KillAsync();

        // Each prepares what the first puts and is not told that the others did: the epoch ends without it, and it is cut.
        foreach (var bank in honest) bank.Withholds = static vote => vote.Epoch <= 2;
        var shown = honest.Max(static bank => LastOf(bank, VoteKind.Prepare)?.Size ?? 0);
        var act = network.Act(first.Bank, 2);
        var waits = first.SubmitAsync(act);
        Certificate? left = null;
        await network.UntilAsync(() => (left = PreparedByAll()) is not null);
        await network.UntilAsync(() => honest.All(static bank => bank.Loop.Epoch == 2));
        Assert.Equal(Refusal.EpochEnded, (await waits).Code);
        Assert.All(honest, bank => Assert.True(bank.Loop.Reader.View.Checkpoint.Checkpoint.Size < left!.Block.Size));
        if (areStartedAgain)
        {
            foreach (var bank in honest) await bank.KillAsync();
            third.Disk.Remove(FolderLayout.Cut);
            foreach (var bank in honest) bank.Start();
        }

        var report = new Report(network.Founding.Genesis.Chain.ChainId, 2, liar.Bank, left, default);
        report = report with { Signature = new(network.Founding.NodeKeys[liar.Bank].Sign(report.SignedBytes())) };
        network.Etcd.Put(new OrderKeys(report.ChainId, 2).Of(Posting.Report, liar.Bank), report.Write());
        var waitsToo = first.SubmitAsync(network.Act(first.Bank, 3));
        await network.UntilAsync(() => honest.All(static bank => bank.Loop.Epoch >= 3));
        await waitsToo;

        var answer = await first.SubmitAgainAsync(act);
        Assert.Equal((Refusal.None, true), (answer.Code, answer.Leaf < left!.Block.Size));
        var height = (await third.SubmitAgainAsync(network.Act(third.Bank, 4))).Height!.Value;
        await network.AgreeAsync(height, honest);
        Assert.All(honest, bank => Assert.Equal(left.Block.Root, bank.Loop.Reader.RootAt(left.Block.Size)));
        await network.UntilAsync(() => !honest.Any(static bank => bank.Disk.Has(FolderLayout.Cut)));

        Certificate? PreparedByAll()
        {
            var lines = honest.Select(static bank => bank.Ledger.Mine?.Lines.Where(static line => line.Kind == VoteKind.Prepare).ToArray() ?? []).ToArray();
            var same = lines[0].Where(line => line.Size > shown && lines.All(other => other.Any(one => (one.Size, one.Root) == (line.Size, line.Root)))).Cast<VoteLine?>().LastOrDefault();
            if (same is not { } point || !first.Votes.PendingUpTo(point.Size, point.Root).Any(static block => block.Entries.Count > 0)) return null;
            var signatures = honest.Zip(lines).Select(both => new BankSignature(both.First.Bank, both.Second.First(line => line.Size == point.Size).Signature)).OrderBy(static one => one.Bank);
            return new(new(1, point.Size, point.Root), [.. signatures]);
        }
    }

    [Fact]
    public async Task A_bank_that_missed_the_end_of_an_epoch_is_shown_it_by_others()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, late) = (network.Banks[0], network.Banks[3]);
        await EndFirstEpochAsync(network);

        // What stood beside the order is gone, and of the new epoch nothing is final without the bank that is late.
        Assert.Equal(1U, first.Loop.Reader.View.State.Ordering.Number);
        var height = first.Height;
        late.Start();
        var answer = await late.SubmitAgainAsync(network.Act(late.Bank, 9));
        Assert.True(answer.IsAccepted, $"{answer.Code}");
        Assert.Equal(2U, late.Loop.Epoch);
        Assert.True(answer.Height > height);
        Assert.NotNull(late.Votes.Closing);
        await late.RestartAsync();
        Assert.NotNull(late.Votes.Closing);
    }

    [Fact]
    public async Task A_bank_that_missed_the_end_of_an_epoch_enters_behind_what_is_final_in_a_later_one()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, third, late) = (network.Banks[0], network.Banks[2], network.Banks[3]);
        await EndFirstEpochAsync(network);
        third.Start();
        var answer = await first.SubmitAgainAsync(network.Act(first.Bank, 8));
        Assert.Equal(2U, first.Loop.Reader.View.State.Ordering.Number);
        foreach (var bank in network.Banks.Take(3)) bank.Votes = NoVotes.Instance;
        late.Start();
        await network.AgreeAsync(answer.Height!.Value);
        await network.UntilAsync(() => late.Loop.Epoch == 2);
        await third.KillAsync();
        Assert.True((await late.SubmitAgainAsync(network.Act(late.Bank, 9))).IsAccepted);
    }

    [Fact]
    public async Task A_change_of_the_validators_that_an_epoch_left_certified_and_unfinished_is_voted_on_again_in_the_next()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, gone) = (network.Banks[0], network.Banks[3]);
        await VoteOutAsync(network, gone);
        var waits = first.SubmitAsync(network.Act(first.Bank, 5));
        await network.UntilAsync(() => network.Banks.Take(3).All(bank => bank.Loop.Epoch == 2));
        await waits;

        await network.UntilAsync(() => gone.Ledger.Exclusion is not null && network.Banks.Take(3).All(bank => bank.Loop.Reader.View.State.Validator(gone.Bank) is null));
        await gone.KillAsync();
        var after = await network.Banks[1].SubmitAgainAsync(network.Act(network.Banks[1].Bank, 6));
        Assert.True(after.IsAccepted, $"{after.Code}");
        await network.AgreeAsync(after.Height!.Value);

        // What was certified by those before stands in reports, and those who judge them are others now.
        await network.Banks[2].KillAsync();
        var late = first.SubmitAsync(network.Act(first.Bank, 7));
        await network.UntilAsync(() => first.Ledger.Silence is not null);
        network.Banks[2].Start();
        await network.UntilAsync(() => network.Banks.Take(3).All(bank => bank.Loop.Epoch == 3));
        await late;
        Assert.True((await network.Banks[2].SubmitAgainAsync(network.Act(network.Banks[2].Bank, 8))).IsAccepted);
    }

    [Fact]
    public async Task Who_was_away_when_a_change_of_the_validators_outlived_its_epoch_enters_the_next_by_the_reports_of_those_before()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, second, third, gone) = (network.Banks[0], network.Banks[1], network.Banks[2], network.Banks[3]);
        await VoteOutAsync(network, gone);
        await third.KillAsync();
        var waits = first.SubmitAsync(network.Act(first.Bank, 5));
        await network.UntilAsync(() => gone.Ledger.Exclusion is not null && new[] { first, second }.All(bank => bank.Loop.Epoch == 2 && bank.Loop.Reader.View.State.Validator(gone.Bank) is null));
        await gone.KillAsync();

        // Of the epoch that ended nothing stands any more: the others tell of it, and one of those who reported in it is no validator now.
        var keys = new OrderKeys(network.Founding.Genesis.Chain.ChainId, 1);
        foreach (var kv in network.Etcd.Keys.Where(kv => keys.PostingOf(kv.Key) is not null)) network.Etcd.Delete(kv.Key);
        third.Start();

        // It may stand behind the block that voted one out, and then needs the three that are left.
        await waits;
        var answer = await third.SubmitAgainAsync(network.Act(third.Bank, 6));
        Assert.True(answer.IsAccepted, $"{answer.Code}");
        await network.AgreeAsync(answer.Height!.Value);
    }

    // Voted out, but for the block that does it: everybody prepares that, and in its epoch nobody hears that another committed to it.
    static async Task VoteOutAsync(VotingNetwork network, VotingBank gone)
    {
        var first = network.Banks[0];
        var expires = first.Loop.Reader.ClockTime.CeilingMinute().Add(Timestamp.Day);
        var proposal = new Propose(NewId.Of<Proposal>(first.Loop.Reader.ClockTime), ProposalAction.ValidatorRemove, expires, gone.Bank);
        Assert.Equal(Refusal.None, (await first.SubmitAgainAsync(network.Act(first.Bank, proposal))).Code);
        foreach (var bank in network.Banks) bank.Withholds = vote => vote.Epoch == 1 && vote.Lines.Any(line => line.Kind == VoteKind.Commit && network.Changes.ContainsKey(line.Size));
        foreach (var bank in network.Banks.Take(3)) Assert.Equal(Refusal.None, (await first.SubmitAgainAsync(network.Act(bank.Bank, new VoteOn(proposal.Proposal, IsFor: true)))).Code);
    }

    static VoteLine? LastOf(VotingBank bank, VoteKind kind) => bank.Ledger.Mine is { } vote && vote.Lines.Any(line => line.Kind == kind) ? vote.Lines.Last(line => line.Kind == kind) : null;

    // The fourth bank sleeps through it, of what is said there nothing is left, and in the next, which the third has seen begin, nothing is final.
    static async Task EndFirstEpochAsync(VotingNetwork network)
    {
        var (first, second, third, late) = (network.Banks[0], network.Banks[1], network.Banks[2], network.Banks[3]);
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await third.KillAsync();
        await late.KillAsync();
        foreach (var bank in network.Banks.Take(3)) bank.Withholds = static vote => vote.Epoch > 1;
        var waits = first.SubmitAsync(network.Act(first.Bank, 2));
        await network.UntilAsync(() => first.Ledger.Silence is not null && second.Ledger.Silence is not null);
        third.Start();
        await network.UntilAsync(() => network.Banks.Take(3).All(bank => bank.Loop.Epoch == 2));
        await third.KillAsync();
        foreach (var bank in network.Banks.Take(3)) bank.Withholds = static _ => false;
        await waits;
        var keys = new OrderKeys(network.Founding.Genesis.Chain.ChainId, 1);
        foreach (var kv in network.Etcd.Keys.Where(kv => keys.PostingOf(kv.Key) is not null)) network.Etcd.Delete(kv.Key);
    }
}
