using Ledger.Core.Chain;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;
using Ledger.Tests.Notices;

namespace Ledger.Tests.Ordering;

/// <summary>What the order may be believed, and what becomes of a batch when a node or a member ends between two steps.</summary>
public sealed class EtcdOrderingTests
{
    readonly FakeEtcd cluster = new();

    [Fact]
    public async Task Batches_come_back_in_order_and_what_was_known_of_them_with_them()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        Batch[] batches = [ledger.Seal(1, "a"), ledger.Seal(2), ledger.Seal(3, "b", "c")];
        foreach (var batch in batches) Assert.True(await ledger.SubmitAsync(batch));

        foreach (var batch in batches) Assert.Same(batch, await ledger.TakenAsync());
        Assert.Null(ledger.Ordering.Trouble);
        Assert.All(cluster.Keys, kv => Assert.Equal(1, kv.Version));
    }

    [Fact]
    public async Task A_node_that_begins_again_goes_on_behind_what_it_has_and_reads_what_it_missed()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1, "a"));
        await ledger.TakenAsync();
        await using var again = await ledger.RestartAsync();
        cluster.Put(again.Keys.Of(again.Bank, 2), BatchValue.Write(again.Seal(2, "b")));

        Assert.Equal(2UL, (await again.TakenAsync()).Envelope.Counter);
        Assert.Equal(2UL, again.Fold.Last.Header.Height);
    }

    [Fact]
    public async Task A_batch_that_the_chain_has_passed_meanwhile_is_to_be_sealed_again()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();

        Assert.False(await ledger.SubmitAsync(ledger.Seal(1, "late")));
        Assert.True(await ledger.SubmitAsync(ledger.Seal(2)));
        await ledger.TakenAsync(2);
    }

    [Fact]
    public async Task A_batch_of_another_epoch_or_key_takes_no_place_in_this_order()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        var batch = ledger.Seal(1);
        foreach (var other in new[] { batch.Envelope with { Epoch = batch.Envelope.Epoch + 1 }, batch.Envelope with { Signature = new(new byte[64]) } })
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await ledger.SubmitAsync(batch with { Envelope = other }));

        Assert.Empty(cluster.Keys);
        Assert.True(await ledger.SubmitAsync(batch));
    }

    // W1
    [Fact]
    public async Task A_revision_that_nobody_tells_breaks_the_order()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();

        cluster.LoseOne();
        cluster.Put(ledger.Keys.Of(ledger.Bank, 2), BatchValue.Write(ledger.Seal(2)));

        Assert.Contains("revisions 3 to 3", (await ledger.BrokenAsync()).English, StringComparison.Ordinal);
        Assert.Equal(1UL, ledger.Fold.Last.Header.Height);
        Assert.True(await ledger.SubmitAsync(ledger.Seal(2)));
    }

    // W2
    [Fact]
    public async Task Another_put_at_the_position_breaks_the_order()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.SubmitAsync(ledger.Seal(2));
        await ledger.TakenAsync(2);
        await ledger.KillAsync();
        cluster.GoBackTo(cluster.Revision - 1);
        cluster.Put(ledger.Keys.Of(ledger.Bank, 2), "another"u8);

        await using var again = await ledger.RestartAsync();

        Assert.Contains("revision 3 is not", (await again.BrokenAsync()).English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_where_the_position_was_breaks_the_order()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.SubmitAsync(ledger.Seal(2));
        await ledger.TakenAsync(2);
        await ledger.KillAsync();
        cluster.GoBackTo(2);
        cluster.Delete(ledger.Keys.Of(ledger.Bank, 1));
        cluster.Put(ledger.Keys.Of(ledger.Bank, 3), "later"u8);

        await using var again = await ledger.RestartAsync();

        await again.BrokenAsync();
    }

    // W3
    [Fact]
    public async Task An_order_that_ends_before_what_was_read_of_it_is_broken()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();
        await ledger.KillAsync();
        cluster.GoBackTo(1);

        await using var again = await ledger.RestartAsync();

        Assert.Contains("ends at revision 1", (await again.BrokenAsync()).English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_that_a_change_overtook_is_no_end_of_the_order()
    {
        var member = cluster.Members[0];
        member.Overtaken = 1;
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();

        var told = member.Quiet;
        await OrderedLedger.UntilAsync(() => member.Quiet > told + 1);
        await ledger.SubmitAsync(ledger.Seal(2));
        Assert.Equal(2UL, (await ledger.TakenAsync()).Envelope.Counter);
        Assert.Null(ledger.Ordering.Trouble);
    }

    [Fact]
    public async Task Another_cluster_is_not_the_order()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();

        await using var again = await ledger.RestartAsync(new FakeEtcd { ClusterId = 8 }.Members);

        Assert.Contains("cluster", (await again.BrokenAsync()).English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_epoch_begins_on_a_prefix_of_its_own_whatever_became_of_the_old_order()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();
        await ledger.KillAsync();
        cluster.GoBackTo(1);
        cluster.ClusterId = 9;

        await using var again = await ledger.RestartAsync(epoch: 2);

        Assert.Equal(2UL, again.Ordering.FirstFree(2));
        Assert.True(await again.SubmitAsync(again.Seal(2, "a")));
        Assert.Equal(2u, (await again.TakenAsync()).Envelope.Epoch);
    }

    // W4
    [Fact]
    public async Task Only_the_first_put_that_is_the_batch_of_its_key_counts()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        var good = ledger.Seal(1, "a");
        var key = ledger.Keys.Of(ledger.Bank, 1);
        var otherwise = good with { Items = [new("b"u8.ToArray(), null)] };
        cluster.Put(key, "junk"u8);
        cluster.Put(key, BatchValue.Write(otherwise));
        cluster.Put(key, BatchValue.Write(ledger.Seal(2, "a")));
        cluster.Put(new OrderKeys(ledger.Founding.Genesis.Chain.ChainId, 2).Of(ledger.Bank, 1), BatchValue.Write(ledger.Seal(1, "c")));
        cluster.Delete(key);
        cluster.Put(key, BatchValue.Write(good));
        cluster.Put(key, BatchValue.Write(ledger.Seal(1, "later")));
        cluster.Put(ledger.Keys.Of(ledger.Bank, 2), BatchValue.Write(ledger.Seal(2)));

        Assert.Equal(good.Envelope, (await ledger.TakenAsync()).Envelope);
        Assert.Equal(2UL, (await ledger.TakenAsync()).Envelope.Counter);
        Assert.Equal(2UL, ledger.Fold.Last.Header.Height);
    }

    // W5
    [Fact]
    public async Task A_batch_that_a_watch_passes_over_is_read_from_its_key()
    {
        foreach (var member in cluster.Members) member.AtOnce = 10;
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();
        foreach (var member in cluster.Members) member.Hidden = ledger.Keys.Of(ledger.Bank, 2);

        cluster.Put(
            (ledger.Keys.Of(ledger.Bank, 2), BatchValue.Write(ledger.Seal(2, "b"))),
            (ledger.Keys.Of(ledger.Bank, 3), BatchValue.Write(ledger.Seal(3, "c"))));

        Assert.Equal(2UL, (await ledger.TakenAsync()).Envelope.Counter);
        Assert.Equal(3UL, (await ledger.TakenAsync()).Envelope.Counter);
    }

    [Fact]
    public async Task A_batch_of_ones_own_that_is_not_there_any_more_breaks_the_order()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        cluster.Put(ledger.Keys.Of(ledger.Bank, 2), BatchValue.Write(ledger.Seal(2)));

        Assert.Contains("batch 1", (await ledger.BrokenAsync()).English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_somebody_made_up_asks_for_nothing()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        var forged = ledger.Seal(9);
        cluster.Put(ledger.Keys.Of(ledger.Bank, 9), BatchValue.Write(forged with { Envelope = forged.Envelope with { Clock = new(1) } }));
        await ledger.SubmitAsync(ledger.Seal(1));

        Assert.Equal(1UL, (await ledger.TakenAsync()).Envelope.Counter);
        Assert.Null(ledger.Ordering.Trouble);
    }

    // Put: outcome unknown.
    [Fact]
    public async Task A_batch_whose_put_was_not_answered_is_put_again_and_is_there_once()
    {
        cluster.Members[0].AnswersToLose = 1;
        await using var ledger = OrderedLedger.Begin(cluster);

        Assert.True(await ledger.SubmitAsync(ledger.Seal(1, "a")));

        Assert.Equal((1, 1), (cluster.Members[0].Transactions, cluster.Members[1].Transactions));
        Assert.Equal(1, Assert.Single(cluster.Keys).Version);
        await ledger.TakenAsync();
    }

    [Fact]
    public async Task A_put_that_nobody_did_is_done_by_the_next_member()
    {
        cluster.Members[0].IsDown = true;
        await using var ledger = OrderedLedger.Begin(cluster);

        Assert.True(await ledger.SubmitAsync(ledger.Seal(1)));

        Assert.Null(ledger.Ordering.Trouble);
        await ledger.TakenAsync();
    }

    [Fact]
    public async Task Junk_under_a_banks_key_gives_way_to_its_batch()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        var batch = ledger.Seal(1, "a");
        cluster.Put(ledger.Keys.Of(ledger.Bank, 1), "junk"u8);

        Assert.True(await ledger.SubmitAsync(batch));

        Assert.Same(batch, await ledger.TakenAsync());
        Assert.Equal(2, Assert.Single(cluster.Keys).Version);
    }

    [Fact]
    public async Task An_envelope_that_only_looks_like_the_banks_gives_way_too()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        var batch = ledger.Seal(1, "a");
        cluster.Put(ledger.Keys.Of(ledger.Bank, 1), BatchValue.Write(batch with { Envelope = batch.Envelope with { Clock = new(1) } }));

        Assert.True(await ledger.SubmitAsync(batch));

        Assert.Same(batch, await ledger.TakenAsync());
    }

    [Fact]
    public async Task A_batch_of_the_bank_that_has_the_place_is_adopted_and_the_transactions_go_behind_it()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        var before = ledger.Seal(1, "from before a crash");
        cluster.Put(ledger.Keys.Of(ledger.Bank, 1), BatchValue.Write(before));

        Assert.False(await ledger.SubmitAsync(ledger.Seal(1, "a")));
        Assert.True(await ledger.SubmitAsync(ledger.Seal(2, "a")));

        Assert.Equal(before.Envelope, (await ledger.TakenAsync()).Envelope);
        Assert.Equal(2UL, (await ledger.TakenAsync()).Envelope.Counter);
        Assert.Equal(0, ledger.Ordering.Ahead);
    }

    [Fact]
    public async Task A_batch_that_was_ordered_and_is_gone_breaks_the_order_before_the_next_is_put()
    {
        await using var ledger = OrderedLedger.Begin(cluster, isSlow: true);
        await ledger.SubmitAsync(ledger.Seal(1));
        cluster.Delete(ledger.Keys.Of(ledger.Bank, 1));

        Assert.True(await ledger.SubmitAsync(ledger.Seal(2)));

        Assert.Contains("batch 1", Assert.IsType<OrderTrouble>(ledger.Ordering.Trouble).English, StringComparison.Ordinal);
        Assert.Empty(cluster.Keys);
    }

    // Crashes: seal / outbox, outbox / put, put / reply.
    [Fact]
    public async Task What_never_reached_the_outbox_was_promised_to_nobody_and_leaves_its_counter_free()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();
        var disk = ledger.Disk.Copy();
        var outbox = disk[FolderLayout.Outbox];
        outbox[^1] ^= 1;

        await using var again = await ledger.RestartAsync(disk: disk);

        Assert.Equal(2UL, again.Ordering.FirstFree(2));
        Assert.True(await again.SubmitAsync(again.Seal(2)));
        await again.TakenAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_in_the_outbox_and_not_in_the_chain_is_put_again_as_it_was(bool wasPut)
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();
        var batch = ledger.Seal(2, "a");
        await ledger.KillAsync();
        using (var outbox = OutboxFile.Open(ledger.Disk)) outbox.Write(new(1, 2, BatchValue.Write(batch)));
        if (wasPut) cluster.Put(ledger.Keys.Of(ledger.Bank, 2), BatchValue.Write(batch));

        await using var again = await ledger.RestartAsync();

        Assert.Equal(batch.Envelope, (await again.TakenAsync()).Envelope);
        Assert.Equal(3UL, again.Ordering.FirstFree(2));
        Assert.All(cluster.Keys, kv => Assert.Equal(1, kv.Version));
        Assert.True(await again.SubmitAsync(again.Seal(3)));
    }

    // Crash: watch / chain.
    [Fact]
    public async Task What_was_read_and_not_yet_durable_is_read_again()
    {
        await using var ledger = OrderedLedger.Begin(cluster, isSlow: true);
        for (var counter = 1UL; counter <= 3; counter++) await ledger.SubmitAsync(ledger.Seal(counter));
        ledger.LetFold(1);
        await ledger.TakenAsync();

        await using var again = await ledger.RestartAsync();

        await again.TakenAsync(3);
        Assert.Equal(3UL, again.Fold.Last.Header.Height);
    }

    [Fact]
    public async Task A_position_that_was_lost_costs_only_reading_again()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();
        var disk = ledger.Disk.Copy();
        disk.Remove(FolderLayout.OrderPosition);

        await using var again = await ledger.RestartAsync(disk: disk);
        await again.SubmitAsync(again.Seal(2));

        Assert.Equal(2UL, (await again.TakenAsync()).Envelope.Counter);
    }

    // Failover.
    [Fact]
    public async Task A_member_that_does_not_answer_has_two_seconds_and_one_that_is_silent_three()
    {
        var time = new ManualTime();
        await using var ledger = OrderedLedger.Begin(cluster, time);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();

        // It has told of the first batch and is listened to again when it stops; all that waits for it begins to in one moment, and from then on time is the test's.
        var (stopped, next) = (cluster.Members[0], cluster.Members[1]);
        stopped.IsStopped = true;
        await OrderedLedger.UntilAsync(() => stopped.Listened == 2);
        var submitted = ledger.SubmitAsync(ledger.Seal(2));
        await OrderedLedger.UntilAsync(() => stopped.Transactions == 2);

        await PassAsync(1.9);
        Assert.Equal((0, 0), (next.Transactions, next.Watches));
        await PassAsync(0.1);
        Assert.True(await submitted);
        await PassAsync(0.9);
        Assert.Equal((1, 0), (next.Transactions, next.Watches));
        await PassAsync(0.1);
        await ledger.TakenAsync(2);

        Assert.Equal((1, 0), (next.Watches, cluster.Members[2].Watches));
        Assert.Null(ledger.Ordering.Trouble);

        // Whoever is too early is given the time to be.
        async Task PassAsync(double seconds)
        {
            time.Pass(TimeSpan.FromSeconds(seconds));
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_quiet_order_is_not_taken_for_a_silent_one()
    {
        var time = new ManualTime();
        await using var ledger = OrderedLedger.Begin(cluster, time);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();
        for (var times = 1; times <= 10; times++) await PassUntilAsync(time, OrderedLedger.UntilAsync(() => cluster.Members[0].Quiet >= times), OrderWatch.Asking);

        Assert.Equal([1, 0, 0], cluster.Members.Select(member => member.Watches));
        Assert.Equal(0, ledger.Ordering.Changes);
    }

    [Fact]
    public async Task When_nobody_answers_it_is_said_and_what_waits_goes_on_by_itself()
    {
        foreach (var member in cluster.Members) member.IsDown = true;
        await using var ledger = OrderedLedger.Begin(cluster);
        var submitted = ledger.SubmitAsync(ledger.Seal(1));
        await OrderedLedger.UntilAsync(() => ledger.Ordering.Trouble is not null);
        Assert.False(ledger.Ordering.Trouble?.IsBroken);

        foreach (var member in cluster.Members) member.IsDown = false;

        Assert.True(await submitted);
        await ledger.TakenAsync();
        Assert.Null(ledger.Ordering.Trouble);
    }

    // Back-pressure.
    [Fact]
    public async Task A_ledger_that_is_slow_reads_no_further_ahead_and_seals_no_further_ahead()
    {
        foreach (var member in cluster.Members) member.AtOnce = 1;
        await using var ledger = OrderedLedger.Begin(cluster, isSlow: true);
        var submitting = Task.Run(async () =>
        {
            for (var counter = 1UL; counter <= EtcdOrdering.MaxAhead + 1; counter++) await ledger.SubmitAsync(ledger.Seal(counter));
        }, TestContext.Current.CancellationToken);
        await OrderedLedger.UntilAsync(() => cluster.Keys.Count >= EtcdOrdering.MaxAhead);

        Assert.False(submitting.IsCompleted);
        Assert.Equal(EtcdOrdering.MaxAhead, cluster.Keys.Count);
        Assert.True(cluster.Members[0].Told < EtcdOrdering.MaxAhead / 2);

        ledger.LetFold(EtcdOrdering.MaxAhead + 1);
        await submitting;
        await ledger.TakenAsync(EtcdOrdering.MaxAhead + 1);
    }

    // Compaction and garbage.
    [Fact]
    public async Task What_was_compacted_away_is_read_from_the_keys_and_nothing_is_passed_over()
    {
        await using var ledger = await EndedBehindTheFirstAsync();
        PutOneByOne(ledger, 2, 40);
        cluster.Compact(cluster.Revision);

        await using var again = await ledger.RestartAsync();
        await again.TakenAsync(40);
        await again.SubmitAsync(again.Seal(41));
        await again.TakenAsync(41);

        Assert.Null(again.Ordering.Trouble);
    }

    [Fact]
    public async Task While_others_go_on_and_compact_a_node_that_is_far_behind_reads_the_keys_to_their_end()
    {
        await using var ledger = await EndedBehindTheFirstAsync();
        PutOneByOne(ledger, 2, 100);
        cluster.Compact(cluster.Revision);
        foreach (var member in cluster.Members) member.IsOvertaken = true;

        await using var again = await ledger.RestartAsync();
        await again.TakenAsync(100);

        Assert.Null(again.Ordering.Trouble);
        Assert.Equal(0, again.Ordering.Changes);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(9, 8)]
    [InlineData(9, 50)]
    [InlineData(0, 50)]
    public async Task Batches_put_by_one_change_are_read_from_the_keys_together_however_many_there_are(int before, int together)
    {
        await using var ledger = await EndedBehindTheFirstAsync();
        var (first, last) = (2 + (ulong)before, 1 + (ulong)(before + together));
        PutOneByOne(ledger, 2, first - 1);
        cluster.Put([.. Enumerable.Range((int)first, together).Select(counter => (ledger.Keys.Of(ledger.Bank, (ulong)counter), BatchValue.Write(ledger.Seal((ulong)counter))))]);
        PutOneByOne(ledger, last + 1, last + 20);
        cluster.Compact(cluster.Revision);

        await using var again = await ledger.RestartAsync();
        await again.TakenAsync(last + 20);
        Assert.Null(again.Ordering.Trouble);
    }

    [Fact]
    public async Task What_is_in_the_chain_goes_from_the_order_but_for_the_newest()
    {
        await using var ledger = OrderedLedger.Begin(cluster);
        for (var counter = 1UL; counter <= 64; counter++) await ledger.SubmitAsync(ledger.Seal(counter));
        await ledger.TakenAsync(64);
        await OrderedLedger.UntilAsync(() => cluster.Compacted > 0);

        Assert.Equal(ledger.Keys.Of(ledger.Bank, 64), Assert.Single(cluster.Keys).Key);
        Assert.True(cluster.Compacted < cluster.Revision);

        await using var again = await ledger.RestartAsync();
        await again.SubmitAsync(again.Seal(65));
        await again.TakenAsync(65);
        Assert.Null(again.Ordering.Trouble);
    }

    [Fact]
    public async Task Of_epochs_that_are_over_for_everybody_nothing_stays_and_of_later_ones_everything()
    {
        await using var first = OrderedLedger.Begin(cluster);
        OrderKeys Of(uint epoch) => new(first.Founding.Genesis.Chain.ChainId, epoch);
        cluster.Put([.. Enumerable.Range(0, 1_500).Select(n => (Of(1).Of(first.Bank, (ulong)n), (byte[])[1]))]);
        cluster.Put((Of(3).Of(Posting.Vote, first.Bank), [1]), (Of(3).Of(Posting.End, first.Bank), [1]), (Of(40).Of(first.Bank, 1), [1]), (Of(5).Of(Posting.End, first.Bank), [1]));
        await using var ledger = await first.RestartAsync(epoch: 4);
        for (var counter = 1UL; counter <= 64; counter++) await ledger.SubmitAsync(ledger.Seal(counter));
        await ledger.TakenAsync(64);
        await OrderedLedger.UntilAsync(() => cluster.Compacted > 0);
        Assert.True(cluster.Keys.Count > 1_500);

        // So many at once, until there are none.
        ledger.EarlierEpochsGo = true;
        for (var counter = 65UL; counter <= 192; counter++) await ledger.SubmitAsync(ledger.Seal(counter));
        await ledger.TakenAsync(192);
        await OrderedLedger.UntilAsync(() => cluster.Keys.Count == 3);
        Assert.Equal([Of(4).Of(ledger.Bank, 192), Of(40).Of(ledger.Bank, 1), Of(5).Of(Posting.End, ledger.Bank)], cluster.Keys.Select(kv => kv.Key));
        Assert.Null(ledger.Ordering.Trouble);
    }

    // Time goes on in the protocol's own steps, and only while what is waited for does not come: a machine that is slow is not taken for one that is late.
    static async Task PassUntilAsync(ManualTime time, Task done, TimeSpan step)
    {
        while (!done.IsCompleted)
        {
            time.Pass(step);
            await Task.WhenAny(done, Task.Delay(500, TestContext.Current.CancellationToken));
        }

        await done;
    }

    async Task<OrderedLedger> EndedBehindTheFirstAsync()
    {
        var ledger = OrderedLedger.Begin(cluster);
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync();
        await ledger.KillAsync();
        return ledger;
    }

    void PutOneByOne(OrderedLedger ledger, ulong first, ulong last)
    {
        for (var counter = first; counter <= last; counter++) cluster.Put(ledger.Keys.Of(ledger.Bank, counter), BatchValue.Write(ledger.Seal(counter)));
    }
}
